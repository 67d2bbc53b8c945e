"""Texts that a column takes for equal are not equal to a rule: NOCASE and RTRIM of SQLite, citext and collations of
PostgreSQL. MariaDB's collations are tested in `test_mariadb_rules`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from broadsheet.core.document.tables import Ask, Grouping, Value
from broadsheet.core.policy import Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import ENGINES, Connection, Engine, Limits
from broadsheet.sources.secured.securing import rules_of

pytestmark = pytest.mark.feature("SEC-07")
DEALS = [("ACME", 1), ("acme", 10), ("acme ", 100), (None, 1000)]
MINE: dict[Value, list[tuple[int, int]]] = {"ACME": [(1, 1)], "acme": [(10, 1)], "acme ": [(100, 1)], "Acme": []}
KINDS = {
    "nocase": ("sqlite", "text collate nocase"),
    "rtrim": ("sqlite", "text collate rtrim"),
    "plain in SQLite": ("sqlite", "text"),
    "citext": ("postgresql", "citext"),
    "a loose collation": ("postgresql", 'text collate "loose"'),
    "plain in PostgreSQL": ("postgresql", "text"),
}
RULE = RowRule("buyer", "buyer")


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.database if KINDS[name][0] == "postgresql" else ()) for name in KINDS]
)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Connection]]:
    name, kind = KINDS[request.param]
    engine = ENGINES.get(name)
    settings: dict[str, object] = {"database": str(tmp_path / "deals.db")}
    if name == "sqlite":
        with sqlite3.connect(tmp_path / "deals.db") as database:
            database.execute(f"create table deals (buyer {kind}, shop integer, price integer)")
            database.executemany("insert into deals values (?, 5, ?)", DEALS)
        database.close()
    else:
        server = request.getfixturevalue("postgres_server")
        with psycopg.connect(server, autocommit=True) as session:
            session.execute("create extension if not exists citext")
            loose = "provider = icu, locale = 'und-u-ks-level2-ka-shifted', deterministic = false"
            session.execute(f"create collation if not exists loose ({loose})")
            session.execute("drop table if exists deals")
            session.execute(f"create table deals (buyer {kind}, shop integer, price integer)")  # type: ignore[arg-type]
            session.cursor().executemany("insert into deals values (%s, 5, %s)", DEALS)
        place = urlsplit(server)
        settings = {"host": place.hostname, "port": place.port, "database": "postgres", "user": place.username, "sslmode": "disable"}  # fmt: skip
    connection = engine.open(settings, secrets={}, limits=Limits(seconds=5))
    yield engine, connection
    connection.close()


def seen(opened: tuple[Engine, Connection], asked: Dataset, ask: Ask, values: list[Value], name: str = "buyer") -> dict[Value, list[tuple[Value, ...]]]:  # fmt: skip
    engine, connection = opened
    questions = [Question(repr(one), ask, Reader(repr(one), "r", attributes={name: one})) for one in values]
    found = answer(
        asked, questions, engine=engine, connection=connection, limits=Limits(), as_of=datetime(2026, 11, 1, tzinfo=UTC)
    )
    return {one: list(found[repr(one)].rows) for one in values}


def dataset(*rows: RowRule, **more: object) -> Dataset:
    metrics = {"price": Metric("price", "sum(price)", "Price"), "n": Metric("n", "count(*)", "N")}
    return Dataset(
        "deals", "select * from deals", {"buyer": Dimension("buyer", "text", "Buyer")}, metrics, rows=rows, **more
    )  # type: ignore[arg-type]


def test_readers_are_dealt_what_is_theirs_to_the_letter(opened: tuple[Engine, Connection]) -> None:
    found = seen(opened, dataset(RULE), Ask("deals", ("price", "n"), (Grouping("buyer"),)), list(MINE))
    assert {who: [row[1:] for row in rows] for who, rows in found.items()} == MINE


def test_rules_of_tables_hold_to_the_letter(opened: tuple[Engine, Connection]) -> None:
    found = seen(opened, dataset(tables=rules_of({"deals": (RULE,)})), Ask("deals", ("n",)), list(MINE))
    assert found == {who: [(len(rows),)] for who, rows in MINE.items()}


def test_numbers_are_compared_as_before(opened: tuple[Engine, Connection]) -> None:
    ask, rule = Ask("deals", ("n",)), RowRule("shop", "shop")
    assert seen(opened, dataset(rule), ask, [5, 6], "shop") == {5: [(4,)], 6: []}
    ruled = seen(opened, dataset(tables=rules_of({"deals": (rule,)})), ask, [5, "5", 6], "shop")
    assert ruled == {5: [(4,)], "5": [(4,)], 6: [(0,)]}
