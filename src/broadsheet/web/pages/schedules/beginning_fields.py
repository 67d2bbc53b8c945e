"""The part of the form that says what else starts a schedule: the name of an event, and whether the clock does at all.

Conditions on events, what they give to parameters, several of them, calls and milestones are written as text; the form
keeps them as they were.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

EVENT, CLOCKLESS, SEVERAL, YES = "event", "clockless", "several-events", "on"
USUAL_RULE = {"every": "week", "on": ["mon"], "at": "08:00"}  # for whoever lets it go by the clock again
Data = dict[str, Any]


def beginning_fields(one: Callable[..., Data], *, several: bool) -> list[Data]:
    """Fields as `components/field.html` shows them; of *several* events none is shown, since one field cannot say them."""
    hint = _("Such as import.finished; empty: none. What of it counts, and more than one, is written as text.")
    attrs = {"maxlength": 100, "autocomplete": "off", "placeholder": "import.finished"}
    event = one(EVENT, _("When this event happens"), hint=hint, attrs=attrs)
    only = one(CLOCKLESS, _("Only then, and not by the clock"), "checkbox")
    return [*([] if several else [event]), {**only, "value": only["value"] == YES}]


def listed(data: Mapping[str, Any]) -> list[Data]:
    """The events of a definition's data, which may be written as one mapping."""
    found = data.get("on_event") or []
    return [dict(found)] if isinstance(found, Mapping) else list(found)


def put_beginnings(data: Data, post: QueryDict, when: Any) -> None:
    """Rule and event of *data*, as the form has them."""
    if post.get(CLOCKLESS) == YES:
        data.pop("when", None)
    else:
        data["when"] = when
    was, name = listed(data), post.get(EVENT, "").strip()
    if len(was) > 1 or EVENT not in post:
        return
    if name:
        data["on_event"] = [{**(copy.deepcopy(was[0]) if was else {}), "event": name}]
    else:
        data.pop("on_event", None)


def beginnings_posted(data: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send for *data*, a definition's."""
    was = listed(data)
    only = str(was[0].get("event", "")) if len(was) == 1 else ""
    return {EVENT: only, CLOCKLESS: YES if data and not data.get("when") else "", SEVERAL: YES if len(was) > 1 else ""}
