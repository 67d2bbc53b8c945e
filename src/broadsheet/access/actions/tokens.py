"""Issue and revoke tokens for machines."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.access.errors import AccessError, UnknownToken
from broadsheet.access.models import Token
from broadsheet.access.queries import digest, tokens
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor, permissions_of
from broadsheet.core.policy.roles import require

MARK = "bst_"  # so that scanners of leaked secrets know ours


@transaction.atomic
def issue(actor: Actor, *, name: str, scopes: Collection[str], days: int | None, now: datetime) -> tuple[Token, str]:
    """A token of the actor's own, and its secret, which is shown this once and never again.

    *scopes* are permissions, none that the actor lacks; *days* until it ends (None: never). Raises AccessError.
    """
    require(actor, "token.edit")
    if actor.user_id is None:
        raise AccessError("A token belongs to a person. Sign in, or name the person.")
    if not name.strip():
        raise AccessError("The token has no name. Say what it is for.")
    lacking = sorted(set(scopes) - permissions_of(actor.role))
    if lacking or not scopes:
        said = f"Your role does not include {', '.join(lacking)}." if lacking else "The token has no scope."
        raise AccessError(f"{said} Choose from {', '.join(sorted(permissions_of(actor.role)))}.")
    if actor.scopes is not None and not set(scopes) <= actor.scopes:
        raise AccessError("A token cannot make a token that may do more than itself.")
    if days is not None and not 1 <= days <= 3650:
        raise AccessError("A token lives between 1 and 3650 days.")
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        name=name.strip()[:100],
        prefix=secret[: len(MARK) + 6],
        digest=digest(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    record(actor, "token.issued", token.name, now=now, scopes=token.scopes)
    return token, secret


@transaction.atomic
def revoke(actor: Actor, token_id: int, *, now: datetime) -> None:
    """End a token at once. Raises UnknownToken when there is none of that number that the actor may see."""
    token = tokens(actor).filter(pk=token_id).first()
    if token is None:
        raise UnknownToken("There is no such token here. Look at the list of tokens.")
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)
    record(actor, "token.revoked", token.name, now=now)
