"""The page “Features” of the reference: which rows of the specification tests prove, read from the tests' own marks.

MkDocs calls `on_files` when it builds (`hooks` in mkdocs.yml), so the page is never older than the tests and lies nowhere.
Run by hand, it prints the page.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_suffix(".tsv")
PAGE = "reference/features.md"
AREAS = {
    "SCH": "Report scheduling",
    "DLV": "Delivery management",
    "COL": "Collaboration",
    "SEC": "Access control and security",
    "EXT": "External sharing",
    "FMT": "Formats",
    "PER": "Personalization",
    "PRF": "Performance and operation",
    "GDE": "Good practice, built in",
    "BEY": "Beyond the specification",
}


class UnknownFeature(ValueError):
    """A mark names a row that the table does not have; says where."""


def specification(table: Path = TABLE) -> dict[str, str]:
    """Each row's words by its id, in the order of the specification."""
    lines = table.read_text("utf-8").splitlines()[1:]
    return dict(line.split("\t", 1) for line in lines)


def marks(folder: Path, *, root: Path = ROOT) -> dict[str, Counter[str]]:
    """For each id, how many tests of which file carry it. Raises UnknownFeature."""
    known = specification()
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for file in sorted(folder.rglob("test_*.py")):
        for line, row in _marked(file):
            where = file.relative_to(root).as_posix()
            if row not in known:
                raise UnknownFeature(f"{where}:{line}: “{row}” is not in {TABLE.name}.")
            found[row][where] += 1
    return dict(found)


def _marked(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"), str(file))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "feature":
            for one in node.args:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield node.lineno, one.value


def page(found: Mapping[str, Counter[str]]) -> str:
    """The page's Markdown; the same for the same marks."""
    known = specification()
    lines = [
        "# Features\n",
        f"The specification has {len(known)} rows. Tests prove something of {len(found)} of them; a row is finished only when "
        "all that it says is there, so this page tells what is proved and not what is done. It is made from the tests' marks "
        "whenever the documentation is built.\n",
    ]
    for area, title in AREAS.items():
        rows = [row for row in known if row.startswith(area)]
        proved = [row for row in rows if row in found]
        lines.append(f"## {title}\n")
        if proved:
            lines += ["| row | specification | tests | where |", "|---|---|--:|---|"]
            lines += [f"| {row} | {known[row]} | {found[row].total()} | {_where(found[row])} |" for row in proved]
            lines.append("")
        rest = ", ".join(f"{known[row]} ({row})" for row in rows if row not in found)
        if rest:
            lines.append(f"Without a test so far: {rest}.\n")
    return "\n".join(lines)


def _where(files: Counter[str]) -> str:
    return "<br>".join(f"`{name}`" for name in sorted(files))


def on_files(files, config):  # type: ignore[no-untyped-def]  # MkDocs' types are not ours
    """MkDocs' event: add the page to those that are built."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, PAGE, content=page(marks(ROOT / "tests"))))
    return files


if __name__ == "__main__":
    sys.stdout.write(page(marks(ROOT / "tests")))
