"""Seal what was written into the journal: give each entry its number and link it to the one before.

Sealing is apart from writing, for a link needs the one before it: acts would have to wait for each other until they are
committed. An act that commits late gets a later number; its own time says when it was.

A chain whose end is not the one that was written here is not sealed further, for that would make a forgery good.
`audit.checked` says what is wrong with it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from broadsheet.access.models import Organization
from broadsheet.compliance.chain import ODD, ends, links, mac_of, pass_on, record_of, sealed, signed
from broadsheet.compliance.models import Entry, JournalEnd
from broadsheet.core.chain import GENESIS, link, verify

AT_ONCE = 1000  # entries of one transaction
log = logging.getLogger(__name__)


class Unsealable(RuntimeError):
    """An entry that waits to be sealed holds what Broadsheet never wrote: somebody changed it in the database."""


def seal_all(*, now: datetime) -> int:
    """Seal the entries of every organization that have no number yet; how many there were."""
    waiting = Entry.objects.filter(seq__isnull=True).values_list("organization_id", flat=True).distinct()
    return sum(_seal_or_say(one, now=now) for one in list(waiting.order_by("organization_id")))


def seal(organization_id: int, *, now: datetime) -> int:
    """Seal those of one organization; none where the end of its chain was tampered with. Any number of processes may
    call this: the end of the chain lets one in at a time. Raises Unsealable, with what came before sealed."""
    done = 0
    try:
        while number := _batch(organization_id, now=now):
            done += number
    except ODD as error:
        pass_on(error)
        raise Unsealable("An entry that waits to be sealed cannot be read: it was changed in the database.") from error
    return done


def _seal_or_say(organization_id: int, *, now: datetime) -> int:
    """One organization's spoilt entry keeps no other's from being sealed."""
    try:
        return seal(organization_id, now=now)
    except Unsealable:
        log.exception(
            "The journal of organization %s is not sealed further.", organization_id, extra=_about(organization_id)
        )
        return 0


def _about(organization_id: int) -> dict[str, object]:
    return {"action": "journal.seal", "organization_id": organization_id}


@transaction.atomic
def _batch(organization_id: int, *, now: datetime) -> int:
    end = _end(organization_id, now=now)
    if end is None or not _trusted(end):
        log.error(
            "The journal of organization %s is not sealed further: the end of its chain was changed or taken out. "
            "“broadsheet audit verify” says more.",
            organization_id,
            extra=_about(organization_id),
        )
        return 0
    slug = Organization.objects.values_list("slug", flat=True).get(pk=organization_id)
    found = list(Entry.objects.filter(organization_id=organization_id, seq__isnull=True).order_by("pk")[:AT_ONCE])
    for entry in found:
        entry.seq = end.seq + 1
        entry.hash = link(end.hash, entry.seq, record_of(entry, slug))
        end.seq, end.hash = entry.seq, entry.hash
        Entry._base_manager.filter(pk=entry.pk, seq__isnull=True).update(seq=entry.seq, hash=entry.hash)
    if found or not end.mac:
        end.mac, end.sealed_at = mac_of(organization_id, end.seq, end.hash), now
        end.save()
    return len(found)


def _end(organization_id: int, *, now: datetime) -> JournalEnd | None:
    """The end, held until the transaction ends; begun where nothing was sealed yet, None where it was taken out."""
    held = ends(organization_id).select_for_update()
    if (found := held.first()) is not None or sealed(organization_id).exists():
        return found
    begun = {"seq": 0, "hash": GENESIS, "mac": mac_of(organization_id, 0, GENESIS), "sealed_at": now}
    JournalEnd.objects.get_or_create(organization_id=organization_id, defaults=begun)
    return held.get()


def _trusted(end: JournalEnd) -> bool:
    """Whether entries may follow *end*. One from before ends were signed is believed if the whole chain leads to it."""
    if end.mac:
        return signed(end) and not sealed(end.organization_id).filter(seq__gt=end.seq).exists()
    found = verify(links(end.organization_id))
    return found.whole and (found.count, found.head) == (end.seq, end.hash)
