"""Issue and revoke tokens for machines."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from broadsheet.access.errors import AccessError, UnknownPerson, UnknownToken
from broadsheet.access.giving import require_lifting, require_on_each, require_rows
from broadsheet.access.models import GrantedRole, Membership, Team, Token
from broadsheet.access.queries import digest, tokens
from broadsheet.access.standing import carried
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import held_anywhere, held_by, require

MARK = "bst_"  # so that scanners of leaked secrets know ours


@transaction.atomic
def issue(
    actor: Actor, *, name: str, scopes: Collection[str], days: int | None, now: datetime, service: str = ""
) -> tuple[Token, str]:
    """A token of the actor's own, or of the *service* of that name, and its secret, which is shown this once and never
    again.

    *scopes* are permissions, none that the actor or the service lacks; *days* until it ends (None: never). Raises
    AccessError.
    """
    require(actor, "token.edit")
    owner, held = _owner(actor, service)
    if not name.strip():
        raise AccessError("The token has no name. Say what it is for.")
    lacking = sorted(set(scopes) - held)
    if lacking or not scopes:
        whose = "The service’s role" if service else "Your role"
        said = f"{whose} does not include {', '.join(lacking)}." if lacking else "The token has no scope."
        raise AccessError(f"{said} Choose from {', '.join(sorted(held))}.")
    if actor.scopes is not None and not set(scopes) <= actor.scopes:
        raise AccessError("A token cannot make a token that may do more than itself.")
    if days is not None and not 1 <= days <= 3650:
        raise AccessError("A token lives between 1 and 3650 days.")
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        organization_id=actor.organization_id,
        user_id=owner,
        name=name.strip()[:100],
        prefix=secret[: len(MARK) + 6],
        digest=digest(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    record(actor, "token.issued", token.name, now=now, scopes=token.scopes, service=service)
    return token, secret


def _owner(actor: Actor, service: str) -> tuple[int, frozenset[str]]:
    """Whose the token is, and what it may at most carry: what the service has and the actor, too."""
    if not service:
        if actor.user_id is None:
            raise AccessError("A token belongs to a person or a service. Sign in, or name it.")
        return actor.user_id, held_anywhere(actor)
    require(actor, "person.edit")
    mine = Membership.objects.filter(organization_id=actor.organization_id, service=True, user__name=service)
    found = mine.select_related("user").first()
    if found is None:
        raise UnknownPerson(f"There is no service “{service}” here. Add it first, or look at the list of people.")
    _require_as_it(actor, found)
    return found.user_id, carried(actor.organization_id, found.role) & (held_by(actor) - actor.only_own)


def _require_as_it(actor: Actor, service: Membership) -> None:
    """Raise OwnersOnly where whoever holds the service's token would reach things or see rows that *actor* may not."""
    what = f"The service “{service.user.name}”"
    of_it = Q(user_id=service.user_id) | Q(team__members=service.user_id)
    rows = list(GrantedRole.objects.filter(of_it, organization_id=actor.organization_id).distinct())
    roles = {role: carried(actor.organization_id, role) for role in {row.role for row in rows}}
    require_on_each(actor, rows, roles, what)
    if service.attributes:
        require_rows(actor, f"What {what[:1].lower()}{what[1:]} has as attributes")
    require_lifting(actor, f"role.{service.role}")
    for team in Team.objects.filter(organization_id=actor.organization_id, members=service.user_id):
        require_lifting(actor, f"team.{team.name}")


@transaction.atomic
def revoke(actor: Actor, token_id: int, *, now: datetime) -> None:
    """End a token at once. Raises UnknownToken when there is none of that number that the actor may see."""
    token = tokens(actor).filter(pk=token_id).first()
    if token is None:
        raise UnknownToken("There is no such token here. Look at the list of tokens.")
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)
    record(actor, "token.revoked", token.name, now=now)
