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
