"""A rule as a sentence of the plain language, and a sentence as a rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.language import parse, write

from .parts import When
from .showing import plain, same


def sentence(when: Any, *, zone: str) -> str:
    """Words that `rule_of` reads back to the same rule; "" for a rule without any. *zone*: the organization's, which is
    left unsaid."""
    try:
        rule = _without_zone(plain(when), zone)
        said = write(rule)
        return said if same(rule_of(said, zone=zone, today=None), when, zone=zone) else ""
    except (RuleError, TypeError, ValueError, KeyError, AttributeError, IndexError):
        return ""  # a mapping that no words were made for, or that is not finished


def rule_of(text: str, *, zone: str, today: date | None) -> When:
    """The rule that the words mean. *today*: what intervals count from where nothing is said. Raises RuleError."""
    return dict(plain(parse(" ".join(text.split()), default_zone=zone, count_from=today)))


def _without_zone(when: Any, zone: str) -> Any:
    if isinstance(when, dict) and when.get("zone") == zone:
        return {key: value for key, value in when.items() if key != "zone"}
    return when
