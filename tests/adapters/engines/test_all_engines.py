"""One contract for every engine: equal rows give equal answers, days begin in the asker's zone, nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from tests.plugins.mariadb import Place

from broadsheet.core.document.tables import GRAINS, Ask, Filter, Grouping, Span, Value
from broadsheet.core.policy import Mask, Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.definitions import DatasetDefinition
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, UnknownName, Unreachable
from broadsheet.sources.naming import told, unknown_names
from broadsheet.sources.ports import ENGINES, Connection, Engine, Limits

LIMITS = Limits(seconds=1.5, rows=1000)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVENTS = [
    (1, "2026-10-01 03:30:00", "harbor", "SunCompare", 50.0),
    (2, "2026-10-01 15:00:00", "harbor", "Paid search", 0.0),
    (3, "2026-11-01 06:30:00", "harbor", "SunCompare", 52.0),  # 01:30 in Chicago, the first of two
    (4, "2026-10-01 12:00:00", "verdant", "SunCompare", 40.0),
    (5, "2026-12-31 23:30:00", "verdant", "Native display", 10.5),
]
TABLE = "create table events (id integer, submitted_at {instant}, buyer_id text, source text, cost double precision)"
INSERT = "insert into events values ({})"
SLOW = {
    "duckdb": "select count(*) from range(300000) a, range(300000) b where a.range % 7 = b.range % 11",
    "sqlite": "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n",
    "postgresql": "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a % 7 = b % 11",
    "mariadb": "select count(*) from seq_1_to_1000000 a, seq_1_to_1000000 b where a.seq % 7 = b.seq % 11",
}


@pytest.fixture(
    params=["duckdb", "sqlite", *(pytest.param(name, marks=pytest.mark.database) for name in ("postgresql", "mariadb"))]
)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Connection]]:
    engine = ENGINES.get(request.param)
    settings: dict[str, object]
    if request.param == "duckdb":
        lines = [f"{','.join(map(str, row))}\n".replace(":00,", ":00Z,") for row in EVENTS]
        (tmp_path / "events.csv").write_text("id,submitted_at,buyer_id,source,cost\n" + "".join(lines))
        settings = {"files": str(tmp_path)}
    elif request.param == "sqlite":
        with sqlite3.connect(tmp_path / "leads.db") as database:
            database.execute(TABLE.format(instant="text"))
            database.executemany(INSERT.format("?,?,?,?,?"), EVENTS)
        database.close()
        settings = {"database": str(tmp_path / "leads.db")}
    elif request.param == "mariadb":
        settings = _mariadb(request.getfixturevalue("mariadb_zones"))
    else:
        settings = _postgres(request.getfixturevalue("postgres_server"))
    connection = engine.open(settings, secrets={}, limits=LIMITS)
    yield engine, connection
    connection.close()


def _postgres(dsn: str) -> dict[str, object]:
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("set timezone = 'UTC'")
        session.execute("drop table if exists events")
        session.execute(TABLE.format(instant="timestamptz"))
        session.cursor().executemany(INSERT.format("%s,%s,%s,%s,%s"), EVENTS)
        place = session.info
        return {
            "host": place.host,
            "port": place.port,
            "database": place.dbname,
            "user": place.user,
            "sslmode": "disable",
        }


def _mariadb(place: Place) -> dict[str, object]:
    place.run("drop database if exists leads", "create database leads")
    place.run(TABLE.format(instant="datetime"), *(INSERT.format(str(row)[1:-1]) for row in EVENTS), database="leads")
    return {"host": place.host, "port": place.port, "database": "leads", "user": "root"}


def leads(rows: tuple[RowRule, ...] = (RowRule("buyer_id", "buyer_id"),)) -> Dataset:
    dimensions = (Dimension("submitted_at", "instant", "When"), Dimension("source", "text", "Source"))
    metrics = (Metric("delivered", "count(*)", "Delivered", "integer"), Metric("cost", "sum(cost)", "Cost", "money"))
    return Dataset(
        name="leads",
        sql="select * from events",
        time="submitted_at",
        dimensions={one.name: one for one in dimensions},
        metrics={one.name: one for one in metrics},
        rows=rows,
    )


def asked(
    opened: tuple[Engine, Connection], ask: Ask, buyer: str, *, dataset: Dataset | None = None
) -> list[tuple[Value, ...]]:
    engine, connection = opened
    reader = Reader("r", "r", attributes={"buyer_id": buyer})
    question = [Question("q", ask, reader)]
    found = answer(dataset or leads(), question, engine=engine, connection=connection, limits=LIMITS, as_of=NOW)
    return list(found["q"].rows)


@pytest.mark.feature("SEC-07")
def test_rows_are_the_readers_own(opened: tuple[Engine, Connection]) -> None:
    ask = Ask("leads", ("delivered", "cost"), (Grouping("source"),))
    assert asked(opened, ask, "harbor") == [("Paid search", 1, 0.0), ("SunCompare", 2, 102.0)]
    assert asked(opened, ask, "verdant") == [("Native display", 1, 10.5), ("SunCompare", 1, 40.0)]
    assert asked(opened, ask, "nobody' or '1'='1") == []


CUTS: dict[str, list[Value]] = {  # of 1 Oct 03:30 and 15:00, 1 Nov 06:30 UTC, in Chicago (UTC−5; −6 from 1 Nov 02:00)
    "hour": [datetime(2026, 9, 30, 22), datetime(2026, 10, 1, 10), datetime(2026, 11, 1, 1)],
    "day": [date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 1)],
    "week": [date(2026, 9, 28), date(2026, 10, 26)],
    "month": [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)],
    "quarter": [date(2026, 7, 1), date(2026, 10, 1)],
    "year": [date(2026, 1, 1)],
    "weekday": [2, 3, 6],
    "hour_of_day": [1, 10, 22],
}


@pytest.mark.parametrize("grain", GRAINS)
def test_time_is_cut_in_the_zone_of_the_ask(opened: tuple[Engine, Connection], grain: str) -> None:
    ask = Ask("leads", ("delivered",), (Grouping("submitted_at", grain),), zone="America/Chicago")
    assert [row[0] for row in asked(opened, ask, "harbor")] == CUTS[grain]


def test_spans_are_half_open(opened: tuple[Engine, Connection]) -> None:
    edge = datetime(2026, 10, 1, 15, tzinfo=UTC)
    before = Ask("leads", ("delivered",), span=Span(datetime(2026, 9, 1, tzinfo=UTC), edge))
    after = Ask("leads", ("delivered",), span=Span(edge, NOW))
    assert (asked(opened, before, "harbor"), asked(opened, after, "harbor")) == ([(1,)], [(2,)])


def test_filters_bind_their_values(opened: tuple[Engine, Connection]) -> None:
    ask = Ask("leads", ("delivered",), filters=(Filter("source", "in", ("SunCompare", "x'); drop table events; --")),))
    assert asked(opened, ask, "harbor") == [(2,)]


@pytest.mark.parametrize("sql", ["delete from events", "drop table events", "create table other (id integer)"])
def test_writing_is_refused_even_without_the_guard(opened: tuple[Engine, Connection], sql: str) -> None:
    engine, connection = opened
    if engine.dialect == "duckdb":  # its tables are views of files in memory: what is written there reaches nobody
        sql = f"copy (select 1) to 'events.parquet' -- {sql}"
    with pytest.raises((QueryRefused, QueryFailed)):
        connection.query(sql, [])
    assert "events" in connection.tables()


def test_a_slow_query_is_stopped_and_the_next_one_runs(opened: tuple[Engine, Connection]) -> None:
    engine, connection = opened
    with pytest.raises(LimitExceeded, match=r"took longer than 1\.5 s"):
        connection.query(SLOW[engine.descriptor.id], [])
    assert connection.query("select 1 as one", []).num_rows == 1


def test_a_result_larger_than_its_bytes_is_an_error_and_the_next_one_runs(opened: tuple[Engine, Connection]) -> None:
    connection = opened[1]
    long = "select " + ", ".join(f"'{'x' * 100}' as c{n}" for n in range(50))
    small = replace(LIMITS, bytes=4_000)
    connection._limits = small  # type: ignore[attr-defined]  # each keeps them so
    with pytest.raises(LimitExceeded, match=r"more than 0\.004 MB"):
        connection.query(long, [])
    assert connection.query("select 1 as one", []).num_rows == 1


def test_no_more_rows_come_than_one_beyond_the_limit(opened: tuple[Engine, Connection]) -> None:
    connection = opened[1]
    connection._limits = replace(LIMITS, rows=3)  # type: ignore[attr-defined]
    assert connection.query("select id from events", []).num_rows in {4, len(EVENTS)}  # DuckDB's whole: limited outside


@pytest.mark.parametrize("settings", [{"database": "{home}/x.sqlite3"}, {"files": "{home}/*.csv"}])
def test_a_stamp_never_raises_even_for_what_must_not_be_read(settings: dict[str, str]) -> None:
    from broadsheet.home import home

    home().joinpath("x.csv").touch()
    engine = ENGINES.get("sqlite" if "database" in settings else "duckdb")
    assert engine.stamp({name: text.format(home=home()) for name, text in settings.items()}) == ""


def test_an_unknown_column_is_named(opened: tuple[Engine, Connection]) -> None:
    with pytest.raises(QueryRefused, match="colour"):
        opened[1].query("select colour from events", [])


@pytest.mark.parametrize(
    ("engine", "settings"),
    [
        ("sqlite", {"database": "/nowhere/leads.db"}),
        ("duckdb", {"files": "/nowhere/*.parquet"}),
        ("postgresql", {"host": "127.0.0.1", "port": 1, "database": "x", "user": "x", "sslmode": "disable"}),
        ("mariadb", {"host": "127.0.0.1", "port": 1, "database": "x", "user": "x"}),
    ],
)
def test_a_source_that_is_not_there_says_what_to_check(engine: str, settings: dict[str, object]) -> None:
    with pytest.raises(Unreachable, match="Check"):
        ENGINES.get(engine).open(settings, secrets={}, limits=LIMITS)


@pytest.mark.parametrize(
    ("sql", "kind", "name"),
    [
        ("select leads from events", "column", "leads"),
        ("select e.leads from events e", "column", "leads"),
        ("select 1 from evnts", "table", "evnts"),
    ],
)
def test_a_name_that_is_not_there_is_told_by_its_kind(
    opened: tuple[Engine, Connection], sql: str, kind: str, name: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        opened[1].query(sql, ())
    assert (caught.value.kind, caught.value.name) == (kind, name)
    assert opened[1].query("select 1 as one", ()).num_rows == 1  # the connection goes on


def test_names_of_a_dataset_that_its_source_lacks_are_found_each_with_its_place(
    opened: tuple[Engine, Connection],
) -> None:
    engine, connection = opened
    dataset = Dataset(
        "sales", "select id, buyer_id, cost from events",
        dimensions={"id": Dimension("id", "text", "Id"), "sorce": Dimension("sorce", "text", "Source"),
                    "upper": Dimension("upper", "text", "Upper", "upper(bayer)")},
        metrics={"n": Metric("n", "count(*)", "N"), "paid": Metric("paid", "sum(d.paid)", "Paid"),
                 "cost": Metric("cost", "sum(cost)", "Cost")},
        rows=(RowRule("buyer", "buyer_id"),),
    )  # fmt: skip
    found = unknown_names(DatasetDefinition("sales", "s", dataset, "Sales"), engine=engine, connection=connection)
    assert [(one.path, one.name) for one in found] == [
        (("dimensions", "sorce"), "sorce"), (("rows", 0, "column"), "buyer"),
        (("dimensions", "upper", "expression"), "bayer"), (("metrics", "paid"), "paid"),
    ]  # fmt: skip
    assert {one.there for one in found} == {("id", "buyer_id", "cost")}


def test_an_unknown_column_is_told_with_the_dataset_and_those_that_are_there(opened: tuple[Engine, Connection]) -> None:
    engine, connection = opened
    lacks = Dataset("sales", "select leads from events", {}, {})
    error = told(lacks, UnknownName("column", "leads"), engine=engine, connection=connection)
    assert str(error) == (
        "Dataset “sales”: there is no column “leads”; there are: id, submitted_at, buyer_id, source, cost."
    )
    table = told(lacks, UnknownName("table", "evnts"), engine=engine, connection=connection)
    assert "there is no table “evnts”; there are: " in str(table)
    assert "events" in str(table)


MASKED = {
    "full": ("source", Mask("full"), ["•••"]),
    "partial": ("source", Mask("partial"), ["N•••", "P•••", "S•••"]),
    "bucket": ("cost", Mask("bucket", 25), [0.0, 25.0, 50.0]),
    "nothing": ("source", Mask("nothing"), [None]),
}


def masked_answer(engine: Engine, connection: Connection, field: str, mask: Mask, reader: Reader, **more: object):
    kind = "number" if field == "cost" else "text"
    dataset = Dataset("events", "select * from events", {field: Dimension(field, kind, field, mask=mask)}, {"n": Metric("n", "count(*)", "n")})  # fmt: skip
    ask = Ask("events", ("n",), (Grouping(field),), **more)
    return answer(dataset, [Question("q", ask, reader)], engine=engine, connection=connection, limits=LIMITS, as_of=NOW, salt="salt")["q"].rows  # fmt: skip


@pytest.mark.feature("SEC-13")
@pytest.mark.parametrize("show", list(MASKED))
def test_a_masked_field_shows_what_its_mask_leaves(opened: tuple[Engine, Connection], show: str) -> None:
    field, mask, expected = MASKED[show]
    rows = masked_answer(*opened, field, mask, Reader("r", "r"))
    assert [row[0] for row in rows] == expected
    assert sum(row[1] for row in rows) == 5


@pytest.mark.feature("SEC-13")
def test_equal_values_have_equal_pseudonyms_that_tell_nothing_without_the_salt(
    opened: tuple[Engine, Connection],
) -> None:
    import hashlib

    rows = masked_answer(*opened, "source", Mask("hash"), Reader("r", "r"))
    expected = {hashlib.sha256(f"salt{name}".encode()).hexdigest()[:12]: number for name, number in (("SunCompare", 3), ("Paid search", 1), ("Native display", 1))}  # fmt: skip
    assert dict(rows) == expected


@pytest.mark.feature("SEC-13")
def test_a_masked_field_is_filtered_by_what_is_shown_so_that_nothing_can_be_guessed(
    opened: tuple[Engine, Connection],
) -> None:
    guess = (Filter("source", "=", "SunCompare"),)
    assert masked_answer(*opened, "source", Mask("partial"), Reader("r", "r"), filters=guess) == ()
    clear = Mask("partial", clear="sees_source")
    seen = masked_answer(*opened, "source", clear, Reader("r", "r", attributes={"sees_source": True}), filters=guess)
    assert seen == (("SunCompare", 3),)
