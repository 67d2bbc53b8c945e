"""Write the run that an event, a milestone or a call starts: one for each key of a schedule, whoever asks, however often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any

from django.db import IntegrityError, transaction

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.holding import tell_once
from broadsheet.runs.lost_time import hold_lost
from broadsheet.runs.models import Occurrence
from broadsheet.runs.rows import row_of
from broadsheet.schedules.definition import Policies
from broadsheet.schedules.models import Event, Schedule, Start

PLACES = 20  # tries to find an instant that no other run of the schedule has taken
SPREAD = 100_000  # microseconds among which these are looked for


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a run is. ``key``: what for, unique in the schedule. ``kind``: event, call or milestone. ``at``: the instant that
    its periods count from. ``given``: parameters for it alone. ``asked``: what was asked for, where the same key must not
    be used for something else. ``since``: it may have come true at any time from then on; None: at ``at``."""

    key: str
    kind: str
    reason: str
    at: datetime
    by: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    event: Event | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of it: due, or ended already with why. ``wake_at``: when it begins; None: at once."""

    state: State = State.DUE
    why: str = ""
    wake_at: datetime | None = None


def begun(schedule: Schedule, key: str) -> Start | None:
    """What was started under *key* before."""
    return Start.objects.select_related("occurrence__schedule").filter(schedule=schedule, key=key).first()


def begin(schedule: Schedule, cause: Cause, *, now: datetime, verdict: Verdict | None = None) -> tuple[Start, bool]:
    """The run of *cause*, and whether it is new: one that was started under its key before is given as it is."""
    found = begun(schedule, cause.key)
    for place in range(PLACES if found is None else 0):
        at = cause.at + timedelta(microseconds=randbelow(SPREAD) if place else 0)
        try:
            with transaction.atomic():
                run = _row(schedule, cause, verdict or Verdict(), at=at, now=now)
                lost = hold_lost([run], now=now, since=cause.since)
                run.save(force_insert=True)
                tell_once(lost, run.held_reason, now=now)
                made = Start.objects.create(
                    schedule=schedule, key=cause.key, given=dict(cause.asked), event=cause.event, occurrence=run,
                    created_at=now,
                )  # fmt: skip
            return made, True
        except IntegrityError:  # somebody was first with this key; or another run has this very instant
            found = begun(schedule, cause.key)
            if found is not None:
                break
    if found is None:
        raise RuntimeError(f"No free instant for a run of schedule {schedule.pk} at {cause.at.isoformat()}")
    return found, False


def _row(schedule: Schedule, cause: Cause, verdict: Verdict, *, at: datetime, now: datetime) -> Occurrence:
    policies = Policies.model_validate(schedule.definition.get("policies", {}))
    runs = verdict.state == State.DUE
    failed = verdict.state == State.FAILED
    return row_of(
        schedule,
        fire_at=at,
        now=now,
        kind=cause.kind,
        state=verdict.state,
        reason=verdict.why if verdict.why and not failed else cause.reason,
        error=verdict.why if failed else "",
        requested_by=cause.by[:200],
        given=dict(cause.given),
        wake_at=verdict.wake_at if runs else None,
        finished_at=None if runs else now,
        deadline_at=max(verdict.wake_at or now, now) + timedelta(hours=policies.deadline_hours) if runs else None,
    )
