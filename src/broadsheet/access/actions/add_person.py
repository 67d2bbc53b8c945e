"""Let a person in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from broadsheet.access.errors import AccessError, Conflict, OwnersOnly
from broadsheet.access.giving import require_all, require_lifting
from broadsheet.access.models import Membership, Role, User
from broadsheet.access.standing import carried
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import UNKEPT
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import GIVEN, require


@transaction.atomic
def add_person(actor: Actor, *, email: str, name: str, role: str, password: str, now: datetime) -> Membership:
    """A member with *role*, who signs in with *password*. Raises AccessError, and Refused without the right."""
    require(actor, "person.edit")
    email, name = email.strip().lower(), " ".join(name.split())
    if len(name) > 200 or UNKEPT.search(name):
        raise AccessError("The name has over 200 letters, or one that cannot be kept. Write a plain one.")
    check_role(actor, role)
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


@transaction.atomic
def add_service(actor: Actor, *, name: str, role: str, now: datetime) -> Membership:
    """A service identity with *role*: it never signs in, and acts by its tokens alone (`tokens.issue`). Raises AccessError,
    Refused."""
    require(actor, "person.edit")
    name = " ".join(name.split())
    slug = slugify(name)[:60]
    if not slug or len(name) > 200:
        raise AccessError("The service has no name that can be written in an address. Use some Latin letters.")
    check_role(actor, role)
    if role == "owner":
        raise AccessError("A service cannot be an owner. Give it the role it needs.")
    email = f"{slug}@service-{actor.organization_id}.invalid"  # RFC 2606: no mail can ever reach it
    if User.objects.filter(email=email).exists():
        raise Conflict(f"There is a service “{slug}” already. Choose another name.")
    user = User(email=email, name=name, joined_at=now, mail_notices=False)
    user.set_unusable_password()
    user.save()
    membership = Membership.objects.create(
        organization_id=actor.organization_id, user=user, role=role, since=now, service=True
    )
    record(actor, "service.added", email, now=now, role=role)
    return membership


def check_role(actor: Actor, role: str) -> None:
    """Raise AccessError unless *role* can be given to somebody here, and by *actor*."""
    mine = Role.objects.filter(organization_id=actor.organization_id)
    list(mine.select_for_update().filter(name=role).values_list("pk"))  # it must not be removed while it is given
    own = set(mine.values_list("name", flat=True))
    if role not in GIVEN and role not in own:
        raise AccessError(f"There is no role “{role}”. Use one of {', '.join([*GIVEN, *sorted(own)])}.")
    if role == "owner" and actor.role not in {"owner", "system"}:
        raise OwnersOnly("Only an owner makes another owner. Ask one.")
    require_all(actor, carried(actor.organization_id, role), f"The role “{role}”")
    require_lifting(actor, f"role.{role}")


def set_password(user: User, password: str) -> None:
    """Check and set, unsaved. Raises AccessError with what the password lacks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccessError(f"The password cannot be used. {' '.join(error.messages)}") from error
    user.set_password(password)
