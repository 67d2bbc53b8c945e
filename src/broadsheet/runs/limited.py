"""How limits stand: what is in work beside each, and what waits for it. Limits are set by `actions.limit`; whether a run may
begin is decided in `admitting`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.core.policy.roles import require
from broadsheet.runs.admitting import in_work, sources_of
from broadsheet.runs.models import Limits
from broadsheet.runs.queue import Queue, going, queue
from broadsheet.schedules import queries as schedules
from broadsheet.sources import queries as sources

SCHEDULES_SHOWN = 100
Kind = Literal["installation", "organization", "source", "schedule"]


@dataclass(frozen=True, slots=True)
class Use:
    """One limit: of runs at once at ``most`` (None: there is none), ``used`` are in work. ``waiting`` counts those among the
    first of the queue that nothing else keeps from beginning. ``name`` and ``label`` are a source's or a schedule's."""

    kind: Kind
    most: int | None
    used: int
    waiting: int = 0
    name: str = ""
    label: str = ""

    @property
    def full(self) -> bool:
        return self.most is not None and self.used >= self.most


def uses(actor: Actor, *, now: datetime) -> list[Use]:
    """Of the organization, of its sources, and of the schedules that *actor* reads, have a limit of their own or are in work;
    of the whole installation for who steers it. Raises Refused."""
    require(actor, "delivery.read")
    limits = {
        one.organization_id: one
        for one in Limits.objects.filter(Q(organization_id=actor.organization_id) | Q(organization__isnull=True))
    }
    own, whole = limits.get(actor.organization_id), limits.get(None)
    busy, found = going(actor.organization_id), queue(actor, now=now)
    waits: Counter[tuple[str, str]] = Counter(
        (one.why, one.text if one.why == "source" else "") for one in found.waiting
    )
    rows = [Use("organization", own.runs if own else None, busy.total(), waits["limit", ""])]
    if may(actor, "operation.steer"):
        most = whole.runs if whole else None
        rows.insert(0, Use("installation", most, in_work().count(), waits["installation", ""]))
    return [*rows, *_of_sources(actor, own, busy, waits), *_of_schedules(actor, busy, found)]


def _of_sources(
    actor: Actor, own: Limits | None, busy: Counter[int], waits: Counter[tuple[str, str]]
) -> list[Use]:  # fmt: skip
    limited = own.sources if own else {}
    labels = dict(sources.sources(actor).values_list("name", "label")) if may_somewhere(actor, "source.read") else {}
    asked: Counter[str] = Counter()
    for schedule, number in busy.items():
        asked.update(dict.fromkeys(sources_of(actor.organization_id, schedule), number))
    return [
        Use("source", limited.get(name), asked[name], waits["source", name], name, labels.get(name) or name)
        for name in sorted({*labels, *limited})
    ]


def _of_schedules(actor: Actor, busy: Counter[int], found: Queue) -> list[Use]:
    behind = Counter(one.run.schedule_id for one in found.waiting if one.why == "overlap")
    own = Q(pk__in=[*busy, *behind]) | Q(definition__policies__at_once__gt=1)
    mine = schedules.schedules(actor, "delivery.read").filter(own).order_by("title", "pk")[:SCHEDULES_SHOWN]
    rows = [
        Use("schedule", one.definition.get("policies", {}).get("at_once", 1), busy[one.pk], behind[one.pk], one.name, one.title)
        for one in mine
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (not one.waiting, not one.used, one.label))
