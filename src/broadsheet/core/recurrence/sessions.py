"""Instants counted from the opening or the close of a calendar's days: "15 minutes before the close"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from broadsheet.core.recurrence.because import Hindrance
from broadsheet.core.recurrence.calendars import Calendar, add_business_days, session_of
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.wallclock import BEGIN, seconds_of

Edge = Literal["open", "close"]
EDGES: tuple[Edge, ...] = ("open", "close")
MOST_MINUTES = 24 * 60
PROBED = date(2026, 1, 5)  # any day: whether a calendar knows hours at all
MISSES = 400  # business days in a row without hours: the calendar knows none any more


@dataclass(frozen=True, slots=True)
class AtSession:
    """An instant on every business day that has hours.

    calendar: one with a `session`. edge: counted from the opening or the close. minutes: after it, or before it where
    negative; at most a day. Half days count with their own close.
    """

    calendar: Calendar
    edge: Edge
    minutes: int = 0

    def __post_init__(self) -> None:
        if self.edge not in EDGES:
            raise RuleError("session", f'"{self.edge}" is not known', "Write {open: 30} or {close: -15}.")
        if abs(self.minutes) > MOST_MINUTES:
            raise RuleError(f"session.{self.edge}", f"{self.minutes} minutes are more than a day", "Write fewer.")
        first = add_business_days(PROBED, 0, self.calendar)
        if first is None or session_of(self.calendar, first) is None:
            fix = 'Give it "hours: {opens: …, closes: …, zone: …}".'
            raise RuleError("calendar", f"{self.calendar.name} has no opening hours", fix)

    @property
    def is_instants(self) -> bool:
        return True

    def instants_after(self, instant: int, zone: str, /) -> Iterator[int]:
        shift = timedelta(minutes=self.minutes)
        after = BEGIN + timedelta(seconds=instant) - shift
        day: date | None = (after - timedelta(days=2)).date()  # a session may end two dates after its own, in UTC
        misses = 0
        while (day := add_business_days(day, 1, self.calendar) if day else None) and misses < MISSES:
            session = session_of(self.calendar, day)
            misses = misses + 1 if session is None else 0
            if session is not None and (edge := self._edge_of(session.opens, session.closes)) > after:
                yield seconds_of(edge + shift)

    def why(self, day: date, /) -> str:
        return f"{self.distance} on a day of {self.calendar.name}"

    def why_not(self, day: date, /) -> Hindrance | None:
        """The calendar's closure; None on its business days."""
        return None if self.calendar.is_business_day(day) else Hindrance("closed", day, calendar=self.calendar)

    @property
    def distance(self) -> str:
        """ "15 minutes before the close", "at the opening"."""
        edge = {"open": "opening", "close": "close"}[self.edge]
        if not self.minutes:
            return f"at the {edge}"
        unit = "minute" if abs(self.minutes) == 1 else "minutes"
        return f"{abs(self.minutes)} {unit} {'before' if self.minutes < 0 else 'after'} the {edge}"

    def _edge_of(self, opens: datetime, closes: datetime) -> datetime:
        return opens if self.edge == "open" else closes
