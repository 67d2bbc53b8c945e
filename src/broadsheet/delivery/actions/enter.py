"""Enter deliveries into the ledger: one row per recipient and channel, before anything is sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Reader
from broadsheet.delivery.bouncing import has_bounced
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.delivery.ports import CHANNELS
from broadsheet.delivery.queries import suppressed
from broadsheet.runs.due import Due
from broadsheet.runs.models import Occurrence, Slice


@dataclass(frozen=True, slots=True)
class Fallback:
    """What takes over for one recipient: another *channel*, None: no other; *address*, empty: the same."""

    channel: StoredChannel | None = None
    address: str = ""


NO_FALLBACK = Fallback()


@dataclass(frozen=True, slots=True)
class Entry:
    """*reader* gets the slice's files in *formats* through *channel*, when it is *due* to them; *fallback* takes over."""

    reader: Reader
    slice: Slice
    channel: StoredChannel
    formats: tuple[str, ...]
    due: Due
    fallback: Fallback = NO_FALLBACK


def enter(occurrence: Occurrence, entries: Sequence[Entry], *, now: datetime) -> None:
    """Write the rows of `rows`."""
    Delivery.objects.bulk_create(rows(occurrence, entries, now=now))


def rows(occurrence: Occurrence, entries: Sequence[Entry], *, now: datetime) -> list[Delivery]:
    """What the ledger would hold. Those whose address is suppressed are written so, with the reason, and are never tried;
    nor are those for whom the time has passed."""
    barred = suppressed(occurrence.organization_id, occurrence.schedule_id)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return [_row(occurrence, entry, barred=barred, host=host, now=now) for entry in entries]


def _row(occurrence: Occurrence, entry: Entry, *, barred: dict[str, str], host: str, now: datetime) -> Delivery:
    reader, key = entry.reader, uuid.uuid4()
    mailed = "unsubscribe" in CHANNELS.get(entry.channel.kind).descriptor.capabilities
    due = entry.due
    reason = barred.get(reader.address.lower(), "") if mailed else ""
    if has_bounced(reason) and entry.fallback.channel is not None:
        reason = ""  # it fails when it is to be sent, and the other channel takes over
    ended = State.SUPPRESSED if reason else due.ended
    return Delivery(
        id=key,
        organization_id=occurrence.organization_id,
        occurrence=occurrence,
        slice=entry.slice,
        channel=entry.channel,
        recipient_key=reader.key,
        recipient_name=reader.name,
        address=reader.address,
        language=reader.language,
        zone=reader.zone,
        formats=list(entry.formats),
        due_at=due.at,
        deadline_at=due.deadline,
        hours=due.times.hours,
        calendar=due.times.calendar,
        next_try_at=None if ended else due.at,
        state=ended or State.DUE,
        reason=reason or due.reason,
        settled_at=now if ended else None,
        message_id=f"{key}@{host}",
        fallback_channel=entry.fallback.channel,
        fallback_address=entry.fallback.address,
    )
