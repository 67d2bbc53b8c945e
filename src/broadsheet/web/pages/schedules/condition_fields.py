"""A schedule's conditions as fields of the form: read from them, and filled from a definition.

What no field shows (conditions on the rows that are waited for) stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from broadsheet.schedules.conditions.readiness_definition import Readiness
from broadsheet.schedules.conditions.threshold_definition import KINDS, AnomalySpec, OnlyIf

from .condition_lines import lines_of, probes_from
from .condition_words import ERROR, NO_DATA, OTHERWISE
from .details.comparisons import rows_from, rows_lines
from .details.lines import unchanged
from .rule.numbers import Errors, number, number_text, whole

if TYPE_CHECKING:
    from .starting import Offer

Data = dict[str, Any]
READY, WITHIN, EVERY, OTHER = "ready", "ready-within", "ready-every", "ready-otherwise"
ONLY, LIMIT, CLEARS = "only", "only-limit", "only-clears"
DATASET, METRIC, PERIOD = "only-dataset", "only-metric", "only-period"
ROW, SILENCE, ONCE = "only-row", "only-cooldown", "only-once"
NONE, WRONG = "only-no-data", "only-error"
ROWS, HISTORY, WEEKDAY = "only-where", "only-history", "only-weekday"
FIELDS = {
    "dataset": DATASET, "metric": METRIC, "period": PERIOD, "clears": CLEARS, "in_a_row": ROW, "cooldown_hours": SILENCE,
    "where": ROWS,
    **dict.fromkeys(KINDS, LIMIT),
}  # fmt: skip
READY_FIELDS = {"within_minutes": WITHIN, "every_minutes": EVERY, "otherwise": OTHER}
MOVES = {"change-up": "up", "change-down": "down", "change-any": "any"}
SCORES = {"anomaly-up": "up", "anomaly-down": "down", "anomaly-any": "any"}
USUAL = OnlyIf.model_fields
UNUSUAL = AnomalySpec.model_fields
WAITING = Readiness.model_fields


def field_for(path: list[str]) -> str:
    """The field that a problem at *path* (from “ready” or “only_if” on) is about."""
    last = path[1] if len(path) > 1 else ""
    return READY_FIELDS.get(last, READY) if path[0] == "ready" else FIELDS.get(last, ONLY)


def condition_fields(one: Callable[..., Data], offered: Offer) -> list[Data]:
    """In the order of the page; `details.folds` lays them out."""
    lines = _("One a line: fresh lead-events 6 h, rows lead-events 1000 yesterday, partition lead-events, source leads 24 h, file leads events-{date}.parquet. Empty: it waits for nothing.")  # fmt: skip
    some = _(
        "Rows, one condition a line, all of which hold: country = US, CA; cost > 100; campaign is there. Empty: all rows."
    )
    weekdays = [("1", _("the same days of the weeks before")), ("", _("all days before"))]
    datasets = [("", _("none")), *((name, f"{label} ({name})") for name, label in offered.labels.items())]
    return [
        one(READY, _("Wait until this data has come"), "textarea", hint=lines, attrs={"rows": 3, "spellcheck": "false"}),
        one(WITHIN, _("At most so many minutes"), "number", attrs={"min": 0, "step": "any"}),
        one(EVERY, _("Look again every so many minutes"), "number", attrs={"min": 1, "step": "any"}),
        one(OTHER, _("When it has not come then"), "select", choices=_choices(OTHERWISE)),
        one(ONLY, _("Send only if a figure"), "select", choices=_kinds()),
        one(LIMIT, _("Of how much"), hint=_("A number; two for between and outside, such as 10 20; for a change also 10 %; for unusual a score, usually 3.5. A rate of 90 % is 0.9.")),
        one(DATASET, _("Dataset"), "select", things=True, choices=datasets),
        one(METRIC, _("Metric"), attrs={"list": "metrics", "autocomplete": "off", "spellcheck": "false"}),
        one(PERIOD, _("Period"), hint=_("As of each firing: yesterday, last week, last month.")),
        one(ROWS, _("Counting only"), "textarea", hint=some, attrs={"rows": 2, "spellcheck": "false"}) | {"css": "whole"},
        one(HISTORY, _("Against so many periods before"), "number", attrs={"min": 5, "max": 400, "step": 1}) | {"css": "on-anomaly"},
        one(WEEKDAY, _("Days against"), "select", choices=weekdays) | {"css": "on-anomaly"},
        one(ROW, _("Firings in a row"), "number", attrs={"min": 1, "step": 1}),
        one(CLEARS, _("Over when it is back at"), hint=_("Empty: at the limit itself.")),
        one(SILENCE, _("Hours of silence after a run"), "number", attrs={"min": 0, "step": "any"}),
        one(ONCE, _("While it stays so"), "select", choices=[("", _("run every time")), ("1", _("run when it begins"))]),
        one(NONE, _("Without a figure"), "select", choices=_choices(NO_DATA)),
        one(WRONG, _("When it cannot be asked"), "select", choices=_choices(ERROR)),
    ]  # fmt: skip


def _choices(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, capfirst(str(word))) for name, word in words.items()]


def _kinds() -> list[tuple[str, Any]]:
    return [
        ("", _("never mind the figures")), ("above", _("is above")), ("below", _("is below")),
        ("between", _("is between")), ("outside", _("is outside of")),
        ("change-up", _("has risen by")), ("change-down", _("has fallen by")), ("change-any", _("has changed by")),
        ("anomaly-up", _("is unusually high")), ("anomaly-down", _("is unusually low")), ("anomaly-any", _("is unusual")),
    ]  # fmt: skip


def conditions_posted(data: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send of a definition's ``ready`` and ``only_if``."""
    ready, only = data.get("ready") or {}, data.get("only_if") or {}
    ready = {"probes": ready} if isinstance(ready, list) else ready
    kind = next((name for name in KINDS if only.get(name) is not None), "")
    shape = only.get(kind)
    if isinstance(shape, Mapping):
        kind = f"{kind}-{shape.get('direction', 'any')}"
    return {
        READY: lines_of(ready.get("probes", ())),
        WITHIN: _said(ready.get("within_minutes", WAITING["within_minutes"].default)),
        EVERY: _said(ready.get("every_minutes", WAITING["every_minutes"].default)),
        OTHER: ready.get("otherwise", WAITING["otherwise"].default),
        ONLY: kind, LIMIT: _limit_words(shape), DATASET: only.get("dataset", ""), METRIC: only.get("metric", ""),
        PERIOD: only.get("period", USUAL["period"].default), ROW: str(only.get("in_a_row", 1)),
        CLEARS: "" if only.get("clears") is None else _said(only["clears"]),
        SILENCE: _said(only.get("cooldown_hours", 0)), ONCE: "1" if only.get("once") else "",
        ROWS: rows_lines(only.get("where", ())), **_unusual_posted(only.get("anomaly") or {}),
        NONE: only.get("no_data", USUAL["no_data"].default), WRONG: only.get("error", USUAL["error"].default),
    }  # fmt: skip


