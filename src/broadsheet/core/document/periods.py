"""Periods by words or dates, in a reader's zone, with the comparable one before.

“This month”, “this week” and “year to date” run from their beginning to the end of today and are compared with as many
days of the one before; everything “last” is closed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, add_business_days
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR, FiscalCalendar
from broadsheet.core.recurrence.fiscal.period import Unit

from .dates import Dates
from .tables import Span

WORDS = (
    "today", "yesterday", "this week", "last week", "this month", "last month", "this quarter", "last quarter",
    "this year", "last year", "last 7 days", "last 30 days",
)  # fmt: skip
BY_CALENDAR = ("last fiscal quarter", "fiscal year to date", "previous business day", "last 5 business days")
FIX = (
    f"Write one of {', '.join((*WORDS, *BY_CALENDAR))}, or dates such as 2026-10, 2026-W43, 2026-Q3, 2026, 2026-10-14, "
    "2026-10-01..2026-10-31."
)
MOST_DAYS = 3660  # ten years: more is a slip of the pen

_SAME = {
    "month to date": "this month", "week to date": "this week", "quarter to date": "this quarter",
    "year to date": "this year",
}  # fmt: skip
_LAST_DAYS = re.compile(r"last (\d{1,4}) days?")
_BUSINESS_DAYS = re.compile(r"last (\d{1,4}) business days?")
_FISCAL = re.compile(r"(?P<which>this|last(?: closed)?) fiscal (?P<unit>week|month|quarter|half|year)")
_FISCAL_TO_DATE = re.compile(r"fiscal (?P<unit>week|month|quarter|half|year) to date")
_MONTH, _WEEK, _QUARTER, _YEAR = (
    re.compile(pattern)
    for pattern in (r"(\d{4})-(\d{2})", r"(\d{4})-[wW](\d{1,2})", r"(\d{4})-[qQ]([1-4])", r"(\d{4})")
)


class PeriodError(ValueError):
    """A text that names no period; says why."""


@dataclass(frozen=True, slots=True)
class PeriodCalendars:
    """What “fiscal” and “business” mean in periods: calendar years and Monday to Friday unless somebody says."""

    fiscal: FiscalCalendar = CALENDAR_YEAR
    business: Calendar = MONDAY_TO_FRIDAY


PLAIN = PeriodCalendars()


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to and without ``end`` on the wall clock of ``zone`` (IANA).

    ``unit``: day, week (from Monday), month, quarter, year, or range; ``to_date``: it is not over yet.
    ``earlier``: first day and end of what it is compared with, where that is not plain from the days.
    ``labels``: what a fiscal calendar calls this one and the earlier one, “FY2026 Q3” or “FY2023 W53”; both empty elsewhere.
    """

    unit: str
    start: date
    end: date
    zone: str
    to_date: bool = False
    earlier: tuple[date, date] | None = None
    labels: tuple[str, str] = ("", "")

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def span(self) -> Span:
        """Midnight to midnight, aware."""
        zone = ZoneInfo(self.zone)
        return Span(datetime.combine(self.start, time(), zone), datetime.combine(self.end, time(), zone))

    @property
    def key(self) -> str:
        """Stable text that `parse` reads back to the same days."""
        whole = not self.to_date
        if whole and self.unit == "month":
            return f"{self.start:%Y-%m}"
        if whole and self.unit == "year":
            return f"{self.start.year}"
        if whole and self.unit == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        if whole and self.unit == "week":
            return f"{self.start:%G-W%V}"
        before = f"~{_days_key(*self.earlier)}" if self.earlier else ""
        return f"{_days_key(self.start, self.end)}{before}"

    def previous(self) -> Period:
        """The comparable one before: the month before, the week before, as many days; to date: the same stretch of it."""
        if self.earlier:
            labels = (self.labels[1], "")
            return Period(self.unit, *self.earlier, self.zone, to_date=self.to_date, labels=labels)
        if self.unit in ("day", "range"):
            return Period(self.unit, self.start - timedelta(days=self.days), self.start, self.zone)
        if self.unit == "week":
            back = timedelta(days=7)
            return Period("week", self.start - back, self.end - back, self.zone, to_date=self.to_date)
        start = add_months(self.start, -_MONTHS[self.unit])
        end = self.start if not self.to_date else min(start + timedelta(days=self.days), self.start)
        return Period(self.unit, start, end, self.zone, to_date=self.to_date)

    def history(self, count: int) -> Period:
        """The stretch of *count* periods up to and with this one; for a range, the range itself."""
        match self.unit:
            case "range":
                return self
            case "day" | "week":
                step = timedelta(days=1 if self.unit == "day" else 7)
                return Period("range", self.start - step * (count - 1), self.end, self.zone)
            case _:
                start = add_months(self.start, -_MONTHS[self.unit] * (count - 1))
                return Period("range", start, self.end, self.zone)

    @property
    def grain(self) -> str:
        """How `history` is cut."""
        return "day" if self.unit == "range" else self.unit

    def text(self, dates: Dates) -> str:
        """October 2026, 19–25 Oct 2026, 1–22 October 2026 (to date), Q3 2026, 2026, FY2026 Q3 (1 Aug–31 Oct 2026)."""
        if self.labels[0]:
            return f"{self.labels[0]} ({dates.interval(self.start, self.last)})"
        if self.to_date or self.unit in ("week", "range", "day"):
            return dates.interval(self.start, self.last)
        return dates.named(self.unit, self.start)

    def range_text(self, dates: Dates) -> str:
        """1–31 October 2026"""
        return dates.interval_long(self.start, self.last)

    def short(self, dates: Dates) -> str:
        """Oct, 19–25 Oct, Q3, 2026, FY2026 Q3: to stand beside a figure."""
        if self.labels[0] and not self.to_date:
            return self.labels[0]
        if self.to_date or self.unit in ("week", "range", "day"):
            return dates.interval_short(self.start, self.last)
        return dates.named(self.unit, self.start, short=True)


