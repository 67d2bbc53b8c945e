"""Public holidays by country and subdivision, from the package ``holidays``.

That package keeps several lists for a country: days off for everybody, for banks, for schools, days that are merely
named. Only the category “public” is a day off; others are taken when they are asked for by name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays
from babel import Locale
from holidays.constants import HALF_DAY, PUBLIC
from holidays.holiday_base import HolidayBase

from broadsheet.core.recurrence.calendars import Business, HalfDay, YearOfDays
from broadsheet.core.recurrence.calendars.said import nameless
from broadsheet.core.recurrence.naming import tongue

from .errors import CalendarError

FIRST_WEEKEND, LAST_WEEKEND = date(2001, 1, 8), date(2040, 12, 31)  # where changes of weekends are looked for
Weekends = tuple[frozenset[int], tuple[tuple[date, frozenset[int]], ...]]


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The days off of one country as a source of closures. Made by `country_source`, which checks the words.

    country: ISO 3166-1 alpha-2. subdivision: the part behind the hyphen of ISO 3166-2, empty for what all share.
    categories: of the package, sorted. language: one of the package's for that country, empty for its own.
    """

    country: str
    subdivision: str = ""
    categories: tuple[str, ...] = (PUBLIC,)
    language: str = ""

    @property
    def place(self) -> str:
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country

    def days_in(self, year: int, /) -> YearOfDays:
        return _days_in(self, year)

    def days_said(self, year: int, language: str, /) -> YearOfDays:
        """The same under names of that language (BCP 47), where the package has them; else under the usual ones."""
        known = _named_in(self.country, language)
        return _days_in(replace(self, language=known), year) if known else self.days_in(year)


@lru_cache(maxsize=4096)
def _days_in(source: PublicHolidays, year: int) -> YearOfDays:
    place = source.place
    closing = tuple(one for one in source.categories if one != HALF_DAY)
    listed = _listed(source, year, closing or (PUBLIC,))
    half = _listed(source, year, (HALF_DAY,)) if HALF_DAY in source.categories else {}
    worked = getattr(listed, "weekend_workdays", ())
    worked_as = nameless("working day instead of another", source.language or "en")
    return YearOfDays(
        closed={day: f"{name} ({place})" for day, name in listed.items() if closing},
        opened={day: f"{worked_as} ({place})" for day in worked if day.year == year},
        half={day: HalfDay(name) for day, name in half.items()},
    )


def _listed(source: PublicHolidays, year: int, categories: tuple[str, ...]) -> HolidayBase:
    return holidays.country_holidays(
        source.country,
        subdiv=source.subdivision or None,
        years=year,
        expand=False,
        categories=categories,
        language=source.language or None,
    )


def country_source(
    country: str, subdivision: str = "", *, categories: Iterable[str] = (), language: str = ""
) -> PublicHolidays:
    """The holidays of a country. *language*: BCP 47; a country whose names it has not gives English ones, or its own.

    Raises CalendarError with the nearest country, subdivision or category.
    """
    code = _country(country)
    example = holidays.country_holidays(code)
    wanted = tuple(sorted(set(categories) or {PUBLIC}))
    for one in wanted:
        if one not in example.supported_categories:
            known = ", ".join(sorted(example.supported_categories))
            raise CalendarError(("categories",), f"{code} has no category “{one}”.", f"Known are: {known}.")
    part = _subdivision(code, subdivision) if subdivision else ""
    return PublicHolidays(code, part, wanted, _language(example, language))


def country_calendar(country: str, subdivision: str = "", *, language: str = "en") -> Business:
    """The business days of a country: its own weekend, through all changes, and its public holidays."""
    source = country_source(country, subdivision, language=language)
    days_off, changes = weekends_of(source.country, source.subdivision)
    return Business(source.place, days_off, weekends=changes, sources=(source,))


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """ISO code -> English name of every country that is known, by name."""
    names = Locale("en").territories
    found = {code: str(names.get(code, code)) for code in holidays.list_supported_countries(include_aliases=False)}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def subdivisions(country: str) -> tuple[str, ...]:
    """The subdivisions of that country which have holidays of their own. Raises CalendarError."""
    return tuple(holidays.list_supported_countries(include_aliases=False)[_country(country)])


