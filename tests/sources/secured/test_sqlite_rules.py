"""Rules on rows against columns of SQLite that take texts for equal: COLLATE NOCASE and RTRIM."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy import Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import ENGINES, Connection, Limits
from broadsheet.sources.secured.securing import rules_of

ENGINE = ENGINES.get("sqlite")
RULE = RowRule("buyer", "buyer")
DEALS = [("ACME", 7, 1), ("acme", 7, 10), ("ACME ", 8, 100), (None, 8, 1000)]
READERS = ("ACME", "acme", "ACME ", "Acme")
pytestmark = pytest.mark.feature("SEC-07")


@pytest.fixture(params=["nocase", "rtrim", "binary"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    file = tmp_path / "deals.db"
    database = sqlite3.connect(file)
    database.execute(f"create table deals (buyer text collate {request.param}, area integer, price integer)")
    database.executemany("insert into deals values (?, ?, ?)", DEALS)
    database.commit()
    database.close()
    opened = ENGINE.open({"database": str(file)}, secrets={}, limits=Limits(seconds=5))
    yield opened
    opened.close()


def dataset(*rows: RowRule, **more: object) -> Dataset:
    dimensions = {"buyer": Dimension("buyer", "text", "Buyer"), "area": Dimension("area", "integer", "Area")}
    metrics = {"price": Metric("price", "sum(price)", "Price")}
    return Dataset("deals", "select * from deals", dimensions, metrics, rows=rows, **more)  # type: ignore[arg-type]


def seen(connection: Connection, asked: Dataset, ask: Ask, *, attribute: str = "buyer") -> dict[object, object]:
    readers = {one: Reader(repr(one), repr(one), attributes={attribute: one}) for one in (*READERS, 7, 8)}
    questions = [Question(reader.key, ask, reader) for reader in readers.values()]
    found = answer(
        asked,
        questions,
        engine=ENGINE,
        connection=connection,
        limits=Limits(),
        as_of=datetime(2026, 11, 24, tzinfo=UTC),
    )
    return {one: found[reader.key].rows for one, reader in readers.items()}


OWN = {"ACME": 1, "acme": 10, "ACME ": 100}
WAYS = {
    "dataset": dataset(RULE),
    "table": dataset(tables=rules_of({"deals": (RULE,)})),
}


@pytest.mark.parametrize("way", WAYS)
def test_rows_of_names_that_the_column_takes_for_equal_stay_apart(connection: Connection, way: str) -> None:
    found = seen(connection, WAYS[way], Ask("deals", ("price",), (Grouping("buyer"),)))
    assert found == {**{one: ((one, OWN[one]),) if one in OWN else () for one in READERS}, 7: (), 8: ()}


def test_numbers_are_compared_as_before(connection: Connection) -> None:
    found = seen(connection, dataset(RowRule("area", "area")), Ask("deals", ("price",)), attribute="area")
    assert found == {**dict.fromkeys(READERS, ()), 7: ((11,),), 8: ((1100,),)}
