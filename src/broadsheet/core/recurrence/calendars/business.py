"""A calendar of one place or firm: weekend, holidays, half days, own closures and extra working days."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache

from broadsheet.core.recurrence.calendars.base import SATURDAY, SUNDAY
from broadsheet.core.recurrence.calendars.days import DaySource, HalfDay, Hours, Session, YearOfDays
from broadsheet.core.recurrence.calendars.said import days_of, nameless
from broadsheet.core.recurrence.calendars.table import Blocks
from broadsheet.core.recurrence.calendars.tabled import Tabled
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.naming import WEEKDAYS, tongue, weekday_name

SATURDAY_SUNDAY = frozenset({SATURDAY, SUNDAY})
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FixedDays:
    """Dates written out. closed: (date, name); opened: (date, why); half: (date, how it ends)."""

    closed: tuple[tuple[date, str], ...] = ()
    opened: tuple[tuple[date, str], ...] = ()
    half: tuple[tuple[date, HalfDay], ...] = ()

    def days_in(self, year: int, /) -> YearOfDays:
        return YearOfDays(
            closed={day: name for day, name in self.closed if day.year == year},
            opened={day: name for day, name in self.opened if day.year == year},
            half={day: half for day, half in self.half if day.year == year},
        )


@dataclass(frozen=True, slots=True)
class YearlyDays:
    """Dates of every year, as ((month, day), name). 29 February is there in leap years only."""

    closed: tuple[tuple[MonthDay, str], ...] = ()
    half: tuple[tuple[MonthDay, HalfDay], ...] = ()

    def days_in(self, year: int, /) -> YearOfDays:
        closed = {day: name for at, name in self.closed if (day := _in_year(year, at))}
        return YearOfDays(closed=closed, half={day: half for at, half in self.half if (day := _in_year(year, at))})


def _in_year(year: int, at: MonthDay) -> date | None:
    try:
        return date(year, *at)
    except ValueError:  # 29 February
        return None


@dataclass(frozen=True, slots=True)
class Business(Tabled):
    """When business is done in one place.

    A date is a business day when `own` opens it; else when neither `own` nor a holiday closes it and it is no day of
    the weekend, or a source of holidays opens it (a working Saturday that makes up for a bridge day).

    name: what people call it; stands behind weekdays in reasons of joined calendars.
    days_off: the weekend, any set of weekdays, 0 = Monday.
    weekends: (first date, its weekend) ascending, where the weekend changed: Dubai's on 1 January 2022.
    sources: holidays; a date is closed when any of them closes it.
    own: closures, extra working days and half days of one's own; they outrank the sources.
    hours: usual opening hours, where there are any to speak of.
    """

    name: str
    days_off: frozenset[int] = SATURDAY_SUNDAY
    weekends: tuple[tuple[date, frozenset[int]], ...] = ()
    sources: tuple[DaySource, ...] = ()
    own: tuple[DaySource, ...] = ()
    hours: Hours | None = None
    blocks: Blocks = field(init=False, repr=False, compare=False)
    _years: Callable[[int], "_Year"] = field(init=False, repr=False, compare=False)
    _said: Callable[[int, str], "_Year"] = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for days_off in (self.days_off, *(weekend for _, weekend in self.weekends)):
            if not days_off <= frozenset(range(7)):
                raise RuleError("weekend", "a weekend is made of weekdays", "Write for instance [fri, sat].")
        object.__setattr__(self, "weekends", tuple(sorted(self.weekends, key=lambda change: change[0])))
        object.__setattr__(self, "blocks", Blocks(self._decide))
        object.__setattr__(self, "_years", lru_cache(maxsize=512)(self._year))
        object.__setattr__(self, "_said", lru_cache(maxsize=64)(self._renamed))
        key = (self.name, self.days_off, self.weekends, self.sources, self.own, self.hours)
        object.__setattr__(self, "_hash", hash(key))

    def __hash__(self) -> int:
        return self._hash

    def closure(self, day: date, /) -> str:
        return self._closure(day, self._years(day.year), "en")

    def closure_in(self, day: date, language: str) -> str:
        """`closure` in that language (BCP 47): holidays under the names that their sources know in it."""
        return self._closure(day, self._in(day.year, language), language)

    def _closure(self, day: date, year: "_Year", language: str) -> str:
        if day in year.own_closed:
            return year.own_closed[day]
        if day in year.own_opened:
            return ""
        if day in year.closed:
            return year.closed[day]
        if day.weekday() in self.weekend_on(day) and day not in year.opened:
            return WEEKDAYS[day.weekday()] if language == "en" else weekday_name(day.weekday(), language)
        return ""

    def weekend_on(self, day: date) -> frozenset[int]:
        """The weekend that holds on that date."""
        found = self.days_off
        for first, days_off in self.weekends:
            if first > day:
                break
            found = days_off
        return found

    def opened(self, day: date, language: str = "en") -> str:
        """Why business is done on a date that would be closed otherwise; empty for any other."""
        year = self._in(day.year, language)
        return (year.own_opened.get(day) or year.opened.get(day, "")) if self.is_business_day(day) else ""

    def half_day(self, day: date, language: str = "en") -> HalfDay | None:
        """How a business day ends early; None for whole days and closed ones."""
        return self._in(day.year, language).half.get(day) if self.is_business_day(day) else None

    def session(self, day: date) -> Session | None:
        """Opening and close of a business day; None when closed, or when no hours are known.

        A half day whose end nobody knows has the usual hours.
        """
        if not self.is_business_day(day):
            return None
        year = self._years(day.year)
        if day in year.sessions:
            return year.sessions[day]
        half = year.half.get(day)
        closes: time | None = half.closes if half else None
        return self.hours.session(day, closes=closes) if self.hours else None

    def holidays(self, year: int) -> Iterator[tuple[date, str]]:
        """(date, name) of the year's closures that are no mere weekend, ascending."""
        found = self._years(year)
        kept = {day: name for day, name in found.closed.items() if day not in found.own_opened}
        yield from sorted({**kept, **found.own_closed}.items())

    def half_days(self, year: int) -> Iterator[tuple[date, HalfDay]]:
        """The year's business days that end early, ascending."""
        yield from ((day, half) for day, half in sorted(self._years(year).half.items()) if self.is_business_day(day))

    def _in(self, year: int, language: str) -> "_Year":
        return self._years(year) if tongue(language) == "en" else self._said(year, language)

    def _decide(self, day: date) -> bool:
        return not self.closure(day)

    def _renamed(self, number: int, language: str) -> "_Year":
        """The very days of that year, under names of that language where there are any: no name opens or closes."""
        usual, said = self._years(number), self._year(number, language)
        return _Year(
            closed=_named(usual.closed, said.closed, language),
            opened=_named(usual.opened, said.opened, language),
            own_closed=_named(usual.own_closed, said.own_closed, language),
            own_opened=_named(usual.own_opened, said.own_opened, language),
            half={
                day: replace(half, name=nameless(said.half.get(day, half).name, language))
                for day, half in usual.half.items()
            },
            sessions=usual.sessions,
        )

    def _year(self, number: int, language: str = "en") -> "_Year":
        own = [days_of(source, number, language) for source in self.own]
        all_days = [*(days_of(source, number, language) for source in self.sources), *own]
        sources = all_days[: len(self.sources)]
        return _Year(
            closed=_joined([one.closed for one in sources]),
            opened=_joined([one.opened for one in sources]),
            own_closed=_joined([one.closed for one in own]),
            own_opened=_joined([one.opened for one in own]),
            half={day: half for one in all_days for day, half in one.half.items()},
            sessions={day: session for one in all_days for day, session in one.sessions.items()},
        )


@dataclass(frozen=True, slots=True)
class _Year:
    """One year of all sources together."""

    closed: dict[date, str]
    opened: dict[date, str]
    own_closed: dict[date, str]
    own_opened: dict[date, str]
    half: dict[date, HalfDay]
    sessions: dict[date, Session]


def _named(usual: Mapping[date, str], said: Mapping[date, str], language: str) -> dict[date, str]:
    return {day: nameless(said.get(day, name), language) for day, name in usual.items()}


def _joined(parts: Iterable[Mapping[date, str]]) -> dict[date, str]:
    """Date -> the distinct names that the parts give it; never an empty one."""
    names: dict[date, list[str]] = {}
    for part in parts:
        for day, name in part.items():
            if (name or "closed") not in names.setdefault(day, []):
                names[day].append(name or "closed")
    return {day: "; ".join(found) for day, found in names.items()}
