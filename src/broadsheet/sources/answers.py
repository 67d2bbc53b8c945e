"""Many readers' questions to one dataset, answered with as few queries as their asks differ.

Where a table that the query reads has rules of its own, readers with unlike values of what it asks are asked for apart:
what the query makes of one reader's rows must not be in another's; the same holds for what they may see of joined
datasets. Else questions with the same ask are one query whose ordered rows are dealt out by the row rule's values; the
limit applies to each reader after the deal. A restricted reader who lacks an attribute that a rule needs gets no row at
all. Groups that are too small are left out before anything is kept (`suppressing`, `singling`); what is made of other metrics is
worked out last (`reckoning`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from broadsheet.core.document.tables import Ask, Column, DataTable, Grouping, Value
from broadsheet.core.policy import Reader
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR, FiscalCalendar

from .cache import Cache, key_of
from .compile import Hidden, Statement, attributes_of, named_in, outside, statement
from .dataset import Dataset, Earlier, Measure
from .errors import LimitExceeded, QueryRefused
from .metering import Counting, Meter
from .ports import Connection, Engine, Limits
from .secured.singling import Counts, held_back
from .semantic.joining import Beyond, refuse_many
from .semantic.reckoning import Plan, finished, names_of, planned

Rows = list[tuple[Value, ...]]
Seen = tuple[Value, ...] | None  # a reader's values of the rule columns; None: unrestricted
NOTHING: Seen = (None,)  # no row of any dataset has it: rules ask for equality, which NULL never meets


@dataclass(frozen=True, slots=True)
class Share:
    """One reader's rows, and how many groups were too small to be among them."""

    rows: Rows
    withheld: int = 0


Dealt = dict[Seen, Share]
NONE = Share([])


