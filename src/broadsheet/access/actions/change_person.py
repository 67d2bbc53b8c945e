"""Change what a member may do, or end the membership."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from broadsheet.access.attributes import NAME as ATTRIBUTE
from broadsheet.access.errors import AccessError, Conflict, OwnersOnly, UnknownPerson
from broadsheet.access.giving import has_conditions, require_rows
from broadsheet.access.models import FeedAddress, GrantedRole, Membership, Team, Token, User
from broadsheet.access.standing import carried
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import ADMIN, EDIT, held_by, require
from broadsheet.schedules.actions.hand_over import hand_over, leave_behind

from .add_person import check_role, set_password


@transaction.atomic
def change_member(
    actor: Actor,
    user_id: int,
    *,
    role: str | None = None,
    attributes: Mapping[str, object] | None = None,
    active: bool | None = None,
    heir: int | None = None,
    now: datetime,
) -> list[str]:
    """All that is given at once, or nothing; names of the schedules that *heir* has, or that paused. Raises AccessError,
    Refused."""
    require(actor, "person.edit")
    if role is None and attributes is None and active is None:
        raise AccessError("Nothing is asked for. Give a role, attributes, or whether the person is active.")
    if heir is not None and active is not False:
        raise AccessError("An heir takes over from who is deactivated. Give active as false, or no heir.")
    if role is not None:
        change_role(actor, user_id, role=role, now=now)
    if attributes is not None:
        change_attributes(actor, user_id, attributes=attributes, now=now)
    if active:
        reactivate(actor, user_id, now=now)
    return deactivate(actor, user_id, now=now, heir=heir) if active is False else []


@transaction.atomic
def change_role(actor: Actor, user_id: int, *, role: str, now: datetime) -> None:
    """Raises AccessError for an unknown role or person, or when the last owner would go."""
    require(actor, "person.edit")
    check_role(actor, role)
    membership = _member(actor, user_id)
    if membership.service and role == "owner":
        raise AccessError("A service cannot be an owner. Give it the role it needs.")
    if user_id == actor.user_id and role != membership.role and has_conditions(actor):
        raise OwnersOnly("Your own role holds under conditions, so somebody else gives you another. Ask an owner.")
    if "owner" in {role, membership.role} and actor.role not in {"owner", "system"}:
        raise OwnersOnly("Only an owner changes who is an owner. Ask one.")
    if membership.role == "owner" and role != "owner":
        _keep_one_owner(actor, membership)
    _require_not_above(actor, membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(actor, "person.role_changed", membership.user.email, now=now, role=role, before=before)


@transaction.atomic
def change_attributes(actor: Actor, user_id: int, *, attributes: Mapping[str, object], now: datetime) -> None:
    """What row rules and masks compare when the member looks at a report. Raises AccessError for a name or value that
    cannot be one, UnknownPerson, Refused."""
    require(actor, "person.edit")
    membership = _member(actor, user_id)
    wrong = [name for name in attributes if not ATTRIBUTE.fullmatch(name)]
    if wrong:
        raise AccessError(f"“{wrong[0]}” cannot be an attribute. Use small letters, digits and underscores.")
    odd = [name for name, value in attributes.items() if not isinstance(value, (str, int, float, bool))]
    if odd:
        raise AccessError(f"“{odd[0]}” is neither a text, a number nor true or false. Write one of these.")
    if attributes and attributes != membership.attributes:
        require_rows(actor, "An attribute of a member")
    before, membership.attributes = membership.attributes, dict(attributes)
    membership.save(update_fields=["attributes"])
    record(actor, "person.attributes_changed", membership.user.email, now=now, before=before, after=dict(attributes))


@transaction.atomic
def deactivate(actor: Actor, user_id: int, *, now: datetime, heir: int | None = None) -> list[str]:
    """The member can do nothing from this moment on: no page, token or feed of theirs opens. Their schedules are *heir*'s
    from then on, a member's id; without one they pause. Names of these schedules.

    Raises AccessError, and changes nothing then.
    """
    require(actor, "person.edit")
    if heir == user_id:
        raise Conflict("Who goes cannot be the one to take over. Choose another member.")
    membership = _member(actor, user_id)
    if user_id == actor.user_id:
        raise Conflict("You cannot deactivate yourself. Ask another owner or admin.")
    _require_for_owner(actor, membership, "deactivates")
    names = leave_behind(actor, user_id, now=now) if heir is None else hand_over(actor, user_id, to=heir, now=now)
    membership.active = False
    membership.save(update_fields=["active"])
    record(actor, "person.deactivated", membership.user.email, now=now, heir=heir, schedules=names)
    return names


@transaction.atomic
def reactivate(actor: Actor, user_id: int, *, now: datetime) -> None:
    """The member's role, tokens and feed hold again. Schedules that paused stay paused. Raises AccessError, Refused."""
    require(actor, "person.edit")
    membership = _member(actor, user_id)
    if membership.role == "owner" and actor.role not in {"owner", "system"}:
        raise OwnersOnly("Only an owner lets an owner back in. Ask one.")
    membership.active = True
    membership.save(update_fields=["active"])
    record(actor, "person.reactivated", membership.user.email, now=now)


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
    _require_for_owner(actor, membership, "removes")
    Token.objects.filter(organization_id=actor.organization_id, user_id=user_id, revoked_at__isnull=True).update(
        revoked_at=now
    )
    FeedAddress.objects.filter(organization_id=actor.organization_id, user_id=user_id).delete()
    names = leave_behind(actor, user_id, now=now) if heir is None else hand_over(actor, user_id, to=heir, now=now)
    GrantedRole.objects.filter(organization_id=actor.organization_id, user_id=user_id).delete()
    for team in Team.objects.filter(organization_id=actor.organization_id, members=user_id):
        team.members.remove(user_id)
    membership.delete()
    record(actor, "person.removed", membership.user.email, now=now, heir=heir, schedules=names)
    return names


