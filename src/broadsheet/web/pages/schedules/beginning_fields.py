"""The part of the form that says what starts a schedule: the clock, and beside it or instead of it events, calls and a mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from .details.marks import mark_from, mark_posted
from .details.triggers import triggers_from, triggers_posted
from .rule.numbers import Errors

CLOCKLESS, YES = "clockless", "on"
USUAL_RULE = {"every": "week", "on": ["mon"], "at": "08:00"}  # for whoever lets it go by the clock again
Data = dict[str, Any]


def clock_field(one: Callable[..., Data]) -> Data:
    """Whether the clock does not start it at all."""
    only = one(CLOCKLESS, _("Only by these, and not by the clock"), "checkbox")
    return {**only, "value": only["value"] == YES}


def put_beginnings(data: Data, post: QueryDict, when: Any, errors: Errors) -> None:
    """Rule, events, call and milestone of *data*, as the form has them."""
    if post.get(CLOCKLESS) == YES:
        data.pop("when", None)
    else:
        data["when"] = when
    found = {**triggers_from(post, data, errors), "milestone": mark_from(post, data.get("milestone"), errors)}
    for key, value in found.items():
        data.pop(key, None)
        if value is not None and value != []:
            data[key] = value


def beginnings_posted(data: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send for *data*, a definition's."""
    clockless = YES if data and not data.get("when") else ""
    return {CLOCKLESS: clockless, **triggers_posted(data), **mark_posted(data.get("milestone"))}
