"""RFC 5545 recurrence rules whole, with the SKIP of RFC 7529. See docs/reference/when.md."""

from broadsheet.core.recurrence.rrule.parts import Parts
from broadsheet.core.recurrence.rrule.rule import RRule, RRuleSet
from broadsheet.core.recurrence.rrule.text import parts_from, parts_to

__all__ = ["Parts", "RRule", "RRuleSet", "parts_from", "parts_to"]
