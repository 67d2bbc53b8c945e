"""Make, renew and end the address under which another system starts a schedule."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.access.sealed import seal, unseal
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.core.signing.webhooks import WINDOW, fresh_secret, key
from broadsheet.schedules import queries
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.models import Hook, HookCall, Schedule

GRACE = timedelta(hours=24)  # both secrets hold, so that the other side can change at any moment in between
KEPT = timedelta(days=3)  # how long calls are remembered; a signature holds for minutes


@transaction.atomic
def make_hook(actor: Actor, name: str, *, now: datetime, at_once: bool = False) -> tuple[Hook, str]:
    """The address of the schedule called *name* with a fresh secret, which is shown this once and never again. Where there
    is one already, its address stays, and the secret before holds for another day; *at_once*: it ends now.

    Who makes one lets others run the schedule, so they need both rights; a token may only where it may make tokens, since
    what it made would outlive it. Raises UnknownSchedule, Refused.
    """
    schedule = _mine(actor, name)
    secret = fresh_secret()
    hook = open_hook(schedule)
    new = hook is None
    if hook is None:
        hook = Hook(organization_id=schedule.organization_id, schedule=schedule, made_at=now, made_by=actor.name[:200])
    else:
        hook.sealed_before, hook.before_until = ("", None) if at_once else (hook.sealed, now + GRACE)
        hook.renewed_at = now
    hook.sealed = seal({"secret": secret}, purpose=_purpose(hook))
    hook.save()
    record(actor, "hook.made" if new else "hook.renewed", name, now=now, at_once=at_once)
    return hook, secret


@transaction.atomic
def end_hook(actor: Actor, name: str, *, now: datetime) -> None:
    """Nothing opens the address any more; a new one is another. Raises NotNow where there is none, UnknownSchedule, Refused."""
    schedule = _mine(actor, name)
    if not Hook.objects.filter(schedule=schedule, ended_at__isnull=True).update(
        ended_at=now, sealed="", sealed_before="", before_until=None
    ):
        raise NotNow(f"“{name}” has no trigger address. Make one first.")
    record(actor, "hook.ended", name, now=now)


def forget_calls(*, now: datetime) -> int:
    """Forget calls that nobody could repeat any more; how many. What they started stays."""
    return HookCall.objects.filter(received_at__lt=now - KEPT - WINDOW).delete()[0]


def open_hook(schedule: Schedule) -> Hook | None:
    """The schedule's address, for acts that have checked their rights; None where there is none."""
    return Hook.objects.filter(schedule=schedule, ended_at__isnull=True).first()


def keys_of(hook: Hook, *, now: datetime) -> list[bytes]:
    """The keys that calls may be signed with now. Raises Unsealable where the key that sealed them is gone."""
    sealed = [hook.sealed]
    if hook.sealed_before and hook.before_until is not None and hook.before_until > now:
        sealed.append(hook.sealed_before)
    return [key(unseal(one, purpose=_purpose(hook))["secret"]) for one in sealed]


def _mine(actor: Actor, name: str) -> Schedule:
    found = queries.schedule(actor, name, "schedule.edit")
    queries.require_on(actor, "schedule.run", found)
    if actor.scopes is not None:
        require(actor, "token.edit")
    return Schedule.objects.select_for_update().get(pk=found.pk)


def _purpose(hook: Hook) -> str:
    """What the sealed secret is bound to."""
    return f"hook:{hook.organization_id}:{hook.pk}"