@dataclass(frozen=True, slots=True)
class Brought:
    """The rows that one answer deals out, and how many ``rows`` and ``bytes`` its queries gave."""

    dealt: Dealt
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Alike:
    """What questions of one query have in common: the ask, what counts inside the query (() where nothing does, None for
    who is unrestricted), the fields that are masked, and what may be seen of joined datasets."""

    ask: Ask
    inside: Seen
    hidden: frozenset[str]
    beyond: tuple[tuple[str, Beyond], ...]


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
    cache: Cache[Brought]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what, and how, a question is asked."""

    dataset: Dataset
    engine: Engine
    connection: Connection
    limits: Limits
    kept: Kept | None
    salt: str
    fiscal: FiscalCalendar = CALENDAR_YEAR
    meter: Meter | None = None


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
    fiscal: FiscalCalendar = CALENDAR_YEAR,
    meter: Meter | None = None,
) -> dict[str, DataTable]:
    """The answer to each question by its key; *kept* answers are taken where there are some. *salt*: the secret
    that pseudonyms in masked fields are made with. *fiscal*: what fiscal grains mean. *meter*: what counts the rows.

    Raises the errors of `sources.errors`; LimitExceeded when a query's rows pass ``limits.rows``.
    """
    answers: dict[str, DataTable] = {}
    ruled: defaultdict[object, list[Question]] = defaultdict(list)
    for question in questions:
        ruled[dataset.rules_for(question.reader)].append(question)
    for group in ruled.values():
        of_group = dataset.ruled_for(group[0].reader)
        asked = Asked(of_group, engine, connection, limits, kept, salt, fiscal, meter)
        answers |= _of_equal_rules(asked, group, as_of=as_of)
    return answers


def _of_equal_rules(asked: Asked, questions: Sequence[Question], *, as_of: datetime) -> dict[str, DataTable]:
    """The answers to questions of readers for whom the same rules hold."""
    answers: dict[str, DataTable] = {}
    dataset, fiscal = asked.dataset, asked.fiscal
    for alike, group in _alike(asked, questions).items():
        plan = planned(dataset, alike.ask, hidden=alike.hidden, fiscal=fiscal)
        columns = _columns(plan)
        seen = {question.key: _seen(dataset, question.reader) for question in group}
        readers = seen if alike.inside is not None else None
        now = _dealt(asked, plan.base, readers, alike)
        then = {one: _dealt(asked, ask, readers, alike) for one, ask in plan.earlier.items()}
        for question in group:
            answers[question.key] = _answered(asked, plan, columns, seen[question.key], now, then, as_of=as_of)
    return answers


def _answered(
    asked: Asked, plan: Plan, columns: tuple[Column, ...], seen: Seen, now: Dealt, then: dict[Earlier, Dealt], *,
    as_of: datetime,
) -> DataTable:  # fmt: skip
    share, before = now.get(seen, NONE), {one: dealt.get(seen, NONE) for one, dealt in then.items()}
    rows = finished(
        plan,
        share.rows,
        {one: found.rows for one, found in before.items()},
        until=as_of,
        withheld=bool(share.withheld),
        withheld_before=any(found.withheld for found in before.values()),
    )
    least = max((one.least for one in asked.dataset.measures(named_in(plan.ask))), default=0)
    return _limited(columns, rows, ask=plan.ask, as_of=as_of, withheld=share.withheld, least=least)


def _alike(asked: Asked, questions: Sequence[Question]) -> dict[Alike, list[Question]]:
    dataset, engine = asked.dataset, asked.engine
    wanted = attributes_of(dataset, engine=engine)
    groups: defaultdict[Alike, list[Question]] = defaultdict(list)
    for question in questions:
        reader = question.reader
        beyond = tuple((name, _beyond(asked, name, reader)) for name in _joins(dataset, question.ask))
        alike = Alike(question.ask, _inside(wanted, reader), dataset.hidden_from(reader), beyond)
        groups[alike].append(question)
    return groups


def _joins(dataset: Dataset, ask: Ask) -> list[str]:
    """The joins that *ask* needs, each once."""
    if not dataset.joins:
        return []
    used = map(dataset.dimension, named_in(ask))
    return list(dict.fromkeys(one.join for one in used if one.join))


def _beyond(asked: Asked, name: str, reader: Reader) -> Beyond:
    there = asked.dataset.joins[name].dataset
    return Beyond(_seen(there, reader), _inside(attributes_of(there, engine=asked.engine), reader))


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


def _dealt(asked: Asked, ask: Ask, seen: dict[str, Seen] | None, alike: Alike) -> Dealt:
    """The rows of *ask* by reader; None as *seen* stands for who is unrestricted."""
    dataset = asked.dataset
    restricted = seen is not None and bool(dataset.rows)
    allowed = (
        sorted({values for values in seen.values() if values and values != NOTHING}, key=repr)
        if seen and restricted
        else None
    )
    if (restricted and not allowed) or alike.inside == NOTHING:
        return {}
    measures = dataset.measures(named_in(ask)) if seen is not None else ()
    if measures and ask.rows:
        least = max(one.least for one in measures)
        raise QueryRefused(
            f"Dataset “{dataset.name}” shows groups of {least} and more, never single rows. Ask for metrics by groups."
        )
    query = statement(
        dataset,
        ask,
        engine=asked.engine,
        allowed=allowed,
        limit=_most(asked, ask, alone=not restricted and not measures),
        inside=alike.inside,
        hidden=Hidden(alike.hidden, asked.salt),
        beyond=dict(alike.beyond),
        units=measures,
        fiscal=asked.fiscal,
    )
    whole: Seen = None if seen is None else ()

    def make() -> tuple[Brought, int]:
        counting = Counting(asked.connection)
        mine = replace(asked, connection=counting)
        counts = [_kept_out(mine, ask, alike, allowed, whole, one) for one in measures] if ask.filters else []
        dealt, cells = _queried(mine, query, counts, by=ask.by, whole=None if restricted else (whole,))
        return Brought(dealt, counting.rows, counting.bytes), cells

    if asked.kept is None or not asked.kept.stamp:
        return _metered(asked, make()[0])
    kept = asked.kept
    # Who has no rule and who is unrestricted ask alike, and are told apart by the mark in the source's name.
    # What a span and what a filter keeps out may be one text; only filters are looked at for whom they single out.
    source = f"{kept.source} {'all' if seen is None else 'ruled'} {measures} {len(ask.filters)}"
    key = key_of(source=source, stamp=kept.stamp, sql=query.sql, values=query.values)
    return _metered(asked, kept.cache.get(key, make), key=key)


def _metered(asked: Asked, brought: Brought, *, key: str = "") -> Dealt:
    """What was dealt, once it is counted. Raises LimitExceeded."""
    if asked.meter is not None:
        asked.meter.count(rows=brought.rows, bytes=brought.bytes, key=key)
    return brought.dealt


def _most(asked: Asked, ask: Ask, *, alone: bool) -> int:
    """Rows that are fetched, with one more to see that there are more. Where rows are dealt out to many readers, or counted,
    all are needed."""
    most = asked.limits.rows + 1
    return min(most, ask.limit + 1) if alone and ask.limit is not None else most


def _queried(
    asked: Asked, query: Statement, counts: Sequence[Mapping[Seen, Counts]], *, by: Sequence[Grouping],
    whole: tuple[Seen] | None,
) -> tuple[Dealt, int]:  # fmt: skip
    """The rows dealt out, and how many cells they are; *whole* names the one who gets all of them. *by* are the
    groupings that a row begins with; *counts* is what filters keep out, for each of the query's units."""
    rows = _once(asked.dataset, query, _fetched(asked, query))
    dealt = {whole[0]: rows} if whole else _split(rows, width=len(query.rule_columns))
    shares = {seen: _share(query, found, [one.get(seen, {}) for one in counts], by=by) for seen, found in dealt.items()}
    return shares, sum(len(row) for row in rows)


