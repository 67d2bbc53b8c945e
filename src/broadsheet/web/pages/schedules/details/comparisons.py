"""Conditions on payloads and on rows as lines, both ways; see `lines` for how one is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .lines import THERE_SIGN, Wrong, line, read

Data = dict[str, Any]
PAYLOAD = {">": "above", ">=": "at_least", "<": "below", "<=": "at_most", "!=": "not", THERE_SIGN: "present"}
ROWS = {">": "over", ">=": "at_least", "<": "under", "<=": "at_most"}
ROWS_EXAMPLE = "country = US, CA; cost > 100; campaign is there"


def payload_lines(where: Mapping[str, Any]) -> str:
    """Of an event's ``where``: one line for each comparison."""
    said = []
    for name, condition in where.items():
        if isinstance(condition, Mapping):
            said += [
                line(name, sign, condition[key]) for sign, key in PAYLOAD.items() if condition.get(key) is not None
            ]
        else:
            said.append(line(name, "=", condition))
    return "\n".join(said)


def payload_from(text: str) -> tuple[Data, Wrong]:
    """What `payload_lines` wrote; several comparisons of one field become one."""
    found, wrong = read(text)
    where: Data = {}
    for one in found:
        before = where.get(one.name)
        if one.sign == "=":
            if before is not None:
                wrong.append(_twice(one.name))
            where[one.name] = one.value
        elif before is None or isinstance(before, dict):
            where.setdefault(one.name, {})[PAYLOAD[one.sign]] = one.value
        else:
            wrong.append(_twice(one.name))
    return where, wrong


def _twice(name: str) -> str:
    return _("“%(name)s” is set to something and compared as well. Keep one of the lines.") % {"name": name}


def rows_lines(where: Iterable[Mapping[str, Any]]) -> str:
    """Of conditions on a dataset's rows."""
    return "\n".join(_row_line(one) for one in where)


def _row_line(one: Mapping[str, Any]) -> str:
    name = str(one.get("dimension", ""))
    key, value = next(
        ((key, value) for key, value in one.items() if key != "dimension" and value is not None), ("", "")
    )
    match key:
        case "empty":
            return line(name, THERE_SIGN, not value)
        case "equals" | "in":
            return line(name, "=", value)
        case "not" | "not_in":
            return line(name, "!=", value)
    sign = next((sign for sign, known in ROWS.items() if known == key), "=")
    return line(name, sign, value)


def rows_from(text: str) -> tuple[list[Data], Wrong]:
    """What `rows_lines` wrote."""
    found, wrong = read(text, example=ROWS_EXAMPLE)
    return [{"dimension": one.name, **_comparison(one.sign, one.values)} for one in found], wrong


def _comparison(sign: str, values: tuple[Any, ...]) -> Data:
    if sign == THERE_SIGN:
        return {"empty": not values[0]}
    if sign == "=":
        return {"in": list(values)} if len(values) > 1 else {"equals": values[0]}
    if sign == "!=":
        return {"not_in": list(values)} if len(values) > 1 else {"not": values[0]}
    return {ROWS[sign]: values[0]}
