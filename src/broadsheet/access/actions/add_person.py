"""Let a person in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from broadsheet.access.errors import AccessError, Conflict, OwnersOnly
from broadsheet.access.models import Membership, User
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import UNKEPT
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import ROLES, require

GIVEN = tuple(role for role in ROLES if role != "system")


@transaction.atomic
def add_person(actor: Actor, *, email: str, name: str, role: str, password: str, now: datetime) -> Membership:
    """A member with *role*, who signs in with *password*. Raises AccessError, and Refused without the right."""
    require(actor, "person.edit")
    email, name = email.strip().lower(), " ".join(name.split())
    if len(name) > 200 or UNKEPT.search(name):
        raise AccessError("The name has over 200 letters, or one that cannot be kept. Write a plain one.")
    if role not in GIVEN:
        raise AccessError(f"There is no role “{role}”. Use one of {', '.join(GIVEN)}.")
    if role == "owner" and actor.role not in {"owner", "system"}:
        raise OwnersOnly("Only an owner makes another owner. Ask one.")
    try:
        validate_email(email)
    except ValidationError as error:
        raise AccessError(f"“{email}” is not a mail address. Write it as name@example.com.") from error
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name or email, joined_at=now)
        set_password(user, password)
        user.save()
    elif Membership.objects.filter(organization_id=actor.organization_id, user=user).exists():
        raise Conflict(f"{email} is a member already. Change the role instead.")
    membership = Membership.objects.create(organization_id=actor.organization_id, user=user, role=role, since=now)
    record(actor, "person.added", email, now=now, role=role)
    return membership


def set_password(user: User, password: str) -> None:
    """Check and set, unsaved. Raises AccessError with what the password lacks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccessError(f"The password cannot be used. {' '.join(error.messages)}") from error
    user.set_password(password)
