"""Hold what may have run in time that the database lost, until a person has looked."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import F

from broadsheet.access.queries import system_actor
from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.holding import tell_once
from broadsheet.runs.lost_time import because
from broadsheet.runs.models import LostTime, Occurrence

OPEN = (State.DUE, State.WAITING, State.RUNNING)


@transaction.atomic
def hold_restored(begin: datetime, end: datetime, *, told_by: str, now: datetime) -> int:
    """Nobody knows what ran from *begin* to *end* (both aware, *begin* first): what is open and was to run by then is held,
    and its owners are told, once a schedule; what fires in that time later is held when it fires. How many runs are held
    now; 0 when that time was known to be lost already, for whatever a person has released since goes on.
    """
    known, new = LostTime.objects.select_for_update().get_or_create(
        begin=begin, defaults={"end": end, "noticed_at": now, "told_by": told_by[:200]}
    )
    if not new:
        LostTime.objects.filter(pk=known.pk, end__lt=end).update(end=end)
        return 0
    reason = because(known)
    found = Occurrence.objects.select_for_update(of=("self",)).filter(
        finished_at__isnull=True, state__in=OPEN, fire_at__lte=end
    )
    runs = list(found.select_related("schedule").order_by("schedule_id", "fire_at"))
    Occurrence.objects.filter(pk__in=[one.pk for one in runs]).update(
        state=State.HELD, held_for="restored", held_reason=reason, held_at=now, wake_at=None, owner="", lease_until=None,
        fence=F("fence") + 1,
    )  # fmt: skip
    tell_once(runs, reason, now=now)
    _journal(known, runs, now=now)
    return len(runs)


def _journal(lost: LostTime, runs: list[Occurrence], *, now: datetime) -> None:
    held: dict[int, int] = defaultdict(int)
    for one in runs:
        held[one.organization_id] += 1
    for organization, number in held.items():
        record(
            system_actor(organization), "runs.restored", str(lost), now=now, begin=lost.begin.isoformat(),
            end=lost.end.isoformat(), told_by=lost.told_by, held=number,
        )  # fmt: skip
