"""Files that define sources and datasets: read, checked down to each expression, and told with the file's line.

A dataset's SQL and every expression pass `guard` here already, so that what cannot run is refused where it is written.
Whether its tables and columns are there is only known to the source; see `answers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from broadsheet.core.document.definition.checking import DatasetNames
from broadsheet.core.document.definition.reading import Frozen, Short, ShortNumber, near, read, schema
from broadsheet.core.document.loading import DefinitionError, Loaded, Path, Problem
from broadsheet.core.policy import Mask, RowRule

from .dataset import USUAL, Dataset, Dimension, Sensitivity
from .errors import QueryRefused
from .secured.guard import checked_expression, checked_select
from .secured.securing import Rules, rules_of
from .semantic.join_definition import JoinSpec, SmallestSpec, own_join_problems
from .semantic.metric_definition import HAVING, READER_KEYS, MetricSpec, labelled, metric_problems, metrics_of

Kind = Literal["text", "integer", "number", "date", "instant", "flag"]
_LINE = re.compile(r"line (\d+)")
_NAMED = re.compile(r"“([^”]+)”")


class RowSpec(Frozen):
    """Readers see only the rows that are theirs."""

    column: str
    """A column of the query, or of the table."""
    equals: str = Field(pattern=r"^reader\.\w+$", examples=["reader.buyer_id"])
    """An attribute of the reader."""
    unless: str = Field("", pattern=HAVING, examples=["role.auditor", "team.support"])
    """The rule does not hold for readers whose attribute is true, or for people with that role or team."""

    def rule(self) -> RowRule:
        return RowRule(self.column, self.equals.removeprefix(READER_KEYS), self.unless.removeprefix(READER_KEYS))


class TableSpec(Frozen):
    """Rules on a table of the source, which hold inside every query over it, whoever wrote that."""

    rows: tuple[RowSpec, ...] = Field((), min_length=1)
    """All hold; a reader without the attribute sees no row of the dataset."""


def as_written(value: Any) -> Any:
    """What YAML has read as a date or an instant, as text again: settings are kept as JSON."""
    if isinstance(value, Mapping):
        return {name: as_written(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_written(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


class SourceDefinition(Frozen):
    """Where data lives."""

    name: str
    engine: str = Field(examples=["duckdb", "sqlite", "postgresql"])
    """Id of a query engine."""
    label: str = ""
    """Shown in lists; by default the name."""
    settings: Annotated[Mapping[str, Any], BeforeValidator(as_written)] = Field(
        default_factory=dict, examples=[{"files": ["/srv/leads/*.parquet"]}]
    )
    """What the engine needs, as its own page says. “{home}” is the installation’s folder."""
    secrets: tuple[str, ...] = Field((), examples=[["password"]])
    """Names of the secrets it needs; their values never stand in a file."""
    tables: Mapping[str, TableSpec] = Field(default_factory=dict)
    """Rules by the table’s name, without its schema."""

    def rules(self) -> Rules:
        return rules_of({name: tuple(one.rule() for one in spec.rows) for name, spec in self.tables.items()})

    def told_rules(self) -> dict[str, list[str]]:
        """The rules by table as they are told to people, “buyer_id = reader.buyer_id”."""
        return {name: [str(one.rule()) for one in spec.rows] for name, spec in self.tables.items()}


class MaskSpec(Frozen):
    """What stands in a field's place for readers who may not see it clear."""

    show: Literal["full", "partial", "hash", "bucket", "nothing"]
    """full: •••; partial: the first letter; hash: a pseudonym; bucket: the lower edge of steps of `size`; nothing."""
    size: float = Field(0, ge=0)
    """With bucket: how large its steps are."""
    clear: str = Field("", pattern=HAVING, examples=["reader.sees_contacts", "role.finance", "team.support"])
    """Readers whose attribute is true see the field as it is; without it no recipient does."""

    def mask(self) -> Mask:
        return Mask(self.show, self.size, self.clear.removeprefix(READER_KEYS))


class DimensionSpec(Frozen):
    """Something to group or filter by."""

    kind: Kind
    """text, integer, number, date, instant (a moment), flag (true or false)."""
    mask: Annotated[MaskSpec, Short("show")] | None = None
    """A way of showing it, or {show, size, clear}."""
    label: str = ""
    """Shown in heads; by default the name."""
    expression: str = ""
    """SQL over the query’s columns; by default the column of that name."""
    unit: str = ""
    """Such as “h” or “km”."""
    decimals: int | None = Field(None, ge=0, le=6)
    description: str = ""
    sensitivity: Sensitivity | None = None
    """By default the dataset’s."""


