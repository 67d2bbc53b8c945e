"""Calendars out of definitions: parts put together, names of others followed, circles found.

A name that no definition has may still be that of a country or a market: “us”, “gb-eng”, “nyse” and “ecb” need no file.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import TypedDict

from broadsheet.core.recurrence.calendars import (
    MONDAY_TO_FRIDAY,
    AllOf,
    AnyOf,
    Business,
    Calendar,
    DaySource,
    EventDays,
    Events,
    Except,
    FixedDays,
    Hours,
    YearlyDays,
)
from broadsheet.core.recurrence.fiscal import (
    BROADCAST,
    CALENDAR_YEAR,
    ISO,
    FiscalCalendar,
    FiscalMonths,
    FiscalWeeks,
    YearEnd,
)
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS

from .definition import CalendarDefinition, FiscalDefinition, Occasion
from .errors import CalendarError, Circle
from .events import events_from
from .markets import MarketDays, market_hours, market_source, market_weekend, markets
from .names import Anything, Names
from .public import country_calendar, country_source, weekends_of

YEARS_BEFORE, YEARS_AFTER = 2, 6  # of repeating events
DEEPEST = 20  # levels of calendars that are joined of others
PLAIN = {"weekdays": MONDAY_TO_FRIDAY, "mon-fri": MONDAY_TO_FRIDAY}
FISCAL: dict[str, FiscalCalendar] = {"iso": ISO, "broadcast": BROADCAST}
Path = tuple[str | int, ...]


def calendar_of(
    definition: CalendarDefinition, others: Mapping[str, CalendarDefinition], *, around: date | None = None
) -> Calendar:
    """The calendar that *definition* describes; *others* are those it may name, by name.

    around: events that repeat are expanded from two years before to six years after it; needed where there are events.
    Raises CalendarError for names that do not exist and for calendars that name each other in a circle.
    """
    return Shelf({**others, definition.name: definition}, around=around).calendar(definition.name)


def fiscal_of(definition: FiscalDefinition | None) -> FiscalCalendar:
    """The fiscal calendar; calendar years where nothing is said."""
    match definition:
        case None:
            return CALENDAR_YEAR
        case FiscalDefinition(pattern="months"):
            return FiscalMonths(definition.start, definition.named_by)
        case FiscalDefinition(pattern="iso"):
            return ISO
        case FiscalDefinition(pattern="broadcast"):
            return BROADCAST
        case FiscalDefinition(pattern="4-4-5" | "4-5-4" | "5-4-4" as pattern, ends=ends) if ends is not None:
            end = YearEnd(ends.month, WEEKDAY_KEYS.index(ends.weekday), ends.rule)
            return FiscalWeeks(end, pattern, definition.named_by, definition.leap_month)
    raise CalendarError(("fiscal",), "The fiscal year cannot be read.", "Write for instance {start: 4}.")


class RuleNames(TypedDict):
    """What names in rules stand for."""

    calendars: Mapping[str, Calendar]
    fiscal: Mapping[str, FiscalCalendar]
    events: Mapping[str, Events]


@dataclass(frozen=True)
class Shelf:
    """All calendars of one organization, built when first asked for.

    definitions: by name. fetched: name -> iCalendar text that came from a file or an address. around: see
    `calendar_of`.
    """

    definitions: Mapping[str, CalendarDefinition]
    fetched: Mapping[str, str] = field(default_factory=dict)
    around: date | None = None
    _built: dict[str, Calendar] = field(default_factory=dict, init=False, repr=False, compare=False)

    def calendar(self, name: str) -> Calendar:
        """The calendar called *name*. Raises CalendarError, which suggests the nearest name."""
        return self._calendar(name, ())

    def fiscal(self, name: str) -> FiscalCalendar:
        """The fiscal calendar of the calendar called *name*; calendar years where it says nothing."""
        definition = self.definitions.get(name)
        if definition is None:
            self.calendar(name)  # refuses what does not exist
        return fiscal_of(definition.fiscal if definition else None)

    def events(self, name: str) -> Events:
        """The events of the calendar called *name*. Raises CalendarError where it has none."""
        definition = self.definitions.get(name)
        if definition is None:
            raise self._unknown(name, (), known=[one for one, each in self.definitions.items() if each.events])
        found = self._events(definition)
        if found is None:
            fix = "Add “events: {url: https://…}” to it."
            raise CalendarError((), f"Calendar “{name}” has no events.", fix)
        return found

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars by name, for `timing_from`; countries and markets are found though not listed."""
        return Names(self.calendar, sorted(self.definitions), key="calendar")

    @property
    def fiscals(self) -> Mapping[str, FiscalCalendar]:
        """The fiscal calendars by name, for `timing_from`, with “iso” and “broadcast”."""
        listed = [name for name, one in sorted(self.definitions.items()) if one.fiscal]
        return Names(self._fiscal, [*listed, *FISCAL], key="fiscal")

    @property
    def event_lists(self) -> Mapping[str, Events]:
        """The lists of events by name, for `timing_from`."""
        return Names(self.events, [name for name, one in sorted(self.definitions.items()) if one.events], key="events")

    def names(self) -> RuleNames:
        """What `timing_from` takes: ``timing_from(when, default_zone=zone, **shelf.names())``."""
        return {"calendars": self.calendars, "fiscal": self.fiscals, "events": self.event_lists}

    def _fiscal(self, name: str) -> FiscalCalendar:
        return FISCAL[name] if name in FISCAL and name not in self.definitions else self.fiscal(name)

    def names_under(self, name: str) -> frozenset[str]:
        """That name and all that it is joined from, through every level."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.definitions[one].named() if one in self.definitions else ()
        return frozenset(found)

    def _calendar(self, name: str, above: tuple[str, ...], *, path: Path = ()) -> Calendar:
        if name in above:
            circle = " → ".join((*above[above.index(name) :], name))
            raise Circle(path, f"The calendars go in a circle: {circle}.", "Take one of the names out.")
        if len(above) >= DEEPEST:
            raise CalendarError(
                path, f"The calendars are joined over more than {DEEPEST} levels.", "Join them in fewer."
            )
        if name not in self._built:
            definition = self.definitions.get(name)
            try:
                self._built[name] = self._made(definition, above) if definition else self._ready_made(name, path)
            except CalendarError as error:
                if not above or definition is None:
                    raise
                # it stands in another file: this one is to blame where it names that calendar
                message = error.message if isinstance(error, Circle) else f"In “{name}”: {error.message}"
                raise type(error)(path, message, error.fix) from error
        return self._built[name]

    def _made(self, definition: CalendarDefinition, above: tuple[str, ...]) -> Calendar:
        members = {
            key: tuple(
                self._calendar(one, (*above, definition.name), path=(key, index)) for index, one in enumerate(names)
            )
            for key, names in (
                ("all_of", definition.all_of),
                ("union", definition.union),
                ("except", definition.except_),
            )
        }
        if members["all_of"]:
            base: Calendar = AllOf(members["all_of"], definition.title)
        elif members["union"]:
            base = AnyOf(members["union"], definition.title)
        else:
            events = self._events(definition) if definition.events and definition.events.closed else None
            base = _business(json.dumps(definition.stored(), sort_keys=True), definition.name, events)
        if not members["except"]:
            return base
        without = members["except"]
        return Except(base, without[0] if len(without) == 1 else AnyOf(without), definition.title)

    def _events(self, definition: CalendarDefinition) -> Events | None:
        source = definition.events
        if source is None:
            return None
        text = source.text or self.fetched.get(definition.name, "")
        if not text:
            where = "url" if source.url else "file"
            raise CalendarError(("events", where), "The events have not been fetched yet.", "Refresh the calendar.")
        if self.around is None:
            raise CalendarError(("events",), "Events need a date around which they are wanted.", "Pass “around”.")
        return _events_around(text, definition.name, source.zone, self.around.year)

    def _ready_made(self, name: str, path: Path) -> Calendar:
        word = name.strip().casefold()
        if word in PLAIN:
            return PLAIN[word]
        if word.upper() in markets():
            return _market(word.upper())
        country, _, part = word.partition("-")
        if len(country) == 2:
            try:
                return country_calendar(country, part)
            except CalendarError:
                pass  # refused below with the names that do exist
        raise self._unknown(name, path, known=[*self.definitions, *(one.lower() for one in markets())])

    def _unknown(self, name: str, path: Path, *, known: Sequence[str]) -> CalendarError:
        near = difflib.get_close_matches(name.casefold(), known, n=1)
        mine = ", ".join(sorted(self.definitions)) or "none yet"
        fix = f"Did you mean “{near[0]}”?" if near else f"There are: {mine}; besides countries (us) and markets (nyse)."
        return CalendarError(path, f"There is no calendar “{name}”.", fix)


READY_MADE = Shelf({})


def any_names() -> RuleNames:
    """Names of which every one is known: for the form of a rule alone."""
    calendar = Business("any calendar", hours=Hours(time(9), time(17), "UTC"))
    return {
        "calendars": Anything[Calendar](calendar),
        "fiscal": Anything[FiscalCalendar](ISO),
        "events": Anything(Events("events", ())),
    }


@lru_cache(maxsize=256)
def _market(code: str) -> Calendar:
    source = market_source(code)
    return Business(code, market_weekend(source), sources=(source,), hours=market_hours(source))


@lru_cache(maxsize=256)
def _events_around(text: str, name: str, zone: str, year: int) -> Events:
    first, last = date(year - YEARS_BEFORE, 1, 1), date(year + YEARS_AFTER, 12, 31)
    return events_from(text, name=name, zone=zone, first=first, last=last)


@lru_cache(maxsize=512)
def _business(stored: str, name: str, events: Events | None) -> Business:
    """Cached, so that equal definitions share one table of business days."""
    definition = CalendarDefinition.model_validate({**json.loads(stored), "name": name})
    sources, weekends = _sources(definition)
    if events is not None:
        sources.append(EventDays(events))
    days_off, changes = _weekend(definition, weekends)
    return Business(
        definition.title,
        days_off,
        weekends=changes,
        sources=tuple(sources),
        own=_own(definition),
        hours=definition.hours.hours() if definition.hours else _market_hours(sources),
    )


def _market_hours(sources: Sequence[DaySource]) -> Hours | None:
    """Those of the only market, where there is one and no country beside it."""
    only = sources[0] if len(sources) == 1 else None
    return market_hours(only) if isinstance(only, MarketDays) else None


Weekend = tuple[frozenset[int], tuple[tuple[date, frozenset[int]], ...]]


def _sources(definition: CalendarDefinition) -> tuple[list[DaySource], dict[str, Weekend]]:
    """The sources of holidays, and each place's weekend by its name."""
    sources: list[DaySource] = []
    weekends: dict[str, Weekend] = {}
    for index, one in enumerate(definition.countries):
        with _at("countries", index):
            found = country_source(one.country, one.subdivision, categories=one.categories, language=one.language)
        sources.append(found)
        weekends[found.place] = weekends_of(found.country, found.subdivision)
    for index, market in enumerate(definition.markets):
        with _at("markets", index):
            days = market_source(market.market, exact=market.hours)
            weekends[days.code] = (market_weekend(days), ())
        sources.append(days)
    return sources, weekends


