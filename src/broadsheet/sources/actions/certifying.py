"""Who may keep a dataset as it is defined, beyond who may edit one: certifying it, and joining others to it."""

from __future__ import annotations

from broadsheet.core.document.loading import Loaded, Problem
from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.roles import Decision, Refused
from broadsheet.sources.definitions import DatasetDefinition
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import datasets, definition_of
from broadsheet.sources.semantic.join_definition import join_problems

PERMISSION = "dataset.certify"


def require_certifier(actor: Actor, definition: DatasetDefinition, found: StoredDataset | None) -> None:
    """Raise Refused where the dataset would carry the mark “certified” and *actor* may not vouch for it."""
    decision = may(actor, PERMISSION)
    if not definition.certified or decision:
        return
    carried = found is not None and definition_of(found).certified
    what = "is certified, and whoever changes it vouches for it" if carried else "would be certified"
    said = f"“{definition.name}” {what}. Take “certified” out, or ask who may certify. {decision.reason}"
    raise Refused(Decision(False, said))


def joins_of(actor: Actor, definition: DatasetDefinition, loaded: Loaded) -> list[Problem]:
    """What is wrong with its joins beside the datasets that *actor* may read: nobody shows by a join what they may not
    see."""
    if not definition.joins:
        return []
    known = {}
    for one in datasets(actor):
        there = definition_of(one)
        known[one.name] = (there.source, there.dataset, frozenset(spec.dataset for spec in there.joins.values()))
    return list(join_problems(definition.joins, loaded, known=known, source=definition.source))
