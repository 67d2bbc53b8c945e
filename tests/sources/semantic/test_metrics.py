"""Metrics that are made of others, balances, and looks back: the same figures on every engine."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy import Reader
from broadsheet.core.recurrence.fiscal import FiscalMonths
from broadsheet.sources.errors import QueryRefused

from .asking import dataset, rows, span, table

ORDERS = """\
dataset: orders
source: shop
sql: select * from orders
time: placed
dimensions: {placed: instant, source: text, buyer_id: text}
metrics:
  orders: {expression: count(*), kind: integer}
  buyers: {expression: count(distinct buyer_id), kind: integer}
  cost: {expression: sum(cost), kind: money, currency: EUR}
  revenue: {expression: sum(revenue), kind: money, currency: EUR, clear: reader.sees_revenue}
  profit: {derived: revenue - cost, kind: money}
  margin: {ratio: [profit, revenue], kind: percent}
  cost_per_order: {ratio: [cost, orders], kind: money, decimals: 2}
  half: {derived: (cost + 1) / 2 - 0.5}
  cost_before: {of: cost, before: 1 month}
  cost_change: {of: cost, before: previous, as: change}
  growth: {of: cost, before: 1 month, as: percent}
  margin_before: {of: margin, before: 1 month, as: change}
"""
BALANCES = """\
dataset: balances
source: shop
sql: select * from balances
time: at
dimensions: {at: instant, account: text, kind: text}
metrics:
  entries: {expression: count(*), kind: integer}
  last: {expression: sum(amount), over: day}
  first: {expression: sum(amount), over: day, take: first}
  most: {expression: sum(amount), over: day, take: max}
  least: {expression: sum(amount), over: day, take: min}
  each: {ratio: [last, entries]}
