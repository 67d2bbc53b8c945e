"""Whether a run may begin: the data that its schedule waits for, and the figure that it depends on.

Only what fires by itself is asked for: what a person starts is wanted now, whatever the data says. What was settled for a
run is kept under its key, so that whoever takes it over after a crash goes by the same answer and asks nothing again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite

from django.db import transaction

from broadsheet.access.queries import members_among, owners
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.data_late import KIND, DataLate
from broadsheet.runs import claims
from broadsheet.runs.errors import Declined, NotYet, RunError, TryLater
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.conditions.evaluating import Asked, Told, alarm_of, ask, condition_key, keep, told
from broadsheet.schedules.conditions.periods import zone_for
from broadsheet.schedules.conditions.readiness import Looked, look
from broadsheet.schedules.conditions.readiness_definition import Readiness
from broadsheet.schedules.conditions.rights import fields_of, is_open
from broadsheet.schedules.conditions.threshold_definition import OnlyIf
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import AlarmState, Evaluation, Schedule, Wait
from broadsheet.sources.errors import SourceError
from broadsheet.sources.queries import stored

BY_HAND = ("manual", "test", "backfill")  # kinds of runs that a person starts
READY, STALE, SKIPPED, ALERTED, WAITING = "ready", "stale", "skipped", "alerted", "waiting"


def admit(occurrence: Occurrence, *, now: datetime) -> None:
    """Return where the run may go on.

    Raises NotYet while its data is waited for; Declined where it is not to be; TryLater where its figure could not be asked;
    RunError for what a person must mend; LostLease.
    """
    if occurrence.kind in BY_HAND:
        return
    definition = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    if definition.ready is not None:
        _await(occurrence, definition, definition.ready, now=now)
    if definition.only_if is not None:
        _evaluate(occurrence, definition, definition.only_if, now=now)


def _await(occurrence: Occurrence, definition: ScheduleDefinition, ready: Readiness, *, now: datetime) -> None:
    wait = Wait.objects.filter(run=occurrence.pk).first()
    if wait is None or wait.settled_at is None:
        try:
            looked = look(
                definition, ready, occurrence.organization_id, fire_at=occurrence.fire_at, now=now, given=occurrence.given
            )  # fmt: skip
        except SourceError as error:
            raise RunError(f"Whether its data has come cannot be seen. {error}") from error
        wait = _noted(occurrence, ready, wait, looked, now=now)
    if wait.outcome == WAITING:
        at = min(now + timedelta(minutes=ready.every_minutes), max(wait.until, now))
        raise NotYet(" ".join(wait.lacking), at=at)
    if wait.outcome in (SKIPPED, ALERTED):
        raise Declined(f"Its data had not come by {wait.until:%Y-%m-%d %H:%M} UTC. {' '.join(wait.lacking)}")


@transaction.atomic
def _noted(occurrence: Occurrence, ready: Readiness, wait: Wait | None, looked: Looked, *, now: datetime) -> Wait:
    """What was seen, and what follows, written down while the lease is held."""
    claims.hold(occurrence)
    if wait is None:
        begins = max(occurrence.fire_at, occurrence.created_at)
        wait = Wait(
            schedule=occurrence.schedule, run=occurrence.pk, since=now, looks=0, until=_until(occurrence, ready, begins)
        )  # fmt: skip
    wait.looked_at, wait.looks, wait.lacking, wait.data_to = now, wait.looks + 1, looked.lacking, looked.data_to
    if not wait.lacking:
        wait.outcome = READY
    elif now >= wait.until:
        wait.outcome = {"stale": STALE, "alert": ALERTED}.get(ready.otherwise, SKIPPED)
    wait.settled_at = now if wait.outcome != WAITING else None
    wait.save()
    if wait.outcome == ALERTED:
        _tell_owner(occurrence, wait, now=now)
    return wait


def _until(occurrence: Occurrence, ready: Readiness, begins: datetime) -> datetime:
    """When it is decided without the data: never later than the run's own deadline."""
    own = occurrence.deadline_at
    if ready.otherwise == "wait" and own is not None:
        return own
    until = begins + timedelta(minutes=ready.within_minutes)
    return min(until, own) if own is not None else until


