"""What a changed dataset would break: reports, audiences, datasets that join it, and schedules whose readers lack what its
rules compare. Each is told with its name and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from broadsheet.core.document.definition import DatasetNames, check
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump, load
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.core.policy.roles import unscoped
from broadsheet.reports import queries as reports
from broadsheet.schedules import needs
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.conditions.rights import asked_fields
from broadsheet.schedules.definition import ScheduleDefinition, arranged
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.queries import definition_of as schedule_definition
from broadsheet.sources.definitions import DatasetDefinition
from broadsheet.sources.queries import all_datasets, datasets, definition_of, needs_of, stored

FIX = "Mend that first, or keep this all the same."
Names = Mapping[str, DatasetNames]


class Breaking(DefinitionError):
    """The dataset itself is sound; what depends on it would not be. It can be kept all the same, knowingly."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that would not be sound any more: its kind and name, what is wrong with it, and how to mend it."""

    thing: tuple[str, str]
    message: str
    fix: str = ""


Before = tuple[DatasetDefinition, tuple[str, ...]]


def standing(organization_id: int, documents: Iterable[Loaded]) -> dict[str, tuple[Loaded, Before]]:
    """Of the datasets among *documents* that are there already and would change: by name the document, what is kept of
    them now, and the attributes that their readers need."""
    named = {one.name: one for one in documents if one.kind == "dataset"}
    found = {}
    for one in all_datasets(organization_id).filter(name__in=named):
        loaded = named[one.name]
        if one.definition != dump("dataset", loaded.name, loaded.data):
            found[one.name] = loaded, (definition_of(one), needs_of(one))
    return found


def refuse_breaking(actor: Actor, loaded: Loaded, before: DatasetDefinition, needed: tuple[str, ...]) -> None:
    """Raise Breaking where the dataset of *loaded*, which is kept by now, breaks what stood while it was *before* and its
    readers *needed* these attributes."""
    found = breaks(actor, loaded, before, needed)
    if found:
        raise Breaking(found)


def breaks(actor: Actor, loaded: Loaded, before: DatasetDefinition, needed: tuple[str, ...]) -> list[Problem]:
    """Everything that is broken now and was not before, at the first line of *loaded*; what is out of the actor's reach is
    counted, and not named."""
    organization_id = actor.organization_id
    after = _names(organization_id, None)
    earlier = _names(organization_id, before)
    told = [
        *_reports(organization_id, loaded.name, earlier, after),
        *_audiences(organization_id, loaded.name, earlier[loaded.name], after[loaded.name]),
        *_conditions(organization_id, loaded.name, earlier[loaded.name], after[loaded.name]),
        *_joins(organization_id, loaded.name, before),
        *_lacking(organization_id, loaded.name, needed),
    ]
    found, reached = dict.fromkeys(told), _reached(unscoped(actor))
    named = [one for one in found if one.thing in reached]
    problems = [loaded.problem((), one.message, f"{one.fix} {FIX}".strip()) for one in named]
    if len(named) < len(found):
        more = len({one.thing for one in found} - reached)
        message = f"{more} more that depend on this dataset are out of your reach, and would break."
        problems.append(loaded.problem((), message, f"Ask an owner or admin. {FIX}"))
    return problems


def _reached(actor: Actor) -> set[tuple[str, str]]:
    """Kind and name of all that the actor may be told of."""
    found: set[tuple[str, str]] = set()
    if may_somewhere(actor, "report.read"):
        found |= {("report", name) for name in reports.reports(actor).values_list("name", flat=True)}
    if may_somewhere(actor, "schedule.read"):
        found |= {("schedule", name) for name in schedules.schedules(actor).values_list("name", flat=True)}
    if may_somewhere(actor, "source.read"):
        found |= {("dataset", name) for name in datasets(actor).values_list("name", flat=True)}
    return found


def _names(organization_id: int, before: DatasetDefinition | None) -> dict[str, DatasetNames]:
    """What every dataset can be asked for; with *before*, as it was when that dataset was so."""
    found = {}
    for one in all_datasets(organization_id):
        definition = definition_of(one)
        if before is not None:
            definition = before if one.name == before.name else _joined_as(definition, before)
        found[one.name] = definition.names
    return found


def _joined_as(definition: DatasetDefinition, before: DatasetDefinition) -> DatasetDefinition:
    dataset = definition.dataset
    joins = {
        name: replace(join, dataset=before.dataset) if join.dataset.name == before.name else join
        for name, join in dataset.joins.items()
    }
    return replace(definition, dataset=replace(dataset, joins=joins)) if joins else definition


