"""From an Ask to one SELECT: metrics by dimensions, with the row rule applied outside the dataset's query.

Values never enter the text; they are bound as $1, $2 … in order. Asks that differ only in who reads share a
statement: it filters by the readers' values of the rule's columns and groups by these columns too, so that its rows
can be dealt out in memory (`answers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from sqlglot import exp

from broadsheet.core.document.tables import FISCAL_GRAINS, Ask, Filter, Grouping, Value
from broadsheet.core.policy import Mask
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR, FiscalCalendar

from .dataset import Dataset, Dimension, Join, Measure, Taken, closed_by
from .errors import QueryRefused
from .ordering import ambiguous, order_of
from .ports import Engine
from .secured.guard import checked_expression, checked_select
from .secured.masking import masked
from .secured.securing import secured
from .semantic.joining import Beyond, Widened, Words, widened
from .semantic.moments import Branched
from .semantic.spine import edge, fiscal_periods
from .writing import among, quoted

Inside = tuple[Value, ...] | None
NOTHING = Mask("nothing")
RULE_PREFIX, UNITS = "_rule_", "_units_"
_OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(slots=True)
class Bound:
    """Values to bind, in order of their numbers."""

    values: list[Value] = field(default_factory=list)

    def add(self, value: Value) -> str:
        if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise QueryRefused("A text holds a sign that is none in Unicode. Take it out.")
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
    beyond: Mapping[str, str] = field(default_factory=dict)
    """Columns of joined fields by their name."""

    def plain(self, dimension: Dimension) -> str:
        """The field as it is, for conditions that nobody sees."""
        return quoted(self.beyond[dimension.name]) if dimension.join else _dimension(dimension, engine=self.engine)

    def dimension(self, dimension: Dimension) -> str:
        sql = self.plain(dimension)
        if dimension.name not in self.hidden.names:
            return sql
        if dimension.join and closed_by(self.dataset, self.dataset.joins[dimension.join], self.hidden.names):
            return masked(sql, NOTHING, engine=self.engine, salt=lambda: "")
        mask = dimension.mask or NOTHING
        return masked(sql, mask, engine=self.engine, salt=lambda: self.bound.add(self.hidden.salt))

    def metric(self, name: str) -> str:
        metric = self.dataset.metric(name)
        if not metric.expression:
            raise QueryRefused(f"“{name}” is worked out from other metrics; the database is asked for those.")
        if name in self.hidden.names:
            return "NULL"
        return _checked(metric.expression, dialect=self.engine.dialect)

    def unit(self, measure: Measure) -> str:
        """What tells units apart; empty: each row is one."""
        if measure.count:
            return self.plain(self.dataset.dimension(measure.count))
        return quoted(self.beyond[f"{measure.join}."]) if measure.join else ""

    def units(self, measure: Measure) -> str:
        """How many units a group holds."""
        unit = self.unit(measure)
        return f"count(DISTINCT {unit})" if unit else "count(*)"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its bound values; ``rule_columns`` come first in the result, then the ask's own columns, then, where
    how many of the ``units`` a group holds, then for each of ``joins`` how many rows a key has there."""

    sql: str
    values: tuple[Value, ...]
    rule_columns: tuple[str, ...]
    units: tuple[Measure, ...] = ()
    joins: tuple[Join, ...] = ()


