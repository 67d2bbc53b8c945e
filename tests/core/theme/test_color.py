"""Colour arithmetic against published figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.theme.color import Oklch, Triple, contrast, difference, oklch, to_hex

COLORS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


# Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula", table 1.
@pytest.mark.feature("DLV-13")
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_difference_is_that_of_the_paper(first: Triple, second: Triple, expected: float) -> None:
    assert round(difference(first, second), 4) == expected


@pytest.mark.feature("DLV-13")
def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == 21


@pytest.mark.feature("DLV-13")
@given(COLORS)
def test_every_colour_comes_back_from_oklch(color: str) -> None:
    assert to_hex(oklch(color)) == color


@pytest.mark.feature("DLV-13")
def test_a_colour_that_no_screen_has_loses_chroma_not_hue() -> None:
    found = oklch(to_hex(Oklch(0.65, 0.4, 145)))
    assert round(found.lightness, 2) == 0.65
    assert abs(found.hue - 145) < 1
