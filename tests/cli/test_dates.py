"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.cli.dates import day_of

pytestmark = pytest.mark.feature("SCH-30")
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-25", date(2026, 12, 25)),
        ("25 Dec", date(2026, 12, 25)),
        ("24 November", TODAY),
        ("3rd March", date(2027, 3, 3)),
        ("29 February", date(2028, 2, 29)),
        ("25 de diciembre de 2026", date(2026, 12, 25)),
        ("1er janvier 2027", date(2027, 1, 1)),
    ],
)
def test_a_day_by_its_name(text: str, day: date) -> None:
    assert day_of(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["christmas", "25 Foo", "31 Feb 2026", "30 February", "12/25/2026", ""])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of(text, today=TODAY)
