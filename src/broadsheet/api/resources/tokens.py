"""Tokens for machines: shown once, kept as hashes, limited to scopes, ended at any time."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access import queries
from broadsheet.access.actions.tokens import issue, revoke
from broadsheet.access.models import Token

from ..authentication import asker
from ..paging import Asked, Order, Page, Paging, instant, integer, page
from ..telling import told
from .people import bounded

router = Router()


class TokenShape(Schema):
    """A token without its secret."""

    id: int
    name: str = Field(examples=["nightly export"])
    person: str = Field(description="Address of the person whose rights it carries.")
    prefix: str = Field(description="Its first letters, to tell tokens apart.", examples=["bst_k3Jd9x"])
    scopes: list[str] = Field(examples=[["report.read", "report.render"]])
    created_at: datetime
    expires_at: datetime | None = Field(description="Null: it does not end by itself.")
    used_at: datetime | None = Field(description="To the minute.")
    revoked_at: datetime | None


class IssuedToken(TokenShape):
    """A fresh token. ``secret`` is shown this once; nobody can show it again."""

    secret: str = Field(examples=["bst_…"])


class NewToken(Asked):
    name: str = Field(min_length=1, max_length=100, description="What it is for.", examples=["nightly export"])
    scopes: list[str] = Field(min_length=1, max_length=100, description="Permissions, none that the asker lacks.", examples=[["report.read", "report.render"]])  # fmt: skip
    days: int | None = Field(90, ge=1, le=3650, description="Until it ends; null: never.")
    service: str = Field(
        "",
        max_length=200,
        description="Name of the service whose token it is; empty: the asker’s own. Needs `person.edit`.",
    )


def facts(one: Token) -> dict[str, object]:
    return {
        "id": one.pk, "name": one.name, "person": one.user.email, "prefix": one.prefix, "scopes": one.scopes,
        "created_at": one.created_at, "expires_at": one.expires_at, "used_at": one.used_at,
        "revoked_at": one.revoked_at,
    }  # fmt: skip


@router.get("/tokens", **told("listTokens", "List tokens", permission="token.edit", response=Page[TokenShape]))
def list_tokens(request: HttpRequest, paging: Query[Paging]) -> object:
    """The asker's own, the newest first; those of all for who may edit people."""
    order = (Order("created_at", descending=True, read=instant), Order("pk", descending=True, read=integer))
    return page(queries.tokens(asker(request)), paging, order=order, shape=facts)


@router.post(
    "/tokens", **told("issueToken", "Issue a token", permission="token.edit", response={201: IssuedToken}, missing=True)
)
def issue_token(request: HttpRequest, new: NewToken) -> Status[dict[str, object]]:
    """A token of the asker's own, or of a service. A token cannot make one that may do more than itself."""
    token, secret = issue(
        asker(request), name=new.name, scopes=new.scopes, days=new.days, now=timezone.now(), service=new.service
    )
    return Status(201, {**facts(token), "secret": secret})


@router.delete(
    "/tokens/{int:token_id}", **told("revokeToken", "Revoke a token", permission="token.edit", response={204: None})
)
def revoke_token(request: HttpRequest, token_id: int) -> Status[None]:
    """Ends it at once. Doing it twice is as once."""
    revoke(asker(request), bounded(token_id), now=timezone.now())
    return Status(204, None)
