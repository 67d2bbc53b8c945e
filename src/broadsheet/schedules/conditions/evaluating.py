"""Evaluate a schedule's condition: ask its figure, judge it, and say what follows. Keeps nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from broadsheet.core.conditions import Alarm, Answer, Failed, Judged, NoData, Seen, answer, judge
from broadsheet.schedules.models import AlarmState
from broadsheet.sources.errors import SourceError

from .figures import Figure, figure
from .threshold_definition import OnlyIf
from .wording import failed, sentences


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition's figure is; ``error``: why it could not be asked, empty where it could."""

    figure: Figure | None = None
    judged: Judged | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What follows, and why: ``reason`` with its figures, ``plainly`` without."""

    asked: Asked
    answer: Answer
    reason: str
    plainly: str


def ask(only_if: OnlyIf, organization_id: int, *, at: datetime, now: datetime, zone: str) -> Asked:
    """The figure for the firing *at*, with the data of *now*."""
    try:
        found = figure(only_if, organization_id, at=at, now=now, zone=zone)
    except SourceError as error:
        return Asked(error=str(error))
    judged = judge(only_if.threshold, found.value, before=found.before, history=found.history)
    return Asked(found, judged)


def told(only_if: OnlyIf, alarm: Alarm, asked: Asked, *, at: datetime, zone: str) -> Told:
    """What follows from *asked* for the firing *at*, where the condition stands as *alarm* says."""
    if asked.figure is None:
        said = failed(only_if, asked.error)
        return Told(asked, answer(only_if.policy, alarm, Failed(), at=at), said, said)
    seen = NoData() if asked.judged is None else Seen(asked.judged)
    found = answer(only_if.policy, alarm, seen, at=at)
    return Told(asked, found, *sentences(only_if, asked.figure, asked.judged, found, zone=zone))


def condition_key(only_if: OnlyIf) -> str:
    """SHA-256 over what the condition is about: a state counts for no other."""
    return hashlib.sha256(json.dumps(only_if.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def alarm_of(state: AlarmState | None, only_if: OnlyIf) -> Alarm:
    """Where *only_if* stands; anew where the state is of another condition, or there is none."""
    if state is None or state.condition != condition_key(only_if):
        return Alarm()
    return Alarm(state.status, state.since, state.in_a_row, state.alarmed, state.fired_at)  # type: ignore[arg-type]


def keep(state: AlarmState, only_if: OnlyIf, alarm: Alarm) -> None:
    """Write *alarm* down."""
    state.condition, state.status, state.since = condition_key(only_if), alarm.status, alarm.since
    state.in_a_row, state.alarmed, state.fired_at = alarm.in_a_row, alarm.alarmed, alarm.fired_at
    state.save()
