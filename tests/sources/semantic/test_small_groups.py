"""Groups of too few are not shown, and cannot be had by subtraction either: attacks, on every engine."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.document.tables import Ask, Filter, Grouping
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Kept, Question, answer
from broadsheet.sources.cache import Cache
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits
from broadsheet.sources.secured.suppressing import left_out

from .asking import EVERYTHING, NOW, dataset, rows, table

TEXT = """\
dataset: orders
source: shop
sql: select * from orders
time: placed
dimensions: {placed: instant, source: text, buyer_id: text}
metrics: {orders: count(*), cost: sum(cost), mean: {ratio: [cost, orders]}}
smallest: 3
"""
ANYONE = Reader("r", "r", attributes={})
pytestmark = pytest.mark.feature("SEC-14")


def many(*groups: tuple[str, str, int]) -> dict[str, list[tuple[object, ...]]]:
    """Orders by (buyer, source, how many)."""
    made = [(buyer, source) for buyer, source, number in groups for _ in range(number)]
    return {"orders": [(n, *one, "2026-10-05 12:00:00", 10.0, 20.0) for n, one in enumerate(made)]}


THREE = many(("b1", "Mail", 2), ("b2", "Web", 4), ("b3", "Shop", 6))
BY_SOURCE = Ask("orders", ("orders", "cost", "mean"), (Grouping("source"),))


def test_a_group_of_too_few_takes_the_next_smallest_with_it(open_shop):
    shop = open_shop(THREE)
    found = table(shop, dataset(TEXT), BY_SOURCE, ANYONE)
    assert [row[0] for row in found.rows] == ["Shop"]  # 12 − 6 says 6 of two groups, and no more
    assert (found.withheld, found.least) == (2, 3)
    assert rows(shop, dataset(TEXT), Ask("orders", ("orders",)), ANYONE) == [(12,)]


def test_who_sees_everything_sees_every_group(open_shop):
    found = table(open_shop(THREE), dataset(TEXT), BY_SOURCE, EVERYTHING)
    assert [row[0] for row in found.rows] == ["Mail", "Shop", "Web"]
    assert (found.withheld, found.least) == (0, 0)


def test_single_rows_are_never_listed(open_shop):
    listing = Ask("orders", by=(Grouping("buyer_id"),), rows=True)
    with pytest.raises(QueryRefused, match="groups of 3 and more, never single rows"):
        table(open_shop(THREE), dataset(TEXT), listing, ANYONE)
    assert len(rows(open_shop(THREE), dataset(TEXT), listing, EVERYTHING)) == 12


def test_units_are_different_values_where_the_dataset_says_so(open_shop):
    text = TEXT.replace("smallest: 3", "smallest: {count: buyer_id, least: 2}")
    shop = open_shop(many(("b1", "Mail", 9), ("b2", "Web", 2), ("b3", "Web", 2), ("b4", "Shop", 1), ("b5", "Shop", 1)))
    # Mail is nine rows of one buyer; the next smallest goes with it
    assert len(rows(shop, dataset(text), BY_SOURCE, ANYONE)) == 1


ATTACKS = [
    Filter("source", "=", "Mail"),
    Filter("source", "!=", "Mail"),
    Filter("source", "in", ("Web", "Shop")),
    Filter("source", "not in", ("Mail",)),
    Filter("buyer_id", ">", "b1"),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_filter_that_singles_out_a_small_group_gets_no_answer(open_shop, attack):
    """All orders minus those of the filter would be Mail's two."""
    found = table(open_shop(THREE), dataset(TEXT), Ask("orders", ("orders", "cost"), filters=(attack,)), ANYONE)
    assert found.rows == ()
    assert found.withheld == 1


def test_two_filters_together_single_nothing_out(open_shop):
    shop = open_shop(many(("b1", "Mail", 5), ("b2", "Mail", 4), ("b1", "Web", 2), ("b2", "Web", 4)))
    both = Ask("orders", ("orders",), filters=(Filter("buyer_id", "=", "b1"), Filter("source", "=", "Mail")))
    assert rows(shop, dataset(TEXT), both, ANYONE) == []  # all of b1 minus b1 by Mail is the two by Web
    fine = Ask("orders", ("orders",), filters=(Filter("source", "=", "Mail"),))
    assert rows(shop, dataset(TEXT), fine, ANYONE) == [(9,)]


def test_periods_without_an_answer_are_not_called_nothing(open_shop):
    shop = open_shop(THREE)
    ask = Ask("orders", ("orders", "mean"), (Grouping("placed", "day"), Grouping("source")))
    assert all(row[2] != 0 for row in rows(shop, dataset(TEXT), ask, ANYONE))


@pytest.mark.feature("PRF-04")
def test_small_groups_are_not_even_kept(open_shop):
    engine, connection = open_shop(THREE)
    kept = Kept("shop", "now", Cache())
    for reader in (ANYONE, EVERYTHING, ANYONE):
        found = answer(
            dataset(TEXT), [Question("q", BY_SOURCE, reader)], engine=engine, connection=connection, limits=Limits(),
            as_of=NOW, kept=kept,
        )["q"]  # fmt: skip
        assert len(found.rows) == (3 if reader.unrestricted else 1)
    held = [brought.dealt for brought, _ in kept.cache._kept.values()]
    assert sorted(len(share.rows) for dealt in held for share in dealt.values()) == [1, 3]


