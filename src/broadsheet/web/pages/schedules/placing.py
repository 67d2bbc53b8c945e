"""Which field of the form a problem of the definition is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from broadsheet.core.document.loading import Problem

from .drafts import COLUMNS, FORMATS_OF, PARAMETER, Errors

WHEN = {
    "every": "every",
    "on": "days",
    "at": "at",
    "zone": "zone",
    "interval": "interval",
    "from": "starts",
    "anchor": "starts",
    "until": "until",
}
POLICIES = {"deadline_hours": "deadline", "catch_up_hours": "catch_up", "retry": "tries"}


def field_of(problem: Problem, data: Mapping[str, Any]) -> str:
    """The form's field that *problem* is about; empty for the form as a whole."""
    path = problem.path.split(".")
    match path[0]:
        case "when":
            return _when_field(problem, data)
        case "with":
            return f"{PARAMETER}{problem.message.partition(':')[0]}"
        case "audience":
            return _audience_field(path, data)
        case "channels":
            return _channel_field(path, data)
        case "mail" | "policies":
            last = path[1] if len(path) > 1 else ""
            return POLICIES.get(last, last)
        case "report" | "brand" | "title":
            return path[0]
        case _:
            return ""


def _when_field(problem: Problem, data: Mapping[str, Any]) -> str:
    key = re.split(r"[.:\[]", problem.message, maxsplit=1)[0] if ":" in problem.message else ""
    field = WHEN.get(key, "at" if not key else "")
    monthly = data.get("when", {}).get("every") == "month"
    return "month_days" if field == "days" and monthly else field


def _audience_field(path: list[str], data: Mapping[str, Any]) -> str:
    last = path[1] if len(path) > 1 else ""
    if last in COLUMNS:
        return f"column-{last}"
    if last == "people" or (last != "dataset" and data.get("audience", {}).get("people")):
        return "people"
    return "attributes" if last == "attributes" else "audience"


def _channel_field(path: list[str], data: Mapping[str, Any]) -> str:
    if len(path) > 2 and path[2] == "formats" and path[1].isdigit():
        channels = data.get("channels", [])
        if int(path[1]) < len(channels):
            return f"{FORMATS_OF}{channels[int(path[1])]['channel']}"
    return "channels"


def by_field(problems: Iterable[Problem], data: Mapping[str, Any]) -> tuple[Errors, list[str]]:
    """Problems by field, in words without file and line; those of no field apart."""
    errors: Errors = defaultdict(list)
    others = []
    for problem in problems:
        field, message = field_of(problem, data), f"{problem.message} {problem.fix}".strip()
        if problem.path.startswith("when") and ": " in message and field:
            message = message.partition(": ")[2]
        if field:
            errors[field].append(message[:1].upper() + message[1:])
        else:
            others.append(f"{problem.path}: {message}" if problem.path else message)
    return errors, others
