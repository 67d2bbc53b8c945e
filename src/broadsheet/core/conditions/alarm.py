"""From one evaluation to the next: N in a row, hysteresis, cool-down, no data and errors. Pure; time is an argument.

Times are those of the firings that were evaluated, not of a clock, so that a clock that jumps changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from .threshold import Judged

Status = Literal["ok", "firing", "no_data", "error"]
Verdict = Literal["fire", "skip", "retry"]
Because = Literal["met", "not_met", "in_a_row", "cooling", "still", "no_data", "error"]


@dataclass(frozen=True, slots=True)
class Policy:
    """``in_a_row``: so many evaluations must be met before it fires. ``cooldown``: silence after it fired. ``once``: it fires
    when it begins, and not again until it has cleared. ``no_data``: fire, skip, or keep the state that it had. ``error``: fire,
    skip, or try again."""

    in_a_row: int = 1
    cooldown: timedelta = timedelta()
    once: bool = False
    no_data: Literal["fire", "skip", "keep"] = "skip"
    error: Literal["fire", "skip", "retry"] = "retry"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Where it stands. ``status`` since ``since`` (None: never evaluated); ``in_a_row`` counts evaluations met without a break;
    ``alarmed``: it began and has not cleared, which outlasts a day without data; ``fired_at``: the last firing let through."""

    status: Status = "ok"
    since: datetime | None = None
    in_a_row: int = 0
    alarmed: bool = False
    fired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """There was a value, and it was judged."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class NoData:
    """There was nothing to judge."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows: the state after it, whether to fire, and why (not): ``met``; ``not_met``; ``in_a_row``: met, but not often
    enough yet; ``cooling``: fired too shortly ago; ``still``: fired when it began; ``no_data``; ``error``."""

    alarm: Alarm
    verdict: Verdict
    because: Because


def answer(policy: Policy, alarm: Alarm, seen: Seen | NoData | Failed, *, at: datetime) -> Answer:
    """What follows from *seen* for the firing *at* (aware). ``retry`` leaves the state as it was: it is no evaluation yet."""
    match seen:
        case Failed():
            return _failed(policy, alarm, at)
        case NoData():
            return _without(policy, alarm, at)
        case Seen(judged):
            return _judged(policy, alarm, judged, at)


def _judged(policy: Policy, alarm: Alarm, judged: Judged, at: datetime) -> Answer:
    breach = not judged.cleared if alarm.alarmed else judged.met
    count = alarm.in_a_row + 1 if breach else 0
    alarmed = breach and (alarm.alarmed or count >= policy.in_a_row)
    after = replace(alarm, in_a_row=count, alarmed=alarmed)
    if not alarmed:
        return Answer(_now(after, "ok", at), "skip", "in_a_row" if breach else "not_met")
    return _let(policy, _now(after, "firing", at), at, "met", begins=not alarm.alarmed)


def _without(policy: Policy, alarm: Alarm, at: datetime) -> Answer:
    after = _now(alarm, "no_data", at)
    if policy.no_data == "skip":
        return Answer(replace(after, in_a_row=0), "skip", "no_data")
    if policy.no_data == "fire" or alarm.alarmed:
        return _let(policy, after, at, "no_data", begins=policy.no_data == "fire" and alarm.status != "no_data")
    return Answer(after, "skip", "no_data")


def _failed(policy: Policy, alarm: Alarm, at: datetime) -> Answer:
    if policy.error == "retry":
        return Answer(alarm, "retry", "error")
    after = _now(alarm, "error", at)
    if policy.error == "fire":
        return _let(policy, after, at, "error", begins=alarm.status != "error")
    return Answer(after, "skip", "error")


def _let(policy: Policy, after: Alarm, at: datetime, because: Because, *, begins: bool) -> Answer:
    """Fire, unless it did so shortly before, or does so only when it begins."""
    if after.fired_at is not None and at - after.fired_at < policy.cooldown:
        return Answer(after, "skip", "cooling")
    if policy.once and not begins and after.fired_at is not None:
        return Answer(after, "skip", "still")
    return Answer(replace(after, fired_at=at), "fire", because)


def _now(alarm: Alarm, status: Status, at: datetime) -> Alarm:
    return alarm if alarm.status == status and alarm.since is not None else replace(alarm, status=status, since=at)
