"""What holds a run until a person releases or drops it, and how it is held. Releasing is `actions.release`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from broadsheet.access.queries import members_among, owners
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.run_held import KIND, RunHeld
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs import claims
from broadsheet.runs.models import Occurrence

KINDS = {
    "hand": "a person holds it",
    "content": "its content looks wrong",
    "quarantine": "it ended the processes that worked on it",
    "restored": "the database was restored from a backup, and it may have run already",
}


def held_whole(occurrence: Occurrence) -> bool:
    """Whether the run is held for what none of its deliveries alone is to blame for: then none goes before it goes."""
    return occurrence.state == State.HELD and occurrence.held_for != "content"


@transaction.atomic
def hold(occurrence: Occurrence, kind: str, reason: str, *, now: datetime) -> None:
    """The holder of its lease gives it up; nothing goes on until a person says so, and its owner is told. Raises
    LostLease."""
    told = kind == "content" and occurrence.held_at is not None  # some of its deliveries were held before
    claims.write(
        occurrence, state=State.HELD, held_for=kind, held_reason=reason, held_at=now, lease_until=None, owner="",
        wake_at=None,
    )  # fmt: skip
    if not told:
        tell_owner(occurrence, kind, reason, now=now)


@transaction.atomic
def note_held(occurrence: Occurrence, reason: str, *, deliveries: int, now: datetime) -> None:
    """So many *deliveries* of the run are held, and the others go: its owner is told once. Raises LostLease."""
    if occurrence.held_at is not None:
        return
    claims.write(occurrence, held_at=now)
    occurrence.held_at = now
    tell_owner(occurrence, "content", reason, deliveries=deliveries, now=now)


def tell_once(runs: Iterable[Occurrence], reason: str, *, now: datetime) -> None:
    """Tell that these were held since the database was restored, of one run a schedule: there may be many."""
    for run in {one.schedule_id: one for one in runs}.values():
        tell_owner(run, "restored", reason, now=now)


def tell_owner(occurrence: Occurrence, kind: str, reason: str, *, now: datetime, deliveries: int = 0) -> None:
    """Tell whose schedule it is, or where they are gone, the organization's owners."""
    schedule = occurrence.schedule
    people = members_among(occurrence.organization_id, filter(None, [schedule.owner_id]))
    told = RunHeld(
        schedule.name, schedule.title, str(occurrence.pk), occurrence.fire_at, kind, reason, _found(occurrence, kind), deliveries,
    )  # fmt: skip
    notify(
        occurrence.organization_id, people or owners(occurrence.organization_id), kind=KIND, data=told.stored(),
        link=f"/runs/{occurrence.pk}/", now=now,
    )  # fmt: skip


def _found(occurrence: Occurrence, kind: str) -> tuple[Mapping[str, Any], ...]:
    """What was found over all of the run, else in the first slice that is held."""
    if kind != "content":
        return ()
    own = [one for one in occurrence.findings if one["do"] == "hold"]
    within = occurrence.slices.filter(verdict="held").order_by("pk").values_list("findings", flat=True).first() or []
    return tuple(one for one in (own or within) if one["do"] == "hold")
