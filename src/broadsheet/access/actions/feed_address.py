"""Make and end the secret address of a person's calendar feed."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from broadsheet.access.errors import AccessError
from broadsheet.access.models import FeedAddress
from broadsheet.access.queries import address_of, digest, feed_purpose
from broadsheet.access.sealed import seal
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require

MARK = "bsf_"  # so that scanners of leaked secrets, and the mask of our own log, know ours
SECRET_BYTES = 16  # 128 bits


@transaction.atomic
def make_feed_address(actor: Actor, *, now: datetime) -> str:
    """A fresh secret for the actor's own feed. The one before opens nothing from this moment on.

    Raises AccessError for who is no person, and Refused. A token makes one only where it may make tokens: else what it
    made would outlive it.
    """
    require(actor, "schedule.read")
    if actor.scopes is not None:
        require(actor, "token.edit")
    if actor.user_id is None:
        raise AccessError("A feed address belongs to a person. Sign in, or name the person.")
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    _, new = FeedAddress.objects.update_or_create(
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        defaults={
            "digest": digest(secret), "made_at": now, "used_at": None,
            "sealed": seal({"secret": secret}, purpose=feed_purpose(actor.organization_id, actor.user_id)),
        },
    )  # fmt: skip
    record(actor, "feed.made" if new else "feed.renewed", address_of(actor), now=now)
    return secret


@transaction.atomic
def end_feed_address(actor: Actor, *, now: datetime) -> bool:
    """Whether there was one: it opens nothing any more. Raises Refused."""
    require(actor, "schedule.read")
    mine = FeedAddress.objects.filter(organization_id=actor.organization_id, user_id=actor.user_id or 0)
    if not mine.delete()[0]:
        return False
    record(actor, "feed.ended", address_of(actor), now=now)
    return True
