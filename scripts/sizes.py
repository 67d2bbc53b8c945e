"""Print the ten largest files and functions, and fail over the limits of the house.

Lines are counted as they stand, docstrings and blanks included. Exit code 1 when a file has more than FILE_LIMIT lines
or a function more than FUNCTION_LIMIT and it is not listed in EXCEPTIONS. Generated migrations are left out.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "tests", "scripts", "frontend", "benchmarks")
SUFFIXES = (".py", ".ts", ".css", ".html")
FILE_LIMIT = 400
FUNCTION_LIMIT = 60
SHOWN = 10

# Tables of data, where splitting would only scatter the rows: path -> why.
EXCEPTIONS: dict[str, str] = {}


@dataclass(frozen=True)
class Size:
    """A file or function with its number of lines; `name` is the path, and for a function also its line and name."""

    lines: int
    path: str
    name: str


def source_files() -> Iterator[Path]:
    """Hand-written files under FOLDERS, in no particular order."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            generated = {"node_modules", "migrations", "dist", "__pycache__"} & set(path.parts)
            if path.suffix in SUFFIXES and not generated:
                yield path


def functions(path: Path) -> Iterator[Size]:
    """Every function and method of one Python file."""
    relative = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text("utf-8"), relative)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Size(lines, relative, f"{relative}:{node.lineno} {node.name}")


def report(sizes: list[Size], *, title: str, limit: int) -> list[Size]:
    """Print the largest of `sizes`; returns those over the limit without an exception."""
    sizes.sort(key=lambda size: (-size.lines, size.name))
    print(f"Largest {title} (limit {limit} lines)")
    for size in sizes[:SHOWN]:
        print(f"  {size.lines:4}  {size.name}")
    return [size for size in sizes if size.lines > limit and size.path not in EXCEPTIONS]


def main() -> int:
    """Result: the exit code, 0 when everything is within its limit."""
    paths = list(source_files())
    files = [
        Size(len(path.read_text("utf-8").splitlines()), name, name)
        for path in paths
        for name in [path.relative_to(ROOT).as_posix()]
    ]
    over = report(files, title="files", limit=FILE_LIMIT)
    parts = [size for path in paths if path.suffix == ".py" for size in functions(path)]
    over += report(parts, title="functions", limit=FUNCTION_LIMIT)
    for size in over:
        print(f"too large: {size.name} has {size.lines} lines; split it", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