class DatasetFile(Frozen):
    """One SELECT with names for what can be asked of it."""

    name: str
    source: str
    """Name of the source."""
    sql: str
    """One SELECT; it may only read, and calls only functions that are known to be harmless."""
    label: str = ""
    description: str = ""
    owner: str = Field("", max_length=320, examples=["mara@northlight.example", "Finance"])
    """Who answers for it: a member’s address, or words."""
    sensitivity: Sensitivity = "internal"
    """public, internal, confidential or restricted; fields may say otherwise."""
    certified: bool = False
    """Checked by someone who vouches for it; only who may certify sets this, or changes what carries it."""
    time: str = ""
    """The dimension that periods apply to."""
    as_of: str = Field("", examples=["max(submitted_at)"])
    """SQL with an aggregate: up to when the data is complete."""
    dimensions: Mapping[str, Annotated[DimensionSpec, Short("kind")]] = Field(default_factory=dict)
    """By name; each a kind, or {kind, label, expression}."""
    metrics: Mapping[str, Annotated[MetricSpec, Short("expression")]] = Field(default_factory=dict)
    """By name."""
    rows: tuple[RowSpec, ...] = ()
    """Row policy: which rows a reader may see. All rules hold; a reader without the attribute sees none."""
    joins: Mapping[str, JoinSpec] = Field(
        default_factory=dict, examples=[{"buyer": {"dataset": "buyers", "on": {"buyer_id": "id"}}}]
    )
    """Other datasets by the name under which their dimensions are asked, such as buyer.country."""
    smallest: Annotated[SmallestSpec, ShortNumber("least")] | None = Field(None, examples=[5])
    """The least units of a group that is shown: a number of rows, or {count, least}."""


@dataclass(frozen=True, slots=True)
class DatasetDefinition:
    """A dataset as it was defined: ``dataset`` is what is asked; ``as_of`` an SQL aggregate or ""."""

    name: str
    source: str
    dataset: Dataset
    label: str
    description: str = ""
    as_of: str = ""
    owner: str = ""
    sensitivity: str = USUAL
    certified: bool = False
    joins: Mapping[str, JoinSpec] = field(default_factory=dict)
    """As they are written; `queries.definition_of` puts the datasets themselves into ``dataset.joins``."""

    @property
    def names(self) -> DatasetNames:
        """What a report may ask it for."""
        kinds = {name: dimension.kind for name, dimension in self.dataset.askable.items()}
        single, joins = self.dataset.smallest is None, self.dataset.joins
        kept = frozenset(
            name for name, one in self.dataset.askable.items() if one.join and joins[one.join].dataset.smallest
        )
        return DatasetNames(kinds, tuple(self.dataset.metrics), self.dataset.time, single, kept)


def source_from(loaded: Loaded) -> SourceDefinition:
    """The source in *loaded*. Raises DefinitionError with every problem."""
    found = read(loaded, SourceDefinition, kind="source")
    return found if found.label else found.model_copy(update={"label": loaded.name})


def dataset_from(loaded: Loaded, *, dialect: str = "duckdb") -> DatasetDefinition:
    """The dataset in *loaded*; ``dialect`` is that of its source's engine (sqlglot's name).

    Raises DefinitionError with every problem: keys, names, and SQL that the guard refuses.
    """
    file = read(loaded, DatasetFile, kind="dataset")
    problems = [
        *_sql_problems(file, loaded, dialect=dialect), *_name_problems(file, loaded), *_mask_problems(file, loaded),
        *metric_problems(file.metrics, loaded, time=file.time),
        *own_join_problems(file.joins, loaded, name=file.name, dimensions=file.dimensions),
    ]  # fmt: skip
    if problems:
        raise DefinitionError(sorted(problems, key=lambda problem: problem.line))
    dataset = Dataset(
        name=file.name,
        sql=file.sql,
        dimensions={name: _dimension(name, spec, file.sensitivity) for name, spec in file.dimensions.items()},
        metrics=metrics_of(file.metrics, dialect=dialect, sensitivity=file.sensitivity),
        time=file.time,
        rows=tuple(rule.rule() for rule in file.rows),
        smallest=file.smallest.built() if file.smallest else None,
    )
    return DatasetDefinition(
        file.name, file.source, dataset, file.label or file.name, file.description, file.as_of, file.owner,
        file.sensitivity, file.certified, file.joins,
    )  # fmt: skip


