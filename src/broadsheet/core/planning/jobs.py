"""What the planner reckons with: runs to come, each with how long it is expected to take."""

from __future__ import annotations

from dataclasses import dataclass, field

HEAVY = "heavy"
UNITS = {"light": 1, HEAVY: 2}  # what a run takes of the machine: heavy ones fill memory and the source besides


@dataclass(frozen=True, slots=True)
class Work:
    """A schedule as the planner sees it.

    key: unlike any other's, and gives the order among equals. seconds: what one run is expected to take. weight: light or
    heavy. priority: from 1 (first) to 5. window: seconds after a firing in which its run may begin; 0 for at its firing.
    offset: seconds after the firing at which it begins now, within the window. fires: instants of its firings, in seconds
    since 1970, ascending. at_once: how many of its runs may go on side by side.
    """

    key: str
    seconds: float
    fires: tuple[float, ...] = field(repr=False)
    weight: str = "light"
    priority: int = 3
    window: int = 0
    offset: int = 0
    at_once: int = 1

    @property
    def units(self) -> int:
        return UNITS[self.weight]
