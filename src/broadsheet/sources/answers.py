"""Many readers' questions to one dataset, answered with as few queries as their asks differ.

Where a table that the query reads has rules of its own, readers with unlike values of what it asks are asked for apart:
what the query makes of one reader's rows must not be in another's. Else questions with the same ask are one query whose ordered rows are dealt out by the row rule's values; the limit applies
to each reader after the deal. A restricted reader who lacks an attribute that a rule needs gets no row at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from broadsheet.core.document.tables import Ask, Column, DataTable, Value
from broadsheet.core.policy import Reader

from .cache import Cache, key_of
from .compile import Hidden, Statement, attributes_of, statement
from .dataset import Dataset
from .errors import LimitExceeded
from .ports import Connection, Engine, Limits

Rows = list[tuple[Value, ...]]
Seen = tuple[Value, ...] | None  # a reader's values of the rule columns; None: unrestricted
Dealt = dict[Seen, Rows]
Alike = tuple[Ask, Seen, frozenset[str]]
NOTHING: Seen = (None,)  # no row of any dataset has it: rules ask for equality, which NULL never meets


@dataclass(frozen=True, slots=True)
class Question:
    """*ask* for *reader*; ``key`` names the answer."""

    key: str
    ask: Ask
    reader: Reader


@dataclass(frozen=True, slots=True)
class Kept:
    """Where answers are kept: the source's name, the state that its data is in, and the cache."""

    source: str
    stamp: str
    cache: Cache[Dealt]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what, and how, a question is asked."""

    dataset: Dataset
    engine: Engine
    connection: Connection
    limits: Limits
    kept: Kept | None
    salt: str


def answer(
    dataset: Dataset,
    questions: Sequence[Question],
    *,
    engine: Engine,
    connection: Connection,
    limits: Limits,
    as_of: datetime,
    kept: Kept | None = None,
    salt: str = "",
) -> dict[str, DataTable]:
    """The answer to each question by its key; *kept* answers are taken where there are some. *salt*: the secret
    that pseudonyms in masked fields are made with.

    Raises the errors of `sources.errors`; LimitExceeded when a query's rows pass ``limits.rows``.
    """
    answers: dict[str, DataTable] = {}
    wanted = attributes_of(dataset, engine=engine)
    for (ask, inside, hidden), group in _alike(dataset, questions, wanted).items():
        columns = _columns(dataset, ask)
        seen = {question.key: _seen(dataset, question.reader) for question in group}
        asked = Asked(dataset, engine, connection, limits, kept, salt)
        dealt = _dealt(asked, ask, seen if inside is not None else None, inside, hidden)
        for question in group:
            answers[question.key] = _limited(columns, dealt.get(seen[question.key], []), ask=ask, as_of=as_of)
    return answers


def _alike(dataset: Dataset, questions: Sequence[Question], wanted: Sequence[str]) -> dict[Alike, list[Question]]:
    """Questions by ask, by what counts inside the query (() where nothing does, None for who is unrestricted), and by the
    fields that are masked."""
    groups: defaultdict[Alike, list[Question]] = defaultdict(list)
    for question in questions:
        reader = question.reader
        groups[question.ask, _inside(wanted, reader), dataset.hidden_from(reader)].append(question)
    return groups


def _inside(wanted: Sequence[str], reader: Reader) -> Seen:
    if reader.unrestricted:
        return None
    values = tuple(reader.attributes.get(name) for name in wanted)
    return NOTHING if None in values else values


def _seen(dataset: Dataset, reader: Reader) -> Seen:
    """Values of the rule columns for *reader*: () where there are no rules, (None,) where an attribute is lacking."""
    if reader.unrestricted:
        return None
    values = tuple(rule.value_for(reader) for rule in dataset.rows)
    return NOTHING if None in values else values


def _dealt(asked: Asked, ask: Ask, seen: dict[str, Seen] | None, inside: Seen, hidden: frozenset[str]) -> Dealt:
    dataset = asked.dataset
    restricted = seen is not None and bool(dataset.rows)
    allowed = (
        sorted({values for values in seen.values() if values and values != NOTHING}, key=repr)
        if seen and restricted
        else None
    )
    if (restricted and not allowed) or inside == NOTHING:
        return {}
    limit = asked.limits.rows + 1
    query = statement(
        dataset,
        ask,
        engine=asked.engine,
        allowed=allowed,
        limit=limit,
        inside=inside,
        hidden=Hidden(hidden, asked.salt),
    )
    whole: Seen = None if seen is None else ()

    def make() -> tuple[Dealt, int]:
        return _queried(asked, query, whole=None if restricted else (whole,))

    if asked.kept is None or not asked.kept.stamp:
        return make()[0]
    kept = asked.kept
    # Who has no rule and who is unrestricted ask alike, and are told apart by the mark in the source's name.
    source = f"{kept.source} {'all' if seen is None else 'ruled'}"
    return kept.cache.get(key_of(source=source, stamp=kept.stamp, sql=query.sql, values=query.values), make)


def _queried(asked: Asked, query: Statement, *, whole: tuple[Seen] | None) -> tuple[Dealt, int]:
    """The rows dealt out, and how many cells they are; *whole* names the one who gets all of them."""
    table = asked.connection.query(query.sql, query.values)
    if table.num_rows > asked.limits.rows:
        raise LimitExceeded(
            f"Dataset “{asked.dataset.name}” gave more than {asked.limits.rows} rows. "
            "Narrow the period or group by less."
        )
    rows = list(zip(*(_values(column) for column in table.columns), strict=True)) if table.num_columns else []
    cells = table.num_rows * table.num_columns
    return ({whole[0]: rows} if whole else _split(rows, width=len(query.rule_columns))), cells


def _split(rows: Rows, *, width: int) -> dict[Seen, Rows]:
    dealt: defaultdict[Seen, Rows] = defaultdict(list)
    for row in rows:
        dealt[row[:width]].append(row[width:])
    return dealt


def _values(column: pa.ChunkedArray) -> list[Value]:
    return column.to_pylist()  # type: ignore[no-any-return]


def _columns(dataset: Dataset, ask: Ask) -> tuple[Column, ...]:
    groups = []
    for grouping in ask.by:
        dimension = dataset.dimension(grouping.dimension)
        kind = dimension.kind if grouping.grain is None else _cut_kind(grouping.grain)
        groups.append(Column(grouping.column, dimension.label, kind, grain=grouping.grain))
    metrics = [
        Column(m.name, m.label, m.kind, m.unit, m.decimals, m.better, m.currency, m.description)
        for m in map(dataset.metric, ask.metrics)
    ]
    return (*groups, *metrics)


def _cut_kind(grain: str) -> str:
    if grain in {"weekday", "hour_of_day"}:
        return "integer"
    return "instant" if grain == "hour" else "date"


def _limited(columns: tuple[Column, ...], rows: Rows, *, ask: Ask, as_of: datetime) -> DataTable:
    kept = rows if ask.limit is None else rows[: ask.limit]
    return DataTable(columns, tuple(kept), as_of=as_of, truncated=len(kept) < len(rows))
