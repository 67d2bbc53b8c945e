"""Sources and datasets that an actor may see, and their definitions."""

from __future__ import annotations

import difflib
from functools import lru_cache

from django.db.models import QuerySet

from broadsheet.core.document.loading import load
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.sources.definitions import DatasetDefinition, dataset_from
from broadsheet.sources.errors import UnknownSource
from broadsheet.sources.models import Source, StoredDataset


def sources(actor: Actor) -> QuerySet[Source]:
    """The organization's sources, by name. Raises Refused."""
    require(actor, "source.read")
    return Source.objects.filter(organization_id=actor.organization_id).prefetch_related("datasets")


def datasets(actor: Actor) -> QuerySet[StoredDataset]:
    """The organization's datasets, by name. Raises Refused."""
    require(actor, "source.read")
    return StoredDataset.objects.filter(organization_id=actor.organization_id).select_related("source")


def stored(organization_id: int, name: str) -> StoredDataset:
    """The dataset called *name*. Raises UnknownSource, which suggests the nearest name."""
    mine = StoredDataset.objects.filter(organization_id=organization_id)
    found = mine.filter(name=name).select_related("source").first()
    if found is None:
        names = list(mine.values_list("name", flat=True))
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(names) or 'none yet'}."
        raise UnknownSource(f"There is no dataset “{name}”. {hint}")
    return found


def definition_of(dataset: StoredDataset) -> DatasetDefinition:
    """What the dataset's text says."""
    return _parsed(dataset.definition, dataset.name)


@lru_cache(maxsize=256)
def _parsed(text: str, name: str) -> DatasetDefinition:
    [loaded] = load(text, file=f"dataset {name}")
    return dataset_from(loaded)


def all_datasets(organization_id: int) -> QuerySet[StoredDataset]:
    """Every dataset of an organization, for acts that have checked their rights."""
    return StoredDataset.objects.filter(organization_id=organization_id)
