"""Answers are each reader's own: the same as over a table filtered beforehand, and one query for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.core.document.tables import Ask, DataTable, Filter, Grouping, Span, Value
from broadsheet.core.policy import Mask, Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Metric
from broadsheet.sources.errors import LimitExceeded, QueryRefused
from broadsheet.sources.ports import Connection, Limits

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OCTOBER = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
BY_SOURCE = Ask("lead-events", ("delivered", "cost"), (Grouping("source"),), order=(("delivered", True),))


class Counting:
    """A connection that remembers what it was asked."""

    def __init__(self, inner: Connection) -> None:
        self.inner = inner
        self.asked: list[tuple[str, Sequence[Value]]] = []

    def tables(self) -> tuple[str, ...]:
        return self.inner.tables()

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        self.asked.append((sql, parameters))
        return self.inner.query(sql, parameters)

    def close(self) -> None:
        self.inner.close()


def reader(buyer: str | None, *, unrestricted: bool = False) -> Reader:
    attributes = {} if buyer is None else {"buyer_id": buyer}
    return Reader(key=f"buyer:{buyer}", name=str(buyer), attributes=attributes, unrestricted=unrestricted)


def ask(dataset: Dataset, connection: Connection, wanted: Ask, *readers: Reader, rows: int = 1000) -> list[DataTable]:
    questions = [Question(one.key, wanted, one) for one in readers]
    found = answer(dataset, questions, engine=ENGINE, connection=connection, limits=Limits(rows=rows), as_of=NOW)
    return [found[one.key] for one in readers]


@pytest.mark.feature("SEC-07")
@pytest.mark.feature("DLV-15")
def test_each_reader_gets_what_a_table_filtered_beforehand_gives(leads: Dataset, connection: Connection) -> None:
    readers = [reader(name) for name in ("harbor", "verdant", "bluegum")]
    for one, got in zip(readers, ask(leads, connection, BY_SOURCE, *readers), strict=True):
        beforehand = f"select * from events where buyer_id = '{one.attributes['buyer_id']}'"
        expected = ask(replace(leads, sql=beforehand, rows=()), connection, BY_SOURCE, one)[0]
        assert got == expected
        assert got.rows


@pytest.mark.feature("PRF-04")
def test_readers_with_the_same_ask_share_one_query(leads: Dataset, connection: Connection) -> None:
    counting = Counting(connection)
    ask(leads, counting, BY_SOURCE, reader("harbor"), reader("verdant"), reader("bluegum"))
    assert len(counting.asked) == 1


def test_values_are_bound_and_never_in_the_text(leads: Dataset, connection: Connection) -> None:
    counting = Counting(connection)
    hostile = "x') or 1=1 --"
    [got] = ask(leads, counting, replace(BY_SOURCE, filters=(Filter("source", "=", hostile),)), reader(hostile))
    assert got.rows == ()
    assert hostile not in counting.asked[0][0]


@pytest.mark.feature("SEC-07")
def test_a_reader_without_the_attribute_sees_nothing(leads: Dataset, connection: Connection) -> None:
    nobody, harbor = ask(leads, connection, BY_SOURCE, reader(None), reader("harbor"))
    assert nobody.rows == ()
    assert len(harbor.rows) == 2


def test_an_editor_sees_all_rows(leads: Dataset, connection: Connection) -> None:
    total = replace(BY_SOURCE, by=(), order=())
    [got] = ask(leads, connection, total, reader(None, unrestricted=True))
    assert got.values("delivered") == [6]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        # 03:30 UTC on 1 Oct is still 30 Sep, 22:30, in Chicago
        ("America/Chicago", [(date(2026, 9, 30), 1), (date(2026, 10, 1), 1), (date(2026, 10, 2), 1)]),
        ("UTC", [(date(2026, 10, 1), 2), (date(2026, 10, 2), 1)]),
    ],
)
def test_days_begin_in_the_zone_of_the_ask(
    leads: Dataset, connection: Connection, zone: str, expected: list[tuple[date, int]]
) -> None:
    daily = Ask("lead-events", ("delivered",), (Grouping("submitted_at", "day"),), span=OCTOBER, zone=zone)
    [got] = ask(leads, connection, daily, reader("harbor"))
    assert list(got.rows) == expected
    assert got.columns[0].kind == "date"


def test_order_and_limit_apply_to_each_reader(leads: Dataset, connection: Connection) -> None:
    first, second = ask(leads, connection, replace(BY_SOURCE, limit=1), reader("harbor"), reader("verdant"))
    assert [row[0] for row in first.rows] == ["SunCompare"]
    assert first.truncated
    assert len(second.rows) == 1


def test_too_many_rows_are_an_error_and_not_a_cut_table(leads: Dataset, connection: Connection) -> None:
    with pytest.raises(LimitExceeded, match="more than 1 rows"):
        ask(leads, connection, BY_SOURCE, reader("harbor"), rows=1)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Ask("lead-events", ("profit",)), "no metric “profit”. It has: accepted_rate, cost, delivered"),
        (Ask("lead-events", ("cost",), (Grouping("colour"),)), "no dimension “colour”"),
        (Ask("lead-events", ("cost",), (Grouping("source", "day"),)), "only dates and instants have a day"),
        (Ask("lead-events", ("cost",), order=(("delivered", True),)), "cannot be ordered by “delivered”"),
    ],
)
def test_unknown_names_say_what_there_is(leads: Dataset, connection: Connection, wanted: Ask, message: str) -> None:
    with pytest.raises(QueryRefused, match=message):
        ask(leads, connection, wanted, reader("harbor"))


RULED = (("events", (RowRule("buyer_id", "buyer_id"),)),)


@pytest.mark.feature("SEC-07")
def test_a_rule_on_a_table_holds_inside_what_its_author_wrote(connection, leads):
    """The query counts over all buyers and drops the column that a rule of the dataset would need."""
    total = replace(
        leads, sql="select count(*) as n, min(submitted_at) as submitted_at from events", rows=(), tables=RULED
    )
    total = replace(total, metrics={"n": Metric("n", "max(n)", "n", "integer")})
    ask = Ask("lead-events", metrics=("n",))
    questions = [
        Question(name, ask, Reader(name, name, attributes={"buyer_id": name}))
        for name in ("harbor", "verdant", "nobody")
    ]
    questions += [
        Question("lacks", ask, Reader("x", "x")),
        Question("editor", ask, Reader("e", "e", unrestricted=True)),
    ]
    found = answer(total, questions, engine=ENGINE, connection=connection, limits=Limits(), as_of=NOW)
    assert {key: table.rows for key, table in found.items()} == {
        "harbor": ((3,),), "verdant": ((2,),), "nobody": ((0,),), "lacks": (), "editor": ((6,),),
    }  # fmt: skip


@pytest.mark.feature("SEC-07")
def test_rules_on_tables_and_of_the_dataset_hold_together(connection, leads):
    both = replace(leads, tables=RULED)
    ask = Ask("lead-events", metrics=("delivered",))
    harbor, mixed = (
        Reader("a", "a", attributes={"buyer_id": "harbor"}),
        Reader("b", "b", attributes={"buyer_id": "verdant"}),
    )
    found = answer(both, [Question("a", ask, harbor), Question("b", ask, mixed)], engine=ENGINE, connection=connection, limits=Limits(), as_of=NOW)  # fmt: skip
    assert {key: table.rows for key, table in found.items()} == {"a": ((3,),), "b": ((2,),)}


@pytest.mark.feature("PRF-04")
def test_an_answer_that_is_kept_is_not_given_to_who_may_not_see_it(connection, leads):
    from broadsheet.sources.answers import Kept
    from broadsheet.sources.cache import Cache

    total = replace(leads, sql="select count(*) as n from events", rows=(), tables=RULED, time="")
    total = replace(total, metrics={"n": Metric("n", "max(n)", "n", "integer")})
    ask, kept = Ask("lead-events", metrics=("n",)), Kept("shop", "now", Cache())
    seen = []
    for reader in (Reader("e", "e", unrestricted=True), *(Reader(n, n, attributes={"buyer_id": n}) for n in ("harbor", "verdant")), Reader("x", "x")):  # fmt: skip
        found = answer(total, [Question("q", ask, reader)], engine=ENGINE, connection=connection, limits=Limits(), as_of=NOW, kept=kept)  # fmt: skip
        seen.append(found["q"].rows)
    assert seen == [((6,),), ((3,),), ((2,),), ()]


@pytest.mark.feature("SEC-13")
def test_a_metric_that_is_not_clear_has_no_value_and_readers_who_see_differently_are_asked_apart(connection, leads):
    metric = replace(leads.metrics["cost"], mask=Mask("nothing", clear="sees_cost"))
    dataset = replace(leads, metrics={**leads.metrics, "cost": metric})
    ask = Ask("lead-events", metrics=("delivered", "cost"))
    readers = {
        "plain": Reader("a", "a", attributes={"buyer_id": "verdant"}),
        "clear": Reader("b", "b", attributes={"buyer_id": "verdant", "sees_cost": True}),
    }
    questions = [Question(name, ask, reader) for name, reader in readers.items()]
    found = answer(dataset, questions, engine=ENGINE, connection=connection, limits=Limits(), as_of=NOW)
    assert found["plain"].rows == ((2, None),)
    assert found["clear"].rows == ((2, Decimal("40.00")),)