def _tell_owner(occurrence: Occurrence, wait: Wait, *, now: datetime) -> None:
    """Whose schedule it is, or where they are gone, the organization's owners."""
    schedule, place = occurrence.schedule, occurrence.organization_id
    people = members_among(place, filter(None, [schedule.owner_id])) or owners(place)
    late = DataLate(
        schedule.name, schedule.title, str(occurrence.pk), occurrence.fire_at, wait.until, tuple(wait.lacking)
    )  # fmt: skip
    notify(place, people, kind=KIND, data=late.stored(), link=f"/runs/{occurrence.pk}/", now=now)


def _evaluate(occurrence: Occurrence, definition: ScheduleDefinition, only_if: OnlyIf, *, now: datetime) -> None:
    found = Evaluation.objects.filter(run=occurrence.pk).first()
    if found is None:
        place, zone = occurrence.organization_id, zone_for(definition, occurrence.organization_id)
        asked = ask(only_if, place, at=occurrence.fire_at, now=now, zone=zone)
        if asked.figure is None and only_if.error == "retry":
            raise TryLater(f"The condition could not be asked. {asked.error}")
        found = _evaluated(occurrence, only_if, asked, zone=zone, now=now)
    if found.verdict != "fire":
        raise Declined(_public(found, occurrence.organization_id, only_if))


@transaction.atomic
def _evaluated(occurrence: Occurrence, only_if: OnlyIf, asked: Asked, *, zone: str, now: datetime) -> Evaluation:
    """The evaluation and the state that follows, together and once: the lease's holder alone writes them."""
    claims.hold(occurrence)
    # Two runs of one schedule may be evaluated at once; the schedule's row lets one go first.
    Schedule.objects.select_for_update(no_key=True).filter(pk=occurrence.schedule_id).values_list("pk").first()
    state, _made = AlarmState.objects.get_or_create(schedule_id=occurrence.schedule_id, defaults={"condition": ""})
    if state.condition == condition_key(only_if) and (known := _of_withdrawn(occurrence)):
        return known
    said = told(only_if, alarm_of(state, only_if), asked, at=occurrence.fire_at, zone=zone)
    keep(state, only_if, said.answer.alarm)
    return Evaluation.objects.create(
        schedule_id=occurrence.schedule_id, run=occurrence.pk, fire_at=occurrence.fire_at, at=now,
        dataset=only_if.dataset, metric=only_if.metric, **facts_of(said),
    )  # fmt: skip


def _of_withdrawn(occurrence: Occurrence) -> Evaluation | None:
    """The evaluation of this very firing by a run that was made ahead of it and taken back: it counts, and is this run's now."""
    found = Evaluation.objects.filter(schedule_id=occurrence.schedule_id, fire_at=occurrence.fire_at).last()
    if found is None or Occurrence.objects.filter(pk=found.run).exists():
        return None
    found.run = occurrence.pk
    found.save(update_fields=["run"])
    return found


def facts_of(said: Told) -> dict[str, object]:
    """The fields of an `Evaluation` that follow from *said*."""
    figure, judged, answer = said.asked.figure, said.asked.judged, said.answer
    return {
        "period": figure.period.key[:60] if figure else "",
        "value": figure.value if figure else None,
        "before": figure.before if figure else None,
        "measure": judged.measure if judged and isfinite(judged.measure) else None,
        "status": answer.alarm.status, "in_a_row": answer.alarm.in_a_row, "verdict": answer.verdict,
        "because": answer.because, "reason": said.reason, "plainly": said.plainly,
    }  # fmt: skip


def _public(found: Evaluation, organization_id: int, only_if: OnlyIf) -> str:
    """The reason as everybody may read it who knows of the run."""
    return found.reason if is_open(stored(organization_id, only_if.dataset), fields_of(only_if)) else found.plainly
