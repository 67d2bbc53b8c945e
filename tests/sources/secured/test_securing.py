"""Rules on tables hold against whoever writes the query.

The metamorphic test: a query over secured tables gives what the same query gives over tables that hold the reader's rows
alone. It runs on each engine, over joins, windows, set operations, CTEs, nesting, correlation and aggregates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest

from broadsheet.core.policy import RowRule
from broadsheet.sources.errors import QueryRefused, SourceError
from broadsheet.sources.ports import ENGINES, Connection, Engine, Limits
from broadsheet.sources.secured.securing import rules_of, secured

pytestmark = pytest.mark.feature("SEC-07")
RULES = rules_of(
    {"orders": (RowRule("buyer", "buyer"),), "Returns": (RowRule("buyer", "buyer"), RowRule("area", "area"))}
)
READER = {"buyer": "b1", "area": "north"}
ORDERS = [
    (1, "b1", "north", 30),
    (2, "b1", "south", 12),
    (3, "b2", "north", 100),
    (4, "b2", "south", 7),
    (5, "b1", "north", 5),
]
RETURNS = [(1, "b1", "north", 3), (2, "b1", "south", 2), (3, "b2", "north", 9), (5, "b1", "north", 1)]
BUYERS = [("b1", "Ada"), ("b2", "Bo")]
QUERIES = [
    "select * from orders",
    "select o.id, o.price from orders as o where o.price > 6",
    "select count(*), sum(price), max(buyer) from orders",
    "select buyer, sum(price) from orders group by buyer having count(*) > 1",
    "select orders.id, returns.price from orders join returns on orders.id = returns.id",
    "select o.id, r.price from orders o left join returns r using (id)",
    "select b.name, (select count(*) from orders o where o.buyer = b.buyer) from buyers b",
    "select name from buyers b where exists (select 1 from orders where orders.buyer = b.buyer)",
    "select name from buyers where buyer not in (select buyer from orders)",
    "select id, price, avg(price) over (partition by area) from orders",
    "select id, rank() over (order by price desc) from orders",
    "select id from orders union select id from returns",
    "select id from orders union all select id from returns",
    "select id from orders except select id from returns",
    "select id from orders intersect select id from returns",
    "with mine as (select * from orders) select m.area, sum(m.price) from mine m group by m.area",
    "with a as (select * from orders), b as (select * from a where price > 5) select a.id, b.id from a join b on a.id = b.id",
    "with recursive n(x) as (select min(id) from orders union all select x + 1 from n where x < (select max(id) from orders)) select x from n",
    "select * from (select * from (select id, price from orders) a) b",
    "select price / (select sum(price) from orders) from orders",
    "select a.id, b.id from orders a, orders b where a.id < b.id",
    "select coalesce(max(price), 0) from orders where buyer = 'b2'",
    "select id from orders where price = (select max(price) from orders)",
    "select case when exists (select 1 from orders where buyer = 'b2') then 1 else 0 end from buyers",
    "select id from orders order by (select count(*) from returns where returns.id = orders.id), id",
    "select ORDERS.id from ORDERS",
    'select "orders"."id" from "orders"',
]  # fmt: skip


@pytest.fixture(
    params=["duckdb", "sqlite", *(pytest.param(name, marks=pytest.mark.database) for name in ("postgresql", "mariadb"))]
)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Connection, Connection]]:
    """The engine, a connection to all rows, and one to tables that hold the reader's rows alone."""
    engine = ENGINES.get(request.param)
    mine = [one for one in ORDERS if one[1] == "b1"], [one for one in RETURNS if one[1:3] == ("b1", "north")]
    makers: dict[str, Callable[..., dict[str, object]]] = {
        "duckdb": _files,
        "sqlite": _sqlite,
        "postgresql": _postgresql,
        "mariadb": _mariadb,
    }
    make = makers[request.param]
    opened = []
    for name, orders, returns in (("whole", ORDERS, RETURNS), ("mine", *mine)):
        settings = make(request, tmp_path, name, {"orders": orders, "returns": returns})
        opened.append(engine.open(settings, secrets={}, limits=Limits(seconds=5)))
    yield engine, opened[0], opened[1]
    for one in opened:
        one.close()


