"""What was done, by whom and by which way: for those who may read the journal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from broadsheet.compliance.models import Entry
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require


def journal(actor: Actor, *, text: str = "") -> QuerySet[Entry]:
    """The organization's entries, newest first; *text* is part of the actor, act or object, or begins the address. Raises Refused."""
    found = entries(actor)
    if text:
        found = found.filter(
            Q(actor__icontains=text)
            | Q(action__icontains=text)
            | Q(object__icontains=text)
            | Q(address__startswith=text)
        )
    return found.order_by("-at", "-pk")


def entries(
    actor: Actor,
    *,
    action: str = "",
    subject: str = "",
    by: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """The organization's entries, the newest first. *action* may be the start of one (``delivery.``); *by* is part of
    the actor's name; *until* is not included. Raises Refused."""
    require(actor, "journal.read")
    found = Entry.objects.filter(organization_id=actor.organization_id)
    if action:
        found = found.filter(action__startswith=action)
    if subject:
        found = found.filter(object=subject)
    if by:
        found = found.filter(actor__icontains=by)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found.order_by("-pk")
