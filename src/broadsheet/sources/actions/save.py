"""Keep sources and datasets as their definitions say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction

from broadsheet.access.reach import place_where_allowed
from broadsheet.access.sealed import seal, unseal
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump
from broadsheet.core.policy import Actor, require, require_somewhere
from broadsheet.core.policy.roles import unscoped
from broadsheet.plugins import Descriptor
from broadsheet.sources.copying import copying
from broadsheet.sources.definitions import DatasetDefinition, SourceDefinition, dataset_from, source_from
from broadsheet.sources.models import Source, StoredDataset
from broadsheet.sources.ports import ENGINES
from broadsheet.sources.queries import definition_of, needs_of, require_on, source_definition
from broadsheet.sources.secured.clearance import require_cleared_for_all

from .ask import purpose_of
from .breaking import refuse_breaking
from .certifying import joins_of, require_certifier
from .check_tables import table_problems
from .rules import elsewhere, may_read_from, require_for_dataset, require_for_source
from .try_dataset import name_problems

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_source(actor: Actor, loaded: Loaded, *, now: datetime, secrets: Mapping[str, str] | None = None) -> Change:
    """A source as *loaded* says; *secrets* replaces those given and keeps the others. Raises DefinitionError, and Refused
    where it would change or go around rules on tables and the actor may not."""
    require(actor, "source.edit")
    definition = source_from(loaded)
    if definition.engine not in ENGINES.ids():
        message = f"There is no engine “{definition.engine}”."
        raise DefinitionError([loaded.problem(("engine",), message, near(definition.engine, ENGINES.ids()))])
    problems = _problems(loaded, definition, ENGINES.get(definition.engine).descriptor)
    if problems:
        raise DefinitionError(problems)
    if secrets:
        require(actor, "source.secrets")
    text, settings = dump("source", loaded.name, loaded.data), dict(definition.settings)
    mine = Source.objects.select_for_update().filter(organization_id=actor.organization_id)
    found = mine.filter(name=loaded.name).first()
    if found is not None and found.definition == text and not secrets:
        return "same"
    require_for_source(actor, found, definition)
    moved, before = elsewhere(found, definition), source_definition(found) if found else None
    if found is not None and found.sealed and moved:
        require(actor, "source.secrets")  # who may not know a password may not have it sent elsewhere
    was = found.definition if found else ""
    source = found or Source(organization_id=actor.organization_id, name=loaded.name)
    purpose = purpose_of(actor.organization_id, loaded.name)
    if secrets:
        source.sealed = seal({**unseal(source.sealed, purpose=purpose), **secrets}, purpose=purpose)
    source.label, source.engine, source.definition = definition.label, definition.engine, text
    source.settings = settings
    tried = before is not None and before.rules() == definition.rules() and not moved
    if problems := table_problems(loaded, definition, source, tried=tried):
        raise DefinitionError(problems)
    source.ok, source.verdict, source.checked_at, source.updated_at = None, "", None, now
    source.save()
    record(
        actor, "source.saved", loaded.name, now=now,
        changed=difference(was, text), secrets=sorted(secrets or ()), **_rules(before, definition),
    )  # fmt: skip
    return "added" if found is None else "changed"


@transaction.atomic
def save_dataset(actor: Actor, loaded: Loaded, *, now: datetime, force: bool = False) -> Change:
    """A dataset as *loaded* says. Raises DefinitionError, also where its source is not there, or answers and does not
    have what the dataset names; Breaking where reports, audiences or other datasets need what it has no longer, unless
    *force* says that this is known; Refused where it is certified and the actor may not certify, and where it would
    leave a source with rules and the actor may not change those."""
    definition, source = checked_dataset(actor, loaded)
    text = dump("dataset", loaded.name, loaded.data)
    found = StoredDataset.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if found is not None and found.definition == text and found.source_id == source.pk:
        return "same"
    if problems := name_problems(loaded, definition, source):
        raise DefinitionError(problems)
    before = found.definition if found else ""
    was = (definition_of(found), needs_of(found)) if found and not force else None
    dataset = found or StoredDataset(organization_id=actor.organization_id, name=loaded.name, version=0)
    dataset.source, dataset.definition, dataset.label = source, text, definition.label
    dataset.version, dataset.updated_at = dataset.version + 1, now
    dataset.save()
    if found is None:
        place_where_allowed(actor, "source.edit", "dataset", dataset.pk)
    if was is not None:
        refuse_breaking(actor, loaded, *was)
    changed = difference(before, text)
    record(actor, "dataset.saved", loaded.name, now=now, version=dataset.version, source=source.name, changed=changed)
    return "added" if found is None else "changed"


def checked_dataset(actor: Actor, loaded: Loaded) -> tuple[DatasetDefinition, Source]:
    """What *loaded* says, and its source. Raises DefinitionError, also where the source is not there, and Refused as
    `save_dataset` does."""
    require_somewhere(actor, "source.edit")
    found = StoredDataset.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if found is not None:
        require_on(actor, "source.edit", found)
        require_cleared_for_all(unscoped(actor), found)
    definition = dataset_from(loaded)
    source = Source.objects.filter(organization_id=actor.organization_id, name=definition.source).first()
    if source is None or not may_read_from(actor, source):
        fix = "Define it first, or correct the name."
        raise DefinitionError([loaded.problem(("source",), f"There is no source “{definition.source}”.", fix)])
    require_for_dataset(actor, loaded.name, source)
    require_certifier(actor, definition, found)
    if problems := joins_of(actor, definition, loaded):
        raise DefinitionError(problems)
    return definition, source


def _rules(before: SourceDefinition | None, after: SourceDefinition) -> dict[str, object]:
    """The journal's detail: the rules before and after, where there are any."""
    told = {"before": before.told_rules() if before else {}, "after": after.told_rules()}
    return {"rules": told} if any(told.values()) else {}


def _problems(loaded: Loaded, definition: SourceDefinition, descriptor: Descriptor) -> list[Problem]:
    known = {setting.name: setting for setting in descriptor.settings}
    found = [
        loaded.problem(("settings", name), f"“{name}” is not a setting of it.", near(name, list(known)))
        for name in definition.settings
        if name not in known
    ]
    found += [
        loaded.problem(("settings", name), f"“{name}” is a secret.", "Take it out of the file; give it in Settings.")
        for name in definition.settings
        if name in known and known[name].secret
    ]
    found += [
        loaded.problem(("settings", setting.name), f"“{setting.name}” is missing.", f"Give it: {setting.label}.")
        for setting in descriptor.settings
        if setting.required and not setting.secret and not definition.settings.get(setting.name)
    ]
    copier = copying(definition.engine)
    for name, message, fix in copier.faults(definition.settings) if copier else ():
        found.append(loaded.problem(("settings", name), message, fix))
    return found
