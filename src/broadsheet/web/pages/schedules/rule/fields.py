"""The fields of the rule's part of the form, as `templatetags.fields.as_field` takes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from broadsheet.core.recurrence.naming import MONTH_KEYS, WEEKDAY_KEYS

from .choices import Choices
from .parts import KEPT, RECIPIENT

Data = dict[str, Any]
DAYS = (
    ("mon", gettext_lazy("Mon")),
    ("tue", gettext_lazy("Tue")),
    ("wed", gettext_lazy("Wed")),
    ("thu", gettext_lazy("Thu")),
    ("fri", gettext_lazy("Fri")),
    ("sat", gettext_lazy("Sat")),
    ("sun", gettext_lazy("Sun")),
)
PLAIN: Data = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
# One field: of a name, a label, a kind and more; and one of which several values may be chosen.
Make = Callable[..., Data]


def rule_fields(one: Make, many: Make, chosen: Choices, *, kind: str) -> Data:
    """By name. *kind*: which is chosen now; only a rule that is kept as it is has that kind to choose."""
    return {
        **_words(one),
        **_kinds(one, kept=kind == KEPT),
        **_places(one, many, chosen),
        **_others(one, chosen),
        **_business(one, chosen),
        **_clock(one),
        **_more(one),
    }


def _words(one: Make) -> Data:
    hint = _(
        "Such as “third business day of each month at 07:00, rolled forward” or “15 minutes before market close on nyse days”."
    )
    return {"words": one("words", _("In words"), "textarea", hint=hint, attrs={**PLAIN, "rows": 2, "maxlength": 2000})}


def _kinds(one: Make, *, kept: bool) -> Data:
    units = [
        ("day", _("day")), ("weekday", _("weekday")), ("week", _("week")), ("month", _("month")),
        ("quarter", _("quarter")), ("half", _("half-year")), ("year", _("year")), ("period", _("fiscal month")),
    ]  # fmt: skip
    others = [
        ("distance", _("fixed distance")), ("dates", _("dates")), ("session", _("market hours")),
        ("events", _("events")), ("rrule", _("RRULE")), ("cron", _("cron")),
    ]  # fmt: skip
    return {
        "every": one("every", _("Unit"), choices=units),
        "other": one("every", _("Another kind of rule"), choices=others),
        "kept": {"label": _("in words alone"), "chosen": kept},
        "interval": one("interval", _("How many"), "number", attrs={"min": 1, "max": 999}),
    }


def _places(one: Make, many: Make, chosen: Choices) -> Data:
    weekdays = [(key, format_date(date(2024, 1, 1 + index), "l")) for index, key in enumerate(WEEKDAY_KEYS)]
    whats = [("day", pgettext("one of a month", "day")), ("business_day", _("business day")), *weekdays]
    sides = [("start", _("from the start")), ("end", _("from the end"))]
    shorts = [("clamp", _("the month’s last day")), ("skip", _("left out")), ("next", _("the first of the next month"))]
    months = [(key, format_date(date(2024, 1 + index, 1), "M")) for index, key in enumerate(MONTH_KEYS)]
    return {
        "days": many("days", _("Days"), list(DAYS)),
        "nth": one("nth", _("Which, counted"), attrs={**PLAIN, "inputmode": "numeric"}),
        "what": one("what", _("What is counted"), "select", choices=whats),
        "side": one("side", _("From which side"), choices=sides),
        "short": one("short", _("In a shorter month"), "select", choices=shorts),
        "months": many("months", _("In the months"), months, hint=_("None pressed: all.")),
        "fiscal": one("fiscal", _("Of the year"), "select", choices=chosen.fiscal),
    }


def _others(one: Make, chosen: Choices) -> Data:
    units = [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("times 24 hours")), ("seconds", _("seconds"))]
    edges = [
        ("before-close", _("before the close")), ("after-open", _("after the opening")),
        ("after-close", _("after the close")), ("before-open", _("before the opening")),
    ]  # fmt: skip
    fitting = [("either", _("one of them is enough")), ("both", _("both must fit"))]
    return {
        "each": one("each", _("How far apart"), "number", attrs={"min": 1}),
        "unit": one("unit", _("Unit of the distance"), "select", choices=units),
        "dates": one("dates", _("Dates"), "textarea", attrs={**PLAIN, "rows": 4},
                     hint=_("One a line: 5 Jan 2026, or with its own time: 5 Jan 2026 08:00.")),
        "minutes": one("minutes", _("Minutes"), "number", attrs={"min": 0, "max": 1440}),
        "edge": one("edge", _("Before or after what"), "select", choices=edges),
        "events": one("events", _("The first day of each event of"), "select", choices=chosen.events,
                      hint="" if chosen.events[1:] else _("No calendar has events yet. Give one the address of some, under Settings.")),
        "rrule": one("rrule", _("RRULE"), "textarea", attrs={**PLAIN, "rows": 3},
                     hint=_("As RFC 5545 writes it: FREQ=MONTHLY;BYDAY=-1FR. With DTSTART it has its own times.")),
        "cron": one("cron", _("Cron expression"), attrs=PLAIN,
                    hint=_("Minute, hour, day, month, weekday: 0 8 * * 1-5. Also with seconds in front, L, W and #.")),
        "cron_days": one("cron_days", _("When day and weekday are given"), "select", choices=fitting),
    }  # fmt: skip


def _business(one: Make, chosen: Choices) -> Data:
    rolls = [
        ("", _("stays as it is")), ("following", _("goes to the next business day")),
        ("preceding", _("goes to the business day before")), ("modified-following", _("goes to the next one, within the month")),
        ("modified-preceding", _("goes to the one before, within the month")),
        ("nearest", _("goes to the nearest business day")), ("skip", _("is left out")),
    ]  # fmt: skip
    return {
        "calendar": one("calendar", _("Business days of"), attrs={**PLAIN, "list": "calendars", "placeholder": _("Monday to Friday")},
                        hint=_("Choose, or type any country or market: us, gb-eng, nyse.")),
        "roll": one("roll", _("What falls on a closed day"), "select", choices=rolls),
    }  # fmt: skip


def _clock(one: Make) -> Data:
    clocks = [("zone", _("one clock for all")), (RECIPIENT, _("each recipient’s own"))]
    return {
        "at": one(
            "at", _("At"), hint=_("Several times with commas: 08:00, 17:00."), attrs={**PLAIN, "inputmode": "numeric"}
        ),
        "clock": one("clock", _("On the clock of"), choices=clocks),
        "zone": one("zone", _("Zone"), attrs={**PLAIN, "list": "zones"}),
        "starts": one("starts", _("From"), hint=_("Such as 5 Jan 2026; empty: at once."), attrs=PLAIN),
        "until": one("until", _("Until"), hint=_("Empty: without end."), attrs=PLAIN),
    }


def _more(one: Make) -> Data:
    units = [("business_days", _("business days")), ("days", _("days"))]
    sides = [("before", _("before")), ("after", _("after"))]
    gaps = [
        ("", _("as usual: at once after it")), ("first-valid", _("fires at once after it")),
        ("shift", _("fires as much later")), ("skip", _("is left out")),
    ]  # fmt: skip
    overlaps = [
        ("", _("as usual: the first time")), ("first", _("fires the first time")), ("second", _("fires the second time")),
        ("both", _("fires both times")),
    ]  # fmt: skip
    return {
        "also": one("also", _("Fires on these days too"), hint=_("With commas between: 24 Dec 2026, 31 Dec 2026."), attrs=PLAIN),
        "not_on": one("not_on", _("Never on these days"), hint=_("With commas between: 24 Dec 2026."), attrs=PLAIN),
        "offset": one("offset", _("Moved by"), "number", attrs={"min": 0, "max": 999}),
        "offset_unit": one("offset_unit", _("Moved by what"), "select", choices=units),
        "offset_side": one("offset_side", _("Moved to which side"), "select", choices=sides),
        "anchor": one("anchor", _("Counted from"), hint=_("Where every second week, or a distance, counts from; empty: from “From”."), attrs=PLAIN),
        "jump": one("jump", _("A time that clocks jump over"), "select", choices=gaps),
        "repeat": one("repeat", _("A time that clocks repeat"), "select", choices=overlaps),
    }  # fmt: skip
