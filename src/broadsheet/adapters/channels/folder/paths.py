"""Path templates: ``{schedule}/{date}/{recipient}/{filename}`` filled so that nothing in a value can lead elsewhere.

A template knows names in braces and no logic. A value becomes part of one name, never a separator or a step up; where
that changes it, a short hash of the original is added, so that two recipients never meet in one path.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping

from broadsheet.delivery.ports import Outgoing

FIELDS = {
    "organization": "slug of the organization",
    "report": "slug of the report",
    "schedule": "slug of the schedule",
    "occurrence": "id of the firing",
    "date": "day of the firing, 2026-11-23",
    "year": "2026",
    "month": "11",
    "day": "23",
    "time": "time of the firing, 0800",
    "period": "the report's period as the recipient reads it",
    "recipient": "key of the recipient",
    "language": "language of the recipient",
    "filename": "name of the file with its extension",
    "stem": "name of the file without its extension",
    "extension": "extension without the dot",
}
FIELD = re.compile(r"\{([a-z]+)\}")
EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}$")
RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE
)  # on Windows, which may read it
FORBIDDEN = frozenset('/\\:*?"<>|')
MOST_BYTES = 200  # of one name: 255 is the file systems' limit, and a number or temporary ending must still fit
MOST_FOLDERS = 16


class WrongTemplate(ValueError):
    """The template cannot be used; the message says how to write it."""


def checked(template: str, *, numbered: bool) -> tuple[str, ...]:
    """The names of which *template* consists. Raises WrongTemplate.

    Unless files are *numbered*, it must tell recipients apart: else each would replace the one before.
    """
    names = tuple(template.split("/"))
    if len(names) > MOST_FOLDERS + 1:
        raise WrongTemplate(f"The path has more than {MOST_FOLDERS} folders. Shorten it.")
    for name in names:
        _check_name(name)
    fields = set(FIELD.findall(template))
    if "filename" not in FIELD.findall(names[-1]) and not {"stem", "extension"} <= set(FIELD.findall(names[-1])):
        raise WrongTemplate("The path must end with {filename}, or with {stem} and {extension}.")
    if "recipient" not in fields and not numbered:
        raise WrongTemplate(
            "Without {recipient} in the path, each recipient’s file would replace the one before. Add it, or keep "
            "files by number."
        )
    return names


def _check_name(name: str) -> None:
    literal = FIELD.sub("x", name)
    if not name or literal.strip(". ") != literal:
        raise WrongTemplate(
            "The path is relative and its names are not empty, without a dot or blank at either end: "
            "{schedule}/{date}/{recipient}/{filename}."
        )
    if "{" in literal or "}" in literal or any(mark in FORBIDDEN or not mark.isprintable() for mark in literal):
        raise WrongTemplate(
            f"“{name}” holds signs that a file name cannot have, or a brace that is not one of a field such as {{date}}."
        )
    for field in FIELD.findall(name):
        if field not in FIELDS:
            raise WrongTemplate(f"There is no field {{{field}}}. There are: {', '.join(FIELDS)}.")


def filled(names: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    """The path's names, each safe to create. *names* come from `checked`."""
    return tuple(safe(FIELD.sub(lambda field: safe(values[field[1]]), name)) for name in names)


def values(outgoing: Outgoing, *, filename: str) -> dict[str, str]:
    """What the fields stand for in this delivery; dates are those of ``fire_at`` in its zone, else of ``made_at``."""
    moment = outgoing.fire_at or outgoing.made_at
    extension = EXTENSION.search(filename)
    return {
        "organization": outgoing.organization,
        "report": outgoing.report,
        "schedule": outgoing.schedule,
        "occurrence": outgoing.occurrence_id,
        "date": f"{moment:%Y-%m-%d}",
        "year": f"{moment:%Y}",
        "month": f"{moment:%m}",
        "day": f"{moment:%d}",
        "time": f"{moment:%H%M}",
        "period": outgoing.period_text,
        "recipient": outgoing.recipient_key or outgoing.recipient_address,
        "language": outgoing.language,
        "filename": filename,
        "stem": filename[: extension.start()] if extension else filename,
        "extension": extension[0][1:] if extension else "bin",
    }


def safe(value: str) -> str:
    """*value* as one name: itself if it is safe, else changed and with a hash of what it was. Empty becomes ``_``."""
    if not value:
        return "_"
    name = unicodedata.normalize("NFC", "".join(_mark(mark) for mark in value)).strip(". ")
    if not name or RESERVED.match(name):
        name = f"_{name}"
    if name == value and len(name.encode()) <= MOST_BYTES:
        return name
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    extension = EXTENSION.search(name)
    ending = f"-{digest}{extension[0] if extension else ''}"
    stem = name[: extension.start()] if extension else name
    return stem.encode()[: MOST_BYTES - len(ending.encode())].decode("utf-8", "ignore").rstrip(". ") + ending


def _mark(mark: str) -> str:
    """Separators, controls, invisible and direction-changing signs and lone surrogates become a dash."""
    return mark if mark.isprintable() and mark not in FORBIDDEN else "-"


def numbered(name: str, number: int) -> str:
    """``report.pdf`` and 2 give ``report (2).pdf``; 1 gives the name itself."""
    if number == 1:
        return name
    extension = EXTENSION.search(name)
    return f"{name[: extension.start()]} ({number}){extension[0]}" if extension else f"{name} ({number})"
