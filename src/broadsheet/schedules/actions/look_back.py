"""When a condition would have let a run go on: its figure of the last periods, judged one by one. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.core.conditions import Rehearsed, rehearse
from broadsheet.core.document.tables import Column
from broadsheet.core.policy import Actor, require_somewhere
from broadsheet.schedules.conditions.figures import figure
from broadsheet.schedules.conditions.rights import may_see
from broadsheet.schedules.conditions.threshold_definition import OnlyIf


@dataclass(frozen=True, slots=True)
class LookedBack:
    """``column``: what the values are of, to write them by; ``values`` oldest first, () where there is no row of whole periods
    to judge, or an anomaly. ``hidden``: they are not the asker's to see, and nothing was asked."""

    values: tuple[Rehearsed, ...] = ()
    column: Column | None = None
    hidden: bool = False


def look_back(actor: Actor, only_if: OnlyIf, *, zone: str, now: datetime) -> LookedBack:
    """As if a schedule had fired once for each of the last periods. *zone*: the clock (IANA) that it goes by. Raises Refused
    for who may not change schedules, the errors of `sources.errors` where it cannot be asked."""
    require_somewhere(actor, "schedule.edit")
    if not may_see(actor, only_if):
        return LookedBack(hidden=True)
    found = figure(only_if, actor.organization_id, at=now, now=now, zone=zone)
    return LookedBack(rehearse(only_if.threshold, only_if.policy, found.series), found.column)
