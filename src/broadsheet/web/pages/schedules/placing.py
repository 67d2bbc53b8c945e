"""Which field of the form a problem of the definition is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.document.loading import Problem
from broadsheet.core.recurrence import RuleError
from broadsheet.schedules.actions.save import OWN_HOUR

from .condition_fields import field_for as condition_field
from .details import defaults, making, marks, retries, triggers
from .details.checks import checks_field
from .drafts import COLUMNS, FORMATS_OF, LISTS, PARAMETER
from .falling_back import CHANNEL as FALLBACK_CHANNEL
from .falling_back import FIELDS as FALLBACK_FIELDS
from .limiting import FIELD
from .rule.fixes import of_parts, of_words
from .rule.numbers import Errors
from .rule.parts import FIELDS, RECIPIENT

WHEN = {
    "from": "starts",
    "anchor": "starts",
    "session": "minutes",
    "union": "nth",
    "gap": "jump",
    "overlap": "repeat",
}  # keys of a rule whose fields are called otherwise
POLICIES = {"deadline_hours": "deadline", "catch_up_hours": "catch_up"}


def field_of(problem: Problem, data: Mapping[str, Any], post: QueryDict) -> str:
    """The form's field that *problem* is about; empty for the form as a whole."""
    path = problem.path.split(".")
    match path[0]:
        case "when":
            return rule_field(rule_error(problem), data.get("when", {}))
        case "on_event" | "on_call":
            return triggers.trigger_field(path, post)
        case "milestone":
            return marks.FIELDS.get(path[1] if len(path) > 1 else "", marks.OVER)
        case "checks":
            return checks_field(path)
        case "with":
            return f"{PARAMETER}{problem.message.partition(':')[0]}"
        case "audience":
            return _audience_field(path, data, problem.message)
        case "channels":
            return _channel_field(path, data)
        case "mail":
            return path[1] if len(path) > 1 else ""
        case "policies":
            return _policy_field(path[1:], data)
        case "ready" | "only_if":
            return condition_field(path)
        case "report" | "brand" | "title":
            return path[0]
        case _:
            return ""


def _policy_field(path: list[str], data: Mapping[str, Any]) -> str:
    name, part = path[0] if path else "", path[1] if len(path) > 1 else ""
    match name:
        case "fallback":
            return FALLBACK_FIELDS.get(part, FALLBACK_CHANNEL)
        case "limits" if part:
            return f"{FIELD}{part}"
        case "retry":
            return retries.FIELDS.get(part, retries.TRIES)
        case "ahead":
            return making.AHEAD if data.get("policies", {}).get("ahead") in ("auto", "none") else making.MINUTES
        case "float":
            return making.FLOAT
    return POLICIES.get(name, name)


def rule_error(problem: Problem) -> RuleError:
    """The refusal of a rule that *problem* tells of, with its place inside of `when`."""
    path, message = problem.path.removeprefix("when").lstrip("."), problem.message
    head, colon, rest = message.partition(": ")
    if not path and colon and re.fullmatch(r"[\w.\[\]]+", head):
        path, message = head, rest
    return RuleError(path, message.rstrip("."), problem.fix)


def rule_field(error: RuleError, when: Any) -> str:
    """The field of the rule's parts that *error* is about; the sentence for a rule that they do not show."""
    if not isinstance(when, Mapping):
        return "words"
    keys = [key for key in re.split(r"[.\[\]]+", error.path) if key and not key.isdecimal()]
    key = (keys[1] if keys[:1] == ["union"] and len(keys) > 1 else keys[0]) if keys else ""
    if key == "every" and isinstance(when.get("every"), Mapping):
        return "each"
    if key == "on":
        return "days" if when.get("every") == "week" else "nth"
    if key == "anchor" and when.get("anchor"):
        return "anchor"
    field = WHEN.get(key, key)
    return field if field in FIELDS else "at" if not key else "words"


def _audience_field(path: list[str], data: Mapping[str, Any], message: str) -> str:
    last = path[1] if len(path) > 1 else ""
    if last == "defaults":
        name = path[2] if len(path) > 2 else message.partition(":")[0]
        return f"{defaults.DEFAULT}{name}" if name in (*defaults.WORDS, "formats") else ""
    if last == "where":
        return defaults.ROWS
    if last in COLUMNS:
        return f"column-{last}"
    if last in LISTS or (last != "dataset" and any(data.get("audience", {}).get(one) for one in LISTS)):
        return "people"
    return "attributes" if last == "attributes" else "audience"


def _channel_field(path: list[str], data: Mapping[str, Any]) -> str:
    if len(path) > 2 and path[2] == "formats" and path[1].isdecimal():
        channels = data.get("channels", [])
        if int(path[1]) < len(channels):
            return f"{FORMATS_OF}{channels[int(path[1])]['channel']}"
    return "channels"


def by_field(
    problems: Iterable[Problem], data: Mapping[str, Any], *, post: QueryDict, in_words: bool, today: date
) -> tuple[Errors, list[str]]:
    """Problems by field, in words without file and line; those of no field apart. *in_words*: the rule was said by its
    sentence, where its problems then stand. *today*: for a rule that lacks what to count from."""
    errors: Errors = defaultdict(list)
    others = []
    for problem in problems:
        if problem.path.split(".")[0] == "when":
            error = rule_error(problem)
            field = "words" if in_words else rule_field(error, data.get("when"))
            fixed = (
                of_words(error, post.get("words", ""))
                if field == "words"
                else of_parts(error, field, post, today=today)
            )
            errors[field].append(fixed)
            continue
        if problem.message == OWN_HOUR:
            errors["clock"].append(_own_hour(post, in_words=in_words))
            continue
        field, message = field_of(problem, data, post), f"{problem.message} {problem.fix}".strip()
        if field:
            errors[field].append(message[:1].upper() + message[1:])
        else:
            others.append(f"{problem.path}: {message}" if problem.path else message)
    return errors, others


def _own_hour(post: QueryDict, *, in_words: bool) -> Mapping[str, Any]:
    """Hours of people's own beside one clock for all, as the form says it; a rule in words has the clock in its words."""
    text = _("An hour of their own counts only with one time of day, and on the clock of: each recipient’s own.")
    if in_words or post.get("clock") == RECIPIENT:
        fix = _("Change the rule so, or leave the hours out.")
        return {"text": f"{text} {fix}"}
    label = _("On each recipient’s own clock")
    return {"text": text, "fix": {"label": label, "name": "fix", "value": f"clock={RECIPIENT}"}}


def unseen(errors: Mapping[str, list[Any]], seen: Collection[str]) -> list[str]:
    """The texts of what is wrong with fields that are not among those that are *seen*."""
    texts = [one for field, found in errors.items() if field not in seen for one in found]
    return [str(one["text"]) if isinstance(one, Mapping) else str(one) for one in texts]
