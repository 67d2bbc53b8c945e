"""Who somebody is, and who else may be seen by them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Q, QuerySet

from broadsheet.access.models import Membership, Organization, Token, User
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import may, require

SYSTEM = "Broadsheet"


def actor_of(user: User, *, via: str, organization: str = "") -> Actor | None:
    """The actor that *user* is in *organization* (its slug; empty: the first they belong to), or None."""
    memberships = Membership.objects.filter(user=user, user__is_active=True).select_related("organization", "user")
    if organization:
        memberships = memberships.filter(organization__slug=organization)
    membership = memberships.order_by("id").first()
    if membership is None:
        return None
    return Actor(membership.organization_id, user.pk, str(user), membership.role, via)


def system_actor(organization_id: int, *, via: str = "system") -> Actor:
    """The product itself, at work in *organization_id*: schedules that fire, the command line of the machine's owner."""
    return Actor(organization_id, None, SYSTEM, "system", via)


def actor_of_token(secret: str, *, now: datetime) -> Actor | None:
    """The actor behind a token, or None when it is unknown, ended, revoked, or its owner has left."""
    found = (
        Token.objects.filter(digest=digest(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    membership = Membership.objects.filter(organization_id=found.organization_id, user_id=found.user_id).first()
    if membership is None:
        return None
    if found.used_at is None or (now - found.used_at).total_seconds() > 60:  # one write a minute at most
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return Actor(
        found.organization_id, found.user_id, f"{str(found.user)[:90]} ({found.name})", membership.role, "api",
        scopes=frozenset(found.scopes),
    )  # fmt: skip


def digest(secret: str) -> str:
    """SHA-256 of a token. Tokens are 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(actor: Actor) -> str:
    """The mail address of the person who acts; empty for the system."""
    if actor.user_id is None:
        return ""
    return User.objects.filter(pk=actor.user_id).values_list("email", flat=True).first() or ""


def organization_of(actor: Actor) -> Organization:
    return Organization.objects.get(pk=actor.organization_id)


def organizations() -> QuerySet[Organization]:
    """All of them: for the command line of the machine's owner alone."""
    return Organization.objects.order_by("id")


def people(actor: Actor) -> QuerySet[Membership]:
    """Members of the actor's organization, by name."""
    require(actor, "person.read")
    return (
        Membership.objects.filter(organization_id=actor.organization_id).select_related("user").order_by("user__name")
    )


def tokens(actor: Actor) -> QuerySet[Token]:
    """The actor's own tokens; those of all for who may edit people."""
    require(actor, "token.edit")
    found = Token.objects.filter(organization_id=actor.organization_id)
    if not may(actor, "person.edit"):
        found = found.filter(user_id=actor.user_id or 0)
    return found.select_related("user").order_by("-created_at")
