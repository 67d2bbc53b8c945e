"""A small line without axes, for a headline figure: older to newer, on its own scale."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.core.theme import Tokens

from .canvas import Canvas, Point
from .scale import tidied

TONES = {"worse": "worse", "better": "better", "faint": "ink3"}


def sparkline(
    values: Sequence[float | None],
    *,
    width: float,
    height: float,
    tokens: Tokens,
    css: bool = False,
    tone: str = "",
) -> str:
    """SVG of *values*, *width* by *height* px, hidden from screen readers: the figures beside it say it in words.

    The last step and its end are in the accent, or in the colour of *tone* (worse, better, faint). Gaps stay open.
    """
    canvas = Canvas(tokens, width=max(width, 1.0), size=12.0, css=css)
    canvas.height = max(height, 1.0)
    known = tidied(values, len(values))
    points = _points(known, canvas.width, canvas.height)
    color = TONES.get(tone, "accent")
    run: list[Point] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            if len(run) > 1:
                canvas.stroke(run, "ink3", stroke=1.1)
            run = []
    if len(points) > 1 and points[-1] is not None and points[-2] is not None:
        canvas.stroke([points[-2], points[-1]], color, stroke=1.8)
    last = next((point for point in reversed(points) if point is not None), None)
    if last is not None:
        canvas.circle(*last, min(2.4, canvas.height / 3, canvas.width / 3), color)
    return canvas.finished(label="")


def _points(values: list[float | None], width: float, height: float) -> list[Point | None]:
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    inset = min(3.0, width / 3, height / 3)
    step = (width - 2 * inset) / max(len(values) - 1, 1)
    found: list[Point | None] = []
    for index, value in enumerate(values):
        if value is None:
            found.append(None)
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        found.append((inset + step * index, height - inset - share * (height - 2 * inset)))
    return found
