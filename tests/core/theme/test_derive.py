"""From one brand colour to a theme that everybody can read."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.theme import DEFAULT, Logo, ThemeError, Tokens, themed
from broadsheet.core.theme.color import contrast, least_difference, oklch

ACCENTS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.feature("DLV-13")
@pytest.mark.parametrize("accent", ["#025975", "#025975".lower()])
def test_the_default_accent_gives_the_default_tokens(accent: str) -> None:
    theme = themed("Northlight", accent=accent)
    assert (theme.light, theme.dark, theme.notes) == (DEFAULT.light, DEFAULT.dark, ())


@pytest.mark.feature("PER-14")
@given(ACCENTS)
@settings(max_examples=60, deadline=None)
def test_any_accent_gives_colours_that_are_told_apart(accent: str) -> None:
    theme = themed("Any", accent=accent)
    for tokens in (theme.light, theme.dark):
        assert min(contrast(color, tokens.paper) for color in tokens.categorical) >= 3
        assert min(least_difference(*pair) for pair in combinations(tokens.categorical, 2)) >= 12
        assert min(contrast(tokens.accent, ground) for ground in (tokens.paper, tokens.tint)) >= 4.5
        figures = zip(tokens.sequential, tokens.on_sequential, strict=True)
        assert min(contrast(step, ink) for step, ink in figures) >= 4.5
        assert len(set(tokens.categorical)) == 6


@pytest.mark.feature("DLV-13")
@given(ACCENTS)
@settings(max_examples=30, deadline=None)
def test_sequential_steps_go_one_way(accent: str) -> None:
    theme = themed("Any", accent=accent)

    def steps(tokens: Tokens) -> list[float]:
        lightness = [oklch(color).lightness for color in tokens.sequential]
        return [after - before for before, after in pairwise(lightness)]

    assert max(steps(theme.light)) < 0 < min(steps(theme.dark))


@pytest.mark.feature("DLV-13")
def test_better_and_worse_do_not_turn_with_the_accent() -> None:
    theme = themed("Red", accent="#B00020")
    assert (theme.light.better, theme.light.worse) == (DEFAULT.light.better, DEFAULT.light.worse)
    assert (theme.light.accent, theme.light.categorical[0]) == ("#B00020", "#B00020")


@pytest.mark.feature("DLV-13")
def test_a_pale_accent_is_darkened_and_the_theme_says_so() -> None:
    theme = themed("Sun", accent="#FFD400")
    assert theme.light.accent != "#FFD400"
    assert theme.notes == (
        f"The accent #FFD400 is too pale for text on white paper; {theme.light.accent} is used in its place.",
    )


@pytest.mark.feature("DLV-13")
def test_a_grey_accent_borrows_the_hue_of_the_house() -> None:
    theme = themed("Grey", accent="#444444")
    assert theme.light.categorical[0] == "#444444"
    assert theme.notes == ("The accent is a grey: the other colours take the hue of the house.",)


@pytest.mark.feature("DLV-13")
@pytest.mark.parametrize("accent", ["", "teal", "#123", "#12345G", "#025975\n", "025975", "#02597500"])
def test_what_is_no_colour_is_refused_with_the_fix(accent: str) -> None:
    with pytest.raises(ThemeError, match="six hexadecimal digits, such as #025975"):
        themed("Bad", accent=accent)


@pytest.mark.feature("DLV-13")
@pytest.mark.parametrize(
    ("logo", "fix"),
    [
        (Logo(b"GIF89a", "image/gif", "Northlight"), "Give an SVG, PNG or JPEG file"),
        (Logo(b"<html>", "image/png", "Northlight"), "Save it again"),
        (Logo(b"<html>", "image/svg+xml", "Northlight"), "Save it again"),
        (Logo(PNG, "image/png", " "), "Give the brand's name"),
    ],
)
def test_a_logo_that_cannot_be_used_is_refused_with_the_fix(logo: Logo, fix: str) -> None:
    with pytest.raises(ThemeError, match=fix):
        themed("Bad", logo=logo)


@pytest.mark.feature("DLV-13")
def test_logo_and_footer_are_carried() -> None:
    logo = Logo(PNG, "image/png", "Northlight")
    theme = themed("Northlight", logo=logo, footer="1 Sample Street")
    assert (theme.logo, theme.footer) == (logo, "1 Sample Street")
