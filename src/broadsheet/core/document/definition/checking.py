"""Reading a report definition, and what can be wrong between its parts and with the datasets it asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from broadsheet.core.document.loading import DefinitionError, Loaded, Problem
from broadsheet.core.document.tables import FISCAL_GRAINS

from .data import DataRequest
from .parts import part_problems
from .reading import near, read, schema
from .report import ReportDefinition
from .soundness import sound_part

TIMES = ("date", "instant")
FINE_GRAINS = ("hour", "hour_of_day")


@dataclass(frozen=True, slots=True)
class DatasetNames:
    """What a dataset has to be asked for: the kind of each dimension, the metrics, the time dimension or "", and
    whether single rows may be listed, and the dimensions by which they may not be."""

    dimensions: Mapping[str, str]
    metrics: Collection[str]
    time: str = ""
    single: bool = True
    grouped: frozenset[str] = frozenset()


def report_from(loaded: Loaded) -> ReportDefinition:
    """The report in *loaded*. Raises DefinitionError with all problems, each with its line and fix."""
    return _read(loaded, None)


def checked_report(loaded: Loaded, catalogue: Mapping[str, DatasetNames]) -> ReportDefinition:
    """As `report_from`, and what *catalogue* (datasets by name) does not have is among the problems."""
    return _read(loaded, catalogue)


def _read(loaded: Loaded, catalogue: Mapping[str, DatasetNames] | None) -> ReportDefinition:
    problems: list[Problem] = []
    try:
        definition: ReportDefinition | None = read(loaded, ReportDefinition, kind="report")
        doubtful: frozenset[str] = frozenset()
    except DefinitionError as error:
        if loaded.kind != "report":
            raise
        problems += error.problems
        definition, doubtful = sound_part(loaded)
    if definition is not None:
        problems += part_problems(definition, loaded, doubtful=doubtful)
        problems += check(definition, catalogue, loaded) if catalogue is not None else []
    if problems or definition is None:
        raise DefinitionError(sorted(dict.fromkeys(problems), key=lambda problem: problem.line))
    return definition


@cache
def _schema() -> dict[str, Any]:
    return schema(ReportDefinition, kind="report", title="Broadsheet report")


def report_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a report file, with descriptions and examples."""
    return dict(_schema())


def check(definition: ReportDefinition, catalogue: Mapping[str, DatasetNames], loaded: Loaded) -> list[Problem]:
    """What the report asks for and *catalogue* (datasets by name) does not have; by line."""
    problems: list[Problem] = []
    for name, request in definition.data.items():
        known = catalogue.get(request.dataset)
        if known is None:
            message = f"There is no dataset “{request.dataset}”."
            problems.append(loaded.problem(("data", name, "dataset"), message, near(request.dataset, catalogue)))
            continue
        problems += _request(definition, name, known=known, loaded=loaded)
    return sorted(problems, key=lambda problem: problem.line)


def _request(definition: ReportDefinition, name: str, *, known: DatasetNames, loaded: Loaded) -> list[Problem]:
    request = definition.data[name]
    problems = [
        loaded.problem(
            ("data", name, "metrics", index),
            f"Dataset “{request.dataset}” has no metric “{metric}”.",
            near(metric, known.metrics),
        )
        for index, metric in enumerate(request.metrics)
        if metric not in known.metrics
    ]
    for index, condition in enumerate(request.where):
        if condition.dimension not in known.dimensions:
            problems.append(_dimension(request, condition.dimension, ("data", name, "where", index), known, loaded))
    for index, group in enumerate(request.by):
        path = ("data", name, "by", index)
        dimension = group.dimension or known.time
        if not dimension:
            problems.append(loaded.problem(path, f"Dataset “{request.dataset}” has no time.", "Name a dimension."))
        elif dimension not in known.dimensions:
            problems.append(_dimension(request, dimension, path, known, loaded))
        elif group.grain:
            problems += _grain(
                group.grain, dimension, known.dimensions[dimension], path=path, loaded=loaded, time=known.time
            )
    if request.rows and (not known.single or not known.grouped.isdisjoint(group.dimension for group in request.by)):
        message = f"Dataset “{request.dataset}” shows only groups of some size, never single rows."
        problems.append(loaded.problem(("data", name, "rows"), message, "Ask for metrics by groups."))
    if request.fill and not any(group.grain for group in request.by):
        message = "“fill” adds periods without rows, and this is not grouped by time."
        problems.append(loaded.problem(("data", name, "fill"), message, "Add a grain such as day to “by:”."))
    if definition.period_of(request) and not known.time:
        message = f"Dataset “{request.dataset}” has no time, so no period can be applied."
        problems.append(loaded.problem(("data", name), message, "Add “period: none”, or “time:” to the dataset."))
    return problems


def _dimension(
    request: DataRequest, name: str, path: tuple[str | int, ...], known: DatasetNames, loaded: Loaded
) -> Problem:
    message = f"Dataset “{request.dataset}” has no dimension “{name}”."
    return loaded.problem(path, message, near(name, known.dimensions))


def _grain(
    grain: str, dimension: str, kind: str, *, path: tuple[str | int, ...], loaded: Loaded, time: str
) -> list[Problem]:
    if kind not in TIMES:
        message = f"“{dimension}” is {kind}, not a time; it cannot be cut to “{grain}”."
        return [loaded.problem(path, message, "Leave the grain out, or name a time.")]
    if grain in FISCAL_GRAINS and dimension != time:
        return [
            loaded.problem(path, f"“{grain}” cuts the dataset’s time, and that is “{time}”.", f"Write “{grain}” alone.")
        ]
    if kind == "date" and grain in FINE_GRAINS:
        message = f"“{dimension}” is a date; it has no hours to cut to “{grain}”."
        return [loaded.problem(path, message, "Use day, week, month, quarter, year or weekday.")]
    return []
