"""Fixed distances in real time: every 90 minutes, whatever the clocks do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from broadsheet.core.recurrence.clock import DAY_SECONDS
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.rule import LAST_ORDINAL
from broadsheet.core.recurrence.wallclock import seconds_of
from broadsheet.core.recurrence.zones import land, zone_named

LAST_INSTANT = LAST_ORDINAL * DAY_SECONDS
UNITS = (("hours", 3600), ("minutes", 60), ("seconds", 1))


@dataclass(frozen=True, slots=True)
class Every:
    """Instants `seconds` apart.

    seconds: 1 or more.
    anchor: a wall time of the timing's zone (naive) that is one of them; one that clocks skip means the first instant
        after it, one that they repeat its first pass. The count runs both ways from it.
    """

    seconds: int
    anchor: datetime

    def __post_init__(self) -> None:
        if self.seconds < 1:
            raise RuleError("every", f"{self.seconds} seconds are no distance", "Write 1 second or more.")
        if self.anchor.tzinfo is not None or self.anchor.microsecond:
            raise RuleError("anchor", f"{self.anchor} has a zone or parts of seconds", 'Write "2026-01-05 08:00".')

    @property
    def is_instants(self) -> bool:
        return True

    def instants_after(self, instant: int, zone: str, /) -> Iterator[int]:
        first = seconds_of(
            land(self.anchor, zone_named(zone), gap="first-valid", overlap="first")[0].local.astimezone(UTC)
        )
        at = instant + 1 + (first - instant - 1) % self.seconds
        return iter(range(at, LAST_INSTANT, self.seconds))

    def why(self, day: date, /) -> str:
        return f"every {self.distance}"

    @property
    def distance(self) -> str:
        """ "90 minutes", "2 hours", "minute"."""
        number, unit = self.parts
        return unit[:-1] if number == 1 else f"{number} {unit}"

    @property
    def parts(self) -> tuple[int, str]:
        """(90, "minutes"): the largest unit that leaves a whole number."""
        return next((self.seconds // size, unit) for unit, size in UNITS if self.seconds % size == 0)
