"""Whether the parts of one report fit each other: names that blocks, requests and texts refer to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from broadsheet.core.document.loading import Loaded, Path, Problem
from broadsheet.core.document.placeholders import METRIC_PARTS, PERIOD_PARTS, names_in

from .blocks import Block, ChartBlock, MetricsBlock, TableBlock, TextBlock
from .data import DataRequest
from .parameters import PeriodSpec
from .reading import near
from .report import HISTORY, ReportDefinition

RESERVED = ("reader", "report", "organization", "data_to")
Found = Iterator[Problem]


def part_problems(
    definition: ReportDefinition, loaded: Loaded, *, doubtful: Collection[str] = frozenset()
) -> list[Problem]:
    """Everything in *definition* that refers to what is not in it.

    Nothing is said of the data and parameters that are *doubtful*, because the file's own words for them are faulty.
    """
    problems = list(_names(definition, loaded))
    for name, request in definition.data.items():
        problems += _request(definition, name, request, loaded)
    for path, block in definition.walk():
        problems += _block(definition, block, path, loaded)
    for path, text, extra in _texts(definition):
        problems += _placeholders(definition, path, text, extra, loaded)
    problems += _translations(definition, loaded)
    return [problem for problem in problems if not any(_speaks_of(problem, name) for name in doubtful)]


def _speaks_of(problem: Problem, name: str) -> bool:
    """Whether *problem* rests on what the data or parameter *name* is."""
    marks = (f"“{name}”", f"“{name}{HISTORY}”", f"“{{{name}}}”", f"“{{{name}.")
    return problem.path.split(".")[:2] == ["data", name] or any(mark in problem.message for mark in marks)


def _names(definition: ReportDefinition, loaded: Loaded) -> Found:
    for kind in ("parameters", "data"):
        for name in getattr(definition, kind):
            if name in RESERVED:
                yield loaded.problem((kind, name), f"“{name}” has a meaning of its own.", "Choose another name.")
            elif not name.replace("_", "").replace("-", "").isalnum():
                fix = "Use letters, digits, - and _."
                yield loaded.problem((kind, name), f"“{name}” cannot be a name.", fix)
    for name in set(definition.data) & set(definition.parameters):
        yield loaded.problem(("data", name), f"“{name}” is a parameter, too.", "Rename one of them.")
    seen: set[str] = set()
    for path, block in definition.walk():
        name = getattr(block, "name", "")
        if name and name in seen:
            yield loaded.problem((*path, "name"), f"There are two blocks “{name}”.", "Give this one another name.")
        seen.add(name)


def _request(definition: ReportDefinition, name: str, request: DataRequest, loaded: Loaded) -> Found:
    path: Path = ("data", name)
    if request.period not in (None, "none"):
        spec = definition.parameters.get(str(request.period))
        if not isinstance(spec, PeriodSpec):
            periods = [key for key, one in definition.parameters.items() if isinstance(one, PeriodSpec)]
            message = f"“{request.period}” is not a period parameter."
            yield loaded.problem((*path, "period"), message, near(str(request.period), periods))
    elif (request.compare or request.history) and definition.period_of(request) is None:
        fix = "Add a parameter of kind period, or remove “compare” and “history”."
        yield loaded.problem(path, "Without a period there is nothing to compare with.", fix)
    for index, condition in enumerate(request.where):
        if condition.parameter is not None and condition.parameter not in definition.parameters:
            message = f"There is no parameter “{condition.parameter}”."
            fix = near(condition.parameter, definition.parameters)
            yield loaded.problem((*path, "where", index, "parameter"), message, fix)
    for index, column in enumerate(request.order):
        if column.removeprefix("-") not in request.columns:
            yield _unknown_column(column.removeprefix("-"), name, request, (*path, "order", index), loaded)


def _unknown_column(column: str, data: str, request: DataRequest, path: Path, loaded: Loaded) -> Problem:
    return loaded.problem(path, f"Data “{data}” has no column “{column}”.", near(column, request.columns))


def _block(definition: ReportDefinition, block: Block, path: Path, loaded: Loaded) -> Found:
    match block:
        case MetricsBlock():
            yield from _metrics(definition, block, path, loaded)
        case ChartBlock():
            yield from _chart(definition, block, path, loaded)
        case TableBlock():
            yield from _table(definition, block, path, loaded)
        case _:
            return


def _data(definition: ReportDefinition, name: str, path: Path, loaded: Loaded) -> Found:
    if definition.request(name) is None:
        yield loaded.problem(path, f"There is no data “{name}”.", near(name, definition.sources))


def _columns(definition: ReportDefinition, data: str, wanted: Collection[tuple[str, Path]], loaded: Loaded) -> Found:
    request = definition.request(data)
    for column, path in wanted:
        if request is not None and column and column not in request.columns:
            yield _unknown_column(column, data, request, path, loaded)


def _compared(definition: ReportDefinition, data: str, path: Path, loaded: Loaded) -> Found:
    request = definition.request(data)
    if request is not None and not request.compare:
        message = f"Data “{data}” is not asked for the period before."
        yield loaded.problem(path, message, f"Add “compare: true” to “data.{data}”.")


def _metrics(definition: ReportDefinition, block: MetricsBlock, path: Path, loaded: Loaded) -> Found:
    yield from _data(definition, block.metrics, (*path, "metrics"), loaded)
    if block.targets:
        yield from _data(definition, block.targets, (*path, "targets"), loaded)
    if block.metrics in definition.data:
        if definition.data[block.metrics].by:
            fix = "Ask without “by:” for a single row of figures."
            yield loaded.problem((*path, "metrics"), f"Data “{block.metrics}” has groups.", fix)
        wanted = [(spec.metric, (*path, "show", index)) for index, spec in enumerate(block.show)]
        yield from _columns(definition, block.metrics, wanted, loaded)


def _chart(definition: ReportDefinition, block: ChartBlock, path: Path, loaded: Loaded) -> Found:
    yield from _data(definition, block.data, (*path, "data"), loaded)
    if definition.request(block.data) is None:
        return
    wanted: list[tuple[str, Path]] = [(block.x, (*path, "x")), (block.split, (*path, "split"))]
    wanted += [(one.metric, (*path, "series", index)) for index, one in enumerate(block.series)]
    wanted += [(one.mean, (*path, "references", index)) for index, one in enumerate(block.references)]
    wanted += [(block.few.metric, (*path, "few"))] if block.few else []
    yield from _columns(definition, block.data, wanted, loaded)
    looks_back = block.compare or any(column.show == "change" for column in block.columns)
    if looks_back or any(one.of == "previous" for one in block.references):
        yield from _compared(definition, block.data, path, loaded)
    if block.columns and not block.horizontal:
        fix = "Add “horizontal: true”, or remove “columns:”."
        yield loaded.problem((*path, "columns"), "Figures stand only beside horizontal bars.", fix)


def _table(definition: ReportDefinition, block: TableBlock, path: Path, loaded: Loaded) -> Found:
    yield from _data(definition, block.table, (*path, "table"), loaded)
    request = definition.request(block.table)
    if request is None:
        return
    wanted: list[tuple[str, Path]] = [
        (one.column, (*path, "columns", index)) for index, one in enumerate(block.columns)
    ]
    wanted += [(name.removeprefix("-"), (*path, "order", index)) for index, name in enumerate(block.order)]
    wanted += [(block.pivot, (*path, "pivot"))]
    wanted += [(block.few.metric, (*path, "few"))] if block.few else []
    yield from _columns(definition, block.table, wanted, loaded)
    if any(one.show in ("change", "difference", "previous") for one in block.columns):
        yield from _compared(definition, block.table, path, loaded)
    for index, one in enumerate(block.columns):
        if one.show != "value" and one.column not in request.metrics and one.column in request.columns:
            message = f"“{one.column}” is not a metric; it has no {one.show}."
            yield loaded.problem((*path, "columns", index), message, near(one.column, request.metrics))


def _texts(definition: ReportDefinition) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Every text that may hold placeholders: its path, itself, and names that only it knows."""
    for key in ("title", "subtitle", "prepared_for", "confidentiality", "filename"):
        yield (key,), getattr(definition, key), ()
    for index, fact in enumerate(definition.facts):
        yield ("facts", index, "value"), fact.value, ()
    for path, block in definition.walk():
        for key in ("heading", "text", "title", "under", "note", "empty", "alt", "caption", "total"):
            text = getattr(block, key, "")
            if isinstance(text, str):
                yield (*path, key), text, ()
        yield from _inner_texts(block, path)