@pytest.mark.feature("SEC-07")
def test_each_readers_own_rows_are_counted(open_shop):
    ruled = dataset(TEXT + "rows: [{column: buyer_id, equals: reader.buyer}]\n")
    shop = open_shop(many(("b1", "Mail", 5), ("b2", "Mail", 1), ("b2", "Web", 4), ("b2", "Shop", 9)))
    seen = {name: rows(shop, ruled, BY_SOURCE, Reader(name, name, attributes={"buyer": name})) for name in ("b1", "b2")}
    assert [row[0] for row in seen["b1"]] == ["Mail"]
    assert [row[0] for row in seen["b2"]] == ["Shop"]


def subtracted(units: dict[tuple[str, ...], int], out: set[tuple[str, ...]]) -> list[int]:
    """What totals minus what is shown leave, in every line of the table."""
    width, found = len(next(iter(units))), []
    for kept in product([False, True], repeat=width):
        if all(kept):
            continue
        lines: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for key in units:
            lines.setdefault(tuple(part for part, keep in zip(key, kept, strict=True) if keep), []).append(key)
        for line in lines.values():
            hidden = [key for key in line if key in out]
            if hidden and len(hidden) < len(line):
                found.append(sum(units[key] for key in hidden) if len(hidden) > 1 else 0)
    return found


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("wxyz")), st.integers(1, 12), min_size=1),
    st.integers(2, 6),
)
def test_no_total_minus_what_is_shown_leaves_one_group_or_too_few(units, least):
    keys = list(units)
    out = {keys[place] for place in left_out(keys, list(units.values()), least=least)}
    assert all(units[key] >= least for key in set(keys) - out)
    assert all(left >= least for left in subtracted(units, out))


def test_without_small_groups_nothing_is_left_out():
    assert left_out([("a",), ("b",)], [5, 7], least=5) == frozenset()
    assert left_out([], [], least=5) == frozenset()


PEOPLE = """\
dataset: people
source: shop
sql: select * from buyers
dimensions: {id: text, name: text, country: text, region: text}
metrics: {people: count(*)}
smallest: 2
"""
VISITS = """\
dataset: visits
source: shop
sql: select * from orders
time: placed
dimensions: {placed: instant, source: text, buyer_id: text}
metrics: {visits: count(*), spent: sum(cost)}
joins: {who: {dataset: people, on: {buyer_id: id}}}
"""
EIGHT = [(f"p{n}", f"N{n}", country, "x") for n, country in enumerate(["DE", "DE", "DE", "FR", "FR", "AT", "IT", "IT"])]


def visited(open_shop, *people: tuple[int, int]) -> object:
    """Each person with so many orders."""
    made = [(f"p{person}", "Web") for person, number in people for _ in range(number)]
    orders = [(n, *one, "2026-10-05 12:00:00", 10.0, 20.0) for n, one in enumerate(made)]
    return open_shop({"buyers": EIGHT, "orders": orders})


def test_people_are_not_made_out_over_a_join_either(open_shop):
    shop = visited(open_shop, (0, 9), (1, 9), (3, 9), (4, 9), (5, 9), (6, 1), (7, 1))
    found = dataset(VISITS, people=dataset(PEOPLE))
    by_country = Ask("visits", ("visits",), (Grouping("who.country"),))
    assert [row[0] for row in rows(shop, found, by_country, EVERYTHING)] == ["AT", "DE", "FR", "IT"]
    # AT is one person with nine visits; the next smallest by people goes with it
    shown = [row[0] for row in rows(shop, found, by_country, ANYONE)]
    assert "AT" not in shown
    assert len(shown) == 2
    named = Ask("visits", ("spent",), (Grouping("who.name"),))
    assert rows(shop, found, named, ANYONE) == []
    only = Ask("visits", ("spent",), filters=(Filter("who.country", "=", "AT"),))
    assert rows(shop, found, only, ANYONE) == []
    but = Ask("visits", ("spent",), filters=(Filter("who.country", "!=", "AT"),))
    assert rows(shop, found, but, ANYONE) == []
    listed = Ask("visits", by=(Grouping("who.name"),), rows=True)
    with pytest.raises(QueryRefused, match="never single rows"):
        table(shop, found, listed, ANYONE)
    assert rows(shop, found, Ask("visits", ("visits",)), ANYONE) == [(47,)]  # who asks nothing of the people is free


def test_rows_without_a_partner_hide_nobody(open_shop):
    shop = visited(open_shop, (0, 2), (1, 2), (9, 4))
    found = dataset(VISITS, people=dataset(PEOPLE))
    by_country = Ask("visits", ("visits",), (Grouping("who.country"),))
    assert rows(shop, found, by_country, ANYONE) == [("DE", 4), (None, 4)]


def test_units_of_the_joined_dataset_may_be_values_too(open_shop):
    counted = PEOPLE.replace("smallest: 2", "smallest: {count: region, least: 2}")
    shop = visited(open_shop, (0, 2), (1, 2), (3, 4))
    found = dataset(VISITS, people=dataset(counted))
    assert rows(shop, found, Ask("visits", ("visits",), (Grouping("who.country"),)), ANYONE) == []


BALANCES = """\
dataset: balances
source: shop
sql: select * from balances
time: at
dimensions: {at: instant, account: text, kind: text}
metrics: {entries: count(*), last: {expression: sum(amount), over: day}, most: {expression: sum(amount), over: day, take: max}}
smallest: 2
"""


def test_a_balance_at_a_moment_of_too_few_has_no_value(shop):
    """Of cash there are two entries on the first day (12), two on the second (21), and a single one (2) on the last."""
    ask = Ask("balances", ("entries", "last", "most"), filters=(Filter("kind", "!=", "none"),))
    assert rows(shop, dataset(BALANCES), ask, EVERYTHING) == [(6, 2, 112)]
    assert rows(shop, dataset(BALANCES), ask, ANYONE) == [(6, None, 112)]
