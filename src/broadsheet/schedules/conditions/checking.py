"""What is wrong with a schedule's conditions that only the organization's own definitions tell."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime

from broadsheet.core.document.definition.data import Where
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import Loaded, Path, Problem
from broadsheet.core.policy import Actor, may
from broadsheet.schedules.audience_rights import kept_back
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Schedule
from broadsheet.sources import queries as sources
from broadsheet.sources.actions.arrivals import lists_files, tells_when
from broadsheet.sources.definitions import DatasetDefinition
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.models import Source, StoredDataset

from .figures import is_whole
from .periods import period_for, zone_for
from .readiness_definition import Probe
from .rights import fields_of
from .threshold_definition import OnlyIf

EVERYBODY = "The condition counts everybody’s rows of “{name}”, and you may not see all of them."
ASK = "Choose another dataset, or ask somebody who may see all rows."


def condition_problems(
    actor: Actor, definition: ScheduleDefinition, loaded: Loaded, *, now: datetime
) -> list[Problem]:  # fmt: skip
    """Datasets, sources and fields that are not there or out of *actor*'s reach, and periods that cannot be."""
    ready, only_if = definition.ready, definition.only_if
    if ready is None and only_if is None:
        return []
    known = {one.name: one for one in sources.datasets(actor)}
    check = _Check(actor, definition, loaded, known, now)
    problems: list[Problem] = []
    plain = isinstance(loaded.data.get("ready"), list)
    for number, probe in enumerate(ready.probes if ready else ()):
        path: Path = ("ready", number) if plain else ("ready", "probes", number)
        problems += check.probe(probe, path)
    if only_if is not None:
        problems += check.only_if(only_if)
    return problems


class _Check:
    def __init__(
        self, actor: Actor, definition: ScheduleDefinition, loaded: Loaded, known: dict[str, StoredDataset], now: datetime
    ) -> None:  # fmt: skip
        self._actor, self._definition, self._loaded, self._known, self._now = actor, definition, loaded, known, now
        mine = Schedule.objects.filter(organization_id=actor.organization_id, name=definition.name)
        self._before = mine.values_list("definition", flat=True).first() or {}

    def probe(self, probe: Probe, path: Path) -> Iterator[Problem]:
        if not probe.dataset:
            yield from self._source(probe, path)
            return
        given = self._definition.stored().get("ready")
        fields = {one.dimension for one in probe.where}
        found = yield from self._dataset(probe.of, fields, (*path, probe.kind), same=self._before.get("ready") == given)
        if found is None:
            return
        if not found.dataset.time and not (probe.kind == "fresh" and found.as_of):
            yield self._no_time(probe.of, (*path, probe.kind))
        yield from self._where(found, probe.where, path)
        if probe.period:
            yield from self._period(probe.period, (*path, "period"))

    def only_if(self, only_if: OnlyIf) -> Iterator[Problem]:
        given = self._definition.stored().get("only_if")
        same = self._before.get("only_if") == given
        found = yield from self._dataset(only_if.dataset, fields_of(only_if), ("only_if", "dataset"), same=same)
        if found is None:
            return
        if only_if.metric not in found.dataset.metrics:
            message = f"Dataset “{only_if.dataset}” has no metric “{only_if.metric}”."
            fix = near(only_if.metric, list(found.dataset.metrics))
            yield self._loaded.problem(("only_if", "metric"), message, fix)
        if not found.dataset.time:
            yield self._no_time(only_if.dataset, ("only_if", "dataset"))
        yield from self._where(found, only_if.where, ("only_if",))
        yield from self._period(only_if.period, ("only_if", "period"), whole=only_if.anomaly is not None)

    def _dataset(
        self, name: str, fields: set[str], path: Path, *, same: bool
    ) -> Generator[Problem, None, DatasetDefinition | None]:
        if name not in self._known:
            yield self._loaded.problem(path, f"There is no dataset “{name}”.", near(name, list(self._known)))
            return None
        if not same and kept_back(self._actor, self._known[name], fields):  # else somebody else has set it
            yield self._loaded.problem(path, EVERYBODY.format(name=name), ASK)
        return sources.definition_of(self._known[name])

    def _source(self, probe: Probe, path: Path) -> Iterator[Problem]:
        there = may(self._actor, "source.read")
        mine = Source.objects.filter(organization_id=self._actor.organization_id) if there else Source.objects.none()
        found = mine.filter(name=probe.of).first()
        if found is None:
            fix = near(probe.of, list(mine.values_list("name", flat=True)))
            yield self._loaded.problem((*path, probe.kind), f"There is no source “{probe.of}”.", fix)
        elif not (lists_files(found) if probe.file else tells_when(found)):
            message = f"“{probe.of}” does not say when its {'files' if probe.file else 'data'} came."
            yield self._loaded.problem((*path, probe.kind), message, "Ask a dataset of it: fresh, rows or partition.")

    def _no_time(self, name: str, path: Path) -> Problem:
        fix = "Name it there with “time:”, or ask another dataset."
        return self._loaded.problem(path, f"Dataset “{name}” does not say what its time is.", fix)

    def _where(self, found: DatasetDefinition, where: tuple[Where, ...], path: Path) -> Iterator[Problem]:
        known = list(found.dataset.askable)
        for number, one in enumerate(where):
            if one.dimension not in known:
                message = f"Dataset “{found.name}” has no dimension “{one.dimension}”."
                place = (*path, "where", number, "dimension")
                yield self._loaded.problem(place, message, near(one.dimension, known))

    def _period(self, text: str, path: Path, *, whole: bool = False) -> Iterator[Problem]:
        organization_id = self._actor.organization_id
        try:
            found = period_for(text, organization_id, at=self._now, zone=zone_for(self._definition, organization_id))
        except QueryRefused as error:
            message = str(error).removeprefix("The condition’s period cannot be read. ")
            fix = "Write for instance yesterday, last week or last month."
            yield self._loaded.problem(path, message, fix)
            return
        if whole and not is_whole(found):
            message = f"An anomaly is measured against whole periods before, and “{text}” is none."
            yield self._loaded.problem(path, message, "Write yesterday, last week or last month.")
