"""Spread the beginnings of runs that may float, so that fewer go on at once.

First fit, the largest first, each where the load around its runs is least. A run is only ever put where it does not make
the peak higher than where it was, so that the peak of the whole never grows; and it moves only for a gain, so that what is
spread already stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .curve import STEP, Curve, curve, touched
from .jobs import Work

FINEST = 24  # places within a window that are tried at most; the ends are among them


@dataclass(frozen=True, slots=True)
class Move:
    """The runs of *key* begin *now* seconds after their firings, and began *was* seconds after them before."""

    key: str
    was: int
    now: int


@dataclass(frozen=True, slots=True)
class Spread:
    """moves: by key, those that change. before, after: the load of all."""

    moves: tuple[Move, ...]
    before: Curve
    after: Curve


def spread(works: Sequence[Work]) -> Spread:
    """Where the runs of those with a window are best begun. The same works give the same places."""
    before = curve(works)
    load = defaultdict(int, before)
    places = {}
    for work in sorted((one for one in works if one.window and one.fires), key=_size):
        _add(load, work, work.offset, -work.units)
        places[work.key] = _best(load, work)
        _add(load, work, places[work.key], work.units)
    moves = tuple(
        Move(one.key, one.offset, places[one.key])
        for one in sorted(works, key=lambda work: work.key)
        if places.get(one.key, one.offset) != one.offset
    )
    return Spread(moves, before, {step: units for step, units in load.items() if units})


def moved(works: Sequence[Work], moves: Sequence[Move]) -> list[Work]:
    """The same works, begun where *moves* say."""
    places = {one.key: one.now for one in moves}
    return [replace(one, offset=places.get(one.key, one.offset)) for one in works]


def _size(work: Work) -> tuple[float, str]:
    """The largest first: what fills much finds a place while there are some."""
    return -work.units * work.seconds * len(work.fires), work.key


def offsets(window: int) -> list[int]:
    """The places within a window that are tried, in seconds, whole steps."""
    apart = max(1, -(-window // STEP // FINEST)) * STEP
    return [*range(0, window + 1, apart)]


def _best(load: Curve, work: Work) -> int:
    """Where it makes the least peak, then the least crowd; where it is, if nowhere is better; else the earliest."""
    places = [work.offset, *(one for one in offsets(work.window) if one != work.offset)]
    return min(places, key=lambda place: (*_crowd(load, work, place), place != work.offset, place))


def _crowd(load: Curve, work: Work, place: int) -> tuple[int, int]:
    """The highest step that its runs touch, they included; and what they meet there in sum."""
    met = Counter(touched(work, place))
    units = work.units
    around = [load.get(step, 0) for step in met]
    highest = max(found + runs * units for found, runs in zip(around, met.values(), strict=True))
    return highest, sum(found * runs for found, runs in zip(around, met.values(), strict=True))


def _add(load: defaultdict[int, int], work: Work, place: int, units: int) -> None:
    for step in touched(work, place):
        load[step] += units
