"""The things that roles are granted on and that stand in workspaces, by kind and name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from broadsheet.access import reach
from broadsheet.core.policy import Actor, Thing
from broadsheet.delivery import queries as delivery
from broadsheet.reports import queries as reports
from broadsheet.schedules import queries as schedules
from broadsheet.sources import queries as sources

PLACED = ("report", "dataset", "channel")
"""Kinds that stand in workspaces; a schedule stands where its report does."""
READING = {
    "report": "report.read", "dataset": "source.read", "channel": "channel.read", "schedule": "schedule.read",
    "workspace": "report.read",
}  # fmt: skip
"""The permission that shows things of each kind."""


def things(actor: Actor, kind: str) -> QuerySet[Model]:
    """What the actor reaches of *kind* (`core.policy.grants.KINDS`). Raises Refused."""
    match kind:
        case "report":
            return reports.reports(actor)
        case "dataset":
            return sources.datasets(actor)
        case "channel":
            return delivery.channels(actor)
        case "schedule":
            return schedules.schedules(actor)
        case "workspace":
            return reach.workspaces(actor)
    raise ValueError(f"“{kind}” is not a kind of thing.")


def thing_of(actor: Actor, kind: str, found: Any) -> Thing:
    """One of `things` for a decision about what anybody may do with it."""
    if kind == "schedule":
        report = reach.placed(actor.organization_id, "report", found.report_id, found.name)
        return reach.schedule_thing(report, found.pk, found.name, found.owner_id)
    if kind == "workspace":
        return Thing("workspace", found.name, frozenset({("workspace", found.pk)}), open=found.open)
    return reach.placed(actor.organization_id, kind, found.pk, found.name)


def keys(actor: Actor, kind: str, names: Iterable[str]) -> dict[str, int]:
    """Ids by name; what is not there, or out of reach, is left out."""
    return dict(things(actor, kind).filter(name__in=list(names)).values_list("name", "pk"))


def names(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, str]:
    """Names by id; what is not there any more, or out of reach, is left out."""
    return dict(things(actor, kind).filter(pk__in=list(ids)).values_list("pk", "name"))
