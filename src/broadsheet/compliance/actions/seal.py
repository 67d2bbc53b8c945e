"""Seal what was written into the journal: give each entry its number and link it to the one before.

Sealing is apart from writing, for a link needs the one before it: acts would have to wait for each other until they are
committed. An act that commits late gets a later number; its own time says when it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from broadsheet.access.models import Organization
from broadsheet.compliance.models import Entry, JournalEnd
from broadsheet.core.chain import GENESIS, link

AT_ONCE = 1000  # entries of one transaction


def seal_all(*, now: datetime) -> int:
    """Seal the entries of every organization that have no number yet; how many there were."""
    waiting = Entry.objects.filter(seq__isnull=True).values_list("organization_id", flat=True).distinct()
    return sum(seal(one, now=now) for one in list(waiting.order_by("organization_id")))


def seal(organization_id: int, *, now: datetime) -> int:
    """Seal those of one organization. Any number of processes may call this: the end of the chain lets one in at a time."""
    done = 0
    while number := _batch(organization_id, now=now):
        done += number
    return done


@transaction.atomic
def _batch(organization_id: int, *, now: datetime) -> int:
    JournalEnd.objects.get_or_create(
        organization_id=organization_id, defaults={"seq": 0, "hash": GENESIS, "sealed_at": now}
    )
    end = JournalEnd.objects.select_for_update().get(organization_id=organization_id)
    slug = Organization.objects.values_list("slug", flat=True).get(pk=organization_id)
    found = list(Entry.objects.filter(organization_id=organization_id, seq__isnull=True).order_by("pk")[:AT_ONCE])
    for entry in found:
        entry.seq = end.seq + 1
        entry.hash = link(end.hash, entry.seq, record_of(entry, slug))
        end.seq, end.hash = entry.seq, entry.hash
        Entry._base_manager.filter(pk=entry.pk, seq__isnull=True).update(seq=entry.seq, hash=entry.hash)
    if found:
        end.sealed_at = now
        end.save()
    return len(found)


def record_of(entry: Entry, organization: str) -> Mapping[str, object]:
    """What the hash is over: all that an entry says, and whose it is. Instants in UTC to the microsecond."""
    return {
        "organization": organization, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor, "person_id": entry.user_id, "via": entry.via, "action": entry.action,
        "object": entry.object, "detail": entry.detail,
    }  # fmt: skip
