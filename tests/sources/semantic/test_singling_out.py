"""Filters that single somebody out of a group: attacks by subtraction, on every engine and by linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.document.tables import Ask, Filter, Grouping
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Kept, Question, answer
from broadsheet.sources.cache import Cache
from broadsheet.sources.ports import Limits
from broadsheet.sources.secured.singling import held_back
from broadsheet.sources.secured.suppressing import left_out

from .asking import EVERYTHING, NOW, dataset, rows, span, table

TEXT = """\
dataset: orders
source: shop
sql: select * from orders
time: placed
dimensions: {placed: instant, source: text, buyer_id: text}
metrics: {orders: count(*), cost: sum(cost)}
smallest: 3
"""
ANYONE = Reader("r", "r", attributes={})
RULED = TEXT + "rows: [{column: buyer_id, equals: reader.buyer}]\n"
pytestmark = pytest.mark.feature("SEC-14")


def many(*groups: tuple[str, str, int]) -> dict[str, list[tuple[object, ...]]]:
    """Orders by (buyer, source, how many)."""
    made = [(buyer, source) for buyer, source, number in groups for _ in range(number)]
    return {"orders": [(n, *one, "2026-10-05 12:00:00", 10.0 + n, 20.0) for n, one in enumerate(made)]}


SHOPS = many(
    ("b1", "Mail", 6), ("b2", "Mail", 1), ("b1", "Web", 7), ("b2", "Web", 6), ("b1", "Shop", 6), ("b2", "Shop", 6)
)
BUT_B2 = Filter("buyer_id", "!=", "b2")
BY_SOURCE = (Grouping("source"),)


def test_a_filter_that_singles_out_one_of_a_group_gets_no_such_group(open_shop):
    """Mail's seven orders, minus its six but for b2, would be the one of b2; of the others six are kept out."""
    shop = open_shop(SHOPS)
    assert len(rows(shop, dataset(TEXT), Ask("orders", ("cost",), BY_SOURCE), ANYONE)) == 3
    found = table(shop, dataset(TEXT), Ask("orders", ("orders",), BY_SOURCE, filters=(BUT_B2,)), ANYONE)
    assert (found.rows, found.withheld) == ((("Web", 7),), 2)  # the total minus Web is of two groups
    assert len(rows(shop, dataset(TEXT), Ask("orders", ("orders",), BY_SOURCE, filters=(BUT_B2,)), EVERYTHING)) == 3
    whole = Ask("orders", ("orders",), filters=(BUT_B2,))
    assert rows(shop, dataset(TEXT), whole, ANYONE) == [(19,)]


@pytest.mark.parametrize("grain", ["month", "fiscal_quarter"])
def test_groups_in_time_are_looked_at_as_well(open_shop, grain):
    made = many(("b1", "Mail", 6), ("b2", "Mail", 1))["orders"]
    made += [
        (*one[:3], "2026-02-05 12:00:00", *one[4:]) for one in many(("b1", "Mail", 6), ("b2", "Mail", 6))["orders"]
    ]
    ask = Ask("orders", ("orders",), (Grouping("placed", grain),), span("2026-01-01", "2027-01-01"), (BUT_B2,))
    assert rows(open_shop({"orders": made}), dataset(TEXT), ask, ANYONE) == []


def test_each_readers_own_groups_are_looked_at(open_shop):
    shop = open_shop(many(("b1", "Mail", 6), ("b1", "Web", 1), ("b2", "Mail", 4), ("b2", "Web", 5)))
    ask = Ask("orders", ("orders",), filters=(Filter("source", "!=", "Web"),))
    seen = {
        name: rows(shop, dataset(RULED), ask, Reader(name, name, attributes={"buyer": name})) for name in ("b1", "b2")
    }
    assert seen == {"b1": [], "b2": [(4,)]}


def test_what_is_left_out_without_the_filter_is_left_out_with_it(open_shop):
    """Mail (2) and Web (4) are left out of all orders, and b2 has none by Web: Web would show itself."""
    shop = open_shop(many(("b1", "Mail", 2), ("b1", "Web", 4), ("b1", "Shop", 7), ("b2", "Shop", 9), ("b2", "Mail", 3)))
    found = rows(shop, dataset(TEXT), Ask("orders", ("orders",), BY_SOURCE, filters=(BUT_B2,)), ANYONE)
    assert found == [("Shop", 7)]


