"""Tell of something that happened. What it starts is written after it is kept: at once, or by the next look of any process."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, IntegrityError, transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require_for_all
from broadsheet.runs.actions.dispatch import dispatch
from broadsheet.schedules.errors import EventError
from broadsheet.schedules.models import Event
from broadsheet.schedules.triggers.definition import EVENT_NAME, NAME_FIX
from broadsheet.schedules.triggers.payloads import WrongPayload, checked

log = logging.getLogger(__name__)
LONGEST_NAME, LONGEST_KEY = 100, 200
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


def send_event(
    actor: Actor, name: str, *, now: datetime, payload: Any = None, key: str = "", at: datetime | None = None
) -> tuple[Event, bool]:
    """The event, and whether it is new: one of the same name and *key* is kept once, and starts what it starts once. Without
    a key each call is an event. *at*: when it happened (aware), by default now.

    Raises EventError, also where the key was used with another payload, and Refused.
    """
    require_for_all(actor, "schedule.run")  # whatever listens begins, whosever it is
    happened = at or now
    _check(name, key, happened, now=now)
    try:
        body = checked({} if payload is None else payload)
    except WrongPayload as error:
        raise EventError(str(error)) from error
    key = key.strip() or uuid4().hex
    event, new = _kept(actor, name, key, body, at=happened, now=now)
    if not new and event.payload != body:
        raise EventError(f"The key “{key}” was used for “{name}” with another payload. Use one key for one event.")
    try:
        dispatch(event.pk, now=now)
    except DatabaseError:  # it is kept, so it is not lost: the next look of a scheduler does it
        log.exception("an event waits to be dispatched action=send_event event=%s", event.pk)
    event.refresh_from_db()
    return event, new


def _kept(
    actor: Actor, name: str, key: str, payload: dict[str, Any], *, at: datetime, now: datetime
) -> tuple[Event, bool]:
    mine = Event.objects.filter(organization_id=actor.organization_id, name=name, key=key)
    found = mine.first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            made = Event.objects.create(
                organization_id=actor.organization_id, name=name, key=key, payload=payload, at=at, received_at=now,
                sent_by=actor.name[:200], via=actor.via[:20],
            )  # fmt: skip
            record(actor, "event.sent", name, now=now, key=key)
            return made, True
    except IntegrityError:  # another was first, at this moment
        return mine.get(), False


def _check(name: str, key: str, at: datetime, *, now: datetime) -> None:
    if len(name) > LONGEST_NAME or not EVENT_NAME.fullmatch(name):
        raise EventError(f"“{name[:LONGEST_NAME]}” is no name of an event. {NAME_FIX}")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise EventError(f"The key is longer than {LONGEST_KEY} characters, or holds some that cannot be shown.")
    if at > now + timedelta(minutes=1):
        raise EventError("The event lies in the future. Tell of it when it has happened.")
    if at < EARLIEST:
        raise EventError(f"Before {EARLIEST:%Y} there is nothing to count from. Name a later instant.")
