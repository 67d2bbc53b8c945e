"""Start a schedule for another system: for the holder of a token, or by a signed call to its trigger address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from broadsheet.access.queries import system_actor
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.parameters import ParameterError
from broadsheet.core.policy import Actor
from broadsheet.core.signing.webhooks import NotGenuine, Signed, verify
from broadsheet.reports import queries as reports
from broadsheet.runs.actions.dispatch import given_by, verdict_of
from broadsheet.runs.actions.start import Cause, begin, begun
from broadsheet.runs.models import Occurrence
from broadsheet.runs.parameters import check_given
from broadsheet.schedules import queries
from broadsheet.schedules.actions.hooks import keys_of
from broadsheet.schedules.errors import KeyUsed, ScheduleError, TooManyCalls
from broadsheet.schedules.models import Hook, HookCall, Schedule, Start
from broadsheet.schedules.triggers.binding import Unbound, typed
from broadsheet.schedules.triggers.definition import OnCall
from broadsheet.schedules.triggers.matching import holds
from broadsheet.schedules.triggers.payloads import WrongPayload, read

LONGEST_KEY = 200
CALLS_SECONDS = 60
CALLS = 120  # genuine ones in that time, to one address; a schedule that runs more often than that is a mistake
REPLAYED = "This very call came before. Sign each try anew, with its own timestamp; the id may stay."
NOT_FITTING = "The schedule’s conditions on calls do not hold for this one."


@dataclass(frozen=True, slots=True)
class Called:
    """What a call came to. ``run``: None where the schedule's conditions do not hold for it. ``new``: this call began it."""

    run: Occurrence | None
    new: bool
    why: str = ""


def call_schedule(
    actor: Actor, name: str, *, key: str, given: Mapping[str, Any], now: datetime
) -> tuple[Occurrence, bool]:
    """The run for *key*, and whether it is new; without a key each call begins one. *given* are parameters for it alone, as
    JSON has them: numbers as numbers, yes and no as true and false.

    Raises ScheduleError for what does not fit the report, KeyUsed where the key stands for other parameters,
    UnknownSchedule, Refused.
    """
    found = queries.schedule(actor, name, "schedule.run")
    key = key.strip() or uuid4().hex
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise ScheduleError(
            f"The idempotency key is longer than {LONGEST_KEY} characters, or holds some that cannot be shown."
        )
    with transaction.atomic():
        schedule = _locked(found.pk)
        asked = {"with": dict(given)}
        before = begun(schedule, f"api:{key}")
        if before is not None:
            return _same(before, asked, key=key), False
        values = _fitting(schedule, given, now=now)
        cause = Cause(f"api:{key}", "call", f"Called by {actor.name}", now, actor.name, values, asked)
        verdict = verdict_of(schedule, OnCall(), values, kind="call", now=now)
        start, new = begin(schedule, cause, now=now, verdict=verdict)
        if new:
            record(actor, "schedule.called", name, now=now, key=key, given=values)
        return start.occurrence, new


def call_hook(hook_id: UUID, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Called:
    """What a signed call to the trigger address came to. *headers* by names in small letters. One whose id came before is
    answered with the run that it began then.

    Raises NotGenuine for one that is unsigned, forged, too old, repeated, or of an address that is not there;
    ScheduleError for a body that does not fit, KeyUsed where its id stands for another body, TooManyCalls.
    """
    hook = Hook.objects.filter(pk=hook_id, ended_at__isnull=True).select_related("schedule").first()
    # An address that is not there is answered as one whose secret the caller does not have.
    keys = [secrets.token_bytes(32)] if hook is None else keys_of(hook, now=now)
    signed = verify(headers, body, keys=keys, now=now)
    assert hook is not None  # nothing fits a key that nobody has
    with transaction.atomic():  # it came, whatever becomes of it
        _locked(hook.schedule_id)
        _once(hook, signed, now=now)
    with transaction.atomic():
        schedule = _locked(hook.schedule_id)
        return _called(hook, schedule, signed, body, now=now)


def _called(hook: Hook, schedule: Schedule, signed: Signed, body: bytes, *, now: datetime) -> Called:
    asked = {"body": hashlib.sha256(body).hexdigest()}
    key = f"hook:{hook.pk.hex}:{signed.id}"
    before = begun(schedule, key)
    if before is not None:
        return Called(_same(before, asked, key=signed.id), False)
    try:
        payload = read(body)
    except WrongPayload as error:
        raise ScheduleError(str(error)) from error
    trigger = queries.definition_of(schedule).on_call or OnCall()
    if not holds(trigger.where, payload):
        return Called(None, False, NOT_FITTING)
    values = _bound(schedule, trigger, payload, now=now)
    cause = Cause(key, "call", "Called by another system", now, "", values, asked)
    verdict = verdict_of(schedule, trigger, values, kind="call", now=now)
    start, new = begin(schedule, cause, now=now, verdict=verdict)
    record(
        system_actor(schedule.organization_id, via="hook"),
        "schedule.called",
        schedule.name,
        now=now,
        key=signed.id,
        given=values,
    )
    return Called(start.occurrence, new, start.occurrence.reason)


def _once(hook: Hook, signed: Signed, *, now: datetime) -> None:
    """Note the call, under the lock of its schedule: so calls are counted one after another, whichever process they reach."""
    if HookCall.objects.filter(hook=hook, received_at__gt=now - timedelta(seconds=CALLS_SECONDS)).count() >= CALLS:
        raise TooManyCalls("Too many calls came to this address.")
    try:
        with transaction.atomic():
            HookCall.objects.create(hook=hook, message=signed.id, signed_at=signed.at, received_at=now)
    except IntegrityError as error:
        raise NotGenuine(REPLAYED) from error
    Hook.objects.filter(pk=hook.pk).update(used_at=now)


def _bound(schedule: Schedule, trigger: OnCall, payload: Mapping[str, Any], *, now: datetime) -> dict[str, str]:
    """By the schedule's mapping; where it has none, the call's own ``with``."""
    if not trigger.given:
        own = payload.get("with", {})
        if not isinstance(own, Mapping):
            raise ScheduleError('“with” is no object. Send {"with": {"parameter": value}}.')
        return _fitting(schedule, own, now=now)
    try:
        return given_by(schedule, queries.definition_of(schedule), trigger, payload, at=now)
    except (Unbound, ParameterError) as error:
        raise ScheduleError(str(error)) from error


def _fitting(schedule: Schedule, given: Mapping[str, Any], *, now: datetime) -> dict[str, str]:
    try:
        values = typed(given, reports.definition_of(reports.latest(schedule.report)))
        check_given(schedule, queries.definition_of(schedule), values, now=now)
    except (Unbound, ParameterError) as error:
        raise ScheduleError(str(error)) from error
    return values


def _same(start: Start, asked: Mapping[str, Any], *, key: str) -> Occurrence:
    """The run that was begun before, when it was asked for in the same words."""
    if start.given != asked:
        raise KeyUsed(
            f"The key “{key}” stands for another request, of {start.created_at:%Y-%m-%d %H:%M} UTC. Use a new one."
        )
    return start.occurrence


def _locked(key: int) -> Schedule:
    """Two calls at once would both see none before them: the lock lets one look first."""
    return Schedule.objects.select_for_update(no_key=True, of=("self",)).select_related("report").get(pk=key)
