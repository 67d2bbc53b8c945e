"""Each kind of column comes as what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from broadsheet.adapters.engines.mariadb.connection import MariaConnection

pytestmark = pytest.mark.database

VALUES = {
    "id": 1, "small": -5, "flag": True, "big": 2**64 - 1, "price": Decimal("12.50"), "rate": 0.1, "day": date(2026, 10, 1),
    "at": datetime(2026, 10, 1, 3, 30, 0, 250_000, tzinfo=UTC), "seen": datetime(2026, 10, 1, 3, 30, tzinfo=UTC),
    "hour": "10:20:30", "year": 2026, "bits": 5, "one": True, "name": "Grün 日本", "size": "s", "body": '{"a": 1}',
    "raw": "00ff",
}  # fmt: skip


def test_each_kind_is_read_as_what_it_is(connection: MariaConnection) -> None:
    assert connection.query("select * from kinds where id = 1", ()).to_pylist() == [VALUES]


def test_a_column_without_a_value_keeps_its_kind(connection: MariaConnection) -> None:
    found = connection.query("select price, day, at, name, flag from kinds where id = 2", ())
    assert found.schema.types == [
        pa.decimal128(3, 2),
        pa.date32(),
        pa.timestamp("us", tz="UTC"),
        pa.string(),
        pa.bool_(),
    ]
    assert found.to_pylist() == [{"price": None, "day": None, "at": None, "name": None, "flag": None}]


def test_dates_of_no_calendar_are_missing(connection: MariaConnection) -> None:
    assert connection.query("select day, at from kinds where id = 3", ()).to_pylist() == [{"day": None, "at": None}]


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_dates_of_no_calendar_are_in_no_period(connection: MariaConnection, grain: str) -> None:
    from broadsheet.adapters.engines.mariadb import ENGINE

    cut = ENGINE.cut("day", grain, zone="", instant=False)
    assert connection.query(f"select {cut} as d from kinds where id = 3", ()).to_pylist() == [{"d": None}]


def test_sums_of_integers_are_integers(connection: MariaConnection) -> None:
    found = connection.query("select sum(id) as s, sum(price) as p, avg(id) as a, count(*) as n from kinds", ())
    assert found.to_pylist() == [{"s": 6, "p": Decimal("12.50"), "a": Decimal("2.0000"), "n": 3}]


def test_a_small_number_that_is_no_flag_stays_a_number(connection: MariaConnection) -> None:
    found = connection.query("select cast(2 as signed) as n, flag + 5 as m from kinds where id = 1", ())
    assert found.to_pylist() == [{"n": 2, "m": 6}]
