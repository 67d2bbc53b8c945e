"""Fields of a joined dataset: never more rows, never what either side's rules, tables' rules or masks keep back.

Metamorphic: what a reader gets over a join is what anybody gets over tables that hold that reader's rows alone.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from broadsheet.core.document.tables import Ask, Filter, Grouping
from broadsheet.core.policy import Mask, Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits
from broadsheet.sources.secured.securing import rules_of

from .asking import EVERYTHING, NOW, dataset, rows
from .conftest import BUYERS

BUYERS_FILE = """\
dataset: buyers
source: shop
sql: select * from buyers
dimensions: {id: text, name: {kind: text, mask: {show: partial, clear: reader.sees_names}}, country: {kind: text, label: Land}}
metrics: {buyers: count(*)}
rows: [{column: region, equals: reader.region}]
"""
ORDERS_FILE = """\
dataset: orders
source: shop
sql: select * from orders
time: placed
dimensions: {placed: instant, source: text, buyer_id: text}
metrics: {orders: count(*), cost: sum(cost), balance: {expression: sum(cost), over: day}, share: {ratio: [cost, orders]}}
rows: [{column: source, equals: reader.source}]
joins: {buyer: {dataset: buyers, on: {buyer_id: id}}}
"""
pytestmark = pytest.mark.feature("EXT-19")
BY_COUNTRY = Ask("orders", ("orders", "cost"), (Grouping("buyer.country"),))


def orders(**changes: object) -> Dataset:
    return replace(dataset(ORDERS_FILE, buyers=dataset(BUYERS_FILE)), **changes)


def test_a_field_of_a_joined_dataset_is_asked_like_one_of_its_own(shop):
    found = orders()
    assert found.dimension("buyer.country").label == "Land"
    assert rows(shop, found, BY_COUNTRY) == [("DE", 4, 70.0), ("FR", 1, 30.0), (None, 1, 6.0)]
    filtered = replace(BY_COUNTRY, by=(), filters=(Filter("buyer.country", "=", "DE"),))
    assert rows(shop, found, filtered) == [(4, 70.0)]
    listed = Ask(
        "orders", by=(Grouping("buyer_id"), Grouping("buyer.name")), rows=True, filters=(Filter("source", "=", "Mail"),)
    )
    assert rows(shop, found, listed) == [("b1", "Ada"), ("b1", "Ada")]
    with pytest.raises(QueryRefused, match=r"no dimension “buyer\.land”.*buyer\.country"):
        rows(shop, found, replace(BY_COUNTRY, by=(Grouping("buyer.land"),)))


def test_balances_and_ratios_go_over_joins_as_well(shop):
    ask = Ask("orders", ("balance", "share"), (Grouping("buyer.country"),))
    assert rows(shop, orders(), ask) == [("DE", 0.0, 17.5), ("FR", 30.0, 30.0), (None, 6.0, 6.0)]


READERS = [
    {"source": source, "region": region, "sees_names": sees}
    for source in ("Mail", "Web", "none")
    for region in ("north", "south", None)
    for sees in (True, False)
]
ASKS = [
    BY_COUNTRY,
    Ask("orders", ("orders",), (Grouping("buyer.name"), Grouping("source"))),
    Ask("orders", ("orders", "balance"), filters=(Filter("buyer.country", "in", ("DE", "FR")),)),
    Ask("orders", ("cost",), (Grouping("placed", "month"),), filters=(Filter("buyer.name", "is null"),)),
    Ask("orders", by=(Grouping("buyer_id"), Grouping("buyer.name")), rows=True),
]


@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("tabled", [False, True], ids=["datasets' rules", "tables' rules"])
def test_a_reader_gets_what_tables_filtered_beforehand_give(shop, tabled):
    for attributes in READERS:
        given = {name: value for name, value in attributes.items() if value is not None}
        reader = Reader("r", "r", attributes=given)
        ruled, bare = orders(), orders(rows=())
        if tabled:
            rules = rules_of({"orders": (RowRule("source", "source"),), "buyers": (RowRule("region", "region"),)})
            there = replace(ruled.joins["buyer"].dataset, rows=(), tables=rules)
            ruled = replace(ruled, rows=(), tables=rules, joins={"buyer": replace(ruled.joins["buyer"], dataset=there)})
        unruled = replace(
            bare.joins["buyer"].dataset, rows=(), sql=f"select * from buyers where region = '{attributes['region']}'"
        )
        mine = f"select * from orders where source = '{attributes['source']}'"
        bare = replace(bare, sql=mine, joins={"buyer": replace(bare.joins["buyer"], dataset=unruled)})
        for ask in ASKS:
            got, expected = rows(shop, ruled, ask, reader), rows(shop, bare, ask, reader)
            assert got == expected or (got == [] and expected == [(0, None)]), (attributes, ask)


@pytest.mark.feature("SEC-07")
def test_who_may_not_see_the_partner_keeps_the_row(shop):
    north = Reader("r", "r", attributes={"source": "Web", "region": "north"})
    lacks = Reader("r", "r", attributes={"source": "Web"})
    assert rows(shop, orders(), BY_COUNTRY, north) == [("DE", 1, 20.0), (None, 3, 36.0)]
    assert rows(shop, orders(), BY_COUNTRY, lacks) == [(None, 4, 56.0)]


@pytest.mark.feature("SEC-07")
def test_readers_of_one_query_who_see_other_partners_are_asked_apart(shop):
    readers = [Reader(one, one, attributes={"source": "Web", "region": one}) for one in ("north", "south")]
    engine, connection = shop
    questions = [Question(one.key, BY_COUNTRY, one) for one in readers]
    found = answer(orders(), questions, engine=engine, connection=connection, limits=Limits(), as_of=NOW)
    assert [row[:2] for row in found["north"].rows] == [("DE", 1), (None, 3)]
    assert [row[:2] for row in found["south"].rows] == [("DE", 1), ("FR", 1), (None, 2)]


@pytest.mark.feature("SEC-13")
def test_masks_of_the_other_side_hold_in_groups_filters_and_order(shop):
    reader = Reader("r", "r", attributes={"source": "Web", "region": "south"})
    named = Ask("orders", ("orders",), (Grouping("buyer.name"),), order=(("buyer.name", True),))
    assert rows(shop, orders(), named, reader) == [("C•••", 1), ("B•••", 1), (None, 2)]
    guess = replace(BY_COUNTRY, by=(), filters=(Filter("buyer.name", "=", "Bo"),))
    assert rows(shop, orders(), guess, reader) == []


@pytest.mark.feature("SEC-13")
@pytest.mark.parametrize("side", ["here", "there"])
def test_nothing_is_found_by_a_masked_key(shop, side):
    found = orders()
    if side == "here":
        key = replace(found.dimensions["buyer_id"], mask=Mask("hash"))
        found = replace(found, dimensions={**found.dimensions, "buyer_id": key})
    else:
        there = found.joins["buyer"].dataset
        key = replace(there.dimensions["id"], mask=Mask("hash"))
        there = replace(there, dimensions={**there.dimensions, "id": key})
        found = replace(found, joins={"buyer": replace(found.joins["buyer"], dataset=there)})
    reader = Reader("r", "r", attributes={"source": "Web", "region": "south", "sees_names": True})
    for field in ("country", "name", "id"):
        ask = Ask("orders", ("orders",), (Grouping(f"buyer.{field}"),))
        assert rows(shop, found, ask, reader) == [(None, 4)], field
    assert len(rows(shop, found, BY_COUNTRY, EVERYTHING)) == 3


def test_joined_rows_never_multiply(open_shop):
    twice = open_shop({"buyers": [*BUYERS, ("b1", "Ada again", "AT", "north")]})
    with pytest.raises(QueryRefused, match="joins “buyers” as “buyer”, and that has several rows with one id"):
        rows(twice, orders(), BY_COUNTRY)
    assert rows(twice, orders(), Ask("orders", ("orders",))) == [(6,)]  # who does not ask over it does not mind
    unlike = replace(BY_COUNTRY, filters=(Filter("buyer_id", "=", "b2"),))
    assert rows(twice, orders(), unlike) == [("FR", 1, 30.0)]
