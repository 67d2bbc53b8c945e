"""What every kind of rule promises, so that the engine needs to know none of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

from broadsheet.core.recurrence.because import Hindrance
from broadsheet.core.recurrence.clock import Clock
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


class Moments(Protocol):
    """A set of wall-clock moments: a rule that has its own times of day."""

    @property
    def has_times(self) -> bool:
        """True, unless what it was built from leaves the time of day open; then it is only a `Rule`."""

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        """As `Rule.dates_from`, each date with its times of day, of which there is at least one."""

    def why(self, day: date, /) -> str:
        """As `Rule.why`."""


class Instants(Protocol):
    """A set of instants that no wall clock moves."""

    @property
    def is_instants(self) -> bool:
        """True."""

    def instants_after(self, instant: int, zone: str, /) -> Iterator[int]:
        """Those after `instant`, ascending, in whole seconds since 1 January of the year 1, 00:00 UTC."""

    def why(self, day: date, /) -> str:
        """As `Rule.why`, for the local date on which one falls."""


AnyRule = Rule | Moments | Instants


def has_times(rule: Any) -> bool:
    """Whether a rule says itself at what times it fires."""
    return bool(getattr(rule, "has_times", False)) or is_instants(rule)


def is_instants(rule: Any) -> bool:
    """Whether a rule gives instants, not dates or wall-clock moments."""
    return bool(getattr(rule, "is_instants", False))


def dates_of(rule: Any, start: date) -> Iterator[date]:
    """The dates of a rule on or after `start`, its times left aside."""
    found: Iterator[date] = (
        rule.dates_from(start) if hasattr(rule, "dates_from") else (d for d, _ in rule.days_from(start))
    )
    return found


def origin_of(rule: Any, day: date) -> date:
    """The date of the rule that came to that day, itself where nothing moved it."""
    found: date = rule.origin(day) if hasattr(rule, "origin") else day
    return found


def why_not(rule: Any, day: date) -> Hindrance | None:
    """What kept a rule from a date, for rules that can tell; else None."""
    found: Hindrance | None = rule.why_not(day) if hasattr(rule, "why_not") else None
    return found


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
