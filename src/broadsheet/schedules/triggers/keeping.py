"""What follows from a schedule's triggers when it is kept: who listens to which event, and the mark that is looked at."""

from __future__ import annotations

from datetime import datetime

from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import Loaded, Path, Problem
from broadsheet.core.document.periods import PeriodError
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import unscoped
from broadsheet.reports import queries as reports
from broadsheet.schedules.audience_rights import kept_back
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Listener, Milestone, Schedule
from broadsheet.schedules.triggers.definition import MilestoneDefinition
from broadsheet.schedules.triggers.measuring import span_of
from broadsheet.sources import queries as sources
from broadsheet.sources.secured.clearance import require_cleared


def keep_triggers(schedule: Schedule, definition: ScheduleDefinition, *, now: datetime) -> None:
    """Rows of listeners and of the milestone, as *definition* has them; a mark that was there before is the same row."""
    wanted = {one.event for one in definition.on_event}
    kept = Listener.objects.filter(schedule=schedule)
    kept.exclude(event__in=wanted).delete()
    known = set(kept.values_list("event", flat=True))
    Listener.objects.bulk_create(
        Listener(schedule=schedule, organization_id=schedule.organization_id, event=name)
        for name in sorted(wanted - known)
    )
    mark = definition.milestone.fingerprint() if definition.milestone else ""
    mine = Milestone.objects.filter(schedule=schedule)
    mine.exclude(fingerprint=mark).update(current=False)
    if not mark:
        return
    _, new = mine.get_or_create(
        fingerprint=mark,
        defaults={"organization_id": schedule.organization_id, "schedule": schedule, "look_at": now},
    )
    if not new:
        mine.filter(fingerprint=mark).update(current=True, look_at=now)


def trigger_problems(actor: Actor, definition: ScheduleDefinition, loaded: Loaded) -> list[Problem]:
    """Parameters and fields of datasets that triggers name and that are not there, or not for *actor*. Raises Refused for
    a metric of a class that they are not cleared for. *actor* is unscoped."""
    problems = _parameters(actor, definition, loaded)
    if definition.milestone is not None:
        problems += _milestone(actor, definition, definition.milestone, loaded)
    return problems


def _parameters(actor: Actor, definition: ScheduleDefinition, loaded: Loaded) -> list[Problem]:
    report = reports.reports(actor).filter(name=definition.report).first()
    if report is None:
        return []  # which is a problem of its own
    known = reports.definition_of(reports.latest(report)).parameters
    single = not isinstance(loaded.data.get("on_event"), list)
    given: list[tuple[Path, dict[str, str]]] = [
        (("on_event",) if single else ("on_event", index), one.given) for index, one in enumerate(definition.on_event)
    ]
    if definition.on_call is not None:
        given.append((("on_call",), definition.on_call.given))
    return [
        loaded.problem((*path, "with", name), f"The report has no parameter “{name}”.", near(name, known))
        for path, names in given
        for name in names
        if name not in known
    ]


def _milestone(
    actor: Actor, definition: ScheduleDefinition, asked: MilestoneDefinition, loaded: Loaded
) -> list[Problem]:
    known = {one.name: one for one in sources.datasets(actor)}
    if asked.dataset not in known:
        fix = near(asked.dataset, list(known))
        return [loaded.problem(("milestone", "dataset"), f"There is no dataset “{asked.dataset}”.", fix)]
    fields = [asked.metric, *asked.where]
    require_cleared(unscoped(actor), {asked.dataset: fields})
    told = kept_back(actor, known[asked.dataset], fields)
    if told and not _as_it_was(actor.organization_id, definition):
        fix = "Choose another dataset, or ask somebody who may see all rows."
        return [loaded.problem(("milestone", "dataset"), told, fix)]
    dataset = sources.definition_of(known[asked.dataset]).dataset
    problems = []
    if asked.metric not in dataset.metrics:
        message = f"Dataset “{asked.dataset}” has no metric “{asked.metric}”."
        problems.append(loaded.problem(("milestone", "metric"), message, near(asked.metric, list(dataset.metrics))))
    for column in asked.where:
        if column not in dataset.askable:
            message = f"Dataset “{asked.dataset}” has no dimension “{column}”."
            problems.append(
                loaded.problem(("milestone", "where", column), message, near(column, list(dataset.askable)))
            )
    key = "over" if asked.over else "since"
    if (asked.over or asked.since) and not dataset.time:
        message = f"Dataset “{asked.dataset}” has no time, so there is no span of it."
        problems.append(loaded.problem(("milestone", key), message, "Leave it out, or give the dataset “time:”."))
    try:
        span_of(asked, organization_id=actor.organization_id)
    except PeriodError as error:
        problems.append(loaded.problem(("milestone", "over"), str(error), "Write for instance “this month”."))
    return problems


def _as_it_was(organization_id: int, definition: ScheduleDefinition) -> bool:
    """Whether the schedule has this mark already, which somebody else gave it."""
    mine = Schedule.objects.filter(organization_id=organization_id, name=definition.name)
    before = mine.values_list("definition", flat=True).first() or {}
    return bool(before.get("milestone") == definition.stored().get("milestone"))
