"""Odd values, on every engine: numbers below zero in buckets, and texts that are none."""

from __future__ import annotations

import pytest

from broadsheet.core.document.tables import Ask, Filter, Grouping
from broadsheet.core.policy import Reader
from broadsheet.sources.errors import QueryRefused

from .asking import dataset, rows

TEXT = """\
dataset: balances
source: shop
sql: select * from balances
dimensions: {amount: {kind: integer, mask: {show: bucket, size: SIZE}}, account: text}
metrics: {entries: count(*)}
"""
READER = Reader("r", "r")
AMOUNTS = (-1234567, -15, -10, -5, 0, 5, 2469135)
TABLES = {"balances": [("2026-10-01 08:00:00", "a", "cash", amount) for amount in AMOUNTS]}


@pytest.mark.feature("SEC-13")
@pytest.mark.parametrize("size", [10, 1234567])
def test_buckets_below_zero_are_as_wide_as_others(open_shop, size):
    found = rows(
        open_shop(TABLES),
        dataset(TEXT.replace("SIZE", str(size))),
        Ask("balances", ("entries",), (Grouping("amount"),)),
        READER,
    )
    edges = [amount // size * size for amount in AMOUNTS]
    assert found == [(edge, edges.count(edge)) for edge in sorted(set(edges))]


@pytest.mark.feature("SEC-07")
def test_a_text_that_is_none_in_unicode_is_refused(shop):
    ask = Ask("balances", ("entries",), filters=(Filter("account", "=", "a\ud800"),))
    with pytest.raises(QueryRefused, match="none in Unicode"):
        rows(shop, dataset(TEXT.replace("SIZE", "10")), ask, READER)


HIDING = """\
dataset: orders
source: shop
sql: select id, nullif(source, '-') as source, nullif(cost, 0) as cost from orders
dimensions: {id: integer, source: {kind: text, mask: nothing}, kind: {kind: text, expression: "coalesce(source, 'a')"}}
metrics: {cost: {expression: max(cost), clear: reader.sees_cost}, spent: sum(cost)}
"""
PLACED = "2026-10-05 12:00:00"
HIDDEN = {"orders": [(1, "b", "-", PLACED, 0.0, 1.0), (2, "b", "x", PLACED, 5.0, 1.0), (3, "b", "-", PLACED, 0.0, 1.0), (4, "b", "y", PLACED, 2.0, 1.0)]}  # fmt: skip


@pytest.mark.feature("SEC-13")
def test_the_order_of_rows_does_not_tell_where_a_hidden_value_is(open_shop):
    shop = open_shop(HIDDEN)
    listed = Ask("orders", by=(Grouping("source"), Grouping("id")), rows=True)
    assert rows(shop, dataset(HIDING), listed, READER) == [(None, 1), (None, 2), (None, 3), (None, 4)]
    by_cost = Ask("orders", ("cost",), (Grouping("id"),), order=(("cost", True),))
    assert rows(shop, dataset(HIDING), by_cost, READER) == [(1, None), (2, None), (3, None), (4, None)]


@pytest.mark.feature("EXT-19")
def test_rows_are_ordered_by_what_is_shown_and_not_by_what_it_is_made_of(open_shop):
    shop = open_shop(HIDDEN)
    found = Ask("orders", ("spent",), (Grouping("kind", name="source"),), order=(("source", False),))
    assert rows(shop, dataset(HIDING), found, READER) == [("a", None), ("x", 5), ("y", 2)]
    found = Ask("orders", ("spent",), (Grouping("id"),), order=(("spent", True),))
    assert [row[0] for row in rows(shop, dataset(HIDING), found, READER)] == [2, 4, 1, 3]


@pytest.mark.feature("EXT-19")
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_what_grows_past_a_fraction_has_no_value(open_shop, kind):
    text = "dataset: orders\nsource: shop\nsql: select * from orders\ndimensions: {id: integer}\n"
    text += f"metrics: {{cost: sum(cost), revenue: sum(revenue), square: {{derived: cost * cost, kind: {kind}}}, huge: {{ratio: [cost, revenue], kind: {kind}}}}}\n"
    shop = open_shop({"orders": [(1, "b", "x", PLACED, 1e300, 1e-300)]})
    assert rows(shop, dataset(text), Ask("orders", ("square", "huge")), READER) == [(None, None)]
