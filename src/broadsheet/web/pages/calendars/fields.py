"""The form's fields, filled with what was typed."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from broadsheet.core.recurrence.naming import WEEKDAY_KEYS

from . import ready
from .drafts import Wrong
from .presenting import weekday

MOST = 40  # places that are found at once
Shown = dict[str, Any]


def fields(post: QueryDict, wrong: Wrong, *, new: bool) -> dict[str, list[Shown]]:
    """By section of the page: who, parts, days, fiscal, events, joined."""

    def field(name: str, label: str, **more: Any) -> Shown:
        return {"name": name, "label": label, "value": post.get(name, ""), "errors": wrong.get(name, []), **more}

    months = [(str(one), format_date(date(2024, one, 1), "F")) for one in range(1, 13)]
    weekdays = [(key, weekday(index)) for index, key in enumerate(WEEKDAY_KEYS)]
    return {
        "who": _who(field, new=new),
        "parts": _parts(field, post),
        "days": [
            field("closed", _("Closed too"), kind="textarea", attrs={"rows": 5},
                  hint=_("One a line: 2026-12-24 Christmas Eve; 2026-12-28..2026-12-31 Year end; 12-24 for every year.")),
            field("open", _("Open although it would be closed"), kind="textarea", attrs={"rows": 3},
                  hint=_("One a line: 2026-11-28 Stocktaking.")),
            field("half", _("Half days"), kind="textarea", attrs={"rows": 3},
                  hint=_("One a line, with the time at which the day ends: 12-24 13:00 Christmas Eve.")),
        ],
        "fiscal": [
            field("pattern", _("Fiscal year"), kind="select", choices=[
                ("", _("is the calendar year")), ("months", _("of twelve months")),
                ("4-4-5", _("of weeks, 4-4-5")), ("4-5-4", _("of weeks, 4-5-4")), ("5-4-4", _("of weeks, 5-4-4")),
                ("iso", _("of ISO weeks")), ("broadcast", _("of broadcast weeks"))]),
            field("start", _("Months: begins in"), kind="select", choices=months),
            field("end_month", _("Weeks: the year ends in"), kind="select", choices=months),
            field("end_weekday", _("Weeks: on a"), kind="select", choices=weekdays),
            field("end_rule", _("Weeks: which one"), kind="select",
                  choices=[("last", _("the last of the month")), ("nearest", _("the one nearest to the month’s end"))]),
            field("named_by", _("A year has the number of"), kind="select",
                  choices=[("end", _("the year in which it ends")), ("start", _("the year in which it begins"))]),
        ],
        "events": [
            field("url", _("iCalendar address"), kind="url", attrs={"autocomplete": "off"},
                  hint=_("Rules may count from its events. It is read every hour.")),
            {**field("events_closed", _("Days of its events are closed"), kind="checkbox"),
             "value": bool(post.get("events_closed"))},
        ],
        "joined": [
            field("join", _("Instead of places and days of its own"), kind="select", choices=[
                ("", _("no, it is made of what stands above")), ("all_of", _("open when all of these calendars are open")),
                ("union", _("open when any of these calendars is open"))]),
            field("members", _("Calendars that it is joined from"), hint=_("Names with commas between: us, gb-eng."),
                  attrs={"autocapitalize": "off"}),
            field("without", _("Without the business days of"), hint=_("Names with commas between, or nothing."),
                  attrs={"autocapitalize": "off"}),
        ],
    }  # fmt: skip


def _who(field: Any, *, new: bool) -> list[Shown]:
    label = field("label", _("Label"), attrs={"maxlength": 200}, hint=_("What people call it: New York office."))
    if not new:
        return [label]
    name = field("name", _("Name"), required=True, attrs={"maxlength": 100, "autocapitalize": "off", "spellcheck": "false"},
                 hint=_("In rules: small letters, digits and hyphens. It stays."))  # fmt: skip
    return [label, name]


def _parts(field: Any, post: QueryDict) -> list[Shown]:
    days = [(key, weekday(index, "D")) for index, key in enumerate(WEEKDAY_KEYS)]
    return [
        field("weekend", _("Weekend"), kind="words", value=post.getlist("weekend"), choices=[*days, ("none", _("none"))],
              hint=_("Press nothing for the weekend of its places, or Saturday and Sunday.")),
    ]  # fmt: skip


def places(post: QueryDict, wrong: Wrong) -> Shown:
    """The countries, parts and markets that are chosen, and those that were looked for, to choose from."""
    chosen = list(dict.fromkeys(one.lower() for one in post.getlist("places")))
    sought = post.get("find", "").strip()[:100]
    found = [one.name for one in islice(ready.matching(sought), MOST)] if sought else list(ready.OFTEN)
    offered = [*chosen, *(one for one in found if one not in chosen)]
    rows = [(one, made.label if (made := ready.named(one)) else one.upper(), one.upper()) for one in offered]
    hint = _("Nothing is called so.") if sought and not found else ""
    return {
        "name": "places", "label": _("Closed on the holidays of"), "kind": "checks", "value": chosen, "choices": rows,
        "errors": wrong.get("places", []), "hint": hint,
    }  # fmt: skip