def _inner_texts(block: Block, path: Path) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    match block:
        case TextBlock():
            for language, text in block.translations.items():
                yield (*path, "translations", language), text, ()
        case MetricsBlock():
            for index, one in enumerate(block.show):
                yield (*path, "show", index, "label"), one.label, ()
        case ChartBlock():
            for index, note in enumerate(block.annotations):
                yield (*path, "annotations", index), f"{note.lead} {note.text}", ("x", "value")
            for index, series in enumerate(block.series):
                yield (*path, "series", index), series.label, ()
            for index, column in enumerate(block.columns):
                yield (*path, "columns", index), column.label, ()
        case TableBlock():
            for index, spec in enumerate(block.columns):
                yield (*path, "columns", index), f"{spec.label or ''} {spec.group}", ()
        case _:
            return


def _placeholders(definition: ReportDefinition, path: Path, text: str, extra: tuple[str, ...], loaded: Loaded) -> Found:
    for name in names_in(text):
        if not (name in extra or _known(definition, name)):
            fix = near(name, known_placeholders(definition))
            yield loaded.problem(path, f"“{{{name}}}” stands for nothing here.", fix)


def _known(definition: ReportDefinition, name: str) -> bool:
    return name.startswith("reader.") or name in known_placeholders(definition)


def known_placeholders(definition: ReportDefinition) -> list[str]:
    """Every placeholder that a text of *definition* may hold, but for the reader's attributes."""
    known = ["reader.name", "report", "organization", "data_to"]
    for name, spec in definition.parameters.items():
        known.append(name)
        if isinstance(spec, PeriodSpec):
            known += [f"{name}.{part}" for part in PERIOD_PARTS]
    for name, request in definition.data.items():
        known.append(f"{name}.rows")
        known += [f"{name}.first.{column}" for column in request.columns]
        for metric in request.metrics if not request.by else ():
            known += [f"{name}.{metric}", *(f"{name}.{metric}.{part}" for part in METRIC_PARTS)]
    return known


def _translations(definition: ReportDefinition, loaded: Loaded) -> Found:
    """Placeholders of translations; whether their keys are texts of the report cannot be told without its datasets."""
    named: Callable[[str], bool] = lambda name: _known(definition, name) or name in ("x", "value")  # noqa: E731
    for language, texts in definition.translations.items():
        for source, text in texts.items():
            path = ("translations", language, source)
            for name in names_in(text):
                if not named(name):
                    fix = near(name, known_placeholders(definition))
                    yield loaded.problem(path, f"“{{{name}}}” stands for nothing here.", fix)
