"""Where a schedule's condition stands and what it said, and what its runs wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from broadsheet.core.policy import Actor
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import AlarmState, Evaluation, Schedule, Wait

from .evaluating import alarm_of
from .rights import may_see

KEPT = 30  # evaluations that are shown


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation as somebody may see it: without figures the value is None, and the reason says none."""

    run: UUID
    fire_at: datetime
    at: datetime
    value: float | None
    status: str
    verdict: str
    because: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``status``: ok, firing, no_data or error, since ``since``; None: it was never evaluated. ``evaluations``: newest first.
    ``figures``: whether the asker sees them."""

    status: str
    since: datetime | None
    in_a_row: int
    fired_at: datetime | None
    figures: bool
    evaluations: tuple[Evaluated, ...]


def standing(actor: Actor, schedule: Schedule, definition: ScheduleDefinition) -> Standing | None:
    """Of a schedule that *actor* may read; None where it has no condition."""
    only_if = definition.only_if
    if only_if is None:
        return None
    figures = may_see(actor, only_if)
    alarm = alarm_of(AlarmState.objects.filter(schedule=schedule).first(), only_if)
    found = Evaluation.objects.filter(schedule=schedule).order_by("-fire_at", "-pk")[:KEPT]
    return Standing(
        alarm.status, alarm.since, alarm.in_a_row, alarm.fired_at, figures,
        # Figures of another condition, which it had before, may be ones that the asker does not see.
        tuple(_evaluated(one, figures and (one.dataset, one.metric) == (only_if.dataset, only_if.metric)) for one in found),
    )  # fmt: skip


def _evaluated(one: Evaluation, figures: bool) -> Evaluated:
    return Evaluated(
        one.run, one.fire_at, one.at, one.value if figures else None, one.status, one.verdict, one.because,
        one.reason if figures else one.plainly,
    )  # fmt: skip


def wait_of(run: UUID) -> Wait | None:
    """What the run waits or waited for; None where it did not."""
    return Wait.objects.filter(run=run).first()


def evaluation_of(actor: Actor, run: UUID, definition: ScheduleDefinition) -> Evaluated | None:
    """What the condition said of the run, as *actor* may see it; None where it has none, or was not evaluated yet.
    *definition*: what its schedule says now."""
    found = Evaluation.objects.filter(run=run).first()
    return None if found is None else _evaluated(found, _sees(actor, found, definition))


def _sees(actor: Actor, found: Evaluation, definition: ScheduleDefinition) -> bool:
    only_if = definition.only_if
    same = only_if is not None and (found.dataset, found.metric) == (only_if.dataset, only_if.metric)
    return same and only_if is not None and may_see(actor, only_if)
