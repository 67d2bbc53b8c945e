"""Who may set a condition, and who sees its figures: they are asked of everybody's rows, unmasked.

So who sets one must reach its dataset and see all of it, as with an audience; and a figure is shown to who may.
"""

from __future__ import annotations

from collections.abc import Collection

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import Refused, unscoped
from broadsheet.schedules.audience_rights import kept_back
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.sources import queries as sources
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.secured.clearance import require_cleared

from .threshold_definition import OnlyIf

OPEN = ("public", "internal")


def asked_fields(definition: ScheduleDefinition) -> dict[str, set[str]]:
    """The fields that its conditions ask, by dataset."""
    found: dict[str, set[str]] = {}
    for probe in definition.ready.probes if definition.ready else ():
        if probe.dataset:
            found.setdefault(probe.dataset, set()).update(one.dimension for one in probe.where)
    if definition.only_if is not None:
        found.setdefault(definition.only_if.dataset, set()).update(fields_of(definition.only_if))
    return found


def fields_of(only_if: OnlyIf) -> set[str]:
    return {only_if.metric, *(one.dimension for one in only_if.where)}


def may_see(actor: Actor, only_if: OnlyIf) -> bool:
    """Whether the condition's figures are *actor*'s to see."""
    try:
        found = sources.datasets(actor).filter(name=only_if.dataset).first()
        if found is None or kept_back(actor, found, fields_of(only_if)):
            return False
        require_cleared(unscoped(actor), {only_if.dataset: fields_of(only_if)})
    except Refused:
        return False
    return True


def is_open(stored: StoredDataset, fields: Collection[str]) -> bool:
    """Whether a figure of these fields may stand where anybody reads it who knows of the schedule: no rule on rows, no least
    size, no mask, and no class of sensitivity above the usual."""
    dataset = sources.definition_of(stored).dataset
    if dataset.rows or dataset.smallest is not None or sources.inner_rules(stored):
        return False
    known = dataset.askable
    for name in fields:
        for part in dataset.below(name) if name in dataset.metrics else (name,):
            one = dataset.metrics.get(part) or known.get(part)
            if one is None or one.mask is not None or one.sensitivity not in OPEN:
                return False
    return True