def _unusual_posted(shape: Mapping[str, Any]) -> dict[str, str]:
    history = shape.get("history", UNUSUAL["history"].default)
    return {HISTORY: str(history), WEEKDAY: "1" if shape.get("by_weekday", True) else ""}


def _limit_words(shape: Any) -> str:
    if isinstance(shape, Mapping):
        if "by" in shape:
            return _said(shape["by"]) + ("" if shape.get("unit") == "absolute" else " %")
        return _said(shape.get("score", 3.5))
    if isinstance(shape, list | tuple):
        return " ".join(map(_said, shape))
    return "" if shape is None else _said(shape)


def _said(value: float) -> str:
    return number_text(value)


def conditions_from(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> tuple[Data, Data]:
    """The definition's ``ready`` and ``only_if``, {} for none; as they were where the form did not ask for them."""
    ready = before.get("ready") or {}
    ready = {"probes": ready} if isinstance(ready, list) else dict(ready)
    only = dict(before.get("only_if") or {})
    return (
        _ready(post, ready, errors) if READY in post else ready,
        _only(post, only, errors) if ONLY in post else only,
    )


def _ready(post: QueryDict, before: Data, errors: Errors) -> Data:
    probes, wrong = probes_from(post.get(READY, ""), before.get("probes", ()))
    if wrong:
        errors[READY] += wrong
    if not probes:
        return {}
    within = number(post, WITHIN, errors, default=WAITING["within_minutes"].default)
    every = number(post, EVERY, errors, default=WAITING["every_minutes"].default)
    return {"probes": probes, "within_minutes": within, "every_minutes": every, "otherwise": post.get(OTHER, "alert")}


def _only(post: QueryDict, before: Data, errors: Errors) -> Data:
    kind = post.get(ONLY, "")
    if not kind:
        return {}
    data: Data = {
        "dataset": post.get(DATASET, ""), "metric": post.get(METRIC, "").strip(),
        "period": post.get(PERIOD, "").strip() or USUAL["period"].default,
        **_limit(kind, post, before, errors),
        "in_a_row": whole(post, ROW, errors, default=1),
        "cooldown_hours": number(post, SILENCE, errors, default=0), "once": bool(post.get(ONCE)),
        "no_data": post.get(NONE, "skip"), "error": post.get(WRONG, "retry"),
    }  # fmt: skip
    if post.get(CLEARS, "").strip():
        data["clears"] = number(post, CLEARS, errors, default=0, most=None)
    was = before.get("where", ())
    if ROWS in post and not unchanged(post.get(ROWS, ""), rows_lines(was)):
        where, wrong = rows_from(post.get(ROWS, ""))
        errors[ROWS] += wrong
    else:
        where = list(was) if before.get("dataset") == data["dataset"] or ROWS in post else []
    return {**data, "where": where} if where else data


def _limit(kind: str, post: QueryDict, before: Data, errors: Errors) -> Data:
    text = post.get(LIMIT, "").strip()
    numbers = _numbers(text.rstrip("% "))
    if kind in SCORES:
        kept = before.get("anomaly") or {}
        score = {"score": numbers[0]} if numbers else {}
        if HISTORY in post:
            history = whole(post, HISTORY, errors, default=UNUSUAL["history"].default)
            kept = {**kept, "history": history, "by_weekday": bool(post.get(WEEKDAY))}
        return {"anomaly": {**kept, **score, "direction": SCORES[kind]}}
    if len(numbers) != (2 if kind in ("between", "outside") else 1):
        pair = _("Write two numbers, such as 10 20.")
        errors[LIMIT].append(pair if kind in ("between", "outside") else _("Write a number, such as 50."))
        return {"above": 0.0}
    if kind in MOVES:
        unit = "percent" if text.endswith("%") else "absolute"
        return {"change": {"by": numbers[0], "unit": unit, "direction": MOVES[kind]}}
    return {kind: numbers if len(numbers) == 2 else numbers[0]}


def _numbers(text: str) -> list[float]:
    """The numbers with blanks between; [] where one is none."""
    try:
        found = [float(one) for one in text.replace(" to ", " ").replace(" and ", " ").split()]
    except ValueError:
        return []
    return found if all(map(isfinite, found)) else []
