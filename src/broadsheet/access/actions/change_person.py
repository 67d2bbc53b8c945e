"""Change what a member may do, or end the membership."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.access.errors import AccessError, Conflict, OwnersOnly, UnknownPerson
from broadsheet.access.models import FeedAddress, Membership, Token, User
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.schedules.actions.hand_over import hand_over, leave_behind

from .add_person import GIVEN, set_password


@transaction.atomic
def change_role(actor: Actor, user_id: int, *, role: str, now: datetime) -> None:
    """Raises AccessError for an unknown role or person, or when the last owner would go."""
    require(actor, "person.edit")
    if role not in GIVEN:
        raise AccessError(f"There is no role “{role}”. Use one of {', '.join(GIVEN)}.")
    membership = _member(actor, user_id)
    if "owner" in {role, membership.role} and actor.role not in {"owner", "system"}:
        raise OwnersOnly("Only an owner changes who is an owner. Ask one.")
    if membership.role == "owner" and role != "owner":
        _keep_one_owner(actor, membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record(actor, "person.role_changed", membership.user.email, now=now, role=role)


@transaction.atomic
def remove_person(actor: Actor, user_id: int, *, now: datetime, heir: int | None = None) -> list[str]:
    """End the membership, every token it carried and the address of its feed. Their schedules are *heir*'s from then on, a
    member's id; without one they pause. Names of these schedules.

    Raises AccessError, and changes nothing then.
    """
    require(actor, "person.edit")
    if heir == user_id:
        raise Conflict("Who goes cannot be the one to take over. Choose another member.")
    membership = _member(actor, user_id)
    if membership.role == "owner":
        if actor.role not in {"owner", "system"}:
            raise OwnersOnly("Only an owner removes an owner. Ask one.")
        _keep_one_owner(actor, membership)
    Token.objects.filter(organization_id=actor.organization_id, user_id=user_id, revoked_at__isnull=True).update(
        revoked_at=now
    )
    FeedAddress.objects.filter(organization_id=actor.organization_id, user_id=user_id).delete()
    names = leave_behind(actor, user_id, now=now) if heir is None else hand_over(actor, user_id, to=heir, now=now)
    membership.delete()
    record(actor, "person.removed", membership.user.email, now=now, heir=heir, schedules=names)
    return names


@transaction.atomic
def change_password(user: User, *, current: str, new: str, now: datetime) -> None:
    """Raises AccessError when *current* is wrong or *new* too weak. Other sessions of the person end by it."""
    if not user.check_password(current):
        raise AccessError("The present password is not right. Type it again.")
    set_password(user, new)
    user.save(update_fields=["password"])


def _member(actor: Actor, user_id: int) -> Membership:
    found = (
        Membership.objects.filter(organization_id=actor.organization_id, user_id=user_id).select_related("user").first()
    )
    if found is None:
        raise UnknownPerson("There is no such member here. Look at the list of people.")
    return found


def _keep_one_owner(actor: Actor, leaving: Membership) -> None:
    # Locked, since two owners who take each other's role at one moment would both find the other still there.
    owners = Membership.objects.select_for_update().filter(organization_id=actor.organization_id, role="owner")
    if not set(owners.values_list("pk", flat=True)) - {leaving.pk}:
        raise Conflict("The last owner stays. Make another person an owner first.")
