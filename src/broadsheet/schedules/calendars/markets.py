"""Days of exchanges and settlement systems (``holidays``), and their hours (``exchange_calendars``, an extra).

Days alone need nothing more: NYSE, London, ECB's TARGET, SIFMA and thirty others. Hours to the minute, half days of the
past included, come from ``exchange_calendars``, which brings pandas along and is therefore installed on demand.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, time
from functools import lru_cache
from typing import Any

import holidays
from holidays.constants import HALF_DAY, PUBLIC
from holidays.holiday_base import HolidayBase

from broadsheet.core.recurrence.calendars import HalfDay, Hours, Session, YearOfDays
from broadsheet.core.recurrence.calendars.said import nameless

from .errors import CalendarError
from .public import language_among

CLOSE_AT = re.compile(r"close at (\d{1,2}):(\d{2})\s*(a|p)?", re.IGNORECASE)
EXTRA = "exchanges"
FIRST_YEAR, LAST_YEAR = 1990, 2100  # of exact hours; outside them days only


# Usual hours of continuous trading, as the exchanges publish them; half days have the close that `holidays` tells.
HOURS = {
    **{mic: Hours(time(9, 30), time(16), "America/New_York") for mic in ("XNYS", "XNAS")},
    "XTSE": Hours(time(9, 30), time(16), "America/Toronto"),
    "XLON": Hours(time(8), time(16, 30), "Europe/London"),
    "XETR": Hours(time(9), time(17, 30), "Europe/Berlin"),
    "XPAR": Hours(time(9), time(17, 30), "Europe/Paris"),
    "XAMS": Hours(time(9), time(17, 30), "Europe/Amsterdam"),
    "XBRU": Hours(time(9), time(17, 30), "Europe/Brussels"),
    "XHKG": Hours(time(9, 30), time(16), "Asia/Hong_Kong"),
    "XJPX": Hours(time(9), time(15, 30), "Asia/Tokyo"),
    "XASX": Hours(time(10), time(16), "Australia/Sydney"),
    "XSES": Hours(time(9), time(17), "Asia/Singapore"),
}


@dataclass(frozen=True, slots=True)
class MarketDays:
    """The days of one market as a source of closures. code: as people write it, NYSE. exact: with hours."""

    code: str
    exact: bool = False

    def days_in(self, year: int, /) -> YearOfDays:
        return _days_in(self, year)

    def days_said(self, year: int, language: str, /) -> YearOfDays:
        """The same under names of that language (BCP 47), where the package has them; else in English."""
        usual = self.days_in(year)
        listed = self.code in holidays.list_supported_financial()
        known = language_among(holidays.financial_holidays(self.code), language) if listed else ""
        names = _listed(self.code, year, PUBLIC, known) if known else {}
        return replace(
            usual,
            closed={day: self._said(names.get(day), said, language) for day, said in usual.closed.items()},
            opened={day: self._said(None, said, language) for day, said in usual.opened.items()},
            half={day: replace(half, name=self._said(None, half.name, language)) for day, half in usual.half.items()},
        )

    def _said(self, name: str | None, usual: str, language: str) -> str:
        """A name with the market behind it; what has none, by what it is called."""
        end = f" ({self.code})"
        said = name or nameless(usual.removesuffix(end), language)
        return f"{said}{end}" if usual.endswith(end) else said


@lru_cache(maxsize=4096)
def _days_in(source: MarketDays, year: int) -> YearOfDays:
    if source.exact and FIRST_YEAR <= year <= LAST_YEAR:
        return _exact(source.code, year)
    listed = _listed(source.code, year, PUBLIC)
    half = _listed(source.code, year, HALF_DAY) if HALF_DAY in listed.supported_categories else {}
    return YearOfDays(
        closed={day: f"{name} ({source.code})" for day, name in listed.items()},
        half={day: HalfDay(name.split(" (")[0], _close_in(name)) for day, name in half.items() if day not in listed},
    )


def market_source(code: str, *, exact: bool = False) -> MarketDays:
    """The days of a market by its name or MIC, with its hours where *exact*. Raises CalendarError: the nearest name, or
    the extra that is to be installed."""
    given = code.strip().upper()
    known = set(holidays.list_supported_financial())
    if exact:
        _check_exact(given)
    elif given not in known:
        near = difflib.get_close_matches(given, known, n=1)
        fix = f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(sorted(known))}."
        raise CalendarError(("market",), f"There are no days for market “{code}”.", fix)
    return MarketDays(given, exact)


def markets() -> tuple[str, ...]:
    """Names and MICs of the markets whose days are known."""
    return tuple(sorted(holidays.list_supported_financial()))


def market_weekend(source: MarketDays) -> frozenset[int]:
    """The market's weekend, 0 = Monday."""
    if source.code in holidays.list_supported_financial():
        return frozenset(holidays.financial_holidays(source.code).weekend)
    mask = exchange_package().get_calendar(source.code, start="2026-01-01", end="2026-02-01").weekmask
    return frozenset(weekday for weekday, open_ in enumerate(mask) if open_ == "0")


