"""A rule as a sentence of the plain language, and a sentence as a rule."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.language import parse, write

from .parts import KEPT, When, when_from
from .showing import fields_of, filled, plain, same


def sentence(when: Any, *, zone: str) -> str:
    """Words that `rule_of` reads back to the same rule; "" for a rule without any. *zone*: the organization's, which is
    left unsaid."""
    try:
        shown = fields_of(when, zone=zone)  # spelled as the parts spell it, where they can
        rule = when if shown["every"] == KEPT else when_from(filled(shown), defaultdict(list))
        said = write(_without_zone(plain(rule), zone))
        return said if same(rule_of(said, zone=zone, today=None), when, zone=zone) else ""
    except (RuleError, TypeError, ValueError, KeyError, AttributeError, IndexError):
        return ""  # a mapping that no words were made for, or that is not finished


def rule_of(text: str, *, zone: str, today: date | None) -> When:
    """The rule that the words mean. *today*: what intervals count from where nothing is said. Raises RuleError."""
    found = dict(plain(parse(" ".join(text.split()), default_zone="", count_from=today)))
    if not found["zone"]:
        del found["zone"]
        if "DTSTART" not in str(found.get("rrule", "")).upper():  # which has its own
            found["zone"] = zone
    return found


def _without_zone(when: Any, zone: str) -> Any:
    if isinstance(when, dict) and when.get("zone") == zone:
        return {key: value for key, value in when.items() if key != "zone"}
    return when
