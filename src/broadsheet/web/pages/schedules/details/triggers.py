"""Events and calls that start a schedule, as fields of the form: a group of fields for each event, and one more to fill."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..rule.numbers import Errors
from .comparisons import payload_from, payload_lines
from .lines import pairs_from, pairs_lines, unchanged
from .spans import span_from, span_words

Data = dict[str, Any]
EVENT, CALL = "event-", "call"
WHERE, WITH, WAIT, SPAN, COOL = "-where", "-with", "-wait", "-span", "-cool"  # after the name of an event's field
WITH_EXAMPLE = "source = source.name"
NUMBERED = re.compile(r"[1-9][0-9]{0,3}")  # as the form names its groups; “²” is a digit too, and no number
WAITS = {"delay": "delay_seconds", "debounce": "debounce_seconds"}
PARTS = {
    "event": "",
    "where": WHERE,
    "with": WITH,
    "delay_seconds": SPAN,
    "debounce_seconds": SPAN,
    "cool_down_seconds": COOL,
}


def listed(data: Mapping[str, Any]) -> list[Data]:
    """The events of a definition's data, which may be written as one mapping."""
    found = data.get("on_event") or []
    return [dict(found)] if isinstance(found, Mapping) else [dict(one) for one in found]


def numbers(post: QueryDict) -> list[int]:
    """The groups of events that *post* has, from 1."""
    found = (name.removeprefix(EVENT) for name in post if name.startswith(EVENT))
    return sorted({int(name) for name in found if NUMBERED.fullmatch(name)})


def next_number(post: QueryDict) -> int:
    """The group that comes after those of *post*."""
    return (numbers(post) or [0])[-1] + 1


def event_rows(one: Callable[..., Data], post: QueryDict, *, another: bool) -> list[list[list[Data]]]:
    """A group of rows of fields for each event of *post*; a blank one where there is none, or *another* is asked for."""
    known = numbers(post)
    if another or not known:
        known.append(next_number(post))
    attrs = {"maxlength": 100, "autocomplete": "off", "placeholder": "import.finished", "spellcheck": "false"}
    hint = _("Its name; empty: none.")
    return [
        [[one(f"{EVENT}{n}", _("When this event happens"), hint=hint, attrs=attrs)], *trigger_rows(one, f"{EVENT}{n}")]
        for n in known
    ]


def call_rows(one: Callable[..., Data]) -> list[list[Data]]:
    """Rows of fields on calls from another system."""
    only = one(CALL, _("When another system calls its trigger address"), "checkbox")
    return [[{**only, "value": only["value"] == "on"}], *trigger_rows(one, CALL)]


def trigger_rows(one: Callable[..., Data], name: str) -> list[list[Data]]:
    """Rows of what events and calls have in common."""
    area = {"rows": 2, "spellcheck": "false"}
    waits = [("", _("at once")), ("delay", _("so long after it")), ("debounce", _("when no other came for so long"))]
    only = _("One field a line: source.country = US, CA; rows >= 100; note is there. Empty: whatever it carries.")
    gives = _("One a line: source = source.name gives the report’s parameter source what stands in that field.")
    return [
        [
            one(f"{name}{WHERE}", _("Only if it says"), "textarea", hint=only, attrs=area),
            one(f"{name}{WITH}", _("What it gives to the report"), "textarea", hint=gives, attrs=area),
        ],
        [
            one(f"{name}{WAIT}", _("The run begins"), "select", choices=waits),
            one(f"{name}{SPAN}", _("How long"), hint=_("Such as 30 s, 10 min or 2 h."), attrs={"autocomplete": "off"}),
            one(
                f"{name}{COOL}",
                _("Others are left out for"),
                hint=_("Empty: each one counts."),
                attrs={"autocomplete": "off"},
            ),
        ],
    ]


def triggers_from(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    """``on_event`` and ``on_call`` as the form has them; as they were where it did not ask."""
    known, events = listed(before), []
    asked = numbers(post)
    for n in asked:
        was = known[n - 1] if 0 < n <= len(known) else {}
        name = post.get(f"{EVENT}{n}", "").strip()
        if name:
            events.append({**_trigger(post, f"{EVENT}{n}", was, errors), "event": name})
    call = before.get("on_call")
    if f"{CALL}{WHERE}" in post:
        call = _trigger(post, CALL, call or {}, errors) if post.get(CALL) == "on" else None
    return {"on_event": events if asked else known, "on_call": call}


def _trigger(post: QueryDict, name: str, before: Data, errors: Errors) -> Data:
    found = dict(before)
    shown = trigger_posted(name, before)
    for key, field, read in (("where", f"{name}{WHERE}", _where), ("with", f"{name}{WITH}", _given)):
        if field in post and not unchanged(post.get(field, ""), shown[field]):
            value, wrong = read(post.get(field, ""))
            errors[field] += wrong
            _put(found, key, value)
    if f"{name}{SPAN}" in post:
        seconds = span_from(post, f"{name}{SPAN}", errors, default=0)
        chosen = post.get(f"{name}{WAIT}", "")
        for kind, key in WAITS.items():
            _put(found, key, seconds if kind == chosen else 0)
        if chosen and not seconds and not errors[f"{name}{SPAN}"]:
            errors[f"{name}{SPAN}"].append(_("It is not said how long. Write for instance 10 min, or choose: at once."))
    if f"{name}{COOL}" in post:
        _put(found, "cool_down_seconds", span_from(post, f"{name}{COOL}", errors, default=0))
    return found


def _where(text: str) -> tuple[Data, list[str]]:
    return payload_from(text)


def _given(text: str) -> tuple[Data, list[str]]:
    pairs, wrong = pairs_from(text, example=WITH_EXAMPLE)
    return {name: str(path) for name, path in pairs.items()}, wrong


def _put(data: Data, key: str, value: Any) -> None:
    data.pop(key, None)
    if value:
        data[key] = value


def triggers_posted(data: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send of a definition's events and calls."""
    found = {CALL: "on" if data.get("on_call") is not None else "", **trigger_posted(CALL, data.get("on_call") or {})}
    for n, one in enumerate(listed(data), start=1):
        found |= {f"{EVENT}{n}": str(one.get("event", "")), **trigger_posted(f"{EVENT}{n}", one)}
    return found


def trigger_posted(name: str, one: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send of one of them."""
    kind = next((kind for kind, key in WAITS.items() if one.get(key)), "")
    cool = one.get("cool_down_seconds")
    return {
        f"{name}{WHERE}": payload_lines(one.get("where", {})),
        f"{name}{WITH}": pairs_lines(one.get("with", {})),
        f"{name}{WAIT}": kind,
        f"{name}{SPAN}": span_words(one[WAITS[kind]]) if kind else "",
        f"{name}{COOL}": span_words(cool) if cool else "",
    }


def trigger_field(path: Sequence[str], post: QueryDict) -> str:
    """The field that a problem at *path* (from “on_event” or “on_call” on) is about."""
    if path[0] == "on_call":
        return f"{CALL}{PARTS.get(path[1] if len(path) > 1 else '', '')}"
    rest = list(path[1:])
    place = int(rest.pop(0)) if rest and rest[0].isdecimal() else 0
    filled = [n for n in numbers(post) if post.get(f"{EVENT}{n}", "").strip()]
    n = filled[place] if place < len(filled) else 1
    return f"{EVENT}{n}{PARTS.get(rest[0] if rest else '', '')}"
