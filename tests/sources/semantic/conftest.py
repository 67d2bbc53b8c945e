"""A shop's tables on each engine: orders, their buyers, and balances of accounts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from broadsheet.sources.ports import ENGINES, Connection, Engine, Limits

Opened = tuple[Engine, Connection]
Tables = dict[str, list[tuple[object, ...]]]
CREATE = {
    "orders": "id integer, buyer_id text, source text, placed {instant}, cost double precision, revenue double precision",
    "buyers": "id text, name text, country text, region text",
    "balances": "at {instant}, account text, kind text, amount integer",
}
ORDERS: list[tuple[object, ...]] = [
    (1, "b1", "Mail", "2026-09-10 12:00:00", 10.0, 15.0),
    (2, "b1", "Web", "2026-09-20 12:00:00", 20.0, 50.0),
    (3, "b2", "Web", "2026-10-05 12:00:00", 30.0, 30.0),
    (4, "b1", "Mail", "2026-10-06 12:00:00", 40.0, 90.0),
    (5, "b3", "Web", "2026-10-20 12:00:00", 0.0, 5.0),
    (6, "b9", "Web", "2026-12-01 12:00:00", 6.0, 6.0),
]
BUYERS: list[tuple[object, ...]] = [
    ("b1", "Ada", "DE", "north"),
    ("b2", "Bo", "FR", "south"),
    ("b3", "Cy", "DE", "south"),
]
BALANCES: list[tuple[object, ...]] = [
    ("2026-10-01 08:00:00", "a", "cash", 5),
    ("2026-10-01 20:00:00", "b", "cash", 7),
    ("2026-10-02 08:00:00", "a", "cash", 20),
    ("2026-10-02 09:00:00", "b", "cash", 1),
    ("2026-10-03 09:00:00", "b", "cash", 2),
    ("2026-10-01 09:00:00", "c", "bond", 100),
]
USUAL: Tables = {"orders": ORDERS, "buyers": BUYERS, "balances": BALANCES}
Open = Callable[..., Opened]


@pytest.fixture(
    params=["duckdb", "sqlite", *(pytest.param(name, marks=pytest.mark.database) for name in ("postgresql", "mariadb"))]
)
def open_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """A call opens a database with the given tables, by default the usual ones."""
    opened: list[Connection] = []
    make = {"duckdb": _files, "sqlite": _sqlite, "postgresql": _postgresql, "mariadb": _mariadb}[request.param]
    engine = ENGINES.get(request.param)

    def open_it(tables: Tables | None = None) -> Opened:
        settings = make(request, tmp_path, f"shop{len(opened)}", {**USUAL, **(tables or {})})
        opened.append(engine.open(settings, secrets={}, limits=Limits(seconds=10)))
        return engine, opened[-1]

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture
def shop(open_shop: Open) -> Opened:
    return open_shop()


def _columns(table: str) -> list[str]:
    return [part.split()[0] for part in CREATE[table].split(", ")]


def _files(_request: object, folder: Path, name: str, tables: Tables) -> dict[str, object]:
    place = folder / name
    place.mkdir()
    for table, rows in tables.items():
        lines = [",".join(map(_plain, row)) for row in rows]
        (place / f"{table}.csv").write_text("\n".join([",".join(_columns(table)), *lines]) + "\n")
    return {"files": str(place)}


def _plain(value: object) -> str:
    return f"{value}Z" if isinstance(value, str) and value[4:5] == "-" else str(value)


def _sqlite(_request: object, folder: Path, name: str, tables: Tables) -> dict[str, object]:
    database = sqlite3.connect(folder / f"{name}.db")
    for table, rows in tables.items():
        database.execute(f"create table {table} ({CREATE[table].format(instant='text')})")
        database.executemany(_insert(table, rows, "?"), rows)
    database.commit()
    database.close()
    return {"database": str(folder / f"{name}.db")}


def _insert(table: str, rows: Sequence[object], mark: str) -> str:
    return f"insert into {table} values ({', '.join([mark] * len(_columns(table)))})"


def _postgresql(request: pytest.FixtureRequest, folder: Path, name: str, tables: Tables) -> dict[str, object]:
    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name}")
        connection.execute(f"create database {name}")
    address = urlsplit(server)
    with psycopg.connect(address._replace(path=f"/{name}").geturl(), autocommit=True) as connection:
        connection.execute("set timezone = 'UTC'")
        for table, rows in tables.items():
            connection.execute(f"create table {table} ({CREATE[table].format(instant='timestamptz')})")
            if rows:
                connection.cursor().executemany(_insert(table, rows, "%s"), rows)
    return {
        "host": address.hostname, "port": address.port, "database": name, "user": address.username,
        "sslmode": "disable",
    }  # fmt: skip


def _mariadb(request: pytest.FixtureRequest, folder: Path, name: str, tables: Tables) -> dict[str, object]:
    place = request.getfixturevalue("mariadb_zones")
    place.run(f"drop database if exists {name}", f"create database {name}")
    with closing(place.connected(name)) as session, session.cursor() as cursor:
        for table, rows in tables.items():
            cursor.execute(f"create table {table} ({CREATE[table].format(instant='datetime')})")
            cursor.executemany(_insert(table, rows, "%s"), rows)
    return {"host": place.host, "port": place.port, "database": name, "user": "root"}


def _mariadb(request: pytest.FixtureRequest, folder: Path, name: str, tables: Tables) -> dict[str, object]:
    place = request.getfixturevalue("mariadb_zones")
    place.run(f"drop database if exists {name}", f"create database {name}")
    for table, rows in tables.items():
        made = f"create table {table} ({CREATE[table].format(instant='datetime')})"
        place.run(made, *(f"insert into {table} values {row}" for row in rows), database=name)
    return {"host": place.host, "port": place.port, "database": name, "user": "root"}
