"""The cast: forty buyers of whom every attribute is valid, twelve sources, no name twice."""

from __future__ import annotations

import unicodedata
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.numbers import list_currencies

from broadsheet.sample.leads import BUYERS, SOURCES, Buyer
from broadsheet.sample.leads.markets import MARKETS, PRODUCTS, USD_RATES, thanksgiving


@pytest.mark.parametrize("buyer", BUYERS, ids=lambda buyer: buyer.id)
def test_buyer_is_valid(buyer: Buyer) -> None:
    assert ZoneInfo(buyer.zone).key == buyer.zone
    assert Locale.parse(buyer.language, sep="-").territory is not None
    assert buyer.currency in list_currencies()
    assert buyer.currency in USD_RATES
    assert buyer.market in MARKETS
    assert set(buyer.products) <= set(PRODUCTS)
    assert buyer.formats and set(buyer.formats) <= {"pdf", "xlsx", "csv", "html"}
    assert buyer.email.isascii() and buyer.email.endswith(f"@{buyer.id}.example")


def test_forty_buyers_and_twelve_sources_each_with_an_own_name() -> None:
    assert (len(BUYERS), len({each.id for each in BUYERS}), len({each.name for each in BUYERS})) == (40, 40, 40)
    assert (len(SOURCES), len({each.id for each in SOURCES}), len({each.name for each in SOURCES})) == (12, 12, 12)


def test_cast_spans_zones_currencies_formats_and_scripts() -> None:
    assert len({each.zone for each in BUYERS}) >= 6
    assert {each.currency for each in BUYERS} == set(USD_RATES)
    assert {each.formats for each in BUYERS} == {("pdf",), ("pdf", "xlsx"), ("xlsx", "csv"), ("html",)}
    scripts = {unicodedata.name(letter).split()[0] for each in BUYERS for letter in each.name if letter.isalpha()}
    assert scripts == {"LATIN", "CJK", "HIRAGANA", "ARABIC", "GREEK", "CYRILLIC"}


def test_thanksgiving_is_the_fourth_thursday() -> None:
    assert [thanksgiving(year).day for year in (2025, 2026, 2027, 2028)] == [27, 26, 25, 23]