def market_hours(source: MarketDays) -> Hours | None:
    """The market's usual hours, where they are known here; exact ones come with the days themselves."""
    if source.code not in holidays.list_supported_financial():
        return None
    return HOURS.get(type(holidays.financial_holidays(source.code)).market)


def exchange_package() -> Any:
    """The module ``exchange_calendars``. Raises CalendarError when the extra is not installed."""
    try:
        import exchange_calendars  # slow, and not everybody's: see above
    except ImportError as error:
        fix = f"Install it in Broadsheet’s folder with “pip install '.[{EXTRA}]'”, or write the hours as “hours: {{opens: …}}”."
        raise CalendarError(("hours",), "Exact hours of exchanges need an extra.", fix) from error
    return exchange_calendars


def _check_exact(code: str) -> None:
    known = exchange_package().get_calendar_names(include_aliases=True)
    if code not in known:
        near = difflib.get_close_matches(code, known, n=1)
        fix = f"Did you mean “{near[0]}”?" if near else "Leave “hours” out for the days alone."
        raise CalendarError(("market",), f"There are no hours for exchange “{code}”.", fix)


def _exact(code: str, year: int) -> YearOfDays:
    """Sessions to the minute. Closures are the weekdays without a session; their names come from the other list."""
    package = exchange_package()
    start, end = f"{year}-01-01", f"{year}-12-31"
    try:
        exchange = package.get_calendar(code, start=start, end=end)
    except (ValueError, package.errors.CalendarError):  # outside of what the exchange has published
        plain = MarketDays(code)
        return _days_in(plain, year) if code in holidays.list_supported_financial() else YearOfDays()
    sessions = {
        label.date(): Session(row.open.to_pydatetime().astimezone(UTC), row.close.to_pydatetime().astimezone(UTC))
        for label, row in exchange.schedule.iterrows()
    }
    names = _listed(code, year, PUBLIC) if code in holidays.list_supported_financial() else {}
    weekend = {weekday for weekday, open_ in enumerate(exchange.weekmask) if open_ == "0"}
    ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    closed = [day for day in map(date.fromordinal, ordinals) if day not in sessions and day.weekday() not in weekend]
    local = exchange.tz
    return YearOfDays(
        closed={day: f"{names.get(day, 'no session')} ({code})" for day in closed},
        opened={day: f"a session ({code})" for day in sessions if day.weekday() in weekend},
        half={
            label.date(): HalfDay(f"early close ({code})", sessions[label.date()].closes.astimezone(local).time())
            for label in exchange.early_closes
        },
        sessions=sessions,
    )


def _listed(code: str, year: int, category: str, language: str = "") -> HolidayBase:
    """language: of the package; English unless said, since the package would ask the machine for its own."""
    example = holidays.financial_holidays(code)
    language = language or language_among(example, "en") or example.default_language or ""
    return holidays.financial_holidays(
        code, years=year, expand=False, categories=(category,), language=language or None
    )


def _close_in(name: str) -> time | None:
    """ "Christmas Eve (markets close at 1:00pm)" tells 13:00; other wordings tell nothing."""
    found = CLOSE_AT.search(name)
    if not found:
        return None
    hour = int(found[1]) % 12 + 12 if (found[3] or "").lower() == "p" else int(found[1])
    return time(hour, int(found[2]))
