"""A list of people as lines of text, both ways: ``Mara Lindqvist, mara@northlight.example, America/New_York, en-US, pdf``.

The address may stand in ``<>`` as well, and ``region=north`` gives an attribute: as in YAML, a number or true stands
for itself and quotes make a text of it. Whether an address or a currency exists is the audience's business; here each
word finds its place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.core.recurrence.zones import zone_names

Person = dict[str, Any]
Wrong = dict[str, Any]  # "text", and "fix": a pair of what stands there and what should
PARTS = re.compile(r'((?:[^,"]|"[^"]*")+|"[^",]*)')  # between commas that are in no quotes
HEAD = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^>]*)>\s*(?P<rest>.*)")
ADDRESS = re.compile(r"\S+@\S+")
CURRENCY = re.compile(r"[A-Z]{3}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ATTRIBUTE = re.compile(r"(?P<name>[\w-]+)\s*=\s*(?P<value>.*)", re.DOTALL)
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
CLOCK = re.compile(r"\d{1,2}:\d{2}")
HOURS = re.compile(
    r"([a-z]+(\s*[-–]\s*[a-z]+)?\s+)?\d{1,2}:\d{2}\s*[-–].*", re.IGNORECASE
)  # as `working_hours` reads them, or refuses
GROUP = re.compile(r"(?P<kind>team|contact)\s*:\s*(?P<name>[\w-]+)", re.IGNORECASE)
UNSAID = ("key", "calendar", "fallback", "fallback_address")
FLAGS = {"true": True, "false": False}


def people_from(
    text: str, *, formats: Sequence[str], before: Sequence[Mapping[str, Any]] = ()
) -> tuple[list[Person], list[Wrong]]:
    """One person a line, and everything that is wrong with the lines. What lines cannot say (the key, a calendar,
    attributes with quotes or line ends in them) is kept from *before*, found by name and address."""
    kept = {_identity(one): one for one in before}
    found, wrong = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        person, faults = _person(line.strip(), number, formats=formats)
        known = kept.get(_identity(person), {})
        hidden = {name: value for name, value in known.get("attributes", {}).items() if _pair(name, value) is None}
        attributes = {**hidden, **person.pop("attributes", {})}
        unsaid = {name: known[name] for name in UNSAID if known.get(name)}
        found.append({**unsaid, **person, **({"attributes": attributes} if attributes else {})})
        wrong += faults
    return found, wrong


def people_words(people: Sequence[Mapping[str, Any]]) -> str:
    """The lines that `people_from` reads back."""
    return "\n".join(map(_line, people))


def groups_from(text: str) -> tuple[str, dict[str, list[str]]]:
    """*text* without the lines that name a team or a contact, and these by the audience's keys. Blank lines stand for
    them, so that the numbers of the others stay."""
    found: dict[str, list[str]] = {}
    lines = []
    for line in text.splitlines():
        match = GROUP.fullmatch(line.strip())
        lines.append("" if match else line)
        if match:
            found.setdefault(f"{match['kind'].lower()}s", []).append(match["name"].lower())
    return "\n".join(lines), found


def group_words(audience: Mapping[str, Any]) -> str:
    """The lines that `groups_from` reads back."""
    return "\n".join(f"{kind[:-1]}: {name}" for kind in ("teams", "contacts") for name in audience.get(kind, ()))


def _identity(person: Mapping[str, Any]) -> tuple[str, str]:
    return str(person.get("name", "")), str(person.get("address", ""))


def _person(line: str, number: int, *, formats: Sequence[str]) -> tuple[Person, list[Wrong]]:
    found = [part.strip() for part in PARTS.findall(line) if part.strip()]
    parts = ["", *found] if line.startswith(",") else found
    head = HEAD.fullmatch(parts[0]) if parts else None
    name, address, rest = parts[0] if parts else "", "", parts[1:]
    if head:
        name, address, rest = head["name"], head["address"].strip(), [head["rest"], *rest]
    elif ADDRESS.fullmatch(name):
        name, address = "", name
    elif rest and ADDRESS.fullmatch(rest[0]):
        address, rest = rest[0], rest[1:]
    name = name.strip().strip('"').strip()
    person: Person = {"name": name or address.partition("@")[0], **({"address": address} if address else {})}
    if not person["name"] or ATTRIBUTE.fullmatch(name):
        fix = _("Write it as Mara Lindqvist, mara@example.com, Europe/London.")
        return person, [{"text": f"{_('Line %(n)d has no name.') % {'n': number}} {fix}"}]
    wrong = []
    for part in filter(None, rest):
        wrong += _place(person, part, number, formats=formats)
    return person, wrong


def _place(person: Person, part: str, number: int, *, formats: Sequence[str]) -> list[Wrong]:
    """Put what stands between two commas where it belongs; what is wrong with it."""
    pair = ATTRIBUTE.fullmatch(part)
    if pair:
        person.setdefault("attributes", {})[pair["name"]] = _value(pair["value"].strip())
        return []
    if HOURS.fullmatch(part.strip('"').strip()):
        person["hours"] = part.strip('"').strip()
        return []
    if _city(part):  # of several words, as New York
        return [_no_zone(part, number)]
    return [wrong for word in part.split() if (wrong := _word(person, word, number, formats=formats))]


def _word(person: Person, word: str, number: int, *, formats: Sequence[str]) -> Wrong | None:
    if word.lower() in formats:
        person.setdefault("formats", []).append(word.lower())
    elif word in zone_names() and ("/" in word or word == "UTC"):
        person["zone"] = word
    elif "/" in word or _city(word):
        return _no_zone(word, number)
    elif CLOCK.fullmatch(word):
        person["at"] = word
    elif CURRENCY.fullmatch(word):
        person["currency"] = word
    elif LANGUAGE.fullmatch(word):
        person["language"] = word
    elif ADDRESS.fullmatch(word) and not person.get("address"):
        person["address"] = word
    else:
        message = _("Line %(n)d: “%(word)s” is neither address, zone, language, currency nor format.")
        fix = _("Write for instance Europe/London, en-GB, GBP, pdf, or region=north for an attribute.")
        return {"text": f"{message % {'n': number, 'word': word}} {fix}"}
    return None


def _no_zone(word: str, number: int) -> Wrong:
    near = _city(word) or next(iter(difflib.get_close_matches(word, zone_names(), n=1)), "")
    message = _("Line %(n)d: “%(word)s” is not the name of a zone.") % {"n": number, "word": word}
    if not near:
        return {"text": f"{message} {_('Write one such as Europe/London.')}"}
    return {"text": f"{message} {_('Write %(zone)s.') % {'zone': near}}", "fix": (word, near)}


def _city(word: str) -> str:
    """The zone whose city *word* is; empty when it is none."""
    return _cities().get(word.casefold().replace(" ", "_"), "")


@cache
def _cities() -> dict[str, str]:
    names = sorted(name for name in zone_names() if "/" in name and not name.startswith(("Etc/", "posix/", "right/")))
    return {name.rpartition("/")[2].casefold(): name for name in reversed(names)}


def mended(text: str, fix: tuple[str, str]) -> str:
    """*text* with the wrong word of a *fix* replaced by the right one, between commas or blanks."""
    wrong, right = fix
    return re.sub(rf"(?<=[,\s]){re.escape(wrong)}(?=\s*(,|\s|$))", right, text, flags=re.MULTILINE)


def _value(text: str) -> str | int | float | bool:
    if text in FLAGS:
        return FLAGS[text]
    number = NUMBER.fullmatch(text)
    if number:
        return float(text) if number[2] else int(text)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _pair(name: str, value: object) -> str | None:
    """``name=value``, or None for what a line cannot say."""
    if isinstance(value, bool):
        return f"{name}={str(value).lower()}"
    written = str(value)
    if not isinstance(value, str):
        return f"{name}={written}" if NUMBER.fullmatch(written) else None
    if '"' in written or written.splitlines() not in ([], [written]):
        return None
    plain = "," not in written and written == written.strip() and written and _value(written) == written
    return f"{name}={written}" if plain and isinstance(_value(written), str) else f'{name}="{written}"'


def _line(person: Mapping[str, Any]) -> str:
    name = str(person.get("name", ""))
    head = f'"{name}"' if "," in name else name
    pairs = [_pair(key, value) for key, value in person.get("attributes", {}).items()]
    hours = str(person.get("hours") or "")
    rest = [person.get(name) for name in ("address", "zone", "language", "currency", "at")]
    rest.append(f'"{hours}"' if "," in hours else hours)
    return ", ".join([head, *(str(one) for one in [*rest, *person.get("formats", ()), *pairs] if one)])
