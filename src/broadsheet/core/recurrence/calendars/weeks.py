"""ISO weeks and broadcast months.

ISO 8601: weeks begin on Monday; week 1 holds the year's first Thursday; a year has 52 or 53. The broadcast calendar
(United States, since the 1930s) has the same weeks; its month ends on the last Sunday of the calendar month.
"""

from datetime import date, timedelta


def week_start(day: date, *, first: int = 0) -> date:
    """The first day of the week that holds `day`; `first` is the weekday that weeks begin on, 0 = Monday."""
    return day - timedelta(days=(day.weekday() - first) % 7)


def iso_week(day: date) -> tuple[int, int]:
    """ISO year and week: (2026, 53) for 1 January 2027."""
    found = day.isocalendar()
    return found.year, found.week


def iso_weeks_in(year: int) -> int:
    """52 or 53: 28 December always lies in the last week."""
    return date(year, 12, 28).isocalendar().week


def broadcast_month(day: date) -> tuple[int, int]:
    """Year and month on the broadcast calendar: those of the week's Sunday. 29 December 2025 is in January 2026."""
    sunday = week_start(day) + timedelta(days=6)
    return sunday.year, sunday.month
