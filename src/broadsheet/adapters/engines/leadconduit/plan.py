"""A source's settings, read: where, from when on, which events, and which statistics become tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from broadsheet.adapters.outbound.client import checked
from broadsheet.adapters.outbound.errors import Denied
from broadsheet.sources.copying import EVERY, FOLDER, MOST_MINUTES, Statistics, minutes_of

from .vocabulary import COLUMNS, INTERVALS

BASE = "https://app.leadconduit.com"
TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
EVENTS = "events"
CURRENCY, DOLLAR = "currency", "USD"
DAYS = 30  # how far back a statistics table reaches, unless it says
MOST_DAYS = 3660
MOST_TABLES = 20
KEYS = ("type", "group_by", "interval", "timezone", "columns", "by_lead", "days")
Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """``asked`` without its time, which begins ``days`` before the moment of asking."""

    name: str
    asked: Statistics
    days: int

    @property
    def digest(self) -> str:
        """Differs when anything differs that decides what the table holds."""
        return _digest([self.name, repr(self.asked), self.days])


@dataclass(frozen=True, slots=True)
class Plan:
    """``start`` is ISO 8601 or empty (all that the vendor holds); of ``include`` and ``exclude`` one at most is given."""

    base: str
    start: str
    include: frozenset[str]
    exclude: frozenset[str]
    tables: tuple[Table, ...]
    folder: Path

    @property
    def generation(self) -> str:
        """Names the copy that fits these settings; other settings begin another one."""
        return _digest([self.base, self.start, sorted(self.include), sorted(self.exclude)])

    def wants(self, event_type: str) -> bool:
        return event_type in self.include if self.include else event_type not in self.exclude


def plan_of(settings: Mapping[str, object]) -> Plan:
    """The plan; what is wrong in the settings is left out of it, see `faults_of`."""
    return Plan(
        base=str(settings.get("base_address") or BASE).rstrip("/"),
        start=_start(settings),
        include=frozenset(_words(settings.get("include"))),
        exclude=frozenset(_words(settings.get("exclude"))),
        tables=tuple(_tables(settings)),
        folder=Path(str(settings.get(FOLDER) or "")),
    )


def faults_of(settings: Mapping[str, object]) -> Iterator[Fault]:
    """What is wrong with the settings: which, what, and the way to mend it."""
    base = str(settings.get("base_address") or BASE)
    try:
        address = checked(base)
        if address.query or address.fragment:
            yield "base_address", "The base address holds more than a host and a path.", f"Write it as {BASE}."
    except Denied as error:
        yield "base_address", str(error), f"Leave it empty for {BASE}."
    start = settings.get("start")
    if start and not _start(settings):
        yield "start", f"“{start}” is not a date.", "Write it as 2026-01-31."
    if _words(settings.get("include")) and _words(settings.get("exclude")):
        yield "exclude", "Types to take and types to leave are both given.", "Give one of them."
    currency = settings.get(CURRENCY)
    if currency is not None and not re.fullmatch("[A-Z]{3}", str(currency)):
        yield CURRENCY, f"“{currency}” is not a currency.", "Give its ISO 4217 code, such as USD."
    every = settings.get(EVERY)
    if every is not None and every != minutes_of(settings):
        yield EVERY, f"“{every}” is not a number of minutes.", f"Give 1 to {MOST_MINUTES}."
    yield from _table_faults(settings.get("statistics"))


def read_statistics(value: object) -> dict[str, object]:
    """The statistics tables by name, from a mapping or from lines of YAML such as ``daily: {interval: daily}``.

    Raises ValueError with a sentence.
    """
    if isinstance(value, Mapping):
        return {str(name): one for name, one in value.items()}
    found: dict[str, object] = {}
    for line in _words(value):
        try:
            read = yaml.safe_load(line)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise ValueError(f"“{line[:60]}” cannot be read.") from error
        if not isinstance(read, dict):
            raise ValueError(f"“{line[:60]}” is not a name with what belongs to it.")
        found |= {str(name): one for name, one in read.items()}
    return found


def statistics_problem(asked: Statistics) -> str:
    """What the vendor would not understand, in a sentence with its fix; empty when all is known."""
    if asked.interval and asked.interval not in INTERVALS:
        return f"“{asked.interval}” is not an interval; use {', '.join(INTERVALS)}."
    for column in asked.columns:
        if column not in COLUMNS:
            return f"“{column}” is not a column of LeadConduit’s; there are: {', '.join(COLUMNS)}."
    if asked.zone and not _zone(asked.zone):
        return f"“{asked.zone}” is not a time zone, such as America/Chicago."
    for name, moment in (("start", asked.start), ("end", asked.end)):
        if moment and not _moment(moment):
            return f"The {name} “{moment}” is not a date or an instant, such as 2026-01-31."
    return ""


def _table_faults(value: object) -> Iterator[Fault]:
    example = "Write for instance daily_by_source: {group_by: [source], interval: daily}."
    if not value:
        return
    try:
        given = read_statistics(value)
    except ValueError as error:
        yield "statistics", str(error), example
        return
    if len(given) > MOST_TABLES:
        yield "statistics", f"There are more than {MOST_TABLES} tables.", "Ask for fewer."
    for name, one in given.items():
        if not TABLE.fullmatch(name) or name == EVENTS:
            yield "statistics", f"“{name}” cannot be a table’s name.", "Use small letters, digits and _; not “events”."
        elif not isinstance(one, Mapping):
            yield "statistics", f"“{name}” says nothing.", example
        elif unknown := [str(key) for key in one if key not in KEYS]:
            yield "statistics", f"“{unknown[0]}” of “{name}” is not known.", f"There are: {', '.join(KEYS)}."
        elif not 1 <= _days(one) <= MOST_DAYS:
            yield "statistics", f"“{name}” must reach back a number of days.", f"Give days: 1 to {MOST_DAYS}."
        elif said := statistics_problem(_asked(one)):
            yield "statistics", f"“{name}”: {said}", ""


def _tables(settings: Mapping[str, object]) -> Iterator[Table]:
    try:
        given = read_statistics(settings.get("statistics"))
    except ValueError:
        return
    for name, one in list(given.items())[:MOST_TABLES]:
        if TABLE.fullmatch(name) and name != EVENTS and isinstance(one, Mapping) and 1 <= _days(one) <= MOST_DAYS:
            asked = _asked(one)
            if not statistics_problem(asked):
                yield Table(name, asked, _days(one))


def _asked(one: Mapping[object, object]) -> Statistics:
    return Statistics(
        types=_words(one.get("type")),
        group_by=_words(one.get("group_by")),
        interval=str(one.get("interval") or ""),
        zone=str(one.get("timezone") or ""),
        columns=_words(one.get("columns")),
        by_lead=bool(one.get("by_lead", True)),
    )


def _days(one: Mapping[object, object]) -> int:
    value = one.get("days", DAYS)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _words(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(one).strip() for one in value if str(one).strip())
    return (str(value).strip(),)


def _start(settings: Mapping[str, object]) -> str:
    value = settings.get("start")
    if isinstance(value, date):
        value = value.isoformat()
    return str(value) if value and _moment(str(value)) else ""


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _zone(name: str) -> bool:
    if re.fullmatch(r"[+-]?\d{1,5}", name):  # seconds from UTC, as the vendor takes them
        return abs(int(name)) <= 86_400
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
