"""Lengths of time as people write them: ``30 s``, ``10 min``, ``2 h``, ``3 d``."""

from __future__ import annotations

import re

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..rule.numbers import Errors, number_text

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
UNITS = (
    (r"s|secs?|seconds?|sek\w*", "s"), (r"m|mins?|minutes?|minuten?", "min"), (r"h|hours?|std\w*|stunden?", "h"),
    (r"d|days?|tage?n?", "d"),
)  # fmt: skip
WRITTEN = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>[a-z]*)\.?", re.IGNORECASE)


def span_words(seconds: float) -> str:
    """In the largest unit that it is a whole number of."""
    unit = next((name for name in ("d", "h", "min") if seconds and seconds % SECONDS[name] == 0), "s")
    return f"{number_text(seconds / SECONDS[unit])} {unit}"


def span_from(post: QueryDict, field: str, errors: Errors, *, default: float) -> float:
    """Seconds; *default* where nothing stands there, or where it is wrong, which goes into *errors*. A bare number is minutes."""
    text = post.get(field, "").strip()
    if not text:
        return default
    match = WRITTEN.fullmatch(text)
    unit = _unit(match["unit"]) if match else ""
    if match is None or not unit:
        errors[field].append(
            _("“%(text)s” is no length of time. Write for instance 30 s, 10 min or 2 h.") % {"text": text}
        )
        return default
    seconds = float(match["number"].replace(",", ".")) * SECONDS[unit]
    return int(seconds) if seconds.is_integer() else seconds


def _unit(word: str) -> str:
    if not word:
        return "min"
    return next((unit for known, unit in UNITS if re.fullmatch(known, word, re.IGNORECASE)), "")
