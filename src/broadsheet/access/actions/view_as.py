"""Look through a member's eyes: with their rights and rows, nothing can be changed, and the journal says who looked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from broadsheet.access.errors import Conflict, UnknownPerson
from broadsheet.access.models import Membership
from broadsheet.access.standing import actor_of_member, may_look_through, standing, through_the_eyes_of
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor, Circumstances, require
from broadsheet.core.policy.roles import Refused


def begin(actor: Actor, email: str, *, given: Circumstances) -> int:
    """The id of the membership of who is looked at through `eyes` from now on. Raises UnknownPerson, Conflict, Refused; the last also
    where the other sees more than the actor may."""
    require(actor, "person.view_as")
    found = standing(_members(actor)).filter(user__email=email.strip().lower()).first()
    if found is None:
        raise UnknownPerson(f"There is no member “{email}” here who may sign in. Look at the list of people.")
    if found.user_id == actor.user_id:
        raise Conflict("These are your own eyes. Choose somebody else.")
    decision = may_look_through(actor, actor_of_member(found, given, name=str(found.user), via=actor.via))
    if not decision:
        raise Refused(decision)
    record(actor, "person.viewed_as", found.user.email, now=given.now)
    return found.pk


def end(actor: Actor, email: str, *, now: datetime) -> None:
    """Write down that *actor* stopped looking."""
    record(actor, "person.view_ended", email, now=now)


def lost(actor: Actor, membership_id: int, *, now: datetime) -> None:
    """Write down that *actor* cannot look any more through the eyes of who had the membership."""
    end(
        actor,
        _members(actor, gone=True).values_list("user__email", flat=True).filter(pk=membership_id).first() or "",
        now=now,
    )


def eyes(actor: Actor, membership_id: int, *, given: Circumstances) -> tuple[Actor, Membership] | None:
    """The one looked at as an actor who can change nothing, and their membership; None when *actor* may not any more, or
    the other has gone."""
    found = standing(_members(actor)).filter(pk=membership_id).first()
    if found is None:
        return None
    seen = actor_of_member(found, given, name=str(found.user), via=actor.via)
    return (through_the_eyes_of(actor, seen), found) if may_look_through(actor, seen) else None


def _members(actor: Actor, *, gone: bool = False) -> QuerySet[Membership]:
    mine = Membership.objects.filter(organization_id=actor.organization_id, service=False).select_related("user")
    return mine if gone else mine.filter(active=True, user__is_active=True)
