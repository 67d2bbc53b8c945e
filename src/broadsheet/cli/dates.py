"""Dates as people type them and as tables show them, in the languages that rules are said in."""

from __future__ import annotations

import re
from datetime import date

from babel.dates import format_date, get_month_names

LANGUAGES = ("en", "de", "es", "fr")
WRITTEN = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?(?P<month>[^\W\d]+)\.?"
    r"(?:,?\s+(?:de\s+)?(?P<year>\d{4}))?",
    re.IGNORECASE,
)
YEARS_ON = 8  # 29 February comes again within so many


def day_of(text: str, *, today: date) -> date:
    """ "2026-12-25", "25 Dec 2026", "Fri 25 December"; the next one from *today* where no year is written.

    Months may have their names in any of the `LANGUAGES`. Raises ValueError.
    """
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        return date.fromisoformat(text.strip())
    month, day = _months()[found["month"].casefold()[:4]], int(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    for year in range(today.year, today.year + YEARS_ON + 1):
        try:
            coming = date(year, month, day)
        except ValueError:
            continue
        if coming >= today:
            return coming
    raise ValueError(text)


def said(day: date, language: str, *, year: bool = True) -> str:
    """ "Fri 25 Dec 2026", "Fr. 25 Dez. 2026"."""
    if language == "en":
        return f"{day:%a %d %b %Y}" if year else f"{day:%a %d %b}"
    return str(format_date(day, "EEE dd MMM y" if year else "EEE dd MMM", locale=language))


class _Months(dict[str, int]):
    def __missing__(self, name: str) -> int:
        raise ValueError(name)


def _months() -> _Months:
    """By name, by what it is shortened to, and by its first four letters."""
    found = _Months()
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                found.setdefault(name.casefold().rstrip(".")[:4], number)
    return found
