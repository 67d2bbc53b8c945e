"""Numbers of the form, with what is said when they are none."""

from __future__ import annotations

import re
from collections import defaultdict
from math import isfinite
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

Errors = defaultdict[str, list[Any]]
MOST = 1e9  # of anything that is counted: distances, places, hours
LISTED = re.compile(r"[,;\s]+|\band\b")
ORDINAL = re.compile(r"(\d{1,3})(st|nd|rd|th|\.)?", re.IGNORECASE)


def number(post: QueryDict, field: str, errors: Errors, *, default: float, most: float | None = MOST) -> float:
    """What stands in *field*; *default* where nothing does, or where it is wrong, which goes into *errors*. *most*: what it may
    be at most, with either sign; None: any number but infinity."""
    text = post.get(field, "").strip()
    try:
        found = float(text) if text else float(default)
        if not isfinite(found) or (most is not None and abs(found) > most):
            raise ValueError
    except ValueError:
        errors[field].append(_("“%(text)s” is not a number. Write for instance 12.") % {"text": text})
        return float(default)
    return found


def number_text(value: float) -> str:
    """*value* as short as `number` reads it back to the same."""
    short = f"{value:.12g}"
    return short if float(short) == value else repr(float(value))


def whole(post: QueryDict, field: str, errors: Errors, *, default: int, most: float | None = MOST) -> int:
    found = number(post, field, errors, default=default, most=most)
    if found != int(found):
        errors[field].append(_("This is not a whole number. Write for instance 2."))
    return int(found)


def places(post: QueryDict, field: str, errors: Errors) -> list[int]:
    """Whole numbers from 1, with commas between: "15", "1, 15", "1st and 15th"; [1] where they are wrong."""
    words = [word for word in LISTED.split(post.get(field, "")) if word]
    found = [int(match[1]) for word in words if (match := ORDINAL.fullmatch(word))]
    if not words or len(found) < len(words) or 0 in found:
        errors[field].append(_("This is no place to count to. Write 3, or several as 1, 15."))
        return [1]
    return list(dict.fromkeys(found))
