"""Give all schedules of a person to another, or pause them: nothing goes on under somebody who has gone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.access.errors import Conflict, OwnersOnly, UnknownPerson
from broadsheet.access.models import Membership
from broadsheet.access.standing import carried
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.schedules.actions.steer import paused
from broadsheet.schedules.models import Schedule
from broadsheet.sources.actions.pass_on import pass_on


@transaction.atomic
def hand_over(actor: Actor, user_id: int, *, to: int, now: datetime) -> list[str]:
    """Names of the schedules that were of the person *user_id* and are *to*'s now; so are their datasets. Raises UnknownPerson, Conflict for who
    may not change schedules, Refused."""
    require(actor, "person.edit")
    heir = (
        Membership.objects.filter(organization_id=actor.organization_id, user_id=to, user__is_active=True, active=True)
        .select_related("user")
        .first()
    )
    if heir is None:
        raise UnknownPerson("There is no such member here to hand over to. Look at the list of people.")
    if "schedule.edit" not in carried(actor.organization_id, heir.role):
        raise Conflict(f"{heir.user} is {heir.role} and may not change schedules. Choose somebody who may.")
    if to == actor.user_id and actor.only_own:
        raise OwnersOnly(
            "You may do with your own schedules what you may not with others, so cannot take any over. Ask an owner."
        )
    names = []
    for schedule in _owned(actor, user_id):
        schedule.owner_id = to
        schedule.save(update_fields=["owner"])
        record(actor, "schedule.handed_over", schedule.name, now=now, to=heir.user.email)
        names.append(schedule.name)
    leaving = (
        Membership.objects.filter(organization_id=actor.organization_id, user_id=user_id).select_related("user").first()
    )
    if leaving is not None:
        pass_on(actor, leaving.user.email, heir.user.email, now=now)
    return names


@transaction.atomic
def leave_behind(actor: Actor, user_id: int, *, now: datetime) -> list[str]:
    """Pause the schedules of who goes without an heir, and take their name off; names of those that were paused by it."""
    require(actor, "person.edit")
    names = []
    for schedule in _owned(actor, user_id):
        if schedule.paused_at is None:
            paused(actor, schedule, now=now)
            names.append(schedule.name)
        Schedule.objects.filter(pk=schedule.pk).update(owner=None)
    return names


def _owned(actor: Actor, user_id: int) -> list[Schedule]:
    mine = Schedule.objects.select_for_update().filter(organization_id=actor.organization_id, owner_id=user_id)
    return list(mine.order_by("name"))