@cache
def source_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a source file."""
    return schema(SourceDefinition, kind="source", title="Broadsheet source")


@cache
def dataset_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a dataset file."""
    return schema(DatasetFile, kind="dataset", title="Broadsheet dataset")


def _dimension(name: str, spec: DimensionSpec, sensitivity: str) -> Dimension:
    return Dimension(
        name, spec.kind, spec.label or labelled(name), spec.expression, spec.mask.mask() if spec.mask else None,
        spec.unit, spec.decimals, spec.description, spec.sensitivity or sensitivity,
    )  # fmt: skip


def _name_problems(file: DatasetFile, loaded: Loaded) -> Iterator[Problem]:
    if not file.dimensions and not file.metrics:
        yield loaded.problem((), "This dataset has nothing to ask for.", "Add “dimensions:” and “metrics:”.")
    if file.time and file.time not in file.dimensions:
        message = f"There is no dimension “{file.time}”."
        yield loaded.problem(("time",), message, near(file.time, file.dimensions))
    elif file.time and file.dimensions[file.time].kind not in ("date", "instant"):
        message = f"“{file.time}” is {file.dimensions[file.time].kind}, not a time."
        yield loaded.problem(("time",), message, "Give it the kind date or instant, or name another one.")
    for name in file.metrics:
        if name in file.dimensions:
            yield loaded.problem(("metrics", name), f"“{name}” is a dimension, too.", "Rename one of them.")
    if file.smallest and file.smallest.count and file.smallest.count not in file.dimensions:
        message = f"There is no dimension “{file.smallest.count}”."
        yield loaded.problem(("smallest", "count"), message, near(file.smallest.count, file.dimensions))


MASKS = {"full": ("text",), "partial": ("text",), "hash": ("text",), "bucket": ("integer", "number")}


def _mask_problems(file: DatasetFile, loaded: Loaded) -> Iterator[Problem]:
    """Masks that would change what kind of thing a dimension is."""
    for name, spec in file.dimensions.items():
        path: Path = ("dimensions", name, "mask")
        if spec.mask is None:
            continue
        fits = MASKS.get(spec.mask.show)
        if fits and spec.kind not in fits:
            message = f"“{name}” is {spec.kind}; the mask {spec.mask.show} is for {' and '.join(fits)}."
            yield loaded.problem(path, message, "Use “nothing”.")
        if spec.mask.show == "bucket" and not spec.mask.size:
            yield loaded.problem(path, "A bucket needs its size.", "Write for instance {show: bucket, size: 100}.")
        if name == file.time:
            yield loaded.problem(
                path, f"“{name}” is what periods apply to, and cannot be masked.", "Take the mask out."
            )


def _sql_problems(file: DatasetFile, loaded: Loaded, *, dialect: str) -> Iterator[Problem]:
    yield from _refused(lambda: checked_select(file.sql, dialect=dialect), file.sql, ("sql",), loaded)
    checked: dict[Path, str] = {("as_of",): file.as_of}
    checked |= {("dimensions", name, "expression"): spec.expression for name, spec in file.dimensions.items()}
    checked |= {("metrics", name, "expression"): spec.expression for name, spec in file.metrics.items()}
    for path, sql in checked.items():
        if sql:
            yield from _refused(lambda sql=sql: checked_expression(sql, dialect=dialect), sql, path, loaded)  # type: ignore[misc]


def _refused(check: Callable[[], object], sql: str, path: Path, loaded: Loaded) -> Iterator[Problem]:
    try:
        check()
    except QueryRefused as refused:
        message, _, fix = str(refused).partition(". ")
        at = loaded.problem(path, f"{message.rstrip('.')}.", fix)
        yield Problem(at.file, at.line + _offset(sql, str(refused)), at.path, at.message, at.fix)


def _offset(sql: str, message: str) -> int:
    """Lines from the key to the fault: a text of several lines begins on the line after its key."""
    lines = sql.splitlines()
    if len(lines) < 2:
        return 0
    told = _LINE.search(message)
    if told:
        return min(int(told[1]), len(lines))
    named = _NAMED.search(message)
    words = [] if named is None else [named[1].lower()]
    found = (number for number, line in enumerate(lines, start=1) if any(word in line.lower() for word in words))
    return next(found, 1)
