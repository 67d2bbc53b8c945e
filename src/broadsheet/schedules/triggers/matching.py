"""Whether a payload fulfils the conditions of a trigger. Pure, and strict with types: “1” is not 1, and true is neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .definition import Comparison, Condition, Scalar


class Missing:
    """A field that is not there."""


MISSING: Final = Missing()


def field_of(payload: Any, path: str) -> Any:
    """The value at *path* (names with full stops between; digits count into a list), `MISSING` where there is none."""
    found = payload
    for step in path.split("."):
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isascii() and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return MISSING
    return found


def holds(where: Mapping[str, Condition], payload: Any) -> bool:
    """Whether every condition holds."""
    return all(_holds(condition, field_of(payload, path)) for path, condition in where.items())


def _holds(condition: Condition, value: Any) -> bool:
    if isinstance(condition, Comparison):
        return _compares(condition, value)
    if isinstance(condition, list):
        return any(same(one, value) for one in condition)
    return same(condition, value)


def _compares(asked: Comparison, value: Any) -> bool:
    there = value is not MISSING and value is not None
    if asked.present is not None and there is not asked.present:
        return False
    bounds = (asked.above, asked.at_least, asked.below, asked.at_most)
    if any(one is not None for one in bounds) and not (_is_number(value) and _within(asked, value)):
        return False
    if asked.is_not is None:
        return True
    unwanted = asked.is_not if isinstance(asked.is_not, list) else [asked.is_not]
    return there and not any(same(one, value) for one in unwanted)


def _within(asked: Comparison, value: float) -> bool:
    return (
        (asked.above is None or value > asked.above)
        and (asked.at_least is None or value >= asked.at_least)
        and (asked.below is None or value < asked.below)
        and (asked.at_most is None or value <= asked.at_most)
    )


def same(wanted: Scalar, value: Any) -> bool:
    """Equal, and of one kind: texts, numbers, or yes and no."""
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    if isinstance(wanted, str):
        return isinstance(value, str) and wanted == value
    return _is_number(value) and bool(wanted == value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