def _fetched(asked: Asked, query: Statement) -> Rows:
    """The rows of *query*. Raises LimitExceeded."""
    table = asked.connection.query(query.sql, query.values)
    if table.num_rows > asked.limits.rows:
        raise LimitExceeded(
            f"Dataset “{asked.dataset.name}” gave more than {asked.limits.rows:,} rows. {asked.limits.fewer_rows}"
        )
    if table.nbytes > asked.limits.bytes:
        megabytes = f"{asked.limits.bytes / 1e6:g} MB"
        raise LimitExceeded(f"Dataset “{asked.dataset.name}” gave more than {megabytes}. {asked.limits.fewer_bytes}")
    return list(zip(*(_values(column) for column in table.columns), strict=True)) if table.num_columns else []


def _kept_out(
    asked: Asked, ask: Ask, alike: Alike, allowed: Sequence[tuple[Value, ...]] | None, whole: Seen, measure: Measure
) -> dict[Seen, Counts]:
    """How many units the ask's filters keep out of each reader's groups; see `singling`."""
    query = outside(
        asked.dataset, ask, engine=asked.engine, allowed=allowed, inside=alike.inside,
        hidden=Hidden(alike.hidden, asked.salt), beyond=dict(alike.beyond), measure=measure,
        limit=asked.limits.rows + 1, fiscal=asked.fiscal,
    )  # fmt: skip
    rows, width = _fetched(asked, query), len(ask.by)
    dealt = _split(rows, width=len(query.rule_columns)) if query.rule_columns else {whole: rows}
    return {
        seen: {row[:width]: [int(number or 0) for number in row[width:]] for row in found}  # type: ignore[arg-type]
        for seen, found in dealt.items()
    }


def _once(dataset: Dataset, query: Statement, rows: Rows) -> Rows:
    """*rows* without what tells whether a joined side has several rows for a key, which is refused."""
    if not query.joins:
        return rows
    for number, join in enumerate(reversed(query.joins), start=1):
        if any((row[-number] or 0) > 1 for row in rows):  # type: ignore[operator]
            raise refuse_many(dataset, join)
    return [row[: -len(query.joins)] for row in rows]


def _share(query: Statement, rows: Rows, counts: Sequence[Counts], *, by: Sequence[Grouping]) -> Share:
    """One reader's *rows* without the groups that are too small, or told of by *counts*, and without how large each is. In
    which order one groups and sorts decides nothing: two answers that left out others would give these away."""
    many = len(query.units)
    if not many:
        return Share(rows)
    order = sorted(range(len(by)), key=lambda place: (by[place].dimension, by[place].grain or ""))
    keys = [tuple(row[place] for place in order) for row in rows]
    alike = sorted(range(len(rows)), key=lambda place: repr(keys[place]))
    out: set[int] = set()
    for number, measure in enumerate(query.units):
        units = [int(row[number - many] or 0) for row in rows]  # type: ignore[arg-type]
        # Rows without a partner tell nothing of the joined dataset's units, and hide none of them.
        places = [place for place in alike if units[place] or not measure.join]
        kept_out = counts[number] if counts else {}
        found = held_back(
            [keys[place] for place in places], [units[place] for place in places],
            {tuple(key[place] for place in order): kept_out[key] for key in sorted(kept_out, key=repr)},
            least=measure.least, distinct=bool(measure.count or measure.join),
        )  # fmt: skip
        out |= {places[place] for place in found}
    return Share([row[:-many] for place, row in enumerate(rows) if place not in out], len(out))


def _split(rows: Rows, *, width: int) -> dict[Seen, Rows]:
    dealt: defaultdict[Seen, Rows] = defaultdict(list)
    for row in rows:
        dealt[row[:width]].append(row[width:])
    return dealt


def _values(column: pa.ChunkedArray) -> list[Value]:
    return column.to_pylist()  # type: ignore[no-any-return]


def _columns(plan: Plan) -> tuple[Column, ...]:
    dataset, groups = plan.dataset, []
    for place, grouping in enumerate(plan.ask.by):
        found = dataset.dimension(grouping.dimension)
        kind = found.kind if grouping.grain is None else _cut_kind(grouping.grain)
        groups.append(
            Column(
                grouping.column, found.label, kind, found.unit, found.decimals, description=found.description,
                grain=grouping.grain, names=names_of(plan, place),
            )
        )  # fmt: skip
    metrics = [
        Column(
            m.name, m.label, m.kind, m.unit, m.decimals, m.better, m.currency, m.description, None, m.additive, m.zero
        )
        for m in map(dataset.metric, plan.ask.metrics)
    ]
    return (*groups, *metrics)


def _cut_kind(grain: str) -> str:
    if grain in {"weekday", "hour_of_day"}:
        return "integer"
    return "instant" if grain == "hour" else "date"


def _limited(
    columns: tuple[Column, ...], rows: Rows, *, ask: Ask, as_of: datetime, withheld: int, least: int
) -> DataTable:  # fmt: skip
    kept = rows if ask.limit is None else rows[: ask.limit]
    truncated = len(kept) < len(rows)
    return DataTable(columns, tuple(kept), as_of, truncated, withheld, least if withheld else 0)
