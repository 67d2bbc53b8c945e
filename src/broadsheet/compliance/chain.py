"""An organization's chain as it stands in the database, read without trust: any row may have been tampered with.

Who adds to it is `actions.seal`; who is told about it, and whether they may be, is `audit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC

from django.db import OperationalError
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from broadsheet.access.models import Organization
from broadsheet.compliance.models import Entry, JournalEnd
from broadsheet.core.chain import Link

READ_AT_ONCE = 2000
SALT = "broadsheet.journal-end"
# What Django and the record raise for a column that holds what Broadsheet never wrote: a date of letters, endless nesting.
ODD = (ValueError, TypeError, AttributeError, OverflowError, RecursionError, OperationalError)


def mac_of(organization_id: int, seq: int, head: str) -> str:
    """What only who has the secret key can say of an end: HMAC-SHA-256 in 64 hex digits, under a key derived from it."""
    return salted_hmac(SALT, f"{organization_id}:{seq}:{head}", algorithm="sha256").hexdigest()


def signed(end: JournalEnd) -> bool:
    """Whether this installation itself wrote *end*; False for one from before ends were signed, too."""
    return constant_time_compare(end.mac, mac_of(end.organization_id, end.seq, end.hash))


def ends(organization_id: int) -> QuerySet[JournalEnd]:
    """The organization's end, or none. Its time is left out: nothing is decided by it, and it may not be one."""
    return JournalEnd.objects.filter(organization_id=organization_id).defer("sealed_at")


def end_read(organization_id: int) -> JournalEnd | None:
    """The organization's end as it stands; one that cannot be read is as one that nobody signed."""
    try:
        return ends(organization_id).first()
    except ODD as error:
        pass_on(error)
        return JournalEnd(organization_id=organization_id, seq=0, hash="", mac="unreadable")


def sealed(organization_id: int) -> QuerySet[Entry]:
    """The organization's entries that have a number, by number."""
    return Entry.objects.filter(organization_id=organization_id, seq__isnull=False).order_by("seq", "pk")


def links(organization_id: int, *, to: int | None = None) -> Iterator[Link]:
    """The sealed entries in order, up to number *to*; one that cannot be read is a link that does not fit."""
    slug = Organization.objects.values_list("slug", flat=True).get(pk=organization_id)
    found, done = sealed(organization_id), 0
    if to is not None:
        found = found.filter(seq__lte=to)
    try:
        for entry in found.iterator(chunk_size=READ_AT_ONCE):
            yield _link(entry, slug)
            done += 1
    except ODD as error:
        pass_on(error)
        # One odd row spoils all that were read with it, and does not say which it is.
        for pk, seq in list(found.values_list("pk", "seq"))[done:]:
            yield _one(pk, seq, slug)


def _link(entry: Entry, slug: str) -> Link:
    record = record_of(entry, slug)
    if not isinstance(entry.seq, int) or any(isinstance(one, bytes) for one in (entry.hash, *record.values())):
        raise TypeError("SQLite keeps bytes and texts in any column.")
    return Link(entry.seq, record, entry.hash)


def _one(pk: int, seq: object, slug: str) -> Link:
    try:
        return _link(Entry.objects.get(pk=pk), slug)
    except ODD as error:
        pass_on(error)
        return Link(seq if isinstance(seq, int) else 0, {}, "")


def pass_on(error: Exception) -> None:
    """A database that is away or locked is no tampering; a text that is not in UTF-8 is (SQLite says it as the same kind)."""
    if isinstance(error, OperationalError) and "decode" not in str(error):
        raise error


def record_of(entry: Entry, organization: str) -> Mapping[str, object]:
    """What the hash is over: all that an entry says, and whose it is. Instants in UTC to the microsecond."""
    # Entries from before addresses were kept have none, and their hashes stay what they were.
    origin = {"address": entry.address} if entry.address else {}
    return {
        "organization": organization, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor, "person_id": entry.user_id, "via": entry.via, "action": entry.action,
        "object": entry.object, "detail": entry.detail, **origin,
    }  # fmt: skip
