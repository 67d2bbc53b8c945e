"""The SQL that each warehouse gets: as expected, and read again by its own dialect as one SELECT with the same values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlglot import exp, parse

from broadsheet.adapters.engines.warehouses.statement import written
from broadsheet.adapters.engines.warehouses.transact import offsets
from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.sources.compile import Hidden, statement
from broadsheet.sources.errors import QueryRefused

from .shapes import EXPECTED, SHAPES, WAREHOUSES, Shape, ask, dataset, engine_of, expected, stated

every = pytest.mark.parametrize("name", WAREHOUSES)
VENDORS = {"ansibigquery": "bigquery", "ansidatabricks": "databricks"}  # as the vendor reads it, whatever we do


@every
def test_every_shape_is_written_as_expected(name: str) -> None:
    assert expected(engine_of(name)) == (EXPECTED / f"{name}.sql").read_text("utf-8")


@every
@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_what_is_sent_is_one_select_in_the_vendors_own_dialect(name: str, shape: Shape) -> None:
    engine = engine_of(name)
    found = stated(engine, shape)
    vendor = VENDORS.get(engine.dialect, engine.dialect)
    [tree] = parse(found.sql, read=vendor)
    assert isinstance(tree, exp.Query)
    assert [tree.sql(dialect=vendor)] == [
        one.sql(dialect=vendor) for one in parse(tree.sql(dialect=vendor), read=vendor) if one
    ]
    marks = re.findall(r"\?|@p\d+|:p\d+|\{p\d+:[^}]+\}", re.sub(r"N?'[^']*'", "''", found.sql)) if "clickhouse" not in name else re.findall(r"\{p\d+:", found.sql)  # fmt: skip
    assert len(marks) == len(found.values)
    assert "salt" not in found.sql
    assert "drop table" not in found.sql


@every
def test_a_text_of_the_author_is_no_mark(name: str) -> None:
    engine = engine_of(name)
    found = written("SELECT '$1 ? %s :p1 @p1' AS \"$2\", $1 AS x", ("v", "w"), warehouse=engine.warehouse)
    assert "'$1 ? %s :p1 @p1'" in found.sql
    assert found.values == ("v",)


@every
def test_no_query_can_name_a_bound_value(name: str) -> None:
    """Such as the secret of pseudonyms: what stands for it differs each time."""
    engine = engine_of(name)
    shape = SHAPES["masked: hashed"]
    asked = statement(
        dataset(shape), shape.ask, engine=engine, allowed=None, limit=10, hidden=Hidden(shape.hidden, "salt")
    )
    seen: list[str] = []

    def spy(tree: exp.Query, values: object) -> exp.Query:
        seen.append(tree.sql())
        return tree

    from dataclasses import replace

    for _ in range(2):
        written(asked.sql, asked.values, warehouse=replace(engine.warehouse, adapted=spy))
    assert seen[0] != seen[1]


@every
@pytest.mark.parametrize(
    "sql", ["delete from events", "select 1; select 2", "create table x (a int)", "select 1 into x"]
)
def test_what_is_not_one_select_is_not_sent(name: str, sql: str) -> None:
    with pytest.raises(QueryRefused):
        written(sql, (), warehouse=engine_of(name).warehouse)


def test_clock_changes_are_written_down_to_the_minute() -> None:
    changes = dict(offsets("America/Chicago"))
    assert changes[datetime(2026, 3, 8, 8, tzinfo=UTC)] == -300
    assert changes[datetime(2026, 11, 1, 7, tzinfo=UTC)] == -360
    assert offsets("Asia/Tokyo") == ((datetime(2000, 1, 1, tzinfo=UTC), 540),)
    assert dict(offsets("Asia/Kolkata")) == {datetime(2000, 1, 1, tzinfo=UTC): 330}


@pytest.mark.parametrize(
    "zone", ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza"]
)
def test_every_hour_has_the_offset_that_its_zone_has(zone: str) -> None:
    from zoneinfo import ZoneInfo

    place, changes = ZoneInfo(zone), offsets(zone)
    at, index = datetime(2020, 1, 1, tzinfo=UTC), 0
    while at < datetime(2030, 1, 1, tzinfo=UTC):
        while index + 1 < len(changes) and changes[index + 1][0] <= at:
            index += 1
        assert timedelta(minutes=changes[index][1]) == at.astimezone(place).utcoffset(), at
        at += timedelta(hours=1)


def test_a_zone_with_clock_changes_is_told_to_sql_server() -> None:
    found = stated(engine_of("sqlserver"), Shape(ask(Grouping("at", "day"), zone="America/Chicago")))
    assert (
        "WHEN CAST(SWITCHOFFSET(CAST([at] AS DATETIMEOFFSET), '+00:00') AS DATETIME2) < '2026-03-08T08:00:00' THEN -360"
        in found.sql
    )
    assert found.values == ()


@pytest.mark.parametrize(
    "sql",
    [
        "select * from (with a as (select 1 as source) select * from a) x, a",
        "select * from (with a as (select 1 as source) select * from a) x, (with A as (select 2 as b) select * from A) y",
    ],
)
def test_ctes_that_would_be_read_by_others_are_refused_for_sql_server(sql: str) -> None:
    with pytest.raises(QueryRefused, match="another name"):
        written(f"SELECT * FROM ({sql}) AS d", (), warehouse=engine_of("sqlserver").warehouse)


@pytest.mark.parametrize("name", ["clickhouse", "sqlserver"])
def test_an_order_by_a_grouping_names_it_once(name: str) -> None:
    asked = Ask("leads", ("n",), (Grouping("source"),), order=(("source", True),))
    found = stated(engine_of(name), Shape(asked))
    order = found.sql.rpartition("ORDER BY")[2]
    assert order.count("source") == (1 if name == "sqlserver" else 2)


def test_bigquery_gets_names_that_it_takes() -> None:
    found = stated(engine_of("bigquery"), SHAPES["a joined field"])
    assert "`_field_0` AS column_1" in found.sql
    assert found.sql.endswith("ORDER BY column_1 ASC NULLS LAST LIMIT 1001")
