"""Sources and datasets that an actor may see, and their definitions."""

from __future__ import annotations

import difflib
from dataclasses import replace
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from broadsheet.access.reach import thing, within
from broadsheet.core.document.loading import load
from broadsheet.core.policy import Actor, RowRule
from broadsheet.core.policy.roles import require
from broadsheet.sources.compile import attributes_of, tables_of
from broadsheet.sources.dataset import Join
from broadsheet.sources.definitions import DatasetDefinition, SourceDefinition, dataset_from, source_from
from broadsheet.sources.errors import UnknownSource
from broadsheet.sources.models import Source, StoredDataset
from broadsheet.sources.names import folded
from broadsheet.sources.ports import ENGINES


def sources(actor: Actor) -> QuerySet[Source]:
    """The organization's sources, by name, with those of their datasets that the actor reaches. Raises Refused."""
    require(actor, "source.read")
    mine = Source.objects.filter(organization_id=actor.organization_id)
    return mine.prefetch_related(Prefetch("datasets", queryset=datasets(actor)))


def datasets(actor: Actor, permission: str = "source.read") -> QuerySet[StoredDataset]:
    """The organization's datasets on which the actor holds *permission*, by name. Raises Refused."""
    reached = within(actor, permission, "dataset")
    return StoredDataset.objects.filter(reached, organization_id=actor.organization_id).select_related("source")


def dataset(actor: Actor, name: str) -> StoredDataset:
    """The dataset called *name*, among those that the actor may read. Raises UnknownSource, which suggests the nearest
    name, and Refused."""
    mine = datasets(actor)
    found = mine.filter(name=name).first()
    if found is None:
        names = list(mine.order_by("name").values_list("name", flat=True))
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(names) or 'none yet'}."
        raise UnknownSource(f"There is no dataset “{name}” here. {hint}")
    return found


def require_on(actor: Actor, permission: str, dataset: StoredDataset) -> None:
    """Raise Refused unless *actor* holds *permission* on the dataset of their organization."""
    require(actor, permission, thing(actor, "dataset", dataset.pk, dataset.name))


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
    """What the dataset's text says, over its source's tables with their rules, with the datasets that it joins."""
    found = _alone(dataset)
    if not found.joins:
        return found
    names = {spec.dataset for spec in found.joins.values()}
    mine = StoredDataset.objects.filter(organization_id=dataset.organization_id, source_id=dataset.source_id)
    there = {one.name: _alone(one).dataset for one in mine.filter(name__in=names).select_related("source")}
    joins = {
        name: Join(name, there[spec.dataset], tuple(spec.on.items()))
        for name, spec in found.joins.items()
        if spec.dataset in there and all(key in there[spec.dataset].dimensions for key in spec.on.values())
    }
    return replace(found, dataset=replace(found.dataset, joins=joins))


def _alone(dataset: StoredDataset) -> DatasetDefinition:
    source = dataset.source
    dialect = ENGINES.get(source.engine).dialect
    return _parsed(dataset.definition, dataset.name, source.definition, source.name, dialect)


def inner_rules(dataset: StoredDataset) -> list[tuple[str, RowRule]]:
    """The rules that hold inside its query, with the tables they are on, as the query reads them."""
    found = definition_of(dataset).dataset
    read = {folded(name) for name in tables_of(found, engine=ENGINES.get(dataset.source.engine))}
    return [(table, rule) for table, rules in found.tables if table in read for rule in rules]


def needs_of(dataset: StoredDataset) -> tuple[str, ...]:
    """The attributes that a reader must have to see a row of it: by its own rules and those of the tables it reads. What
    some readers are exempt from, nobody must have."""
    found = definition_of(dataset).dataset
    tables = ((name, tuple(rule for rule in rules if not rule.unless)) for name, rules in found.tables)
    rows = tuple(rule for rule in found.rows if not rule.unless)
    found = replace(found, rows=rows, tables=tuple((name, rules) for name, rules in tables if rules))
    inside = attributes_of(found, engine=ENGINES.get(dataset.source.engine))
    return tuple(dict.fromkeys([*(rule.attribute for rule in found.rows), *inside]))


def lifts(organization_id: int, attribute: str) -> bool:
    """Whether a row rule or a mask of the organization does not hold for who has *attribute*, such as “role.auditor”."""
    rules = [
        rule
        for one in Source.objects.filter(organization_id=organization_id, definition__contains=attribute)
        for _table, rules in source_definition(one).rules()
        for rule in rules
    ]
    masks = []
    for stored in all_datasets(organization_id).filter(definition__contains=attribute):
        found = _alone(stored).dataset
        rules += found.rows
        masks += [one.mask for one in found.dimensions.values()] + [one.mask for one in found.metrics.values()]
    return attribute in {rule.unless for rule in rules} | {mask.clear for mask in masks if mask}


@lru_cache(maxsize=256)
def _parsed(text: str, name: str, source: str, source_name: str, dialect: str) -> DatasetDefinition:
    [loaded] = load(text, file=f"dataset {name}")
    found, rules = dataset_from(loaded, dialect=dialect), _source(source, source_name).rules()
    return replace(found, dataset=replace(found.dataset, tables=rules)) if rules else found


def source_definition(source: Source) -> SourceDefinition:
    """What the source's text says."""
    return _source(source.definition, source.name)


@lru_cache(maxsize=64)
def _source(text: str, name: str) -> SourceDefinition:
    [loaded] = load(text, file=f"source {name}")
    return source_from(loaded)


def datasets_of(source: Source) -> QuerySet[StoredDataset]:
    """The datasets over *source*, by name; none for one that is not kept yet."""
    return StoredDataset.objects.filter(source_id=source.pk).select_related("source").order_by("name")


def all_datasets(organization_id: int) -> QuerySet[StoredDataset]:
    """Every dataset of an organization, for acts that have checked their rights."""
    return StoredDataset.objects.filter(organization_id=organization_id).select_related("source")
