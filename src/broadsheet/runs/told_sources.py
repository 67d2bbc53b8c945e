"""Which sources an actor may be told of by name, where they stand in the way of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.sources import queries as sources
from broadsheet.sources.models import Source


@dataclass(frozen=True, slots=True)
class Told:
    """``labels``: of the sources that may be named, by name; an empty one where it has none. ``everything``: all may be named, also
    those that are gone."""

    labels: Mapping[str, str]
    everything: bool = False

    def __contains__(self, name: str) -> bool:
        return self.everything or name in self.labels


def told_sources(actor: Actor) -> Told:
    """All for who sets limits. Others hear of those with a dataset that they reach, and, where their role reads sources, of
    those that have no dataset yet."""
    mine = Source.objects.filter(organization_id=actor.organization_id)
    if may(actor, "operation.steer"):
        return Told(dict(mine.values_list("name", "label")), everything=True)
    if not may_somewhere(actor, "source.read"):
        return Told({})
    reached = sources.datasets(actor).order_by().values_list("source__name", "source__label")
    empty = mine.filter(datasets__isnull=True).values_list("name", "label") if may(actor, "source.read") else ()
    return Told(dict([*reached.distinct(), *empty]))
