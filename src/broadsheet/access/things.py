"""The things that roles are granted on and that stand in workspaces, by kind and name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, QuerySet

from broadsheet.access import reach
from broadsheet.core.policy import Actor
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


def keys(actor: Actor, kind: str, names: Iterable[str]) -> dict[str, int]:
    """Ids by name; what is not there, or out of reach, is left out."""
    return dict(things(actor, kind).filter(name__in=list(names)).values_list("name", "pk"))


def names(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, str]:
    """Names by id; what is not there any more, or out of reach, is left out."""
    return dict(things(actor, kind).filter(pk__in=list(ids)).values_list("pk", "name"))
