"""What every kind of rule promises, so that the engine needs to know none of them."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from broadsheet.core.recurrence.errors import RuleError

LAST_ORDINAL = date.max.toordinal() - 2  # two days kept free, so that no zone's offset leaves the year 9999


class Rule(Protocol):
    """A set of local dates. Time of day and zone belong to `Timing`."""

    def dates_from(self, start: date, /) -> Iterator[date]:
        """The rule's dates on or after `start`, ascending, each once.

        Ends at the year 9999, or as soon as the rule is known never to fire again. Cost does not depend on how far
        back the rule's anchor lies.
        """

    def why(self, day: date, /) -> str:
        """Why one of its dates is one: short English, e.g. "every Monday"."""


def check_interval(interval: int, *, anchor: date | None) -> None:
    """Refuse an interval below one, and one above one that has nothing to count from."""
    if interval < 1:
        raise RuleError("interval", f"{interval} is not a positive whole number", "Write 1 or more.")
    if interval > 1 and anchor is None:
        raise RuleError(
            "from",
            f"an interval of {interval} needs a date to count from",
            'Add "from: 2026-01-05", the first date that counts.',
        )
