"""Bring the catalogues of the pages' translations up to what templates and code say; read by Babel, without gettext's tools.

New messages come in untranslated, gone ones leave, none is guessed. With ``--check`` nothing is written; exit code 1 if a
catalogue is not what the code says. Compiling is `pybabel compile`, as the Makefile does.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src/broadsheet/web"
TOLD = ROOT / "src/broadsheet/collaboration"  # what people are told, on pages and in mails
RIGHTS = ROOT / "src/broadsheet/access"  # what permissions and roles are called
LOCALES = WEB / "locale"
WORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
CALL = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(")
Message = tuple[str, str | tuple[str, str], str | None]  # place, id (and plural), context


def messages() -> Iterator[Message]:
    """Every message with where it stands, templates first."""
    for file in sorted(WEB.rglob("*.html")):
        for name, arguments in _calls(templatize(file.read_text("utf-8"), origin=str(file))):
            yield _message(file, name, arguments)
    for file in sorted(file for folder in (WEB, TOLD, RIGHTS) for file in folder.rglob("*.py")):
        for _, name, found, _ in extract_python(io.BytesIO(file.read_bytes()), WORDS, [], {"encoding": "utf-8"}):
            texts = [found] if isinstance(found, str) else [one for one in found or () if isinstance(one, str)]
            if texts:
                yield _message(file, name or "_", texts)


def template() -> Catalog:
    """All messages, without translations."""
    catalog = Catalog(project="Broadsheet", charset="utf-8")
    for place, text, context in messages():
        flags = ["python-format"] if "%(" in (text if isinstance(text, str) else text[0]) else []
        catalog.add(text, locations=[(place, 0)], context=context, flags=flags)
    return catalog


def texts() -> dict[Path, str]:
    """Each catalogue as it should be."""
    wanted, found = template(), {}
    for file in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with file.open("rb") as source:
            kept = read_po(source, locale=file.parts[-3], domain="django", charset="utf-8")
        kept.update(wanted, no_fuzzy_matching=True)
        kept.obsolete.clear()
        found[file] = written(kept)
    return found


def written(catalog: Catalog) -> str:
    """The file's text: sorted, without dates and places, so that it changes only where a message does."""
    target = io.BytesIO()
    write_po(target, catalog, width=110, sort_output=True, no_location=True, ignore_obsolete=True, omit_header=True)
    headers = {
        "Language": catalog.locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalog.plural_forms,
    }
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in headers.items())
    return f"{head}\n{target.getvalue().decode()}"


def stale() -> list[str]:
    """Catalogues that lack a message or have one too many."""
    return [
        file.relative_to(ROOT).as_posix()
        for file, text in texts().items()
        if file.read_text("utf-8") != text
    ]  # fmt: skip


def _message(file: Path, name: str, arguments: list[str]) -> Message:
    place = file.relative_to(ROOT).as_posix()
    context = arguments.pop(0) if "pgettext" in name else None
    return place, (arguments[0], arguments[1]) if name.removesuffix("_lazy").startswith("n") else arguments[0], context


def _calls(source: str) -> Iterator[tuple[str, list[str]]]:
    """Calls in what `templatize` gives: Python's calls among signs that are not Python."""
    for found in CALL.finditer(source):
        for end in (match.end() for match in re.finditer(r"\)", source[found.end() :])):
            try:
                call = ast.parse(source[found.start() : found.end() + end].replace("\n", "\\n"), mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call):
                yield found[1], [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]  # fmt: skip
                break


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    old = stale()
    if "--check" in arguments:
        if old:
            print(f"Out of date: {', '.join(old)}. Run scripts/messages.py, then translate what is new.")
        return 1 if old else 0
    for name in old:
        (ROOT / name).write_text(texts()[ROOT / name], "utf-8")
        print(f"Wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
