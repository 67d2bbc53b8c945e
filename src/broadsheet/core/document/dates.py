"""Days, months and moments in a reader's language.

English follows the house style (“1–31 October 2026”, “Thu 1 Oct”, 24 hours) but for the United States; their dates and
those of every other language follow CLDR as babel knows it. Hours are told from 0 to 24 everywhere.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, get_day_names, get_month_names

MIDNIGHT_LOOKS_BACK = timedelta(microseconds=1)


@lru_cache(maxsize=256)
def locale_for(language: str) -> Locale:
    """The locale of a BCP 47 tag, or the nearest that is known; English at last."""
    parts = language.replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:count]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")


class Dates:
    """Writes dates for one language; see `dates_for`."""

    def __init__(self, language: str) -> None:
        self.locale = locale_for(language)
        self._tag = str(self.locale)
        self.house = self.locale.language == "en" and self.locale.territory != "US"
        months = Locale("en", "US") if self.house else self.locale  # en-GB would write “Sept”
        # Not “stand-alone”: where a language has none of its own, babel 2.18 gives those of whichever was asked before.
        self._short = {month: str(name) for month, name in get_month_names("abbreviated", locale=months).items()}
        self._long = {month: str(name) for month, name in get_month_names("wide", locale=months).items()}
        self._weekdays = {day: str(name) for day, name in get_day_names("abbreviated", locale=self.locale).items()}

    def day(self, day: date) -> str:
        """31 Oct 2026"""
        if self.house:
            return f"{self.day_short(day)} {day.year}"
        return _written("yMMMd", day, self._tag)

    def day_short(self, day: date) -> str:
        """31 Oct"""
        return f"{day.day} {self._short[day.month]}" if self.house else _written("MMMd", day, self._tag)

    def weekday(self, number: int) -> str:
        """Thu, for 3 (Monday is 0)."""
        return str(self._weekdays[number])

    def day_of_week(self, day: date) -> str:
        """Thu 1 Oct"""
        if self.house:
            return f"{self.weekday(day.weekday())} {self.day_short(day)}"
        return _written("MMMEd", day, self._tag)

    def month(self, day: date) -> str:
        """October 2026"""
        return f"{self._long[day.month]} {day.year}" if self.house else _written("yMMMM", day, self._tag)

    def month_short(self, day: date) -> str:
        """Oct"""
        return str(self._short[day.month])

    def month_year(self, day: date) -> str:
        """Oct 2026"""
        return f"{self._short[day.month]} {day.year}" if self.house else _written("yMMM", day, self._tag)

    def quarter(self, day: date) -> str:
        """Q3 2026"""
        if self.house:
            return f"Q{(day.month + 2) // 3} {day.year}"
        return _written("yQQQ", day, self._tag)

    def quarter_short(self, day: date) -> str:
        """Q3"""
        return format_date(day, "QQQ", locale=self.locale)

    def named(self, unit: str, start: date, *, short: bool = False) -> str:
        """A whole month, quarter or year: October 2026, or Oct when *short*."""
        if unit == "year":
            return str(start.year)
        if unit == "quarter":
            return self.quarter_short(start) if short else self.quarter(start)
        return self.month_short(start) if short else self.month(start)

    def interval(self, first: date, last: date) -> str:
        """19–25 Oct 2026, 26 Oct – 1 Nov 2026"""
        return self._interval(first, last, long=False, year=True)

    def interval_long(self, first: date, last: date) -> str:
        """1–31 October 2026"""
        return self._interval(first, last, long=True, year=True)

    def interval_short(self, first: date, last: date) -> str:
        """19–25 Oct"""
        return self._interval(first, last, long=False, year=False)

    def moment(self, at: datetime, *, end: bool = False) -> str:
        """1 Nov 2026, 06:12 CST; with *end*, midnight is told as 24:00 of the day before."""
        if end and at.time() == at.min.time():
            before = at - MIDNIGHT_LOOKS_BACK
            return f"{self.day(before.date())}, 24:00 {before.tzname() or ''}".rstrip()
        comma = "، " if self.locale.language == "ar" else ", "
        return f"{self.day(at.date())}{comma}{at:%H:%M} {at.tzname() or ''}".rstrip()

    def _interval(self, first: date, last: date, *, long: bool, year: bool) -> str:
        if first == last:
            return self.day(first) if year else self.day_short(first)
        if not self.house:
            skeleton = f"{'y' if year else ''}{'MMMM' if long else 'MMM'}d"
            return str(format_interval(first, last, skeleton, locale=self.locale))
        names = self._long if long else self._short
        end = f"{last.day} {names[last.month]}{f' {last.year}' if year else ''}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{end}"
        begin = f"{first.day} {names[first.month]}"
        return f"{begin} {first.year} – {end}" if year and first.year != last.year else f"{begin} – {end}"


@lru_cache(maxsize=8192)
def _written(skeleton: str, day: date, locale: str) -> str:
    """*day* by CLDR's *skeleton*; kept, because forty reports of a country show the same days."""
    return str(format_skeleton(skeleton, day, locale=locale))


@lru_cache(maxsize=64)
def dates_for(language: str) -> Dates:
    """The writer for a BCP 47 tag; made once."""
    return Dates(language)
