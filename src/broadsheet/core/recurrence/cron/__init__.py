"""Cron expressions of five and six fields. See docs/reference/when.md."""

from broadsheet.core.recurrence.cron.expression import Expression, expression_from
from broadsheet.core.recurrence.cron.rule import Cron

__all__ = ["Cron", "Expression", "expression_from"]
