"""An audience from a query: every valid row is a Reader, every other one is listed with what to mend.

Bursting starts here: the query's rows carry who the recipient is, the attributes that row rules compare, and the
recipient's own language, zone, currency and formats. One bad row never keeps the rest from their report.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from broadsheet.core.document.loading import UNKEPT
from broadsheet.core.document.tables import Value
from broadsheet.core.policy import Reader
from broadsheet.core.policy.reader import Scalar
from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY
from broadsheet.core.recurrence.zones import zone_names

from .own_times import Calendars, OwnTimes, own_times

# One @, no blanks or control characters, a dot in the domain: what every mail system takes (RFC 5321 is wider).
ADDRESS = re.compile(r"[^\s@<>\x00-\x1f]+@[^\s@<>\x00-\x1f]+\.[^\s@<>\x00-\x1f.]+")
LIST_SEPARATOR = re.compile(r"[|,;\s]+")
LONGEST = {"key": 200, "name": 200, "address": 320}  # characters that the ledger keeps


@dataclass(frozen=True, slots=True)
class Fields:
    """Which column of the audience's query says what; an empty name means that there is none."""

    key: str
    name: str
    address: str = ""
    language: str = ""
    zone: str = ""
    currency: str = ""
    formats: str = ""
    attributes: tuple[str, ...] = ()
    at: str = ""
    hours: str = ""
    calendar: str = ""
    fallback: str = ""
    fallback_address: str = ""

    def columns(self) -> tuple[str, ...]:
        """Those that are named, each once."""
        own = (self.at, self.hours, self.calendar, self.fallback, self.fallback_address)
        single = (self.key, self.name, self.address, self.language, self.zone, self.currency, self.formats, *own)
        return tuple(dict.fromkeys(name for name in (*single, *self.attributes) if name))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a recipient gets where the query does not say."""

    language: str = "en"
    zone: str = "UTC"
    currency: str | None = None
    formats: tuple[str, ...] = ("pdf",)
    at: str = ""
    hours: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Invalid:
    """A row that cannot be sent to: its number (from 1), its key or name where known, the fault and the fix."""

    row: int
    who: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Audience:
    """``readers`` in the order of the query; ``invalid`` rows are left out of every run and shown to the owner.
    ``rows`` are the readers' row numbers by their key, ``times`` what those said who want it at times of their own;
    ``fallbacks`` are the name of the channel that takes over and the address on it, of those whose row says either."""

    readers: tuple[Reader, ...]
    invalid: tuple[Invalid, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, OwnTimes] = field(default_factory=dict)
    fallbacks: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class RowFault(ValueError):
    """One thing wrong with one row."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def audience(
    rows: Iterable[Mapping[str, Value]],
    mapping: Fields,
    *,
    defaults: Defaults,
    formats: Sequence[str],
    calendars: Calendars = lambda name: MONDAY_TO_FRIDAY,
) -> Audience:
    """Readers and invalid rows of an audience query's result.

    ``formats`` are the ids that are installed, ``calendars`` knows those that rows may name. Two rows with one key are both listed as invalid from the second on.
    """
    readers: dict[str, Reader] = {}
    times: dict[str, OwnTimes] = {}
    fallbacks: dict[str, tuple[str, str]] = {}
    numbers: dict[str, int] = {}
    invalid: list[Invalid] = []
    for number, row in enumerate(rows, start=1):
        try:
            reader = _reader(row, mapping, defaults=defaults, formats=formats)
            own = _times(row, mapping, defaults, calendars)
            if reader.key in readers:
                raise RowFault(f"The key “{reader.key}” is there twice.", "Make the query give each recipient once.")
            readers[reader.key], numbers[reader.key] = reader, number
            if own != OwnTimes():
                times[reader.key] = own
            if any(fallback := _fallback(row, mapping)):
                fallbacks[reader.key] = fallback
        except RowFault as fault:
            who = _text(row, mapping.name) or _text(row, mapping.key)
            invalid.append(Invalid(number, UNKEPT.sub("�", who), UNKEPT.sub("�", fault.message), fault.fix))
    return Audience(tuple(readers.values()), tuple(invalid), numbers, times, fallbacks)