def test_a_filter_in_time_is_not_taken_from_what_a_period_kept(open_shop):
    engine, connection = open_shop(
        SHOPS | {"orders": [*SHOPS["orders"], (99, "b1", "Web", "2026-11-05 12:00:00", 1.0, 2.0)]}
    )
    kept, stretch = Kept("shop", "now", Cache()), span("2026-10-01", "2026-11-01")
    edges = (Filter("placed", ">=", stretch.start), Filter("placed", "<", stretch.end))
    sizes = []
    for within, filters in [(stretch, ()), (None, edges)]:
        ask = Ask("orders", ("orders",), span=within, filters=filters)
        found = answer(
            dataset(TEXT), [Question("q", ask, ANYONE)], engine=engine, connection=connection, limits=Limits(),
            as_of=NOW, kept=kept,
        )  # fmt: skip
        sizes.append(len(found["q"].rows))
    assert sizes == [1, 0]  # spans are told of in the documentation; filters are looked at


EVEN = many(
    ("b1", "Mail", 2), ("b1", "Shop", 4), ("b1", "Web", 4), ("b2", "Mail", 4), ("b2", "Shop", 4), ("b2", "Web", 4)
)
ORDERS = [(), (("source", True),), (("cost", True),), (("cost", False),)]


def test_the_same_groups_are_left_out_however_they_are_ordered(open_shop):
    """Two answers that left out Shop and Web beside Mail, one each, would give Mail away."""
    shop, found = open_shop(EVEN), dataset(TEXT)
    asks = [
        Ask("orders", ("orders", "cost"), BY_SOURCE, filters=(Filter("buyer_id", "=", "b1"),), order=one)
        for one in ORDERS
    ]
    assert len({frozenset(row[0] for row in rows(shop, found, ask, ANYONE)) for ask in asks}) == 1
    both = (Grouping("source"), Grouping("buyer_id"))
    asks = [Ask("orders", ("orders", "cost"), by, order=one) for by in (both, both[::-1]) for one in ORDERS]
    shown = [table(shop, found, ask, ANYONE) for ask in asks]
    assert len({frozenset(zip(one.values("source"), one.values("buyer_id"), strict=True)) for one in shown}) == 1


PEOPLE = TEXT.replace("smallest: 3", "smallest: {count: buyer_id, least: 3}")


def test_the_same_people_in_two_groups_are_no_more_people(open_shop):
    """Two buyers by Mail and the same two by Web: all orders minus those by Shop would be those two buyers'."""
    two = [(buyer, source, 4) for source in ("Mail", "Web") for buyer in ("b1", "b2")]
    shop = open_shop(many(*two, *((f"c{n}", "Shop", 1) for n in range(9))))
    assert rows(shop, dataset(PEOPLE), Ask("orders", ("orders",), BY_SOURCE), ANYONE) == []
    assert len(rows(shop, dataset(PEOPLE), Ask("orders", ("orders",), BY_SOURCE), EVERYTHING)) == 3


def known(facts: list[list[int]], wanted: list[int]) -> bool:
    """Whether *wanted*, a sum of the unknown, follows from *facts*."""
    rank = np.linalg.matrix_rank
    return bool(facts) and bool(rank(np.array(facts)) == rank(np.array([*facts, wanted])))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=5), st.integers(2, 5))
def test_with_and_without_a_filter_nobody_makes_out_too_few(groups, least):
    """Of each group so many are inside the filter, and so many are kept out. Whoever has both answers and both totals solves
    for what is kept out of each group, and for each group as a whole."""
    groups = [one for one in groups if sum(one)]
    many = range(len(groups))
    everyone = [sum(one) for one in groups]
    hidden = left_out([(n,) for n in many], everyone, least=least)
    inside = [(n,) for n in many if groups[n][0]]
    out = {
        inside[place]
        for place in held_back(
            inside, [groups[n][0] for (n,) in inside], {(n,): [groups[n][1]] for n in many}, least=least, distinct=False
        )
    }

    def sums(chosen: list[int], *, within: int, kept_out: int) -> list[int]:
        return [within if n in chosen else 0 for n in many] + [kept_out if n in chosen else 0 for n in many]

    facts = [sums([n], within=1, kept_out=1) for n in many if n not in hidden]
    facts += [sums([n], within=1, kept_out=0) for (n,) in inside if (n,) not in out]
    whole_in, whole_out = sum(one[0] for one in groups), sum(one[1] for one in groups)
    if whole_in + whole_out >= least:
        facts.append(sums([*many], within=1, kept_out=1))
    if whole_in >= least and not 0 < whole_out < least:
        facts.append(sums([*many], within=1, kept_out=0))
    for n in many:
        if 0 < groups[n][1] < least:
            assert not known(facts, sums([n], within=0, kept_out=1))
        if 0 < everyone[n] < least:
            assert not known(facts, sums([n], within=1, kept_out=1))
