"""The rule's part of the form, both ways: what was pressed and typed into a `when:` mapping, and back.

Which mapping makes sense is `core.recurrence`'s business; here only words become values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_AP
from django.utils.dates import WEEKDAYS as DAYS
from django.utils.dates import WEEKDAYS_ABBR as DAYS_ABBR
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from broadsheet.core.recurrence.naming import SMALL_ORDINALS, WEEKDAY_KEYS, WEEKDAYS, position

NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?")


class Unreadable(ValueError):
    """What was typed is not understood; ``fix`` says how to write it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


def date_from(text: str) -> date | None:
    """A day from "Thu 31 Dec 2026", "31 December 2026" or "2026-12-31"; None for nothing. Raises Unreadable.

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
        day, month, year = words
        return date(int(year), _months()[month], int(day))
    except (ValueError, KeyError):
        fix = _("Write it as 31 Dec 2026.")
        raise Unreadable(_("“%(text)s” is not a day.") % {"text": text}, fix) from None


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


def date_words(value: object) -> str:
    """How the form shows a day of a definition."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    return format_date(value, "D j M Y") if isinstance(value, date) else ""


def month_from(text: str) -> int | dict[str, Any]:
    """The `on:` of a monthly rule from "15", "last day", "first Monday", "second last business day". Raises Unreadable."""
    words = [word for word in text.lower().replace("of the month", "").split() if word != "the"]
    fix = _("Write a day such as 15, “last day”, “first Monday”, “last Friday” or “third business day”.")
    if not words:
        raise Unreadable(_("The day of the month is missing."), fix)
    if words in (["last"], ["last", "day"]):
        return {"day": 31}
    place = _position(words[0])
    rest = words[1:]
    if place is not None and rest[:1] == ["last"]:
        place, rest = -place, rest[1:]
    if place is not None and rest in ([], ["day"]) and place > 0:
        return {"day": place}
    if place is not None and rest in (["business", "day"], ["business"]):
        return {"business_day": place}
    if place is not None and len(rest) == 1 and rest[0][:3] in WEEKDAY_KEYS:
        return {"nth": place, "weekday": rest[0][:3]}
    raise Unreadable(_("“%(text)s” is not a day of the month.") % {"text": text}, fix)


def _position(word: str) -> int | None:
    if word == "last":
        return -1
    if word in SMALL_ORDINALS:
        return SMALL_ORDINALS.index(word)
    number = NUMBER.fullmatch(word)
    return int(number[1]) if number else None


def month_words(on: object) -> str:
    """The words that `month_from` reads back to *on*."""
    if isinstance(on, int):
        return str(on)
    if not isinstance(on, Mapping):
        return ""
    if "day" in on:
        return "last day" if on["day"] == 31 and on.get("short", "clamp") == "clamp" else str(on["day"])
    if "business_day" in on:
        return _placed(on["business_day"], "business day")
    weekday = str(on.get("weekday", ""))[:3].lower()
    named = WEEKDAYS[WEEKDAY_KEYS.index(weekday)] if weekday in WEEKDAY_KEYS else weekday
    return _placed(on.get("nth", 1), named)


def _placed(number: object, what: str) -> str:
    return f"{position(number)} {what}" if isinstance(number, int) else ""


def times_from(text: str) -> str | list[str]:
    """One or several times of day, as a definition writes them; wrong ones are left for the rule to refuse."""
    times = [part for part in re.split(r"[,;\s]+|\band\b", text) if part]
    return times[0] if len(times) == 1 else times


def times_words(at: object) -> str:
    return ", ".join(map(str, at)) if isinstance(at, list | tuple) else str(at or "")
