"""What a condition would have said of values that are known already, one evaluation for each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from .alarm import Alarm, NoData, Policy, Seen, Verdict, answer
from .threshold import Anomaly, Change, Threshold, judge


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The ``value`` of the period that began on ``start``, None for none, and what would have followed."""

    start: date
    value: float | None
    verdict: Verdict

    @property
    def went_on(self) -> bool:
        return self.verdict == "fire"


def rehearse(
    threshold: Threshold, policy: Policy, series: Sequence[tuple[date, float | None]]
) -> tuple[Rehearsed, ...]:
    """In the order of *series* (oldest first, a value for each period, by its first day), as if nothing had been before. () for
    an anomaly, which goes by more history than its values are; a change begins with the second value."""
    if isinstance(threshold, Anomaly):
        return ()
    alarm, found = Alarm(), []
    for place, (start, value) in enumerate(series):
        before = series[place - 1][1] if place else None
        if isinstance(threshold, Change) and not place:
            continue
        judged = judge(threshold, value, before=before)
        said = answer(
            policy, alarm, NoData() if judged is None else Seen(judged), at=datetime.combine(start, time(), UTC)
        )
        alarm = said.alarm
        found.append(Rehearsed(start, value, said.verdict))
    return tuple(found)
