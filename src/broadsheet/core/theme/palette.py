"""Six colours for categories, far enough from the paper and from each other for everybody's eyes.

Each category has a place (lightness, chroma, hue). Lightness moves away from it in small steps, as little as possible
for the one that moves most, until every colour reaches CONTRAST on the paper and any two differ by DIFFERENCE in every
way of seeing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .color import Oklch, contrast, least_difference, to_hex

CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphical objects
DIFFERENCE = 12.0  # CIEDE2000; two neighbours in a legend are told apart from about 10
STEP = 0.02  # of lightness; about the smallest change that the eye sees
REACH = 24  # steps at most: half of all lightness


def separate(places: Sequence[Oklch], *, paper: str, fixed: Sequence[str] = ()) -> tuple[str, ...] | None:
    """*fixed* colours and after them one for each place, or None where no lightness within REACH satisfies."""
    for reach in range(REACH + 1):
        choices = [list(_choices(place, paper=paper, reach=reach)) for place in places]
        found = _first(tuple(fixed), choices)
        if found is not None:
            return found
    return None


def _choices(place: Oklch, *, paper: str, reach: int) -> Iterator[str]:
    for step in range(reach + 1):
        for offset in dict.fromkeys((step, -step)):
            lightness = place.lightness + offset * STEP
            if 0.1 <= lightness <= 0.97:
                color = to_hex(replace(place, lightness=lightness))
                if contrast(color, paper) >= CONTRAST:
                    yield color


def _first(chosen: tuple[str, ...], choices: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    if not choices:
        return chosen
    for color in choices[0]:
        if all(least_difference(color, other) >= DIFFERENCE for other in chosen):
            found = _first((*chosen, color), choices[1:])
            if found is not None:
                return found
    return None
