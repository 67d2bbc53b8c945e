"""A simulation by days and hours on somebody's clock: for a heat map, a curve and a list of who waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from .simulation import Ran

QUARTER = 900  # every zone's offset is a whole number of quarters of an hour


@dataclass(slots=True)
class Cell:
    """One hour of one day. runs: that came in it. busy: seconds of work in it, of all workers. most: runs at once.
    waited: the longest wait of one that came in it, in seconds."""

    runs: int = 0
    busy: float = 0.0
    most: int = 0
    waited: float = 0.0


def heat(ran: Sequence[Ran], *, zone: str) -> dict[tuple[date, int], Cell]:
    """The cells in which anything happens, by day and hour on the clock of *zone* (IANA). An hour that a clock change
    repeats holds both; one that it leaves out holds nothing."""
    cells: defaultdict[tuple[date, int], Cell] = defaultdict(Cell)
    hour_of = _hours(ZoneInfo(zone))
    for one in ran:
        cell = cells[hour_of(int(one.at // QUARTER))]
        cell.runs += 1
        cell.waited = max(cell.waited, one.waited)
        for quarter in range(int(one.began // QUARTER), int(one.ended // QUARTER) + 1):
            inside = min(one.ended, (quarter + 1) * QUARTER) - max(one.began, quarter * QUARTER)
            if inside > 0:
                cells[hour_of(quarter)].busy += inside
    for quarter, most in _most(ran).items():
        cell = cells[hour_of(quarter)]
        cell.most = max(cell.most, most)
    return dict(cells)


def at_once(ran: Sequence[Ran]) -> list[tuple[float, int]]:
    """How many runs go on from each instant at which that changes, ascending."""
    turns: defaultdict[float, int] = defaultdict(int)
    for one in ran:
        turns[one.began] += 1
        turns[one.ended] -= 1
    found, going = [], 0
    for at in sorted(turns):
        if turns[at]:
            going += turns[at]
            found.append((at, going))
    return found


def _most(ran: Sequence[Ran]) -> dict[int, int]:
    """The most runs at once in each quarter of an hour in which any go on."""
    found: dict[int, int] = {}
    before, going = 0.0, 0
    for at, number in at_once(ran):
        if going:
            last = int(at // QUARTER) - (at % QUARTER == 0)
            for quarter in range(int(before // QUARTER), last + 1):
                found[quarter] = max(found.get(quarter, 0), going)
        before, going = at, number
    return found


def _hours(zone: ZoneInfo) -> Callable[[int], tuple[date, int]]:
    @cache
    def hour_of(quarter: int) -> tuple[date, int]:
        local = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(zone)
        return local.date(), local.hour

    return hour_of
