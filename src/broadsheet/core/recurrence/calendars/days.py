"""What happens on single days of a year, as a source of holidays tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A business day that ends early.

    name: of the occasion.
    closes: local time of the end; None where only that it is early is known.
    """

    name: str
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class YearOfDays:
    """What one source says of one year; dates outside that year are not looked at.

    closed: date -> name of the holiday, with its place where it has one.
    opened: date -> why business is done although the weekend or a holiday says otherwise.
    half: date -> how the day ends early.
    sessions: date -> exact hours, where the source knows them.
    """

    closed: Mapping[date, str] = field(default_factory=dict)
    opened: Mapping[date, str] = field(default_factory=dict)
    half: Mapping[date, HalfDay] = field(default_factory=dict)
    sessions: Mapping[date, "Session"] = field(default_factory=dict)


class DaySource(Protocol):
    """Holidays by the year: of a country, of a market, of one's own. Hashable; the same year gives the same days."""

    def days_in(self, year: int, /) -> YearOfDays:
        """Every closure, extra working day and half day of that year."""


@dataclass(frozen=True, slots=True)
class Session:
    """When business is open on one date; both aware, and the close may lie on the next date."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """Usual opening hours, as wall-clock times of `zone` (IANA). A close at or before the opening is the next day's."""

    opens: time
    closes: time
    zone: str

    def session(self, day: date, *, closes: time | None = None) -> Session:
        """The hours of `day`, which may close early."""
        zone = ZoneInfo(self.zone)
        opening = datetime.combine(day, self.opens, tzinfo=zone)
        closing = datetime.combine(day, closes or self.closes, tzinfo=zone)
        if closing.replace(tzinfo=None) <= opening.replace(tzinfo=None):
            closing = datetime.combine(date.fromordinal(day.toordinal() + 1), closing.time(), tzinfo=zone)
        return Session(opening, closing)
