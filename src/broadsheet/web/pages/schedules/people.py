"""A list of people as lines of text, both ways: ``Mara Lindqvist <mara@northlight.example>, America/New_York, en-US, pdf``.

Whether an address, a zone or a format exists is the audience's business; here each word finds its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from .rules import Unreadable

LINE = re.compile(r"(?P<name>[^<,]*?)\s*(?:<(?P<address>[^>]*)>)?\s*(?:,(?P<rest>.*))?")
BARE = re.compile(r"\S+@\S+")
CURRENCY = re.compile(r"[A-Z]{3}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def people_from(text: str, *, formats: Sequence[str], before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """One person a line. What the text cannot say (key, attributes) is kept from *before*, found by name and address.

    Raises Unreadable with the line's number.
    """
    kept = {_identity(one): one for one in before}
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        person = _person(line.strip(), number, formats=formats)
        known = kept.get(_identity(person), {})
        found.append({**{key: known[key] for key in ("key", "attributes") if known.get(key)}, **person})
    return found


def people_words(people: Sequence[Mapping[str, Any]]) -> str:
    """The lines that `people_from` reads back."""
    return "\n".join(map(_line, people))


def _identity(person: Mapping[str, Any]) -> tuple[str, str]:
    return str(person.get("name", "")), str(person.get("address", ""))


def _person(line: str, number: int, *, formats: Sequence[str]) -> dict[str, Any]:
    shape = LINE.fullmatch(line)
    name, address = (shape["name"].strip(), (shape["address"] or "").strip()) if shape else ("", "")
    if BARE.fullmatch(name) and not address:
        name, address = "", name
    if not name and not address:
        raise Unreadable(
            _("Line %(n)d has no name.") % {"n": number},
            _("Write it as Mara Lindqvist <mara@example.com>, Europe/London."),
        )
    person: dict[str, Any] = {"name": name or address.partition("@")[0]}
    if address:
        person["address"] = address
    for word in re.split(r"[,\s]+", (shape["rest"] or "") if shape else ""):
        if word:
            _place(person, word, number, formats=formats)
    return person


def _place(person: dict[str, Any], word: str, number: int, *, formats: Sequence[str]) -> None:
    if word.lower() in formats:
        person.setdefault("formats", []).append(word.lower())
    elif "/" in word or word == "UTC":
        person["zone"] = word
    elif CURRENCY.fullmatch(word):
        person["currency"] = word
    elif LANGUAGE.fullmatch(word):
        person["language"] = word
    else:
        message = _("Line %(n)d: “%(word)s” is neither zone, language, currency nor format.") % {
            "n": number,
            "word": word,
        }
        raise Unreadable(message, _("Write for instance Europe/London, en-GB, GBP, pdf."))


def _line(person: Mapping[str, Any]) -> str:
    head = str(person.get("name", ""))
    if person.get("address"):
        head = f"{head} <{person['address']}>"
    rest = [person.get("zone"), person.get("language"), person.get("currency"), *person.get("formats", ())]
    return ", ".join([head, *(str(one) for one in rest if one)])