def statement(
    dataset: Dataset,
    ask: Ask,
    *,
    engine: Engine,
    allowed: Sequence[tuple[Value, ...]] | None,
    limit: int,
    inside: tuple[Value, ...] | None = None,
    hidden: Hidden | None = None,
    beyond: Mapping[str, Beyond] | None = None,
    units: tuple[Measure, ...] = (),
    fiscal: FiscalCalendar = CALENDAR_YEAR,
) -> Statement:
    """One SELECT for *ask*, whose metrics all have an expression of their own.

    ``allowed`` are the readers' values of the rule columns (one tuple a reader, in the order of ``dataset.rows``);
    None means an unrestricted reader. ``inside`` are one reader's values of what the source's tables ask (`attributes_of`);
    None means that their rules do not hold for who reads. ``hidden`` are fields that are masked for who reads: they are
    grouped, filtered and ordered by what is shown of them. ``beyond`` says by join what the reader may see there;
    ``units`` are counted in each group; ``fiscal`` is what fiscal grains mean. ``limit`` bounds the rows of the whole
    result. Raises QueryRefused for names the dataset does not have and for queries the guard refuses.
    """
    bound = Bound()
    source, seen = _seen(dataset, ask, engine, bound, inside, hidden or Hidden(), beyond or {}, units)
    keys = [] if allowed is None else [quoted(rule.column) for rule in dataset.rows]
    rule_names = tuple(f"{RULE_PREFIX}{index}" for index in range(len(keys)))
    groups = [_grouping(seen, grouping, ask=ask, fiscal=fiscal) for grouping in ask.by]
    where = _conditions(seen, ask) + _rule(keys, allowed, engine=engine, bound=bound)
    wanted = [*zip(keys, rule_names, strict=True), *zip(groups, (one.column for one in ask.by), strict=True)]
    values = [(_enough(seen, name, units), name, dataset.metric(name).taken) for name in ask.metrics]
    values += [(seen.units(one), f"{UNITS}{number}", None) for number, one in enumerate(units)]
    values += [(f"{quoted(name)}" if ask.rows else f"max({quoted(name)})", name, None) for name, _ in source.checks]
    if any(taken for _, _, taken in values):
        sql = _by_moments(seen, ask, source.sql, wanted, values, where, _apart(keys, engine=engine))
    else:
        selected = [f"{sql} AS {quoted(name)}" for sql, name in (*wanted, *(one[:2] for one in values))]
        sql = f"SELECT {', '.join(selected)} FROM ({source.sql}) AS d{_where(where)}"
        positions = range(1, len(wanted) + 1)
        if positions and not ask.rows:
            sql += f" GROUP BY {', '.join([*map(str, positions), *_apart(keys, engine=engine)])}"
    ordered = order_of(ask, engine=engine)
    if ordered and ambiguous(ask, groups, ordered):
        sql = f"SELECT * FROM ({sql}) AS r"
    if ordered:
        sql += f" ORDER BY {', '.join(ordered)}"
    joins = tuple(join for _, join in source.checks)
    return Statement(f"{sql} LIMIT {int(limit)}", tuple(bound.values), rule_names, units, joins)


def _enough(seen: Fields, name: str, units: Sequence[Measure]) -> str:
    """The metric *name*; one that is taken at a moment has no value where too few units are there at that moment, however
    many the group has at others."""
    sql = seen.metric(name)
    if seen.dataset.metric(name).taken is None or not units:
        return sql
    enough = [f"{seen.units(one)} >= {one.least}" for one in units]
    return f"CASE WHEN {' AND '.join(enough)} THEN {sql} END"


def outside(
    dataset: Dataset,
    ask: Ask,
    *,
    engine: Engine,
    allowed: Sequence[tuple[Value, ...]] | None,
    inside: Inside,
    hidden: Hidden,
    beyond: Mapping[str, Beyond],
    measure: Measure,
    limit: int,
    fiscal: FiscalCalendar = CALENDAR_YEAR,
) -> Statement:
    """One SELECT of how many units of *measure* each filter of *ask* alone keeps out of each group, and how many all of them
    do; what it gives are the rule's columns, the groups, and these numbers. The other arguments are as in `statement`."""
    bound = Bound()
    source, seen = _seen(dataset, ask, engine, bound, inside, hidden, beyond, (measure,))
    keys = [] if allowed is None else [quoted(rule.column) for rule in dataset.rows]
    filters = [_filter(seen, item) for item in ask.filters]
    unit = seen.unit(measure)
    numbers = [_kept_out(unit, [one], [*filters[:place], *filters[place + 1 :]]) for place, one in enumerate(filters)]
    numbers += [_kept_out(unit, filters, [])] if len(filters) > 1 else []
    groups = [*keys, *(_grouping(seen, grouping, ask=ask, fiscal=fiscal) for grouping in ask.by)]
    where = _conditions(seen, replace(ask, filters=())) + _rule(keys, allowed, engine=engine, bound=bound)
    columns = (f"{sql} AS {quoted(f'_out_{place}')}" for place, sql in enumerate([*groups, *numbers]))
    sql = f"SELECT {', '.join(columns)} FROM ({source.sql}) AS d{_where(where)}"
    if groups:
        positions = map(str, range(1, len(groups) + 1))
        sql += f" GROUP BY {', '.join([*positions, *_apart(keys, engine=engine)])}"
    return Statement(f"{sql} LIMIT {int(limit)}", tuple(bound.values), tuple(keys))


def _kept_out(unit: str, tried: Sequence[str], others: Sequence[str]) -> str:
    """The number of units for which *others* hold and *tried* do not."""
    number = f"CASE WHEN {' AND '.join(tried)} THEN NULL ELSE {unit or '1'} END"
    if others:
        number = f"CASE WHEN {' AND '.join(others)} THEN {number} END"
    return f"count({'DISTINCT ' if unit else ''}{number})"