def _files(_request: object, folder: Path, name: str, tables: dict[str, list[tuple[object, ...]]]) -> dict[str, object]:
    place = folder / name
    place.mkdir()
    for table, rows in tables.items():
        lines = [",".join(map(str, row)) for row in rows]
        (place / f"{table}.csv").write_text("\n".join(["id,buyer,area,price", *lines]) + "\n")
    (place / "buyers.csv").write_text("buyer,name\n" + "".join(f"{key},{who}\n" for key, who in BUYERS))
    return {"files": str(place)}


CREATE = "create table {} (id integer, buyer text, area text, price integer)"


def _sqlite(
    _request: object, folder: Path, name: str, tables: dict[str, list[tuple[object, ...]]]
) -> dict[str, object]:
    database = sqlite3.connect(folder / f"{name}.db")
    for table, rows in tables.items():
        database.execute(CREATE.format(table))
        database.executemany(f"insert into {table} values (?, ?, ?, ?)", rows)
    database.execute("create table buyers (buyer text, name text)")
    database.executemany("insert into buyers values (?, ?)", BUYERS)
    database.commit()
    database.close()
    return {"database": str(folder / f"{name}.db")}


def _postgresql(
    request: pytest.FixtureRequest, folder: Path, name: str, tables: dict[str, list[tuple[object, ...]]]
) -> dict[str, object]:
    from urllib.parse import urlsplit

    server = request.getfixturevalue("postgres_server")
    database = f"secured_{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {database}")
        connection.execute(f"create database {database}")
    address = urlsplit(server)
    with psycopg.connect(address._replace(path=f"/{database}").geturl(), autocommit=True) as connection:
        for table, rows in tables.items():
            connection.execute(CREATE.format(table))
            connection.cursor().executemany(f"insert into {table} values (%s, %s, %s, %s)", rows)
        connection.execute("create table buyers (buyer text, name text)")
        connection.cursor().executemany("insert into buyers values (%s, %s)", BUYERS)
    return {
        "host": address.hostname,
        "port": address.port,
        "database": database,
        "user": address.username,
        "sslmode": "disable",
    }


def _mariadb(
    request: pytest.FixtureRequest, folder: Path, name: str, tables: dict[str, list[tuple[object, ...]]]
) -> dict[str, object]:
    place = request.getfixturevalue("mariadb_server")
    database = f"secured_{name}"
    place.run(f"drop database if exists {database}", f"create database {database}")
    for table, rows in [*tables.items(), ("buyers", BUYERS)]:
        columns = CREATE.format(table) if table != "buyers" else "create table buyers (buyer text, name text)"
        place.run(columns, *(f"insert into {table} values {row}" for row in rows), database=database)
    return {"host": place.host, "port": place.port, "database": database, "user": "root"}


def rows(table: pa.Table) -> list[str]:
    """Values in an order that no engine decides; columns without a name are called by their text, which differs."""
    return sorted(repr(list(one.values())) for one in table.to_pylist())


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_over_secured_tables_is_the_query_over_the_readers_rows(databases, query: str):
    engine, whole, mine = databases
    found = secured(query, RULES, engine=engine)
    values = tuple(READER[name] for name in found.attributes)
    assert rows(whole.query(found.sql, values)) == rows(mine.query(query, ()))


ERRORS = {  # over a row of b2's alone
    "duckdb": ["cast(case when buyer = 'b2' then 'x' else '1' end as integer) = 1"],
    "sqlite": ["abs(case when buyer = 'b2' then -9223372036854775807 - 1 else 1 end) = 1"],
    "postgresql": ["1 / (case when buyer = 'b2' then 0 else 1 end) = 1"],
    "mariadb": [
        "exp(case when buyer = 'b2' then 1000 else 1 end) > 0",
        "if(buyer = 'b2', (select 1 union select 2), 1) = 1",
    ],
}


