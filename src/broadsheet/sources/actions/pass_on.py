"""Datasets of who goes: found by the owner that their files name, and passed on to whoever takes over."""

from __future__ import annotations

from datetime import datetime

from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import dump, load
from broadsheet.core.policy import Actor, require
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import all_datasets, definition_of


def owned_by(organization_id: int, email: str) -> list[StoredDataset]:
    """The datasets whose owner is the member with the mail address *email*, by name."""
    mine = email.strip().lower()
    return [one for one in all_datasets(organization_id) if definition_of(one).owner.strip().lower() == mine]


def pass_on(actor: Actor, was: str, heir: str, *, now: datetime) -> list[str]:
    """Names of the datasets that named *was* as their owner and name *heir* now, both mail addresses. Nothing else of them
    changes, so that what is certified stays so. Raises Refused."""
    require(actor, "person.edit")
    names = []
    for dataset in owned_by(actor.organization_id, was):
        [loaded] = load(dataset.definition, file=dataset.name)
        dataset.definition = dump("dataset", dataset.name, {**loaded.data, "owner": heir})
        dataset.version, dataset.updated_at = dataset.version + 1, now
        dataset.save(update_fields=["definition", "version", "updated_at"])
        record(actor, "dataset.handed_over", dataset.name, now=now, before=was, after=heir)
        names.append(dataset.name)
    return names