@transaction.atomic
def change_password(actor: Actor, user: User, *, current: str, new: str, now: datetime) -> None:
    """*user* is the person who acts. Raises AccessError when *current* is wrong or *new* too weak. Other sessions of the person end by it."""
    if not user.check_password(current):
        raise AccessError("The present password is not right. Type it again.")
    set_password(user, new)
    user.save(update_fields=["password"])
    record(actor, "person.password_changed", user.email, now=now)


def _member(actor: Actor, user_id: int) -> Membership:
    found = (
        Membership.objects.filter(organization_id=actor.organization_id, user_id=user_id).select_related("user").first()
    )
    if found is None:
        raise UnknownPerson("There is no such member here. Look at the list of people.")
    return found


def _require_not_above(actor: Actor, membership: Membership) -> None:
    """Nobody is taken down by who manages less than they do."""
    above = (carried(actor.organization_id, membership.role) & (ADMIN - EDIT)) - held_by(actor)
    if above and membership.user_id != actor.user_id:
        said = f"{membership.user} may {', '.join(sorted(above)[:3])}, and you may not."
        raise OwnersOnly(f"{said} Somebody who may changes what they are. Ask an owner or admin.")


def _require_for_owner(actor: Actor, membership: Membership, does: str) -> None:
    _require_not_above(actor, membership)
    if membership.role == "owner":
        if actor.role not in {"owner", "system"}:
            raise OwnersOnly(f"Only an owner {does} an owner. Ask one.")
        _keep_one_owner(actor, membership)


def _keep_one_owner(actor: Actor, leaving: Membership) -> None:
    # Locked, since two owners who take each other's role at one moment would both find the other still there.
    owners = Membership.objects.select_for_update().filter(
        organization_id=actor.organization_id, role="owner", active=True
    )
    if not set(owners.values_list("pk", flat=True)) - {leaving.pk}:
        raise Conflict("The last owner stays. Make another person an owner first.")
