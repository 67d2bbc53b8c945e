"""Classes of sensitivity: who is not cleared for a class neither sees its fields nor puts them where others see them.

A recipient gets what a report's author wrote for them; so whoever writes the report, its schedule or the dataset must be
cleared for all that it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import Decision, Refused, hidden_classes
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import all_datasets, definition_of

Asked = Mapping[str, Collection[str]]  # names of fields by dataset


def require_cleared(actor: Actor, asked: Asked) -> None:
    """Raise Refused where a field of *asked* is of a class that *actor* is not cleared for; unknown names are passed over."""
    hidden = hidden_classes(actor)
    if not hidden:
        return
    for stored in all_datasets(actor.organization_id).filter(name__in=list(asked)):
        _require(hidden, stored.name, definition_of(stored).dataset, asked[stored.name])


def require_cleared_for_all(actor: Actor, stored: StoredDataset) -> None:
    """Raise Refused where any field of the dataset is of a class that *actor* is not cleared for."""
    dataset = definition_of(stored).dataset
    _require(hidden_classes(actor), stored.name, dataset, [*dataset.dimensions, *dataset.metrics])


def _require(hidden: Iterable[str], name: str, dataset: Dataset, fields: Collection[str]) -> None:
    classes = {name: one.sensitivity for name, one in dataset.askable.items()}
    classes |= {name: one.sensitivity for name, one in dataset.metrics.items()}
    for metric in dataset.metrics.values():  # what is worked out from a metric shows it
        for part in dataset.below(metric.name):
            if classes[part] in hidden:
                classes[metric.name] = classes[part]
    for field in fields:
        found = classes.get(field, "")
        if found in hidden:
            said = f"“{field}” of the dataset “{name}” is {found}, and your role does not include “data.{found}”."
            raise Refused(Decision(False, f"{said} Ask an owner or admin."))
