"""Transact-SQL where sqlglot's own writing is not enough: no ordinals in GROUP BY, no names of the result within an expression
of ORDER BY, other names of zones, and texts outside ASCII."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlglot import exp, parse_one

from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import QueryRefused

from .statement import number_of, ordered_outside

ZONED = "MOVED_TO_ZONE"  # stands for an instant moved to a zone until the zone is known
BESIDE = "beside"
WIDTH = "1000"  # of the text that a partly masked field is cut from, see `sources.masking`
YEARS = (2000, 2040)  # whose clock changes are written down; before and after, the nearest offset holds


def adapted(tree: exp.Query, values: Sequence[Value]) -> exp.Query:
    """*tree* as SQL Server takes it."""
    for node in list(tree.find_all(exp.Anonymous)):
        if node.name == ZONED:
            moment, zone = node.expressions
            node.replace(_moved(moment, str(values[(number_of(zone) or 0) - 1])))
    _refuse_names_twice(tree)
    for literal in list(tree.find_all(exp.Literal)):
        if literal.is_string and not literal.name.isascii():
            literal.replace(exp.National(this=literal.name))
    for kind in tree.find_all(exp.DataType):
        if kind.this == exp.DataType.Type.VARCHAR and [one.name for one in kind.expressions] == [WIDTH]:
            kind.set("this", exp.DataType.Type.NVARCHAR)
    for select in list(tree.find_all(exp.Select)):
        _name_groups(select)
    return _ordered_outside(tree)


def _refuse_names_twice(tree: exp.Query) -> None:
    """CTEs stand at the top of a statement there. One that a part of the statement has to itself would be read by the others,
    where they mean a table or a CTE of the same name."""
    for within in tree.find_all(exp.With):
        own = {id(node) for node in within.parent.walk()} if within.parent else set()
        names = {cte.alias.casefold() for cte in within.expressions}
        others = [node for node in tree.find_all(exp.Table, exp.CTE) if id(node) not in own]
        for name in sorted({node.alias_or_name.casefold() for node in others if isinstance(node, exp.CTE)} & names):
            raise QueryRefused(f"“{name}” is the name of two CTEs in one statement. Give one of them another name.")
        for name in sorted({node.name.casefold() for node in others if isinstance(node, exp.Table)} & names):
            raise QueryRefused(f"“{name}” is a CTE, and a table elsewhere in the statement. Give the CTE another name.")


def _name_groups(select: exp.Select) -> None:
    """What is grouped by is worked out beside each row and has a name there: two writings of it would not be taken for the
    same where values are bound in them."""
    group = select.args.get("group")
    places = [one for one in group.expressions if isinstance(one, exp.Literal) and not one.is_string] if group else []
    if not places:
        return
    shape = parse_one(f"SELECT 1 FROM t CROSS APPLY (SELECT 1 AS x) AS {BESIDE}", read="tsql")
    beside = shape.args["joins"][0]
    worked_out = []
    for place in places:
        selected = select.expressions[int(place.name) - 1]
        name = f"_by_{place.name}"
        worked_out.append(exp.alias_(selected.unalias().copy(), name))
        (selected.this if isinstance(selected, exp.Alias) else selected).replace(exp.column(name, table=BESIDE))
        place.replace(exp.column(name, table=BESIDE))
    beside.this.this.this.set("expressions", worked_out)
    select.append("joins", beside)


def _ordered_outside(tree: exp.Query) -> exp.Query:
    outside = ordered_outside(tree)
    if outside is None:
        return tree
    once = {one.this.sql(): one for one in reversed(outside.args["order"].expressions)}  # twice is an error there
    items = [item for one in reversed(once.values()) for item in _missing_last(one)]
    return outside.order_by(*items, append=False)


def _missing_last(one: exp.Ordered) -> Iterator[exp.Ordered]:
    """What is missing comes first by itself, and so last in descending order."""
    column, descending = one.this, bool(one.args.get("desc"))
    if not descending:
        missing = exp.Case().when(exp.Is(this=column.copy(), expression=exp.null()), "1").else_("0")
        yield exp.Ordered(this=missing, nulls_first=True)
    yield exp.Ordered(this=column.copy(), desc=descending, nulls_first=not descending)


def _moved(moment: exp.Expr, zone: str) -> exp.Expr:
    """*moment* in *zone*: in UTC, and then by the offset that holds at that time."""
    utc = exp.Cast(
        this=exp.Anonymous(
            this="SWITCHOFFSET",
            expressions=[
                exp.Cast(this=moment.copy(), to=exp.DataType.build("DATETIMEOFFSET", dialect="tsql")),
                exp.Literal.string("+00:00"),
            ],
        ),
        to=exp.DataType.build("DATETIME2", dialect="tsql"),
    )
    changes = offsets(zone)
    minutes: exp.Expr = exp.Literal.number(changes[-1][1])
    if len(changes) > 1:
        case = exp.Case(default=minutes)
        for (_, before), (change, _) in pairwise(changes):
            when = exp.LT(this=utc.copy(), expression=exp.Literal.string(change.strftime("%Y-%m-%dT%H:%M:%S")))
            case = case.when(when, exp.Literal.number(before), copy=False)
        minutes = case
    return exp.Anonymous(this="DATEADD", expressions=[exp.Var(this="MINUTE"), minutes, utc])


@lru_cache(maxsize=64)
def offsets(zone: str) -> tuple[tuple[datetime, int], ...]:
    """(moment in UTC, minutes from then on), in order; the first moment is the start of YEARS. Raises ZoneInfoNotFoundError."""
    place = ZoneInfo(zone)
    at, end = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[1], 1, 1, tzinfo=UTC)
    found = [(at, _minutes(at, place))]
    while at < end:
        later = at + timedelta(days=7)
        if _minutes(later, place) != found[-1][1]:
            change = _first_with(at, later, place)
            found.append((change, _minutes(change, place)))
            later = change + timedelta(days=1)
        at = later
    return tuple(found)


def _first_with(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The minute at which the offset of *after* begins."""
    wanted = _minutes(after, place)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= before:
            break
        if _minutes(middle, place) == wanted:
            after = middle
        else:
            before = middle
    return after


def _minutes(moment: datetime, place: ZoneInfo) -> int:
    return round((moment.astimezone(place).utcoffset() or timedelta()).total_seconds() / 60)
