"""What the form of the load asks: from when, for how long, and what would be otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.schedules.models import Schedule
from broadsheet.schedules.planning.foreseeing import WhatIf

Shown = dict[str, Any]
SPANS = (1, 7, 14, 31)
USUAL_DAYS = 7
MOST_NUMBER = 10_000
NOTHING = WhatIf()


@dataclass(slots=True)
class Asked:
    """since, days: the time that is looked at. what_if: see there. errors: messages by the field that they are about."""

    since: date
    days: int = USUAL_DAYS
    what_if: WhatIf = NOTHING
    errors: dict[str, str] = field(default_factory=dict)


def asked(given: Mapping[str, str], *, today: date) -> Asked:
    """The form's query as it is read; what cannot be read counts for nothing, and is told."""
    found = Asked(_day(given, "from") or today)
    _told(found, given, "from", _day(given, "from"))
    days = _whole(given, "days")
    if days in SPANS:
        found.days = days
    numbers = {name: _whole(given, name) for name in ("workers", "add_number", "move_minutes")}
    for name, value in numbers.items():
        _told(found, given, name, value)
    closed = _day(given, "closed")
    _told(found, given, "closed", closed)
    found.what_if = WhatIf(
        add=_pair(given, "add", numbers["add_number"]),
        workers=numbers["workers"],
        move=_pair(given, "move", numbers["move_minutes"]),
        closed=(closed,) if closed else (),
        spread=given.get("spread") == "on",
    )
    return found


def _pair(given: Mapping[str, str], name: str, number: int | None) -> tuple[tuple[str, int], ...]:
    return ((given[name], number),) if given.get(name) and number else ()


def _told(found: Asked, given: Mapping[str, str], name: str, value: object) -> None:
    if given.get(name, "").strip() and value is None:
        day = name in ("from", "closed")
        found.errors[name] = _("Choose a day.") if day else _("Write a whole number from 1 to 10,000.")


def _whole(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    return number if 1 <= number <= MOST_NUMBER else None


def _day(given: Mapping[str, str], name: str) -> date | None:
    try:
        found = date.fromisoformat(given.get(name, "").strip())
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def fields(given: Mapping[str, str], found: Asked, schedules: Sequence[Schedule]) -> dict[str, list[Shown]]:
    """The form's fields by their group: ``when`` and ``otherwise``; see `components/field.html`."""
    named = [("", "–"), *((one.name, one.title) for one in schedules)]

    def one(name: str, label: str, kind: str = "number", value: object = "", **more: Any) -> Shown:
        errors = [found.errors[name]] if name in found.errors else []
        return {"name": name, "label": label, "kind": kind, "value": value, "errors": errors, **more}

    def number(name: str, label: str) -> Shown:
        return one(name, label, value=given.get(name, ""), attrs={"min": 1, "max": MOST_NUMBER})

    spans = [(str(days), ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in SPANS]
    return {
        "when": [
            one("from", _("From"), "date", found.since.isoformat()),
            one("days", _("For"), "select", str(found.days), choices=spans),
        ],
        "otherwise": [
            number("workers", _("With so many places for runs")),
            one("add", _("With more schedules like"), "select", given.get("add", ""), choices=named),
            number("add_number", _("How many more")),
            one("move", _("With one moved"), "select", given.get("move", ""), choices=named),
            number("move_minutes", _("Minutes later")),
            one("closed", _("With a day closed in every calendar"), "date", given.get("closed", "")),
            one("spread", _("With floating schedules spread"), "checkbox", found.what_if.spread),
        ],
    }