def _days_key(start: date, end: date) -> str:
    last = end - timedelta(days=1)
    return f"{start}" if start == last else f"{start}..{last}"


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def add_months(day: date, months: int) -> date:
    """*day* so many months later; the end of a month stays inside."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse(text: str, *, now: datetime, zone: str, calendars: PeriodCalendars = PLAIN) -> Period:
    """The period that *text* names, seen at *now* (aware) in *zone*, by *calendars*. Raises PeriodError."""
    words = " ".join(text.lower().replace("_", " ").split())
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        found = (
            _by_calendars(words, today=today, zone=zone, calendars=calendars)
            or _by_words(_SAME.get(words, words), today=today, zone=zone)
            or _compared(words, zone=zone)
        )
    except (ValueError, OverflowError) as error:
        raise PeriodError(f"“{text}” is not in the calendar.") from error
    if found is None:
        raise PeriodError(f"“{text}” is not a period.")
    if not 0 < found.days <= MOST_DAYS:
        raise PeriodError(f"“{text}” is {found.days} days; a period has 1 to {MOST_DAYS}.")
    return found


def _by_calendars(words: str, *, today: date, zone: str, calendars: PeriodCalendars) -> Period | None:
    if words in ("previous business day", "last business day"):
        return _business(1, "day", today=today, zone=zone, calendar=calendars.business)
    if counted := _BUSINESS_DAYS.fullmatch(words):
        return _business(int(counted[1]), "range", today=today, zone=zone, calendar=calendars.business)
    if found := _FISCAL.fullmatch(words) or _FISCAL_TO_DATE.fullmatch(words):
        unit: Unit = "period" if found["unit"] == "month" else found["unit"]  # type: ignore[assignment]
        closed = found.groupdict().get("which", "this") != "this"
        return _fiscal(unit, closed=closed, today=today, zone=zone, fiscal=calendars.fiscal)
    return None


def _business(number: int, unit: str, *, today: date, zone: str, calendar: Calendar) -> Period | None:
    """The last *number* business days before *today*, closed days between them included; compared with as many before."""
    if number < 1:
        return None
    day = timedelta(days=1)
    marks = [add_business_days(today, -many, calendar) for many in (1, number, number + 1, 2 * number)]
    last, first, last_before, first_before = marks
    if last is None or first is None or last_before is None or first_before is None:
        return None
    return Period(unit, first, last + day, zone, earlier=(first_before, last_before + day))


def _fiscal(unit: Unit, *, closed: bool, today: date, zone: str, fiscal: FiscalCalendar) -> Period:
    """The last closed one, compared with the one before; or this one to date, with the same stretch of it."""
    day = timedelta(days=1)
    current = fiscal.period(today, unit)
    if not closed:
        before = fiscal.previous(current)
        end = min(before.first + (today + day - current.first), current.first)
        labels = _labels(fiscal, current.label, before.label)
        return Period(
            "range", current.first, today + day, zone, to_date=True, earlier=(before.first, end), labels=labels
        )
    last = fiscal.previous(current)
    before = fiscal.previous(last)
    labels = _labels(fiscal, last.label, before.label)
    return Period("range", last.first, last.last + day, zone, earlier=(before.first, before.last + day), labels=labels)


def _labels(fiscal: FiscalCalendar, label: str, before: str) -> tuple[str, str]:
    """None for calendar years: their quarters have names in each language."""
    return ("", "") if fiscal == CALENDAR_YEAR else (label, before)


def _compared(words: str, *, zone: str) -> Period | None:
    """Dates, with what they are compared with behind “~” as in `Period.key`."""
    dates, mark, before = words.partition("~")
    found = _by_dates(dates.strip(), zone=zone)
    if not mark or found is None:
        return found
    other = _by_dates(before.strip(), zone=zone)
    return replace(found, earlier=(other.start, other.end)) if other else None


def _by_words(words: str, *, today: date, zone: str) -> Period | None:
    tomorrow = today + timedelta(days=1)
    counted = _LAST_DAYS.fullmatch(words)
    if counted:
        return Period("range", today - timedelta(days=int(counted[1])), today, zone)
    if words in ("today", "yesterday"):
        day = today if words == "today" else today - timedelta(days=1)
        return Period("day", day, day + timedelta(days=1), zone)
    which, _, unit = words.partition(" ")
    if which not in ("this", "last") or unit not in _BEGIN:
        return None
    current = Period(unit, _BEGIN[unit](today), tomorrow, zone, to_date=True)
    if which == "this":
        return current
    before = current.previous().start
    return Period(unit, before, current.start, zone)


_BEGIN: dict[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "year": lambda day: date(day.year, 1, 1),
}


def _by_dates(words: str, *, zone: str) -> Period | None:
    first, dots, last = words.partition("..")
    if dots:
        return Period("range", date.fromisoformat(first.strip()), date.fromisoformat(last.strip()) + timedelta(1), zone)
    if found := _MONTH.fullmatch(words):
        return _whole("month", date(int(found[1]), int(found[2]), 1), zone=zone)
    if found := _WEEK.fullmatch(words):
        start = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period("week", start, start + timedelta(days=7), zone)
    if found := _QUARTER.fullmatch(words):
        return _whole("quarter", date(int(found[1]), int(found[2]) * 3 - 2, 1), zone=zone)
    if found := _YEAR.fullmatch(words):
        return _whole("year", date(int(found[1]), 1, 1), zone=zone)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        day = date.fromisoformat(words)
        return Period("day", day, day + timedelta(days=1), zone)
    return None


def _whole(unit: str, start: date, *, zone: str) -> Period:
    return Period(unit, start, add_months(start, _MONTHS[unit]), zone)
