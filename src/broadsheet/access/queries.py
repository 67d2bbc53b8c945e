"""Who somebody is, and who else may be seen by them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from broadsheet.access.errors import UnknownPerson
from broadsheet.access.models import Contact, FeedAddress, Membership, Organization, Role, Team, Token, User
from broadsheet.access.sealed import unseal
from broadsheet.access.standing import actor_of_member, standing
from broadsheet.core.policy import Actor, Circumstances, may, may_somewhere, require, require_somewhere
from broadsheet.keyring import Unsealable

SYSTEM = "Broadsheet"
FEED_SCOPES = frozenset({"schedule.read"})
USED_SECONDS = 60  # one write a minute at most


def actor_of(user: User, *, via: str, organization: str = "", given: Circumstances | None = None) -> Actor | None:
    """The actor that *user* is in *organization* (its slug; empty: the first they belong to) under the circumstances
    *given* (None: now, from nowhere that is known), or None."""
    memberships = Membership.objects.filter(user=user, user__is_active=True, active=True, service=False)
    if organization:
        memberships = memberships.filter(organization__slug=organization)
    membership = standing(memberships).order_by("id").first()
    if membership is None:
        return None
    return actor_of_member(membership, given or Circumstances(timezone.now()), name=str(user), via=via)


def system_actor(organization_id: int, *, via: str = "system") -> Actor:
    """The product itself, at work in *organization_id*: schedules that fire, the command line of the machine's owner."""
    return Actor(organization_id, None, SYSTEM, "system", via)


