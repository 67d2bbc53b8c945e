"""A whole theme from one brand colour.

Places of the categories are turns of the accent's hue in OKLCH; neutral colours, better and worse stay as they are, so
that a red brand does not make good news look bad. What had to be changed for legibility is said in ``Theme.notes``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from .color import Oklch, contrast, oklch, to_hex
from .palette import separate
from .tokens import DARK, DEFAULT, LIGHT, Logo, Theme, Tokens

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: links and buttons are set in the accent
GREY = 0.02  # chroma below which a hue says nothing
NEAR_RUST = 50.0  # degrees; nearer than this the two ends of a diverging scale would look alike
Places = tuple[tuple[float, float, float], ...]  # lightness, chroma, turn of hue
LIGHT_PLACES: Places = (
    (0.65, 0.13, -153),
    (0.34, 0.09, 131),
    (0.61, 0.09, -53),
    (0.65, 0.12, 64),
    (0.50, 0.12, 173),
)
DARK_PLACES: Places = (
    (0.86, 0.12, -141),
    (0.71, 0.09, 129),
    (0.89, 0.06, -62),
    (0.62, 0.11, 62),
    (0.58, 0.13, -173),
)
DARK_ACCENT = (0.77, 0.09)  # lightness, most chroma
MAGIC = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/svg+xml": b""}


class ThemeError(ValueError):
    """A brand that cannot be used; the message says what to change."""


def themed(name: str, *, accent: str = LIGHT.accent, logo: Logo | None = None, footer: str = "") -> Theme:
    """The theme of a brand; the default accent gives the tokens of DEFAULT.

    *accent* is ``#RRGGBB`` in either case. One that is too pale for text on white is darkened, and ``notes`` says so.
    Raises ThemeError for what is no colour, for a logo that is not SVG, PNG or JPEG, and for one without a name.
    """
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", accent):
        raise ThemeError(
            f"The accent “{accent}” is not a colour. Write it as # and six hexadecimal digits, such as {LIGHT.accent}."
        )
    if logo is not None:
        _check(logo)
    light, dark, notes = _tokens(accent.upper())
    return Theme(name, light, dark, logo=logo, footer=footer, notes=notes)


def _check(logo: Logo) -> None:
    if logo.media_type not in MAGIC:
        raise ThemeError(f"A logo of type “{logo.media_type}” cannot be used. Give an SVG, PNG or JPEG file.")
    marked = b"<svg" in logo.data if logo.media_type == "image/svg+xml" else True
    if not logo.data.startswith(MAGIC[logo.media_type]) or not marked:
        raise ThemeError(f"The logo is not a file of type {logo.media_type}. Save it again as SVG, PNG or JPEG.")
    if not logo.alt.strip():
        raise ThemeError("The logo has no text for those who cannot see it. Give the brand's name as “alt”.")


@lru_cache(maxsize=256)
def _tokens(accent: str) -> tuple[Tokens, Tokens, tuple[str, ...]]:
    if accent == LIGHT.accent:
        return DEFAULT.light, DEFAULT.dark, ()
    seen = oklch(accent)
    grey = seen.chroma < GREY
    hue = oklch(LIGHT.accent).hue if grey else seen.hue
    on_light = _legible(seen, LIGHT, step=-0.01, start=accent)
    lightness, most = DARK_ACCENT
    on_dark = _legible(Oklch(lightness, min(most, seen.chroma), seen.hue), DARK, step=0.01)
    notes = []
    if on_light != accent:
        notes.append(f"The accent {accent} is too pale for text on white paper; {on_light} is used in its place.")
    if grey:
        notes.append("The accent is a grey: the other colours take the hue of the house.")
    light = _turned(LIGHT, on_light, hue=hue, places=LIGHT_PLACES)
    dark = _turned(DARK, on_dark, hue=hue, places=DARK_PLACES)
    return light, dark, tuple(notes)


def _legible(color: Oklch, ground: Tokens, *, step: float, start: str = "") -> str:
    """The colour, moved by *step* of lightness until text in it can be read on paper and tint."""
    found = start or to_hex(color)
    while min(contrast(found, ground.paper), contrast(found, ground.tint)) < TEXT_CONTRAST:
        color = replace(color, lightness=color.lightness + step)
        found = to_hex(color)
    return found


def _turned(ground: Tokens, accent: str, *, hue: float, places: Places) -> Tokens:
    turn = hue - oklch(ground.accent).hue
    own = oklch(accent)
    strength = min(1.0, own.chroma / oklch(ground.accent).chroma)
    spots = [Oklch(lightness, chroma, (hue + by) % 360) for lightness, chroma, by in places]
    categories = separate(spots, paper=ground.paper, fixed=(accent,))
    if categories is None:
        raise ThemeError(f"No six colours go with the accent {accent}. Choose one that is darker or less bright.")
    sequential = tuple(_step(color, ground, turn=turn, strength=strength) for color in ground.sequential)
    diverging = list(ground.diverging)
    if abs((hue - oklch(ground.worse).hue + 180) % 360 - 180) > NEAR_RUST:
        diverging[5:] = [_turn(color, turn=turn, strength=strength) for color in ground.diverging[5:]]
    return replace(
        ground,
        accent=accent,
        band=_turn(ground.band, turn=turn, strength=strength),
        categorical=categories,
        sequential=sequential,
        on_sequential=tuple(_ink_on(color, ground) for color in sequential),
        diverging=tuple(diverging),
    )


def _turn(color: str, *, turn: float, strength: float) -> str:
    was = oklch(color)
    return to_hex(Oklch(was.lightness, was.chroma * strength, (was.hue + turn) % 360))


def _step(color: str, ground: Tokens, *, turn: float, strength: float) -> str:
    """One step of the scale; moved away from the middle of lightness until a figure upon it can be read."""
    found = _turn(color, turn=turn, strength=strength)
    place = oklch(found)
    away = 0.01 if oklch(_ink_on(found, ground)).lightness < place.lightness else -0.01
    while _figure(found, ground) < TEXT_CONTRAST:
        place = replace(place, lightness=place.lightness + away)
        found = to_hex(place)
    return found


def _figure(color: str, ground: Tokens) -> float:
    return max(contrast(color, ground.ink), contrast(color, ground.paper))


def _ink_on(color: str, ground: Tokens) -> str:
    return max((ground.ink, ground.paper), key=lambda ink: contrast(color, ink))
