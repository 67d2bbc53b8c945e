"""The rule of what does not go by the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.clock import Clock
from broadsheet.core.recurrence.timing import Timing


@dataclass(frozen=True, slots=True)
class Never:
    """No moment at all: something else starts it."""

    @property
    def has_times(self) -> bool:
        return True

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        return iter(())

    def why(self, day: date, /) -> str:
        raise AssertionError(f"{day} is none of its days")

    def __str__(self) -> str:
        return "Not by the clock"


def never(zone: str) -> Timing:
    """A timing that never fires; *zone* (IANA) is what its moments are told in."""
    return Timing(Never(), (), zone)
