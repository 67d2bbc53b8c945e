"""What a calendar says: where it works, when it does not, its fiscal year, its events, and how it joins others.

The keys are checked here; whether countries, markets and calendars of those names exist is `building`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from broadsheet.core.document.definition.reading import Frozen, Short, Words, read, schema
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem
from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.calendars import HalfDay, Hours
from broadsheet.core.recurrence.values import date_at, times_at, weekday_at
from broadsheet.core.recurrence.zones import zone_named

MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})")
LONGEST_CLOSURE = 366  # days
OWN = (
    "countries",
    "markets",
    "weekend",
    "closed",
    "open",
    "half_days",
    "hours",
)  # parts that joined calendars have not
NO_EFFECT = "“{part}” has no effect on joined calendars."
MAKE_ONE = "Make a calendar of it, and name that one too."
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _told(error: RuleError) -> ValueError:
    """As pydantic passes it on: what, and the fix."""
    return ValueError(f"{error.message[:1].upper()}{error.message[1:]}. | {error.fix}")


def _clock(value: object) -> object:
    """A time of day, refused with the time that YAML took for a number."""
    try:
        return times_at({"at": value}, "at")[0].isoformat("minutes")
    except RuleError as error:
        raise _told(error) from error


def _weekday(value: object) -> object:
    try:
        return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[weekday_at(value, path="")]
    except RuleError as error:
        raise _told(error) from error


def _day(value: object) -> object:
    try:
        return date_at({"date": value}, "date")
    except RuleError as error:
        raise _told(error) from error


Day = Annotated[date, BeforeValidator(_day)]
Clock = Annotated[str, BeforeValidator(_clock)]
AnyWeekday = Annotated[Weekday, BeforeValidator(_weekday)]


class Country(Frozen):
    """``country``: ISO code, or country and subdivision as in “GB-ENG”. ``categories``: which of its lists close; only
    public holidays unless said. ``language``: of the holidays’ names."""

    country: str
    subdivision: str = ""
    categories: list[str] = Field(default_factory=list)
    language: str = "en"

    @model_validator(mode="before")
    @classmethod
    def _parted(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("country"), str) and "-" in value["country"]:
            country, _, part = value["country"].partition("-")
            return {**value, "country": country, "subdivision": value.get("subdivision") or part}
        if isinstance(value, dict) and value.get("country") is False:  # YAML 1.1 reads Norway so
            return {**value, "country": "NO"}
        return value


class Market(Frozen):
    """``market``: its name or MIC. ``hours``: whether its opening hours are wanted, which needs an extra."""

    market: str
    hours: bool = False


class Occasion(Frozen):
    """One ``date``, the dates from ``date`` to ``until``, or ``every`` month-day of each year."""

    first: Day | None = Field(None, alias="date")
    until: Day | None = None
    every: Words = ""
    name: Words = ""

    @model_validator(mode="after")
    def _one_form(self) -> Occasion:
        if (self.first is None) == (not self.every):
            raise ValueError("Either a date or “every” is needed. | Write “date: 2026-12-24”, or “every: 12-24”.")
        if self.every:
            if self.until is not None:
                raise ValueError("“until” has no effect beside “every”. | Leave it out.")
            self.month_day()
        elif self.until is not None and self.first is not None:
            if self.until < self.first:
                raise ValueError(f"{self.until} is before {self.first}. | Write a later date.")
            if (self.until - self.first).days > LONGEST_CLOSURE:
                raise ValueError("It lasts longer than a year. | Write several.")
        return self

    def month_day(self) -> tuple[int, int]:
        """(month, day) of ``every``."""
        found = MONTH_DAY.fullmatch(self.every)
        try:
            if found:
                return (day := date(2024, int(found[1]), int(found[2]))).month, day.day
        except ValueError:
            pass
        raise ValueError(f"“{self.every}” is no month and day. | Write “12-24” for 24 December.")

    def dates(self) -> list[date]:
        """The dates of ``date`` to ``until``."""
        if self.first is None:
            return []
        last = self.until or self.first
        return [date.fromordinal(one) for one in range(self.first.toordinal(), last.toordinal() + 1)]


class HalfDayDefinition(Occasion):
    """``closes``: local time at which business ends on it."""

    closes: Clock

    def half_day(self) -> HalfDay:
        return HalfDay(self.name or "half day", time.fromisoformat(self.closes))


class HoursDefinition(Frozen):
    """Usual opening hours, on the clock of ``zone``."""

    opens: Clock
    closes: Clock
    zone: str

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        return _zone(value)

    def hours(self) -> Hours:
        return Hours(time.fromisoformat(self.opens), time.fromisoformat(self.closes), self.zone)


class YearEndDefinition(Frozen):
    """The ``last`` ``weekday`` of ``month``, or the one ``nearest`` to its end."""

    month: int = Field(12, ge=1, le=12)
    weekday: AnyWeekday = "sat"
    rule: Literal["last", "nearest"] = "last"


class FiscalDefinition(Frozen):
    """``pattern``: “months” from month ``start``, weeks of 4-4-5, 4-5-4 or 5-4-4 with years that end on ``ends``, or
    “iso” or “broadcast”. ``named_by``: whether a year has the number of its end or its start. ``leap_month``: which
    month has the 53rd week."""

    pattern: Literal["months", "4-4-5", "4-5-4", "5-4-4", "iso", "broadcast"] = "months"
    start: int = Field(1, ge=1, le=12)
    ends: YearEndDefinition | None = None
    named_by: Literal["start", "end"] = "end"
    leap_month: int = Field(12, ge=1, le=12)

    @model_validator(mode="after")
    def _fitting(self) -> FiscalDefinition:
        weeks = self.pattern in ("4-4-5", "4-5-4", "5-4-4")
        if weeks and self.ends is None:
            raise ValueError(
                f"“{self.pattern}” needs to know where years end."
                " | Add “ends: {month: 1, weekday: sat, rule: nearest}”, for instance."
            )
        if not weeks and self.ends is not None:
            raise ValueError("“ends” has no effect on this pattern. | Leave it out.")
        if self.pattern != "months" and self.start != 1:
            raise ValueError("“start” has no effect on weeks. | Say with “ends” where years end.")
        return self


class EventsDefinition(Frozen):
    """Where the events are: iCalendar ``text``, a ``file`` that the server may read, or the address ``url``.
    ``closed``: whether their dates are closed. ``zone``: whose dates they are."""

    text: str = ""
    file: str = ""
    url: str = ""
    closed: bool = False
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        return _zone(value)

    @model_validator(mode="after")
    def _one_place(self) -> EventsDefinition:
        if sum(bool(one) for one in (self.text, self.file, self.url)) != 1:
            raise ValueError("Events have exactly one of text, file and url. | Write for instance “url: https://…”.")
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValueError(f"“{self.url[:80]}” is no web address. | It begins with “https://”.")
        return self


class CalendarDefinition(Frozen):
    """A calendar, whole. It is made of countries, markets and days of its own, or it joins other calendars: all of them
    open (``all_of``), any of them open (``union``); ``except`` takes the business days of others away."""

    name: str
    label: str = ""
    countries: list[Annotated[Country, Short("country")]] = Field(default_factory=list)
    markets: list[Annotated[Market, Short("market")]] = Field(default_factory=list)
    weekend: list[AnyWeekday] | None = None
    closed: list[Occasion] = Field(default_factory=list)
    open: list[Occasion] = Field(default_factory=list)
    half_days: list[HalfDayDefinition] = Field(default_factory=list)
    hours: HoursDefinition | None = None
    fiscal: Annotated[FiscalDefinition, Short("pattern")] | None = None
    events: EventsDefinition | None = None
    all_of: list[str] = Field(default_factory=list)
    union: list[str] = Field(default_factory=list)
    except_: list[str] = Field(default_factory=list, alias="except")

    @model_validator(mode="after")
    def _joined_or_made(self) -> CalendarDefinition:
        if self.all_of and self.union:
            raise ValueError("“all_of” and “union” stand beside each other. | Make two calendars and join them.")
        own = [part for part in OWN if getattr(self, part)]
        if (self.all_of or self.union) and own:
            raise ValueError(f"{NO_EFFECT.format(part=own[0])} | {MAKE_ONE}")
        if any(one.every for one in self.open):
            raise ValueError("Extra working days have dates of their own. | Write “date:” instead of “every:”.")
        return self

    @property
    def title(self) -> str:
        return self.label or self.name

    def named(self) -> tuple[str, ...]:
        """The other calendars that it names."""
        return (*self.all_of, *self.union, *self.except_)

    def stored(self) -> dict[str, Any]:
        """Plain data without the name, which reads back to an equal definition; defaults are left out."""
        plain: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"name"})
        return plain


def calendar_from(loaded: Loaded) -> CalendarDefinition:
    """The calendar that a document describes. Raises DefinitionError with every problem."""
    try:
        return read(loaded, CalendarDefinition, kind="calendar")
    except DefinitionError as error:
        raise DefinitionError(list(_placed(error.problems, loaded))) from error


def _placed(problems: Iterable[Problem], loaded: Loaded) -> Iterator[Problem]:
    """The part that a joined calendar does not take, at its own line: a model's check knows none."""
    told = {NO_EFFECT.format(part=part) for part in OWN}
    for one in problems:
        if one.message not in told:
            yield one
            continue
        for part in OWN:
            if loaded.data.get(part):
                yield loaded.problem((part,), NO_EFFECT.format(part=part), MAKE_ONE)


def arranged(stored: Mapping[str, Any]) -> dict[str, Any]:
    """*stored* with its keys in one order, as the reference lists them: PostgreSQL keeps them in an order of its own."""
    return CalendarDefinition.model_validate({**stored, "name": "any"}).stored()


def calendar_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a calendar's file."""
    return schema(CalendarDefinition, kind="calendar", title="Calendar")


def _zone(value: str) -> str:
    try:
        zone_named(value)
    except RuleError as error:
        raise _told(error) from error
    return value
