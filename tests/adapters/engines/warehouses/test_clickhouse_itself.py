"""ClickHouse's own engine runs our statements, in process."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from chdb import session as chdb
from tests.adapters.engines.test_all_engines import CUTS, EVENTS
from tests.sources.secured.test_securing import BUYERS, ORDERS, QUERIES, READER, RETURNS, RULES, rows

from broadsheet.adapters.engines.warehouses.clickhouse import READ_ONLY, RequestSession
from broadsheet.adapters.engines.warehouses.connection import WarehouseConnection
from broadsheet.core.document.tables import GRAINS, Ask, Grouping, Value
from broadsheet.core.policy import Mask, Reader
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits
from broadsheet.sources.secured.securing import secured

from .shapes import engine_of

ENGINE = engine_of("clickhouse")
LIMITS = Limits(seconds=20, rows=1000)
NOT_KNOWN = {  # names differ by case there, and no correlated subquery orders
    "select ORDERS.id from ORDERS",
    "select id from orders order by (select count(*) from returns where returns.id = orders.id), id",
}
MINE = {
    "orders": [one for one in ORDERS if one[1] == "b1"],
    "returns": [one for one in RETURNS if one[1:3] == ("b1", "north")],
}


class Arrived:
    """A result in Arrow, as `description.Answer` wants it."""

    def __init__(self, table: pa.Table) -> None:
        self.names: Sequence[str] = table.column_names
        self.batches: Iterable[Any] = [list(zip(*(column.to_pylist() for column in table.columns), strict=True))]


class Embedded:
    """The session of `clickhouse`, over the engine in this process: the same settings, the same typed parameters."""

    def __init__(self, database: Any) -> None:
        self._database = database
        told = RequestSession(None, limits=LIMITS)._settings
        self._settings = ", ".join(f"{name} = {value!r}" for name, value in told.items() if name != "readonly")
        assert told["readonly"] == READ_ONLY

    def run(self, sql: str, values: Sequence[Value]) -> Arrived:
        bound = {f"p{number}": _written(value) for number, value in enumerate(values, start=1)}
        found = self._database.query(f"{sql} SETTINGS {self._settings}", "Arrow", params=bound)
        return Arrived(pa.ipc.open_file(io.BytesIO(found.bytes())).read_all())

    def cancel(self) -> None:
        """Nothing runs beside."""

    def close(self) -> None:
        """The fixture does."""


def _written(value: Value) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else str(value)


@pytest.fixture(scope="module")
def database() -> Iterator[Any]:
    session = chdb.Session()
    create = "create table {}.{} (id Int32, buyer String, area String, price Int32) engine = Memory"
    for name, tables in (("whole", {"orders": ORDERS, "returns": RETURNS}), ("mine", MINE)):
        session.query(f"create database {name}")
        for table, held in tables.items():
            session.query(create.format(name, table))
            session.query(f"insert into {name}.{table} values {', '.join(map(str, held))}")
        session.query(f"create table {name}.buyers (buyer String, name String) engine = Memory")
        session.query(f"insert into {name}.buyers values {', '.join(map(str, BUYERS))}")
    session.query("create table whole.events (id Int32, submitted_at DateTime('UTC'), buyer_id String, source String, cost Float64) engine = Memory")  # fmt: skip
    session.query(f"insert into whole.events values {', '.join(map(str, EVENTS))}")
    yield session
    session.close()


@pytest.fixture
def connection(database: Any) -> WarehouseConnection:
    database.query("use whole")
    return WarehouseConnection(Embedded(database), warehouse=ENGINE.warehouse, limits=LIMITS)


@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize(
    "query", [one.replace(" union select", " union distinct select") for one in QUERIES if one not in NOT_KNOWN]
)
def test_a_query_over_secured_tables_is_the_query_over_the_readers_rows(database: Any, connection: WarehouseConnection, query: str) -> None:  # fmt: skip
    found = secured(query, RULES, engine=ENGINE)
    whole = rows(connection.query(found.sql, tuple(READER[name] for name in found.attributes)))
    database.query("use mine")
    assert whole == rows(connection.query(query, ()))


@pytest.mark.parametrize("grain", GRAINS)
def test_time_is_cut_in_the_zone_of_the_ask(connection: WarehouseConnection, grain: str) -> None:
    asked = _leads()
    ask = Ask("leads", ("n",), (Grouping("submitted_at", grain),), zone="America/Chicago")
    reader = Reader("r", "r", attributes={"buyer_id": "harbor"})
    found = answer(replace(asked, sql="select * from events where buyer_id = 'harbor'"), [Question("q", ask, reader)], engine=ENGINE,
                   connection=connection, limits=LIMITS, as_of=datetime(2026, 11, 1, tzinfo=UTC))  # fmt: skip
    assert [row[0] for row in found["q"].rows] == CUTS[grain]


def test_a_condition_is_on_the_column_and_not_on_what_is_shown_of_it(connection: WarehouseConnection) -> None:
    """ClickHouse reads a name of the result in WHERE, unless told otherwise."""
    ask = Ask("leads", ("n",), (Grouping("source"),))
    hidden = answer(_leads(Mask("partial")), [Question("q", ask, Reader("r", "r"))], engine=ENGINE, connection=connection,
                    limits=LIMITS, as_of=datetime(2026, 11, 1, tzinfo=UTC))["q"].rows  # fmt: skip
    assert hidden == (("N•••", 1), ("P•••", 1), ("S•••", 3))
    shown = connection.query("SELECT 'b1' AS buyer, id FROM orders WHERE buyer = $1", ("b2",))
    assert sorted(shown.column("id").to_pylist()) == [3, 4]


def test_values_of_each_type_are_bound(connection: WarehouseConnection) -> None:
    from decimal import Decimal

    values: tuple[Value, ...] = (
        "it's \\ ' {p1:String}",
        5,
        True,
        0.5,
        Decimal("12.50"),
        date(2026, 10, 1),
        datetime(2026, 10, 1, 3, tzinfo=UTC),
    )
    found = connection.query("SELECT " + ", ".join(f"${n} AS c{n}" for n in range(1, 8)), values).to_pylist()[0]
    assert [found[f"c{n}"] for n in range(1, 8)] == list(values)


def test_what_the_guard_refuses_is_not_needed_to_find_what_is_not_there(connection: WarehouseConnection) -> None:
    for sql, name in (("SELECT colour FROM orders", "colour"), ("SELECT 1 FROM evnts", "evnts")):
        with pytest.raises(QueryRefused, match=name):
            connection.query(sql, ())


def _leads(mask: Mask | None = None) -> Dataset:
    dimensions = {
        "submitted_at": Dimension("submitted_at", "instant", "When"),
        "source": Dimension("source", "text", "Source", mask=mask),
    }
    return Dataset(
        "leads", "select * from events", dimensions, {"n": Metric("n", "count(*)", "N")}, time="submitted_at"
    )
