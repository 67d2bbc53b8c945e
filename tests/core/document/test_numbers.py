"""Figures in the languages of the sample's readers, character by character."""

from __future__ import annotations

from decimal import Decimal

import pytest

from broadsheet.core.document.numbers import numbers_for

THIN, HARD = "\u202f", "\u00a0"
LRM = "\u200e"


@pytest.mark.parametrize(
    ("language", "number", "percent", "points", "money"),
    [
        ("en-US", "1,234.56", f"87.4{THIN}%", f"+1.3{THIN}pt", "$1,234.50"),
        ("en-GB", "1,234.56", f"87.4{THIN}%", f"+1.3{THIN}pt", "US$1,234.50"),
        ("de-DE", "1.234,56", f"87,4{HARD}%", f"+1,3{HARD}Pp.", f"1.234,50{HARD}$"),
        ("de-AT", "1.234,56", f"87,4{HARD}%", f"+1,3{HARD}Pp.", f"${HARD}1.234,50"),
        ("fr-FR", f"1{THIN}234,56", f"87,4{THIN}%", f"+1,3{THIN}pt", f"1{THIN}234,50{HARD}$US"),
        ("pt-BR", "1.234,56", "87,4%", f"+1,3{HARD}p.p.", f"US${HARD}1.234,50"),
        ("ja-JP", "1,234.56", "87.4%", "+1.3pt", "$1,234.50"),
        ("ar-AE", "1,234.56", f"87.4{LRM}%{LRM}", f"{LRM}+1.3{HARD}نقطة", f"\u200f1,234.50{HARD}US$"),
        ("bg-BG", f"1{HARD}234,56", "87,4%", f"+1,3{HARD}пр.п.", f"1{HARD}234,50{HARD}щ.д."),
        ("en-IN", "1,234.56", f"87.4{THIN}%", f"+1.3{THIN}pt", "$1,234.50"),
        ("xx", "1,234.56", f"87.4{THIN}%", f"+1.3{THIN}pt", "US$1,234.50"),
    ],
)
def test_figures_by_language(language: str, number: str, percent: str, points: str, money: str) -> None:
    write = numbers_for(language)
    found = (write.number(1234.56, 2), write.percent(0.874), write.points(0.013), write.money(Decimal("1234.5"), "USD"))
    assert found == (number, percent, points, money)


@pytest.mark.parametrize(
    ("value", "decimals", "plain", "signed"),
    [
        (0, 0, "0", "0"),
        (-222, 0, "−222", "−222"),
        (15, 0, "15", "+15"),
        (-0.04, 1, "0.0", "0.0"),
        (0.04, 1, "0.0", "0.0"),
        (-0.06, 1, "−0.1", "−0.1"),
        (Decimal("1234567.891"), 2, "1,234,567.89", "+1,234,567.89"),
    ],
)
def test_a_true_minus_and_no_sign_for_what_rounds_to_nothing(
    value: float, decimals: int, plain: str, signed: str
) -> None:
    write = numbers_for("en-US")
    assert (write.number(value, decimals), write.number(value, decimals, signed=True)) == (plain, signed)


@pytest.mark.parametrize(
    ("language", "value", "quotient", "word", "decimals"),
    [
        ("en-US", 2_441_800, 2.4418, "M", 2),
        ("en-US", 24_418_000, 24.418, "M", 1),
        ("en-US", 244_180, 244.18, "k", 0),
        ("en-US", 99_999, 99_999, "", 0),
        ("en-US", -2_441_800, -2.4418, "M", 2),
        ("en-US", 3_000_000_000, 3.0, "bn", 2),
        ("de-DE", 2_441_800, 2.4418, "Mio.", 2),
        ("de-DE", 244_180, 244.18, "Tsd.", 0),
        ("ja-JP", 15_549_054, 1554.9054, "万", 0),
        ("ja-JP", 365_000_000, 3.65, "億", 2),
    ],
)
def test_large_sums_keep_three_digits(language: str, value: float, quotient: float, word: str, decimals: int) -> None:
    assert numbers_for(language).scaled(value) == (pytest.approx(quotient), word, decimals)


def test_figures_that_stand_together_share_the_scale_of_the_largest() -> None:
    write = numbers_for("de-DE")
    scale = write.scale_for("auto", (96_436, Decimal(111_300), None))
    assert write.scaled(96_436, scale=scale) == (pytest.approx(96.436), "Tsd.", 1)


@pytest.mark.parametrize(
    ("currency", "decimals", "text"),
    [("JPY", 2, "JP¥49"), ("USD", 0, "US$49"), ("", 2, "48.70"), ("KWD", None, "KWD 48.700")],
)
def test_money_has_at_most_the_decimals_of_its_currency(currency: str, decimals: int | None, text: str) -> None:
    assert numbers_for("en-GB").money(48.7, currency, decimals).replace(HARD, " ") == text


def test_thousands_of_india() -> None:
    assert numbers_for("en-IN").number(12_345_678.5, 1) == "1,23,45,678.5"


@pytest.mark.parametrize(
    ("language", "currency", "word", "text"),
    [
        ("en-US", "USD", "k", "$#\u202fk"),
        ("de-DE", "EUR", "Tsd.", "#\u00a0Tsd.\u00a0€"),
        ("ja-JP", "JPY", "千", "￥#千"),
        ("pt-BR", "", "mi", "#\u00a0mi"),
    ],
)
def test_what_stands_around_an_amount(language: str, currency: str, word: str, text: str) -> None:
    assert numbers_for(language).around(currency, word=word) == text
