"""“Why not on that day?”: what a rule does on one local date, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.core.recurrence import Timing, explain

from .rule.days import Unreadable, date_from, date_words

Shown = dict[str, Any]
FIRST, LAST = 1970, 2199  # years about which there is something to say


def answer(typed: str, timing: Timing, *, today: date) -> Shown:
    """*typed* without a year: the next such day from *today*. day (as it was understood), fires, title and reason; or error and fix; {} where nothing is asked."""
    try:
        day = date_from(typed, today=today)
    except Unreadable as error:
        return {"error": f"{error.message} {error.fix}"}
    if day is None:
        return {}
    if not FIRST <= day.year <= LAST:
        return {"error": _("Ask about a day from %(first)d to %(last)d.") % {"first": FIRST, "last": LAST}}
    found = explain(timing, on=day, language=get_language() or "en")
    title = _("It fires on %(day)s.") if found.fires else _("It does not fire on %(day)s.")
    return {
        "day": date_words(day),
        "fires": found.fires,
        "state": "ok" if found.fires else "skipped",
        "title": title % {"day": format_date(day, "D j M Y")},
        "reason": found.reason,
    }