"""
SEES = Reader("r", "r", attributes={"sees_revenue": True})
BLIND = Reader("r", "r", attributes={})
OCTOBER, AUTUMN = span("2026-10-01", "2026-11-01"), span("2026-09-01", "2026-12-01")
pytestmark = pytest.mark.feature("EXT-19")


def test_ratios_and_formulas_are_worked_out_from_the_groups_own_figures(shop):
    ask = Ask("orders", ("profit", "margin", "cost_per_order", "half"), (Grouping("source"),))
    # Mail: cost 50, revenue 105, 2 orders; Web: cost 56, revenue 91, 4 orders
    expected = [("Mail", 55.0, round(55 / 105, 6), 25.0, 25.0), ("Web", 35.0, round(35 / 91, 6), 14.0, 28.0)]
    assert rows(shop, dataset(ORDERS), ask, SEES) == expected


def test_division_by_zero_and_by_nothing_has_no_value(shop):
    text = ORDERS + "  odd: {ratio: [orders, nought]}\n  nought: {derived: cost - cost}\n"
    assert rows(shop, dataset(text), Ask("orders", ("odd", "nought"))) == [(None, 0.0)]
    empty = Ask("orders", ("cost_per_order", "profit"), span=span("2020-01-01", "2021-01-01"))
    assert rows(shop, dataset(ORDERS), empty, SEES) == [(None, None)]


def test_rows_come_in_the_order_of_what_is_worked_out(shop):
    ask = Ask("orders", ("margin",), (Grouping("buyer_id"),), order=(("margin", True), ("buyer_id", False)))
    # b3: 5/5, b1: 85/155, b2 and b9: 0
    assert [row[0] for row in rows(shop, dataset(ORDERS), ask)] == ["b3", "b1", "b2", "b9"]
    with pytest.raises(QueryRefused, match="cannot be ordered by “profit”"):
        table(shop, dataset(ORDERS), Ask("orders", ("margin",), order=(("profit", True),)))


@pytest.mark.feature("SEC-13")
@pytest.mark.parametrize("metric", ["revenue", "profit", "margin", "margin_before"])
def test_what_is_made_of_a_hidden_metric_is_hidden_however_far(shop, metric):
    ask = Ask("orders", ("orders", metric), (Grouping("source"),), span=OCTOBER, order=((metric, True),))
    assert {row[2] for row in rows(shop, dataset(ORDERS), ask, BLIND)} == {None}
    assert {row[2] for row in rows(shop, dataset(ORDERS), ask, SEES)} != {None}


@pytest.mark.feature("SEC-13")
def test_a_hidden_metric_is_not_even_fetched(shop):
    asked = []

    class Watched:
        def query(self, sql, parameters):
            asked.append(sql)
            return shop[1].query(sql, parameters)

    rows((shop[0], Watched()), dataset(ORDERS), Ask("orders", ("margin", "cost")), BLIND)
    assert "revenue" not in " ".join(asked).replace('"revenue"', "")
    assert "sum(revenue)" not in " ".join(asked).lower()


def test_distinct_counts_are_asked_for_each_group_and_never_added(shop):
    found = dataset(ORDERS)
    by_source = rows(shop, found, Ask("orders", ("buyers",), (Grouping("source"),)))
    assert by_source == [("Mail", 1), ("Web", 4)]
    assert rows(shop, found, Ask("orders", ("buyers",))) == [(4,)]
    facts = {name: (one.additive, one.zero) for name, one in found.metrics.items()}
    assert facts == {
        "orders": (True, True), "buyers": (False, True), "cost": (True, True), "revenue": (True, True),
        "profit": (True, True), "margin": (False, False), "cost_per_order": (False, False), "half": (False, False),
        "cost_before": (True, True), "cost_change": (True, True), "growth": (False, False),
        "margin_before": (False, False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        # cash: day 1: 12, day 2: 21, day 3: 2; bond: day 1: 100 and nothing after
        ((Grouping("kind"),), [("bond", 1, 100, 100, 100, 100, 100.0), ("cash", 5, 2, 12, 21, 2, 0.4)]),
        ((), [(6, 2, 112, 112, 2, round(2 / 6, 6))]),
        ((Grouping("account"),), [("a", 2, 20, 5, 20, 5, 10.0), ("b", 3, 2, 7, 7, 1, round(2 / 3, 6)), ("c", 1, 100, 100, 100, 100, 100.0)]),
    ],
)  # fmt: skip
def test_a_balance_is_added_up_over_everything_but_time(shop, by, expected):
    ask = Ask("balances", ("entries", "last", "first", "most", "least", "each"), by)
    assert rows(shop, dataset(BALANCES), ask) == expected


def test_a_balance_by_time_is_that_of_each_stretchs_last_moment(shop):
    by_week = Ask("balances", ("last",), (Grouping("at", "day"),), zone="Asia/Tokyo")
    # 20:00 UTC of the 1st is the 2nd in Tokyo: there are 5 + 100, then 7 + 20 + 1, then 2
    assert rows(shop, dataset(BALANCES), by_week) == [
        (date(2026, 10, 1), 105), (date(2026, 10, 2), 28), (date(2026, 10, 3), 2)
    ]  # fmt: skip
    month = Ask("balances", ("last",), (Grouping("at", "month"),))
    assert rows(shop, dataset(BALANCES), month) == [(date(2026, 10, 1), 2)]


@pytest.mark.feature("SEC-07")
def test_balances_of_many_readers_are_each_readers_own(shop):
    from broadsheet.core.policy import RowRule

    ruled = dataset(BALANCES + "rows: [{column: account, equals: reader.account}]\n")
    assert ruled.rows == (RowRule("account", "account"),)
    for account, expected in (("a", (2, 20)), ("b", (3, 2)), ("c", (1, 100))):
        reader = Reader(account, account, attributes={"account": account})
        assert rows(shop, ruled, Ask("balances", ("entries", "last")), reader) == [expected]


def test_looking_back_lines_up_the_groups_of_time_and_the_others(shop):
    ask = Ask("orders", ("cost", "cost_before", "cost_change", "growth"), (Grouping("", "month"),), span=AUTUMN)
    assert rows(shop, dataset(ORDERS), ask) == [
        (date(2026, 9, 1), 30.0, 0, 30.0, None),
        (date(2026, 10, 1), 70.0, 30.0, 40.0, round(40 / 30, 6)),
    ]
    by_source = Ask("orders", ("cost", "cost_before", "cost_change"), (Grouping("source"),), span=OCTOBER)
    assert rows(shop, dataset(ORDERS), by_source) == [("Mail", 40.0, 10.0, 30.0), ("Web", 30.0, 20.0, 10.0)]


def test_a_look_back_without_time_says_what_is_missing(shop):
    with pytest.raises(QueryRefused, match="Add a period"):
        table(shop, dataset(ORDERS), Ask("orders", ("growth",)))
    weeks = Ask("orders", ("growth",), (Grouping("", "week"),), span=AUTUMN)
    with pytest.raises(QueryRefused, match="Weeks have none of a month before"):
        table(shop, dataset(ORDERS), weeks)


@pytest.mark.feature("SCH-12")
def test_fiscal_periods_are_the_organizations_own_and_are_called_so(shop):
    fiscal = FiscalMonths(start=4)
    ask = Ask("orders", ("orders", "growth"), (Grouping("", "fiscal_quarter"),), span=span("2026-07-01", "2027-01-01"))
    text = ORDERS.replace("of: cost, before: 1 month, as: percent", "of: cost, before: previous, as: percent")
    found = table(shop, dataset(text), ask, fiscal=fiscal)
    assert list(found.rows) == [(date(2026, 7, 1), 2, None), (date(2026, 10, 1), 4, pytest.approx(76 / 30 - 1))]
    assert dict(found.columns[0].names)[date(2026, 7, 1)] == "FY2027 Q2"
    for grain, many in (("fiscal_month", 3), ("fiscal_week", 5), ("fiscal_year", 1)):
        got = rows(
            shop, dataset(ORDERS), Ask("orders", ("orders",), (Grouping("", grain),), span=ask.span), fiscal=fiscal
        )
        assert (len(got), sum(row[1] for row in got)) == (many, 6), grain
    with pytest.raises(QueryRefused, match="needs a period"):
        table(shop, dataset(ORDERS), Ask("orders", ("orders",), (Grouping("", "fiscal_week"),)))


def test_periods_without_rows_are_there_when_asked_for(shop):
    found = dataset(ORDERS)
    ask = Ask(
        "orders",
        ("orders", "cost_per_order"),
        (Grouping("", "month"),),
        span=span("2026-09-01", "2027-03-01"),
        fill=True,
    )
    assert rows(shop, found, ask) == [
        (date(2026, 9, 1), 2, 15.0), (date(2026, 10, 1), 3, round(70 / 3, 6)), (date(2026, 11, 1), 0, None),
        (date(2026, 12, 1), 1, 6.0),
    ]  # fmt: skip
    both = Ask("orders", ("orders",), (Grouping("", "fiscal_month"), Grouping("source")), span=AUTUMN, fill=True)
    assert [row[1:] for row in rows(shop, found, both)] == [
        ("Mail", 1), ("Web", 1), ("Mail", 1), ("Web", 2), ("Mail", 0), ("Web", 0)
    ]  # fmt: skip