def actor_of_token(secret: str, *, now: datetime, address: str = "") -> Actor | None:
    """The actor behind a token that is used from *address*, or None when it is unknown, ended, revoked, or its owner has
    left."""
    found = (
        Token.objects.filter(digest=digest(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    membership = standing(_active(found.organization_id).filter(user_id=found.user_id)).first()
    if membership is None:
        return None
    if found.used_at is None or (now - found.used_at).total_seconds() > USED_SECONDS:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    name = f"{str(found.user)[:90]} ({found.name})"
    actor = actor_of_member(membership, Circumstances(now, address), name=name, via="api")
    return replace(actor, scopes=frozenset(found.scopes))


def actor_of_feed(secret: str, *, now: datetime) -> Actor | None:
    """Whose feed the secret opens, with the right to read schedules alone; None when it is unknown or ended, or its
    owner may not read them now: has left, was deactivated, or lost the role."""
    found = FeedAddress.objects.filter(digest=digest(secret), user__is_active=True).select_related("user").first()
    if found is None:
        return None
    membership = standing(_active(found.organization_id).filter(user_id=found.user_id)).first()
    if membership is None:
        return None
    actor = actor_of_member(membership, Circumstances(now), name=str(found.user), via="feed")
    actor = replace(actor, scopes=FEED_SCOPES)
    if not may_somewhere(actor, "schedule.read"):
        return None
    if found.used_at is None or (now - found.used_at).total_seconds() > USED_SECONDS:
        FeedAddress.objects.filter(pk=found.pk).update(used_at=now)
    return actor


def feed_address(actor: Actor) -> FeedAddress | None:
    """The actor's own, without its secret; None when there is none. Raises Refused."""
    require_somewhere(actor, "schedule.read")
    return FeedAddress.objects.filter(organization_id=actor.organization_id, user_id=actor.user_id or 0).first()


def feed_secret(actor: Actor, address: FeedAddress) -> str:
    """The secret of the actor's own address; empty where the key that sealed it is gone, and for who looks through their
    eyes, since it would open the feed long after."""
    if actor.looking_as or address.user_id != actor.user_id:
        return ""
    try:
        return unseal(address.sealed, purpose=feed_purpose(address.organization_id, address.user_id))["secret"]
    except Unsealable:
        return ""


def feed_purpose(organization_id: int, user_id: int) -> str:
    """What a feed's sealed secret is bound to."""
    return f"feed:{organization_id}:{user_id}"


def digest(secret: str) -> str:
    """SHA-256 of a secret. They have 128 random bits at least, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(actor: Actor) -> str:
    """The mail address of the person who acts; empty for the system."""
    if actor.user_id is None:
        return ""
    return User.objects.filter(pk=actor.user_id).values_list("email", flat=True).first() or ""


def language_of(actor: Actor) -> str:
    """The language of the person who acts, as a BCP 47 tag; the organization's where they chose none."""
    own = User.objects.filter(pk=actor.user_id or 0).values_list("language", flat=True).first()
    return own or organization_of(actor).language


def members_among(organization_id: int, user_ids: Iterable[int]) -> set[int]:
    """Those of *user_ids* who belong to the organization now and may sign in."""
    return set(_active(organization_id).filter(user_id__in=set(user_ids)).values_list("user_id", flat=True))


def owners(organization_id: int) -> set[int]:
    """Ids of the organization's owners who may sign in."""
    return set(_active(organization_id).filter(role="owner").values_list("user_id", flat=True))


def _active(organization_id: int) -> QuerySet[Membership]:
    return Membership.objects.filter(organization_id=organization_id, user__is_active=True, active=True)


def organization_of(actor: Actor, **notes: Any) -> Organization:
    """With *notes* (expressions by name) as attributes more, for what would be a question of its own else."""
    return Organization.objects.annotate(**notes).get(pk=actor.organization_id)


def member(actor: Actor, email: str) -> Membership:
    """The member with the mail address *email*. Raises UnknownPerson, Refused."""
    found = people(actor).filter(user__email=email.strip().lower()).first()
    if found is None:
        raise UnknownPerson(f"There is no member “{email}” here. Look at the list of people.")
    return found


def teams(actor: Actor) -> QuerySet[Team]:
    """The organization's teams, by name. Raises Refused."""
    require(actor, "person.read")
    return Team.objects.filter(organization_id=actor.organization_id).prefetch_related("members", "contacts")


def roles(actor: Actor) -> QuerySet[Role]:
    """Roles of the organization's own, by name. Raises Refused."""
    require(actor, "person.read")
    return Role.objects.filter(organization_id=actor.organization_id)


def contacts(actor: Actor) -> QuerySet[Contact]:
    """People without an account, by name. Raises Refused."""
    require(actor, "contact.read")
    return Contact.objects.filter(organization_id=actor.organization_id).prefetch_related("teams")


def contacts_of(organization_id: int, *, keys: Iterable[str] = (), teams: Iterable[str] = ()) -> list[Contact]:
    """The active contacts with one of *keys* or in one of *teams*, each once, for acts that have checked their rights."""
    mine = Contact.objects.filter(organization_id=organization_id, active=True)
    return list(mine.filter(Q(name__in=list(keys)) | Q(teams__name__in=list(teams))).distinct().order_by("name"))


def members_of_teams(organization_id: int, teams: Iterable[str]) -> list[Membership]:
    """The active members in one of *teams*, each once with their user, for acts that have checked their rights."""
    within = Team.objects.filter(organization_id=organization_id, name__in=list(teams)).values("pk")
    mine = _active(organization_id).filter(user__teams__in=within, service=False).select_related("user")
    return list(mine.distinct().order_by("pk"))


def deactivated(organization_id: int) -> set[str]:
    """Mail addresses of members who are not active, in small letters."""
    gone = Membership.objects.filter(organization_id=organization_id, active=False)
    return {email.lower() for email in gone.values_list("user__email", flat=True)}


def audience_names(organization_id: int) -> tuple[list[str], list[str]]:
    """Names of an organization's contacts and teams, for acts that have checked their rights."""
    contacts = Contact.objects.filter(organization_id=organization_id).values_list("name", flat=True)
    return list(contacts), list(Team.objects.filter(organization_id=organization_id).values_list("name", flat=True))


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
