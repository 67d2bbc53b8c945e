"""What a figure is measured by: its level, its change against the period before, or how unusual it is.

Each gives a measure and a limit; `alarm` decides what follows from crossing it. Pure arithmetic over figures that were
asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from .anomaly import robust_z

Direction = Literal["up", "down", "any"]


@dataclass(frozen=True, slots=True)
class Level:
    """Met by a value above ``over``, below ``under``, or with both of them: between the two where ``inside``, else outside of
    the two. ``clears``: what the value must come back to until it counts as over; None: the limit itself."""

    over: float | None = None
    under: float | None = None
    inside: bool = False
    clears: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Met where the value has moved by ``by`` or more since the period before; ``percent``: of that one's value, as a
    fraction. ``clears`` is a smaller movement."""

    by: float
    direction: Direction = "any"
    percent: bool = True
    clears: float | None = None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Met where the value's robust z-score is above ``z``; ``clears`` is a smaller one."""

    z: float = 3.5
    direction: Direction = "any"
    clears: float | None = None


Threshold = Level | Change | Anomaly


@dataclass(frozen=True, slots=True)
class Judged:
    """``met``: beyond the limit. ``cleared``: back on the good side of where an alarm ends; between the two it is neither.
    ``measure`` is what was compared: the value, its change (a fraction where it is in percent), or its z-score."""

    met: bool
    cleared: bool
    measure: float


def judge(
    threshold: Threshold, value: float | None, *, before: float | None = None, history: Sequence[float] = ()
) -> Judged | None:
    """*value* judged; None where there is nothing to judge: no value, none before for a change, too short a history.

    *before* is the value of the period before, *history* older values without this one.
    """
    if value is None:
        return None
    match threshold:
        case Level():
            return _level(threshold, value)
        case Change():
            found = None if before is None else _change(threshold, value, before)
        case Anomaly():
            found = robust_z(value, history)
    if found is None:
        return None
    limit = threshold.by if isinstance(threshold, Change) else threshold.z
    clears = limit if threshold.clears is None else threshold.clears
    size = {"up": found, "down": -found, "any": abs(found)}[threshold.direction]
    # “10 % or more” for a change, “above 3.5” for a score: that is how people say either.
    met = size >= limit if isinstance(threshold, Change) else size > limit
    return Judged(met, not met and (size < clears if isinstance(threshold, Change) else size <= clears), found)


def _level(level: Level, value: float) -> Judged:
    over, under = level.over, level.under
    if over is not None and under is not None:
        met = over <= value <= under if level.inside else value < over or value > under
        return Judged(met, not met, value)
    if over is not None:
        met, back = value > over, over if level.clears is None else level.clears
        return Judged(met, not met and value <= back, value)
    assert under is not None  # one of the two is there
    met, back = value < under, under if level.clears is None else level.clears
    return Judged(met, not met and value >= back, value)


def _change(change: Change, value: float, before: float) -> float:
    moved = value - before
    if not change.percent or not moved:
        return moved
    return moved / abs(before) if before else (inf if moved > 0 else -inf)
