"""Look at what keeping a dataset's definition would do, without keeping it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, Loaded, dump
from broadsheet.core.policy import Actor
from broadsheet.sources.models import StoredDataset

from .save import Change, checked_dataset, save_dataset
from .try_dataset import name_problems


@dataclass(frozen=True, slots=True)
class Checked:
    """``effect`` is what saving would answer; ``difference`` a unified diff against what is in use."""

    effect: Change
    difference: str


def check_dataset(actor: Actor, loaded: Loaded) -> Checked:
    """Raises DefinitionError with all that is wrong, and Breaking with what depends on it, as `save_dataset` would."""
    text = dump("dataset", loaded.name, loaded.data)
    found = StoredDataset.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if found is not None:
        with transaction.atomic():
            effect = save_dataset(actor, loaded, now=found.updated_at)
            transaction.set_rollback(True)
        return Checked(effect, difference(found.definition, text))
    definition, source = checked_dataset(actor, loaded)
    if problems := name_problems(loaded, definition, source):
        raise DefinitionError(problems)
    return Checked("added", difference("", text))