def _seen(
    dataset: Dataset, ask: Ask, engine: Engine, bound: Bound, inside: Inside, hidden: Hidden,
    beyond: Mapping[str, Beyond], units: Sequence[Measure],
) -> tuple[Widened, Fields]:  # fmt: skip
    """The rows that are asked, with what is joined to them, and how their fields are written."""
    inner = _inner(dataset, inside, engine=engine, bound=bound)
    counted = [one.count for one in units if one.count]
    used = [dataset.dimension(name) for name in dict.fromkeys([*named_in(ask), *counted])]
    words = Words(
        dimension=lambda one: _dimension(one, engine=engine),
        quoted=quoted,
        query=lambda one, values: _inner(one, values, engine=engine, bound=bound),
        bind=bound.add,
        among=partial(among, engine=engine),
    )
    source = widened(dataset, inner, used, beyond=beyond, words=words)
    return source, Fields(dataset, engine, bound, hidden, source.columns)


def named_in(ask: Ask) -> list[str]:
    """The dimensions that *ask* groups and filters by, each once; "" is the dataset's time."""
    return list(dict.fromkeys([*(one.dimension for one in ask.by), *(one.dimension for one in ask.filters)]))


def _by_moments(
    seen: Fields, ask: Ask, source: str, wanted: Sequence[tuple[str, str]],
    values: Sequence[tuple[str, str, Taken | None]], where: Sequence[str], apart: Sequence[str],
) -> str:  # fmt: skip
    """The SELECT of an ask with metrics that are taken at a moment; see `moments`. ``apart`` is grouped by besides."""
    columns = [f"_value_{number}" for number in range(len(values))]
    keys = [f"_group_{number}" for number in range(len(wanted))]
    groups = [*keys, *(f"_apart_{number}" for number in range(len(apart)))]
    branched = Branched("", groups, [(sql, taken) for sql, _, taken in values], columns)
    cut_by = [*(sql for sql, _ in wanted), *apart]
    rows = ["d.*", *(f"{sql} AS {key}" for sql, key in zip(cut_by, groups, strict=True))]
    for number, taken in enumerate(branched.taken):
        cut = _grouping(seen, Grouping("", taken.over), ask=ask, fiscal=CALENDAR_YEAR)
        rows.append(f"{cut} AS _moment_{number}")
    branched = replace(branched, rows=f"SELECT {', '.join(rows)} FROM ({source}) AS d{_where(where)}")
    selected = [f"{key} AS {quoted(name)}" for key, (_, name) in zip(keys, wanted, strict=True)]
    selected += [f"max({column}) AS {quoted(name)}" for column, (_, name, _) in zip(columns, values, strict=True)]
    grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
    return f"SELECT {', '.join(selected)} FROM ({branched.sql()}) AS d{grouped}"


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def attributes_of(dataset: Dataset, *, engine: Engine) -> tuple[str, ...]:
    """What the rules of the tables that the dataset's query reads ask of a reader. Raises QueryRefused as `statement` does."""
    return secured(dataset.sql, dataset.tables, engine=engine).attributes if dataset.tables else ()


def _inner(dataset: Dataset, inside: tuple[Value, ...] | None, *, engine: Engine, bound: Bound) -> str:
    """The dataset's own query, with its values bound."""
    if inside is None or not dataset.tables:
        return _checked_query(dataset.sql, dialect=engine.dialect)
    found = secured(dataset.sql, dataset.tables, engine=engine, first=len(bound.values) + 1)
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


def _grouping(seen: Fields, grouping: Grouping, *, ask: Ask, fiscal: FiscalCalendar) -> str:
    dimension = seen.dataset.dimension(grouping.dimension)
    sql = seen.dimension(dimension)
    if grouping.grain is None:
        return sql
    if grouping.grain in FISCAL_GRAINS:
        return _fiscal(seen, dimension, sql, grouping.grain, ask=ask, fiscal=fiscal)
    if dimension.kind not in {"instant", "date"}:
        raise QueryRefused(f"“{dimension.name}” is {dimension.kind}; only dates and instants have a {grouping.grain}.")
    instant = dimension.kind == "instant"
    zone = seen.bound.add(ask.zone) if instant else ""
    return seen.engine.cut(sql, grouping.grain, zone=zone, instant=instant)


def _fiscal(
    seen: Fields, dimension: Dimension, sql: str, grain: str, *, ask: Ask, fiscal: FiscalCalendar
) -> str:  # fmt: skip
    """The number of the fiscal period within the span, from 0: no database knows fiscal calendars, so it is told where each
    period ends."""
    if dimension.name != seen.dataset.time:
        raise QueryRefused(f"“{grain}” cuts the dataset's time alone, and that is not “{dimension.name}”.")
    starts = [one.first for one in fiscal_periods(ask, grain, fiscal)]
    edges = [edge(start, zone=ask.zone, instant=dimension.kind == "instant") for start in starts[1:]]
    if not edges:
        return "0"
    cases = (f"WHEN {sql} < {seen.bound.add(one)} THEN {number}" for number, one in enumerate(edges))
    return f"CASE {' '.join(cases)} ELSE {len(edges)} END"


def _dimension(dimension: Dimension, *, engine: Engine) -> str:
    if not dimension.expression:
        return quoted(dimension.name)
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