@lru_cache(maxsize=512)
def subdivision_names(country: str) -> dict[str, str]:
    """Code -> the name people use, of the subdivisions with holidays of their own. Raises CalendarError."""
    aliases = _aliases(_country(country))
    return {code: next(iter(aliases.get(code, ())), code) for code in subdivisions(country)}


def _country(given: str) -> str:
    known = countries()
    code = given.strip().upper()
    code = {"UK": "GB"}.get(code, code)
    if code in known:
        return code
    by_name = {name.casefold(): code for code, name in known.items()}
    near = difflib.get_close_matches(given.strip().casefold(), by_name, n=1, cutoff=0.7)
    fix = (
        f"Did you mean “{by_name[near[0]]}” ({known[by_name[near[0]]]})?" if near else "Write its two-letter ISO code."
    )
    raise CalendarError(("country",), f"There are no holidays for “{given}”.", fix)


def _subdivision(country: str, given: str) -> str:
    code = given.strip().upper().removeprefix(f"{country}-")
    known = holidays.list_supported_countries(include_aliases=False)[country]
    aliases = {alias.casefold(): one for one, names in _aliases(country).items() for alias in names}
    if code in known:
        return code
    if given.strip().casefold() in aliases:
        return aliases[given.strip().casefold()]
    words = {**aliases, **{one.casefold(): one for one in known}}
    near = difflib.get_close_matches(given.strip().casefold(), words, n=1, cutoff=0.6)
    listed = f"Known are: {', '.join(known)}." if known else "Leave it out: the country has none."
    fix = f"Did you mean “{words[near[0]]}”?" if near else listed
    raise CalendarError(("subdivision",), f"{country} has no subdivision “{given}”.", fix)


def _aliases(country: str) -> dict[str, list[str]]:
    example: Any = holidays.country_holidays(country)
    return dict(type(example).get_subdivision_aliases())


def _language(example: HolidayBase, wanted: str) -> str:
    """The package's name for the language: the very one, one of the same tongue, English, or "" for the country's own."""
    if not wanted or not example.supported_languages:
        return ""
    return language_among(example, wanted) or language_among(example, "en")


def language_among(example: HolidayBase, wanted: str) -> str:
    """The package's name for a language (BCP 47): the very one, or one of the same tongue; "" where it has neither."""
    known = list(example.supported_languages)
    tag = wanted.replace("-", "_")
    found = [one for one in known if one == tag] or [one for one in known if tongue(one) == tongue(tag)]
    if not found:
        return ""
    return str(example.default_language) if example.default_language in found else found[0]


@lru_cache(maxsize=1024)
def _named_in(country: str, language: str) -> str:
    return language_among(holidays.country_holidays(country), language)


@lru_cache(maxsize=512)
def weekends_of(country: str, subdivision: str = "") -> Weekends:
    """The weekend of a country in 2001, and each later one with the date from which it holds: Dubai's on 1 January 2022.

    Found by asking for every date until 2040, since the package tells single dates only; some 20 ms, once.
    """
    listed = holidays.country_holidays(country, subdiv=subdivision or None, expand=False)
    if type(listed)._get_weekend is HolidayBase._get_weekend:
        return frozenset(listed.weekend), ()
    off = {day.weekday() for day in _dates(FIRST_WEEKEND, 7) if listed.is_weekend(day)}
    first, changes = frozenset(off), []
    for day in _dates(FIRST_WEEKEND, (LAST_WEEKEND - FIRST_WEEKEND).days):
        if listed.is_weekend(day) is not (day.weekday() in off):
            off ^= {day.weekday()}
            changes.append((day, frozenset(off)))
    return first, _merged(changes)


def _merged(changes: list[tuple[date, frozenset[int]]]) -> tuple[tuple[date, frozenset[int]], ...]:
    """Changes of single weekdays inside one week are one change: it holds from the first of them."""
    merged: list[tuple[date, frozenset[int]]] = []
    for day, days_off in changes:
        if merged and (day - merged[-1][0]).days < 7:
            merged[-1] = (merged[-1][0], days_off)
        else:
            merged.append((day, days_off))
    return tuple(merged)


def _dates(first: date, many: int) -> Iterable[date]:
    return (first + timedelta(days=offset) for offset in range(many))