def test_an_error_tells_of_no_hidden_row(databases):
    engine, whole, mine = databases
    for condition in ERRORS[engine.descriptor.id]:
        for query in (f"select id from orders where {condition}", f"select id, {condition} from orders"):
            found = secured(query, RULES, engine=engine)
            values = tuple(READER[name] for name in found.attributes)
            assert rows(whole.query(found.sql, values)) == rows(mine.query(query, ()))
            with pytest.raises(SourceError):
                whole.query(query, ())


def test_the_test_can_fail(databases):
    _engine, whole, mine = databases
    assert len(whole.query("select * from orders", ())) != len(mine.query("select * from orders", ()))


REFUSED = [
    ("with orders as (select 1 as id) select * from orders", "Give the CTE of that name another one"),
    ("with ORDERS as (select * from orders) select * from orders", "Give the CTE of that name another one"),
    ("select * from buyers where exists (with returns as (select 1) select 1 from returns)", "another one"),
    ("select * from orders tablesample (10 percent)", "cannot be read with"),
    ("select 1 as `, '`, (select max(price) from orders) as y, 2 as `' as z, 3 as `", "backtick"),
    ("select * from orders\u200b", "invisible sign"),
    ("select * from \ufefforders", "invisible sign"),
    ("select * from main.\u2060orders", "invisible sign"),
    ('select * from "/srv/shop/orders".csv', "looks like a file"),
    ("select * from buyers b where (1, b.buyer, 'north', 30) in orders", "IN takes a list"),
    ("pivot orders on area using sum(price)", "SELECT|PIVOT"),
    ("from (summarize orders)", "SUMMARIZE|read"),
    ("select * from orders; select 1", "one statement"),
    ("delete from orders", "is a SELECT"),
]


@pytest.mark.parametrize(("query", "said"), REFUSED)
def test_what_cannot_be_secured_without_doubt_is_refused(query: str, said: str):
    with pytest.raises(QueryRefused, match=said):
        secured(query, RULES, engine=ENGINES.get("duckdb"))


def test_comments_and_odd_spelling_hide_nothing():
    found = secured("select * from/**/orDers --x\n where 1=1", RULES, engine=ENGINES.get("duckdb"))
    assert '"buyer" = $1' in found.sql
    assert found.attributes == ("buyer",)


def test_expressions_pass_the_same_guard():
    from broadsheet.sources.secured.guard import checked_expression

    for sql in ("max((3,'b2','north',100) in orders)", "count(\u200b*)", "`a`"):
        with pytest.raises(QueryRefused):
            checked_expression(sql, dialect="sqlite" if "orders" in sql else "duckdb")


INJECTED = [
    "select 1; select 2",
    "copy (select 666 as id) to '{file}' (format csv)",
    "select 1) as d; copy (select 666 as id) to '{file}' (use_tmp_file false, format csv); select * from (select 2",
    "create table x as select 1",
    "select * from '{file}'",
]


@pytest.mark.parametrize("sql", INJECTED)
def test_duckdb_itself_runs_one_select_over_the_sources_tables_alone(tmp_path: Path, sql: str):
    """Behind the guard, for whatever it may read otherwise one day."""
    file = tmp_path / "orders.csv"
    file.write_text("id,price\n1,2\n")
    connection = ENGINES.get("duckdb").open({"files": str(tmp_path)}, secrets={}, limits=Limits(seconds=5))
    with pytest.raises(SourceError):
        connection.query(f"SELECT * FROM ({sql.format(file=file)}) AS d LIMIT 5", ())
    with pytest.raises(SourceError):
        connection.query(sql.format(file=file), ())
    connection.close()
    assert file.read_text() == "id,price\n1,2\n"
