"""Every shape of ask as the statement that a warehouse gets, and the files that say what is expected.

After a change that is meant: `python -m tests.adapters.engines.warehouses.shapes` writes the files anew; read the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from broadsheet.adapters.engines.warehouses.engine import WarehouseEngine
from broadsheet.adapters.engines.warehouses.statement import Written, written
from broadsheet.core.document.tables import GRAINS, Ask, Filter, Grouping, Span, Value
from broadsheet.core.policy import Mask, RowRule
from broadsheet.sources.compile import Hidden, probe, statement
from broadsheet.sources.dataset import Dataset, Dimension, Join, Metric, Taken
from broadsheet.sources.ports import ENGINES
from broadsheet.sources.secured.securing import rules_of
from broadsheet.sources.semantic.joining import Beyond

WAREHOUSES = ("bigquery", "clickhouse", "databricks", "redshift", "snowflake", "sqlserver", "trino")
EXPECTED = Path(__file__).parent / "expected"
MASKS = {"full": Mask("full"), "partial": Mask("partial"), "hashed": Mask("hash"), "bucket": Mask("bucket", 25), "gone": Mask("nothing")}  # fmt: skip
RULE = RowRule("buyer_id", "buyer_id")
SPAN = Span(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Shape:
    """What `statement` is asked for."""

    ask: Ask
    sql: str = "select * from events"
    rows: tuple[RowRule, ...] = ()
    tables: Mapping[str, tuple[RowRule, ...]] = field(default_factory=dict)
    allowed: Sequence[tuple[Value, ...]] | None = None
    inside: tuple[Value, ...] | None = None
    hidden: frozenset[str] = frozenset()
    beyond: Mapping[str, Beyond] = field(default_factory=dict)


BUYERS = Dataset(
    "buyers", "select * from buyers", {name: Dimension(name, "text", name) for name in ("id", "country")}, {}, rows=(RowRule("area", "area"),)
)  # fmt: skip


def dataset(shape: Shape) -> Dataset:
    dimensions = [
        Dimension("at", "instant", "At"), Dimension("day", "date", "Day"), Dimension("source", "text", "Source"),
        Dimension("upper", "text", "Upper", "upper(source)"), Dimension("order", "text", "Order"),
        *(Dimension(name, "number" if name == "bucket" else "text", name, "cost" if name == "bucket" else "source", mask)
          for name, mask in MASKS.items()),
    ]  # fmt: skip
    metrics = [Metric("n", "count(*)", "N"), Metric("cost", "sum(cost)", "Cost"),
               Metric("stock", "sum(cost)", "Stock", taken=Taken("day", "last"))]  # fmt: skip
    return Dataset(
        "leads",
        shape.sql,
        {one.name: one for one in dimensions},
        {one.name: one for one in metrics},
        time="at",
        rows=shape.rows,
        tables=rules_of(shape.tables),
        joins={"buyer": Join("buyer", BUYERS, (("order", "id"),))},
    )


def ask(*by: Grouping, metrics: tuple[str, ...] = ("n",), zone: str = "Asia/Tokyo", **more: object) -> Ask:
    return Ask("leads", metrics, by, zone=zone, **more)  # type: ignore[arg-type]


SHAPES: dict[str, Shape] = {
    "total": Shape(ask(metrics=("n", "cost"))),
    **{f"instant by {grain}": Shape(ask(Grouping("at", grain))) for grain in GRAINS},
    **{f"date by {grain}": Shape(ask(Grouping("day", grain))) for grain in ("week", "month", "quarter", "year", "weekday")},
    "names that are words": Shape(ask(Grouping("order"))),
    "an expression": Shape(ask(Grouping("upper"), filters=(Filter("upper", "!=", "X"),))),
    "span": Shape(ask(span=SPAN)),
    "filters": Shape(ask(filters=(
        Filter("source", "in", ("a", "b'; drop table events; --")), Filter("order", "is null", None), Filter("source", "not in", ()),
        Filter("bucket", ">=", Decimal("12.50")), Filter("bucket", "<", 3), Filter("bucket", "<=", 0.5),
        Filter("day", "=", date(2026, 10, 1)), Filter("at", "!=", datetime(2026, 10, 1, tzinfo=UTC)),
        Filter("source", "=", None), Filter("source", "=", True),
    ))),
    "order": Shape(ask(Grouping("source"), Grouping("day"), order=(("n", True), ("source", False)))),
    "rows": Shape(ask(Grouping("source"), metrics=(), rows=True)),
    "rule": Shape(ask(Grouping("source")), rows=(RULE,), allowed=[("b1",), ("b2",)]),
    "two rules": Shape(ask(), rows=(RULE, RowRule("area", "area")), allowed=[("b1", 1), ("b2", 2)]),
    "rules of tables": Shape(
        ask(Grouping("source")),
        "select e.source, b.name from events e join buyers b on b.id = e.buyer_id where e.source <> 'a' union all select 'x', name from buyers",
        tables={"events": (RULE,), "Buyers": (RowRule("id", "buyer_id"), RowRule("area", "area"))},
        inside=("b1", "north"),
    ),
    "a joined field": Shape(ask(Grouping("buyer.country")), beyond={"buyer": Beyond(rows=("north",))}),
    "a balance": Shape(
        ask(Grouping("at", "month"), Grouping("source"), metrics=("stock", "n")), rows=(RULE,), allowed=[("b1",), ("b2",)],
    ),
    "a CTE": Shape(
        ask(Grouping("source")), "with mine as (select * from events) select * from mine", tables={"events": (RULE,)}, inside=("b1",),
    ),
    **{
        f"masked: {name}": Shape(ask(Grouping(name), filters=(Filter(name, "is not null", None),)), hidden=frozenset({name}))
        for name in MASKS
    },
}  # fmt: skip


def stated(engine: WarehouseEngine, shape: Shape) -> Written:
    found = statement(
        dataset(shape), shape.ask, engine=engine, allowed=shape.allowed, limit=1001, inside=shape.inside,
        hidden=Hidden(shape.hidden, "salt"), beyond=shape.beyond,
    )  # fmt: skip
    return written(found.sql, found.values, warehouse=engine.warehouse)


def engine_of(name: str) -> WarehouseEngine:
    found = ENGINES.get(name)
    assert isinstance(found, WarehouseEngine)
    return found


def expected(engine: WarehouseEngine) -> str:
    """All shapes with their statements and bound values, as the file holds them."""
    parts = []
    for name, shape in SHAPES.items():
        found = stated(engine, shape)
        parts += [f"-- {name}", found.sql, *(f"--   {value!r}" for value in found.values), ""]
    looked_at = probe(dataset(SHAPES["total"]), ("count(*)",), engine=engine)
    parts += ["-- a look at names", written(looked_at, (), warehouse=engine.warehouse).sql, ""]
    return "\n".join(parts)


if __name__ == "__main__":
    for one in WAREHOUSES:
        (EXPECTED / f"{one}.sql").write_text(expected(engine_of(one)), "utf-8")