def _reader(row: Mapping[str, Value], mapping: Fields, *, defaults: Defaults, formats: Sequence[str]) -> Reader:
    key = _kept("key", _text(row, mapping.key))
    if not key:
        raise RowFault("There is no key.", f"Fill the column “{mapping.key}”.")
    given = ((name, row.get(name)) for name in mapping.attributes)
    return Reader(
        key=key,
        name=_kept("name", _text(row, mapping.name)) or key,
        address=_kept("address", _address(_text(row, mapping.address))) if mapping.address else "",
        language=_language(_text(row, mapping.language) or defaults.language),
        zone=_zone(_text(row, mapping.zone) or defaults.zone),
        currency=_currency(_text(row, mapping.currency)) or defaults.currency,
        formats=_formats(_text(row, mapping.formats), known=formats) or defaults.formats,
        attributes={name: _scalar(name, value) for name, value in given if value is not None and _own(name)},
    )


def _own(name: str) -> bool:
    """What a role or team is, as “role.finance”, is for the organization to say, and never for an audience."""
    return not name.startswith(("role.", "team."))


def _times(row: Mapping[str, Value], mapping: Fields, defaults: Defaults, calendars: Calendars) -> OwnTimes:
    own = {name: _text(row, getattr(mapping, name)) or getattr(defaults, name) for name in ("at", "hours", "calendar")}
    try:
        return own_times(own["at"], own["hours"], own["calendar"], calendars=calendars)
    except RuleError as error:
        message = f"{error.message[:1].upper()}{error.message[1:]}."
        raise RowFault(f"Working hours: {message}" if error.path == "hours" else message, error.fix) from error


def _fallback(row: Mapping[str, Value], mapping: Fields) -> tuple[str, str]:
    where = _text(row, mapping.fallback_address)
    return _text(row, mapping.fallback), _kept("address", _address(where)) if where else ""


def _kept(what: str, text: str) -> str:
    """*text*, which the ledger can keep."""
    most = LONGEST.get(what)
    if most is not None and len(text) > most:
        raise RowFault(f"The {what} has {len(text)} characters.", f"Use at most {most}.")
    if UNKEPT.search(text):
        raise RowFault(f"The {what} holds a character that cannot be kept.", "Take it out.")
    return text


def _scalar(name: str, value: Scalar | Decimal | date) -> Scalar:
    """An attribute as a run keeps it. A whole number stays equal to the database's own, whatever it is kept as there."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return _kept(f"attribute “{name}”", value) if isinstance(value, str) else value


def _text(row: Mapping[str, Value], column: str) -> str:
    value = row.get(column) if column else None
    return "" if value is None else str(value).strip()


def _address(text: str) -> str:
    if not text:
        raise RowFault("There is no address.", "Fill the address, or send to the portal instead.")
    if not ADDRESS.fullmatch(text):
        raise RowFault(f"“{text}” is not a mail address.", "Write it as name@example.com.")
    return text


def _language(text: str) -> str:
    try:
        Locale.parse(text, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise RowFault(f"“{text}” is not a language.", "Use a tag such as en-GB, de or pt-BR.") from error
    return text


def _zone(text: str) -> str:
    zones = zone_names()
    if text not in zones:
        near = difflib.get_close_matches(text, zones, n=1)
        raise RowFault(f"Zone “{text}” does not exist.", f"Use {near[0]}." if near else "Use an IANA name.")
    return text


def _currency(text: str) -> str | None:
    if text and text not in list_currencies():
        raise RowFault(f"“{text}” is not a currency.", "Use a three-letter code such as USD or EUR.")
    return text or None


def _formats(text: str, *, known: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(part for part in LIST_SEPARATOR.split(text.lower()) if part)
    for one in wanted:
        if one not in known:
            raise RowFault(f"There is no format “{one}”.", f"Use one of {', '.join(known)}.")
    return wanted


def contact_faults(said: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What keeps a contact from being sent to: key, fault and fix of each. Its keys are those of `Reader`, and ``label``."""
    checks = {
        "label": lambda text: _kept("name", text),
        "address": lambda text: _kept("address", _address(text)),
        "language": lambda text: text and _language(text),
        "zone": lambda text: text and _zone(text),
        "currency": _currency,
    }
    found = []
    for key, check in checks.items():
        try:
            check(str(said.get(key) or "").strip())
        except RowFault as fault:
            found.append((key, fault.message, fault.fix))
    return found
