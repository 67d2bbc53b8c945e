"""The journal for an auditor: whether its chain holds, and all of it as lines that can be checked anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from broadsheet.access.models import Organization
from broadsheet.compliance.actions.seal import record_of, seal
from broadsheet.compliance.models import Entry, JournalEnd
from broadsheet.core.chain import Link, Verdict, line_of, verify
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require

READ_AT_ONCE = 2000


def checked(actor: Actor, *, now: datetime, known: str = "") -> Verdict:
    """Whether the organization's journal is what was sealed; *known* is a hash that was noted earlier. Raises Refused."""
    require(actor, "journal.read")
    seal(actor.organization_id, now=now)
    return verify(_links(actor.organization_id), known=known)


def exported(actor: Actor, *, now: datetime) -> Iterator[str]:
    """The journal, oldest first, one JSON object a line: its number, its hash, and the record that the hash is over.

    Raises Refused, before the first line.
    """
    require(actor, "journal.read")
    seal(actor.organization_id, now=now)
    return (line_of(one) for one in _links(actor.organization_id))


def end_of(actor: Actor) -> JournalEnd | None:
    """Where the organization's chain ends now; None before anything was sealed. Raises Refused."""
    require(actor, "journal.read")
    return JournalEnd.objects.filter(organization_id=actor.organization_id).first()


def _links(organization_id: int) -> Iterator[Link]:
    slug = Organization.objects.values_list("slug", flat=True).get(pk=organization_id)
    found = Entry.objects.filter(organization_id=organization_id, seq__isnull=False).order_by("seq")
    for entry in found.iterator(chunk_size=READ_AT_ONCE):
        yield Link(entry.seq or 0, record_of(entry, slug), entry.hash)
