"""Days, moments and times as people write them in the form, both ways.

Which of them make sense is `core.recurrence`'s business; here only words become values.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.dateformat import format as format_date
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_AP
from django.utils.dates import WEEKDAYS as DAYS
from django.utils.dates import WEEKDAYS_ABBR as DAYS_ABBR
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from broadsheet.core.recurrence.naming import WEEKDAY_KEYS

CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
SEPARATOR = re.compile(r"[,;\n]+")


class Unreadable(ValueError):
    """What was typed is not understood; ``fix`` says how to write it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def date_from(text: str, *, today: date | None = None) -> date | None:
    """A day from "Thu 31 Dec 2026", "31 December 2026" or "2026-12-31"; None for nothing. Raises Unreadable. With
    *today* also "31 December": the next.

    Months and weekdays may be English, or of the page's language, as `date_words` writes them.
    """
    words = [word.strip(".").lower() for word in text.replace(",", " ").split()]
    if not words:
        return None
    if len(words) > 1 and (words[0][:3] in WEEKDAY_KEYS or words[0] in _weekdays()):
        words = words[1:]
    try:
        if len(words) == 1:
            return date.fromisoformat(words[0])
        if len(words) == 2 and today is not None:
            return _coming(int(words[0]), _months()[words[1]], today=today)
        day, month, year = words
        return date(int(year), _months()[month], int(day))
    except (ValueError, KeyError):
        fix = _("Write it as 31 Dec 2026.")
        raise Unreadable(_("“%(text)s” is not a day.") % {"text": text.strip()}, fix) from None


def _coming(day: int, month: int, *, today: date) -> date:
    """The next such day, *today* among them. Raises ValueError for a day that no year has."""
    leap = date(2024, month, day)
    fitting = (year for year in range(today.year, today.year + 10) if day < 29 or month != 2 or isleap(year))
    return next(found for year in fitting if (found := leap.replace(year=year)) >= today)


def date_words(value: object) -> str:
    """How the form shows a day of a definition."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    return format_date(value, "D j M Y") if isinstance(value, date) else ""


def moment_from(text: str) -> str | None:
    """A day, or a day with a time of day behind it, in ISO form as a definition has it; None for nothing. Raises Unreadable."""
    words = text.replace("T", " ").split() if re.match(r"\s*\d{4}-", text) else text.split()
    clock = words.pop() if len(words) > 1 and CLOCK.fullmatch(words[-1]) else ""
    day = date_from(" ".join(words))
    if day is None:
        return None
    if not clock:
        return day.isoformat()
    try:
        at = datetime.fromisoformat(f"{day.isoformat()} {clock.zfill(len(clock) + (clock.index(':') == 1))}")
    except ValueError:
        raise Unreadable(_("“%(text)s” is not a time of day.") % {"text": clock}, _("Write it as 08:30.")) from None
    return f"{at:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def moment_words(value: object) -> str:
    """How the form shows a day or a moment of a definition."""
    text = f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00") if isinstance(value, datetime) else str(value or "")
    day, _blank, clock = text.replace("T", " ").partition(" ")
    return " ".join(filter(None, [date_words(day), clock]))


def list_from(text: str) -> list[str]:
    """Days or moments, one a line or with commas between. Raises Unreadable for the first that is none."""
    return [found for part in SEPARATOR.split(text) if (found := moment_from(part))]


def list_words(values: object, *, between: str = ", ") -> str:
    items: Sequence[object] = values if isinstance(values, list | tuple) else [values] if values else []
    return between.join(map(moment_words, items))


def times_from(text: str) -> str | list[str]:
    """One or several times of day, as a definition writes them; wrong ones are left for the rule to refuse."""
    times = [part for part in re.split(r"[,;\s]+|\band\b", text) if part]
    return times[0] if len(times) == 1 else times


def times_words(at: object) -> str:
    return ", ".join(map(str, at)) if isinstance(at, list | tuple) else str(at or "")


def _months() -> dict[str, int]:
    """Numbers of the months by their names and short names, in English and the page's language."""
    found: dict[str, int] = {}
    for language in {"en", get_language() or "en"}:
        with override(language):
            for names in (MONTHS, MONTHS_3, MONTHS_AP):
                found |= {str(name).strip(".").lower(): number for number, name in names.items()}
    return found


def _weekdays() -> set[str]:
    found: set[str] = set()
    for language in {"en", get_language() or "en"}:
        with override(language):
            found |= {str(name).strip(".").lower() for names in (DAYS, DAYS_ABBR) for name in names.values()}
    return found
