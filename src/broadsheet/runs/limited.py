"""How limits stand: what is in work beside each, and what waits for it. Limits are set by `actions.limit`; whether a run may
begin is decided in `admitting`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.roles import require
from broadsheet.runs.admitting import in_work, sources_of
from broadsheet.runs.models import Limits
from broadsheet.runs.queries import reached_by
from broadsheet.runs.queue import Queue, going, queue
from broadsheet.runs.told_sources import told_sources
from broadsheet.schedules import queries as schedules

SCHEDULES_SHOWN = 100
Kind = Literal["installation", "organization", "source", "schedule"]


@dataclass(frozen=True, slots=True)
class Use:
    """One limit: of runs at once at ``most`` (None: there is none), ``used`` are in work, of those that the actor may read;
    None: how many is not theirs to know. ``full``: with all others' no place is left. ``waiting`` counts those among the first
    of the queue that nothing else keeps from beginning. ``name`` and ``label`` are a source's or a schedule's; empty for sources
    that the actor is not to know of, which stand together."""

    kind: Kind
    most: int | None
    used: int | None
    waiting: int = 0
    name: str = ""
    label: str = ""
    full: bool = False


Waits = Counter[tuple[str, str]]


def uses(actor: Actor, *, now: datetime) -> list[Use]:
    """Of the organization, of the sources that *actor* may know of, and of the schedules that they read and that are in work or
    waited for; of the whole installation for who steers it, without the number of its runs, which only the machine's owner
    learns. Raises Refused."""
    require(actor, "delivery.read")
    limits = {
        one.organization_id: one
        for one in Limits.objects.filter(Q(organization_id=actor.organization_id) | Q(organization__isnull=True))
    }
    own, whole = limits.get(actor.organization_id), limits.get(None)
    busy, mine, found = going(actor.organization_id), _going_of(actor), queue(actor, now=now)
    waits: Waits = Counter((one.why, one.text if one.why == "source" else "") for one in found.waiting)
    most = own.runs if own else None
    rows = [Use("organization", most, mine.total(), waits["limit", ""], full=_is_full(most, busy.total()))]
    if may(actor, "operation.steer"):
        rows.insert(0, _of_all(actor, whole.runs if whole else None, waits["installation", ""]))
    return [*rows, *_of_sources(actor, own, busy, mine, waits), *_of_schedules(actor, mine, found)]


def _of_all(actor: Actor, most: int | None, waiting: int) -> Use:
    number = in_work().count()
    known = number if actor.role == "system" else None  # what other organizations do is not this one's to know
    return Use("installation", most, known, waiting, full=_is_full(most, number))


def _going_of(actor: Actor) -> Counter[int]:
    """As `going`, of the runs that *actor* may read."""
    mine = in_work().filter(reached_by(actor, "delivery.read"), organization_id=actor.organization_id)
    return Counter(mine.values_list("schedule_id", flat=True))


def _is_full(most: int | None, number: int) -> bool:
    return most is not None and number >= most


def _of_sources(
    actor: Actor, own: Limits | None, busy: Counter[int], mine: Counter[int], waits: Waits
) -> list[Use]:  # fmt: skip
    limited, told = own.sources if own else {}, told_sources(actor)
    named = sorted({*told.labels, *(name for name in limited if name in told)})
    others = [Use("source", None, None, number, full=True)] if (number := waits["source", ""]) else []
    if not named:
        return others
    all_asked: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for schedule, number in busy.items():
        its = sources_of(actor.organization_id, schedule)
        all_asked.update(dict.fromkeys(its, number))
        asked.update(dict.fromkeys(its, mine[schedule]))
    return [
        *(
            Use(
                "source", most := limited.get(name), asked[name], waits["source", name], name,
                told.labels.get(name) or name, _is_full(most, all_asked[name]),
            )
            for name in named
        ),
        *others,
    ]  # fmt: skip


def _of_schedules(actor: Actor, mine: Counter[int], found: Queue) -> list[Use]:
    behind = Counter(one.run.schedule_id for one in found.waiting if one.why == "overlap")
    shown = schedules.schedules(actor, "delivery.read").filter(pk__in={*mine, *behind})
    rows = []
    for one in shown.order_by("title", "pk")[:SCHEDULES_SHOWN]:
        most, used = one.definition.get("policies", {}).get("at_once", 1), mine[one.pk]
        rows.append(Use("schedule", most, used, behind[one.pk], one.name, one.title, _is_full(most, used)))
    return sorted(rows, key=lambda one: (not one.waiting, not one.used, one.label))
