"""From an Ask to one SELECT: metrics by dimensions, with the row rule applied outside the dataset's query.

Values never enter the text; they are bound as $1, $2 … in order. Asks that differ only in who reads share a
statement: it filters by the readers' values of the rule's columns and groups by these columns too, so that its rows
can be dealt out in memory (`answers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlglot import exp

from broadsheet.core.document.tables import Ask, Filter, Grouping, Value

from .dataset import Dataset, Dimension
from .errors import QueryRefused
from .guard import checked_expression, checked_select
from .masking import masked
from .ports import Engine
from .securing import secured
from .writing import among

RULE_PREFIX = "_rule_"
_OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(slots=True)
class Bound:
    """Values to bind, in order of their numbers."""

    values: list[Value] = field(default_factory=list)

    def add(self, value: Value) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """``names`` of masked fields; ``salt`` is what pseudonyms are made with, secret and lasting."""

    names: frozenset[str] = frozenset()
    salt: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a dataset as SQL, masked where they are hidden."""

    dataset: Dataset
    engine: Engine
    bound: Bound
    hidden: Hidden

    def dimension(self, dimension: Dimension) -> str:
        sql = _dimension(dimension, engine=self.engine)
        if dimension.mask is None or dimension.name not in self.hidden.names:
            return sql
        return masked(sql, dimension.mask, engine=self.engine, salt=lambda: self.bound.add(self.hidden.salt))

    def metric(self, name: str) -> str:
        if self.dataset.metric(name).mask is not None and name in self.hidden.names:
            return "NULL"
        return _checked(self.dataset.metric(name).expression, dialect=self.engine.dialect)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its bound values; ``rule_columns`` come first in the result, then the ask's own columns."""

    sql: str
    values: tuple[Value, ...]
    rule_columns: tuple[str, ...]


def statement(
    dataset: Dataset,
    ask: Ask,
    *,
    engine: Engine,
    allowed: Sequence[tuple[Value, ...]] | None,
    limit: int,
    inside: tuple[Value, ...] | None = None,
    hidden: Hidden | None = None,
) -> Statement:
    """One SELECT for *ask*.

    ``allowed`` are the readers' values of the rule columns (one tuple a reader, in the order of ``dataset.rows``);
    None means an unrestricted reader. ``inside`` are one reader's values of what the source's tables ask (`attributes_of`);
    None means that their rules do not hold for who reads. ``hidden`` are fields that are masked for who reads: they are
    grouped, filtered and ordered by what is shown of them. ``limit`` bounds the rows of the whole result.
    Raises QueryRefused for names the dataset does not have and for queries the guard refuses.
    """
    bound = Bound()
    inner = _inner(dataset, inside, engine=engine, bound=bound)
    seen = Fields(dataset, engine, bound, hidden or Hidden())
    keys = [] if allowed is None else [_quoted(rule.column) for rule in dataset.rows]
    rule_names = tuple(f"{RULE_PREFIX}{index}" for index in range(len(keys)))
    groups = [_grouping(seen, grouping, ask=ask) for grouping in ask.by]
    metrics = [(name, seen.metric(name)) for name in ask.metrics]
    selected = [f"{key} AS {_quoted(name)}" for key, name in zip(keys, rule_names, strict=True)]
    selected += [f"{sql} AS {_quoted(grouping.column)}" for grouping, sql in zip(ask.by, groups, strict=True)]
    selected += [f"{sql} AS {_quoted(name)}" for name, sql in metrics]
    where = _conditions(seen, ask) + _rule(keys, allowed, engine=engine, bound=bound)
    sql = f"SELECT {', '.join(selected)} FROM ({inner}) AS d"
    if where:
        sql += f" WHERE {' AND '.join(where)}"
    positions = range(1, len(keys) + len(groups) + 1)
    if positions and not ask.rows:
        sql += f" GROUP BY {', '.join([*map(str, positions), *_apart(keys, engine=engine)])}"
    ordered = _order(ask, engine=engine)
    if ordered:
        sql += f" ORDER BY {', '.join(ordered)}"
    return Statement(f"{sql} LIMIT {int(limit)}", tuple(bound.values), rule_names)


def attributes_of(dataset: Dataset, *, engine: Engine) -> tuple[str, ...]:
    """What the rules of the tables that the dataset's query reads ask of a reader. Raises QueryRefused as `statement` does."""
    return secured(dataset.sql, dataset.tables, engine=engine).attributes if dataset.tables else ()


def _inner(dataset: Dataset, inside: tuple[Value, ...] | None, *, engine: Engine, bound: Bound) -> str:
    """The dataset's own query; its values are the first to be bound."""
    if inside is None or not dataset.tables:
        return _checked_query(dataset.sql, dialect=engine.dialect)
    found = secured(dataset.sql, dataset.tables, engine=engine)
    for _attribute, value in zip(found.attributes, inside, strict=True):
        bound.add(value)
    return found.sql