@contextmanager
def _at(*path: str | int) -> Iterator[None]:
    """Errors of a part get the place of the part."""
    try:
        yield
    except CalendarError as error:
        raise CalendarError((*path, *error.path), error.message, error.fix) from error


def _weekend(definition: CalendarDefinition, weekends: Mapping[str, Weekend]) -> Weekend:
    """The weekend that is written, else the one that all places share, else Saturday and Sunday."""
    if definition.weekend is not None:
        return frozenset(WEEKDAY_KEYS.index(one) for one in definition.weekend), ()
    if not weekends:
        return MONDAY_TO_FRIDAY.days_off, ()
    if len(set(weekends.values())) > 1:
        places = " and ".join(weekends)
        fix = "Write “weekend: [sat, sun]”, or make a calendar of each and join them with “all_of”."
        raise CalendarError((), f"{places} have different weekends.", fix)
    return next(iter(weekends.values()))


def _own(definition: CalendarDefinition) -> tuple[DaySource, ...]:
    def fixed(occasions: Sequence[Occasion], name: str) -> tuple[tuple[date, str], ...]:
        return tuple((day, one.name or name) for one in occasions for day in one.dates())

    dated = FixedDays(
        closed=fixed(definition.closed, "closed"),
        opened=fixed(definition.open, "extra working day"),
        half=tuple((day, one.half_day()) for one in definition.half_days for day in one.dates()),
    )
    yearly = YearlyDays(
        closed=tuple((one.month_day(), one.name or "closed") for one in definition.closed if one.every),
        half=tuple((one.month_day(), one.half_day()) for one in definition.half_days if one.every),
    )
    return tuple(source for source, empty in ((yearly, YearlyDays()), (dated, FixedDays())) if source != empty)
