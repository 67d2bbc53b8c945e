"""How much goes on at once, by steps of time: each run fills every step that it touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from .jobs import Work

STEP = 300  # seconds of one step: finer than people move schedules, coarse enough for a month of thousands

Curve = dict[int, int]
"""Units at once by the number of the step since 1970; steps without any are absent."""


def steps_of(at: float, seconds: float) -> range:
    """The steps that a run touches; one at least."""
    return range(int(at // STEP), int((at + max(seconds, 1)) // STEP) + 1)


def curve(works: Iterable[Work]) -> Curve:
    """The load of all *works*, each beginning where it does now and waiting for nothing."""
    found: defaultdict[int, int] = defaultdict(int)
    for work in works:
        for step in touched(work, work.offset):
            found[step] += work.units
    return dict(found)


def touched(work: Work, offset: int) -> Iterator[int]:
    """The steps that its runs touch if they begin *offset* seconds after their firings; one of two runs at once comes
    twice."""
    seconds = work.seconds
    for at in work.fires:
        yield from steps_of(at + offset, seconds)


def peak(load: Curve) -> int:
    """The most units at once; 0 where there is nothing."""
    return max(load.values(), default=0)