def _reports(organization_id: int, name: str, earlier: Names, after: Names) -> Iterator[Broken]:
    """What reports ask for and would not find. The check is that of saving them, once with each state of things."""
    affected = {one for one in after if after[one] != earlier[one]} | {name}
    for version in reports.all_latest(organization_id):
        definition = reports.definition_of(version)
        if affected.isdisjoint(request.dataset for request in definition.data.values()):
            continue
        [text] = load(version.definition, file=version.report.name)
        stood = {(problem.path, problem.message) for problem in check(definition, earlier, text)}
        for problem in check(definition, after, text):
            if (problem.path, problem.message) not in stood:
                report = version.report.name
                said = f"Report “{report}”, line {problem.line}: {problem.message}"
                yield Broken(("report", report), said, problem.fix)


def _audiences(
    organization_id: int, name: str, earlier: DatasetNames, after: DatasetNames
) -> Iterator[Broken]:  # fmt: skip
    gone = set(earlier.dimensions) - set(after.dimensions)
    if not gone:
        return
    for schedule in Schedule.objects.filter(organization_id=organization_id).order_by("name"):
        definition = schedule_definition(schedule)
        if definition.audience.dataset != name:
            continue
        for column in sorted(gone & {*definition.audience.fields().columns(), *definition.audience.where}):
            line = _line(schedule, column, under=("audience",))
            message = f"Schedule “{schedule.name}”, line {line}: its audience needs “{column}” of this dataset."
            yield Broken(("schedule", schedule.name), message, near(column, after.dimensions))


def _conditions(organization_id: int, name: str, earlier: DatasetNames, after: DatasetNames) -> Iterator[Broken]:
    """Schedules whose conditions ask for what is not there any more."""
    gone = {*earlier.dimensions, *earlier.metrics} - {*after.dimensions, *after.metrics}
    timeless = bool(earlier.time) and not after.time
    if not gone and not timeless:
        return
    for schedule in Schedule.objects.filter(organization_id=organization_id).order_by("name"):
        asked = asked_fields(schedule_definition(schedule)).get(name)
        if asked is None:
            continue
        for field in sorted(gone & asked):
            line = _line(schedule, field, under=("ready", "only_if"))
            message = f"Schedule “{schedule.name}”, line {line}: its conditions ask for “{field}” of this dataset."
            yield Broken(("schedule", schedule.name), message, near(field, [*after.dimensions, *after.metrics]))
        if timeless:
            message = f"Schedule “{schedule.name}”: its conditions go by the time of this dataset."
            yield Broken(("schedule", schedule.name), message, "Name it with “time:”.")


def _line(schedule: Schedule, column: str, *, under: tuple[str, ...]) -> int:
    """Where *column* stands in the schedule's text, as it is exported, below one of the keys *under*."""
    [text] = load(dump("schedule", schedule.name, arranged(schedule.definition)), file=schedule.name)
    for path, line in text.lines.items():
        value: object = text.data
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else value[step] if isinstance(value, list) and isinstance(step, int) else None  # fmt: skip
        if path and path[0] in under and (value == column or path[-1] == column):
            return line
    return next((text.lines[(key,)] for key in under if (key,) in text.lines), 1)


def _joins(organization_id: int, name: str, before: DatasetDefinition) -> Iterator[Broken]:
    """Datasets that join this one by what it has no longer, or that read from elsewhere now."""
    now = stored(organization_id, name)
    dimensions = definition_of(now).dataset.dimensions
    for one in all_datasets(organization_id):
        definition = definition_of(one)
        [text] = load(one.definition, file=one.name)
        for join, spec in definition.joins.items():
            if spec.dataset != name:
                continue
            line = text.problem(("joins", join), "").line
            for there in spec.on.values():
                if there not in dimensions and there in before.dataset.dimensions:
                    said = f"Dataset “{one.name}”, line {line}: it joins by “{there}” of this one."
                    yield Broken(("dataset", one.name), said, near(there, dimensions))
            if one.source_id != now.source_id and definition.source == before.source:
                said = f"Dataset “{one.name}”, line {line}: it joins this one, and reads from another source then."
                yield Broken(("dataset", one.name), said)


def _lacking(organization_id: int, name: str, needed: tuple[str, ...]) -> Iterator[Broken]:
    """Schedules whose readers would see no row any more, since they lack what a new rule compares."""
    new = [attribute for attribute in needs_of(stored(organization_id, name)) if attribute not in needed]
    if not new:
        return
    for schedule in Schedule.objects.filter(organization_id=organization_id).select_related("report").order_by("name"):
        version = reports.latest(schedule.report)
        asked = {request.dataset for request in reports.definition_of(version).data.values()}
        definition: ScheduleDefinition = schedule_definition(schedule)
        for attribute in new if name in asked else ():
            if not needs.gives(definition.audience, attribute):
                message = f"Schedule “{schedule.name}”: its audience does not give reader.{attribute}, so nobody would see a row."
                yield Broken(("schedule", schedule.name), message, f"Add {attribute} to its attributes.")
