"""Plan a maintenance window, begin one at once, end one; whoever owns a schedule that is delayed is told."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.access.queries import organizations
from broadsheet.collaboration import maintenance as told
from broadsheet.collaboration.actions.notify import notify
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import Decision, Refused, require
from broadsheet.operations import maintenance as queries
from broadsheet.operations.errors import OperationsError
from broadsheet.runs.maintenance import settle
from broadsheet.runs.models import Maintenance
from broadsheet.schedules import queries as schedules
from broadsheet.sources.models import Source

MAY = "operation.steer"
LONGEST_DRAIN = timedelta(hours=24)
GRACE = timedelta(minutes=1)  # between a form that was opened and sent
PAGE = "/operations/maintenance/"


@transaction.atomic
def plan(
    actor: Actor,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
    source: str = "",
    drain: timedelta = timedelta(minutes=5),
    everywhere: bool = False,
    now: datetime,
) -> Maintenance:
    """A window of the actor's organization, or *everywhere* of all organizations of the installation, which only the owner
    of the machine may plan. *ends_at* None: until somebody ends it. Raises OperationsError, Refused."""
    require(actor, MAY)
    if everywhere and not (actor.user_id is None and actor.via == "cli"):
        why = (
            "Maintenance of the whole installation concerns other organizations. Plan it on the machine's command line."
        )
        raise Refused(Decision(False, why))
    _check(actor, starts_at, ends_at, reason=reason, source="" if everywhere else source, drain=drain, now=now)
    made = Maintenance.objects.create(
        organization_id=None if everywhere else actor.organization_id,
        source="" if everywhere else source,
        reason=reason.strip(),
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        drain_seconds=int(drain.total_seconds()),
        created_by=actor.name[:200],
        created_at=now,
    )
    record(actor, "maintenance.planned", str(made.pk), now=now, **_detail(made))
    _tell(actor, made, "planned" if made.starts_at > now else "begun", now=now)
    return made


@transaction.atomic
def end(actor: Actor, key: int | str, *, now: datetime) -> bool:
    """End a window that goes on, or call off one that is to come. False when it was over already. Raises UnknownWindow,
    OperationsError, Refused."""
    require(actor, MAY)
    found = queries.window(actor, key)
    if found.organization_id is None and not (actor.user_id is None and actor.via == "cli"):
        raise Refused(Decision(False, "This one is of the whole installation. End it on the machine's command line."))
    if found.over_at is not None and found.over_at <= now:
        return False
    if not Maintenance.objects.filter(pk=found.pk, ended_at__isnull=True).update(ended_at=now):
        return False
    found.ended_at = now
    called_off = found.starts_at > now
    record(actor, "maintenance.ended", str(found.pk), now=now, **_detail(found))
    _tell_again(actor, found, "called_off" if called_off else "ended", now=now)
    settle(found, now=now)
    return True


def _check(
    actor: Actor, starts_at: datetime, ends_at: datetime | None, *, reason: str, source: str, drain: timedelta, now: datetime
) -> None:  # fmt: skip
    if not reason.strip():
        raise OperationsError("Say why: those whose reports come late are told. Write the reason.")
    if len(reason) > 300:
        raise OperationsError("The reason is longer than 300 characters. Say it shorter.")
    if starts_at < now - GRACE:
        raise OperationsError("It would start in the past. Start it now or later.")
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise OperationsError("It would end before it starts. Name a later end, or none.")
    if not timedelta() <= drain <= LONGEST_DRAIN:
        raise OperationsError("What runs may go on for 0 seconds to 24 hours. Choose another time.")
    if source and not Source.objects.filter(organization_id=actor.organization_id, name=source).exists():
        raise OperationsError(f"There is no source “{source}”. Name one of the list of sources, or none for all.")


def _detail(one: Maintenance) -> dict[str, object]:
    return {
        "starts_at": one.starts_at.isoformat(), "over_at": one.over_at.isoformat() if one.over_at else None,
        "source": one.source, "everywhere": one.organization_id is None, "reason": one.reason,
    }  # fmt: skip


def _tell(actor: Actor, one: Maintenance, act: told.Act, *, now: datetime) -> None:
    """Owners of the schedules whose firings it delays, each of their own alone."""
    places = [one.organization_id] if one.organization_id else [each.pk for each in organizations()]
    for place in places:
        theirs: dict[int, list[told.DelayedSchedule]] = defaultdict(list)
        for found in queries.delayed(queries.may_be_delayed(place, one), one):
            if found.schedule.owner_id is not None:
                theirs[found.schedule.owner_id].append(_delayed(found))
        for person, mine in theirs.items():
            said = _said(actor, one, act, mine)
            notify(place, [person], kind=told.KIND, data=said.stored(), link=PAGE, now=now)
            one.told.append([place, person])
    Maintenance.objects.filter(pk=one.pk).update(told=one.told)


def _tell_again(actor: Actor, one: Maintenance, act: told.Act, *, now: datetime) -> None:
    """Those who were told of it."""
    for place, person in one.told:
        notify(place, [person], kind=told.KIND, data=_said(actor, one, act, []).stored(), link=PAGE, now=now)


def _said(actor: Actor, one: Maintenance, act: told.Act, mine: list[told.DelayedSchedule]) -> told.Maintenance:
    by = actor.name if one.organization_id else ""
    shown = tuple(mine[: told.SCHEDULES])
    return told.Maintenance(act, by, one.reason, one.source, one.starts_at, one.over_at, shown, len(mine) - len(shown))


def _delayed(found: queries.Delayed) -> told.DelayedSchedule:
    one = found.schedule
    zone = schedules.timing_of(one).zone
    firings = found.firings[: queries.FIRINGS]
    return told.DelayedSchedule(one.name, one.title, zone, firings, len(found.firings) - len(firings), found.dropped)