def probe(dataset: Dataset, expressions: Sequence[str] = (), *, engine: Engine, limit: int = 0) -> str:
    """SQL that asks the dataset's query for *expressions* (none: all its columns). With a limit of 0 the source looks at
    names and types alone. Raises QueryRefused as `statement` does."""
    checked = ", ".join(_checked(one, dialect=engine.dialect) for one in expressions) or "*"
    return f"SELECT {checked} FROM ({_checked_query(dataset.sql, dialect=engine.dialect)}) AS d LIMIT {int(limit)}"


def tables_of(dataset: Dataset, *, engine: Engine) -> tuple[str, ...]:
    """Names of the source's tables that the dataset's query reads, its own CTEs left out."""
    tree = checked_select(dataset.sql, dialect=engine.dialect)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return tuple(dict.fromkeys(table.name for table in tree.find_all(exp.Table) if table.name not in own))


def _apart(keys: Sequence[str], *, engine: Engine) -> list[str]:
    """What is grouped by besides, so that rows of readers whom the database takes for equal are not added up."""
    return [exact for key in keys if (exact := engine.exact(key)) != key]


def _order(ask: Ask, *, engine: Engine) -> list[str]:
    """The ask's order, then its groupings, so that equal rows always come alike; what is missing comes last."""
    columns = [grouping.column for grouping in ask.by]
    for name, _ in ask.order:
        if name not in {*columns, *ask.metrics}:
            raise QueryRefused(f"Rows cannot be ordered by “{name}”, which was not asked for. Add it to the metrics.")
    wanted = [*ask.order, *((column, False) for column in columns)]
    return [engine.ordered(_quoted(name), descending=descending) for name, descending in wanted]


def _grouping(seen: Fields, grouping: Grouping, *, ask: Ask) -> str:
    dimension = seen.dataset.dimension(grouping.dimension)
    sql = seen.dimension(dimension)
    if grouping.grain is None:
        return sql
    if dimension.kind not in {"instant", "date"}:
        raise QueryRefused(f"“{dimension.name}” is {dimension.kind}; only dates and instants have a {grouping.grain}.")
    instant = dimension.kind == "instant"
    zone = seen.bound.add(ask.zone) if instant else ""
    return seen.engine.cut(sql, grouping.grain, zone=zone, instant=instant)


def _dimension(dimension: Dimension, *, engine: Engine) -> str:
    if not dimension.expression:
        return _quoted(dimension.name)
    return f"({_checked(dimension.expression, dialect=engine.dialect)})"


@lru_cache(maxsize=4096)
def _checked(expression: str, *, dialect: str) -> str:
    """Checked once a process: the guard's answer depends on nothing but the text."""
    return checked_expression(expression, dialect=dialect).sql(dialect=dialect)


@lru_cache(maxsize=512)
def _checked_query(sql: str, *, dialect: str) -> str:
    return checked_select(sql, dialect=dialect).sql(dialect=dialect)


def _conditions(seen: Fields, ask: Ask) -> list[str]:
    dataset, bound = seen.dataset, seen.bound
    conditions = [_filter(seen, item) for item in ask.filters]
    if ask.span is None:
        return conditions
    if not dataset.time:
        raise QueryRefused(f"Dataset “{dataset.name}” has no time dimension; say which one it is with “time:”.")
    time = dataset.dimension(dataset.time)
    sql = seen.dimension(time)
    start, end = ask.span.start, ask.span.end
    edges: tuple[Value, Value] = (start, end) if time.kind == "instant" else (start.date(), end.date())
    return [*conditions, f"{sql} >= {bound.add(edges[0])}", f"{sql} < {bound.add(edges[1])}"]


def _filter(seen: Fields, item: Filter) -> str:
    bound = seen.bound
    sql = seen.dimension(seen.dataset.dimension(item.dimension))
    if item.operator in {"is null", "is not null"}:
        return f"{sql} {item.operator.upper()}"
    if item.operator in {"in", "not in"}:
        values = item.value if isinstance(item.value, tuple) else (item.value,)
        if not values:
            return "1 = 0" if item.operator == "in" else "1 = 1"
        return f"{sql} {item.operator.upper()} ({', '.join(bound.add(value) for value in values)})"
    if item.operator not in _OPERATORS or isinstance(item.value, tuple):
        raise QueryRefused(
            f"“{item.operator}” is not a filter; use one of {', '.join(_OPERATORS)}, in, not in, is null."
        )
    return f"{sql} {_OPERATORS[item.operator]} {bound.add(item.value)}"


def _rule(
    keys: Sequence[str], allowed: Sequence[tuple[Value, ...]] | None, *, engine: Engine, bound: Bound
) -> list[str]:  # fmt: skip
    if allowed is None or not keys:
        return []
    if len(keys) == 1:  # IN is what engines look up fastest
        return [among(keys[0], [bound.add(values[0]) for values in allowed], engine=engine)]
    readers = [
        " AND ".join(among(key, [bound.add(value)], engine=engine) for key, value in zip(keys, values, strict=True))
        for values in allowed
    ]
    return [f"(({') OR ('.join(readers)}))"]


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql()
