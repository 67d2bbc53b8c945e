"""Points by two numbers: each position's x value and its value in a series."""

from __future__ import annotations

from broadsheet.core.document.model import Chart, FormatHint

from .canvas import Canvas, Point
from .marks import open_point
from .measure import shorten
from .names import draw_key, key_rows, keyed
from .scale import Scale, scale, tidy
from .series import Drawn, everything
from .upright import tall

RATIO = 0.46


def draw_scatter(
    canvas: Canvas, chart: Chart, series: list[Drawn], *, style: tuple[str, str], interactive: bool
) -> None:
    """Draw *chart* and set the canvas' height. Without numbers for x the positions are counted."""
    across = [_number(chart, index) for index in range(len(chart.x))]
    up = scale(everything(chart, series), hint=chart.axis_hint, unit=chart.axis_unit, zero=chart.from_zero, style=style)
    known = [value for value in across if value is not None]
    along = scale(known, hint=FormatHint("number"), zero=False, lines=5, style=style)
    key = draw_key(canvas, key_rows(canvas, keyed(series)))
    canvas.height = key + tall(canvas, chart, ratio=RATIO)
    widest = max(canvas.measured(label) for label in up.labels)
    left, right = min(widest, canvas.width * 0.3) + canvas.size * 0.8, canvas.width - canvas.size * 1.2
    top, bottom = key + canvas.size * 1.3, canvas.height - canvas.size * 1.8
    _axes(canvas, up, along, left=left, right=right, top=top, bottom=bottom)
    _references(canvas, chart, up, right=right, top=top, bottom=bottom)
    chosen: list[tuple[int, Point]] = []
    points: list[Point] = []
    for one in series:
        for index, value in enumerate(one.values):
            place = across[index]
            if value is None or place is None:
                continue
            point = (left + along.share(place) * (right - left), bottom - up.share(value) * (bottom - top))
            points.append(point)
            chosen += [(index, point)] if index in chart.highlight else []
            if interactive:
                open_point(canvas, chart, one, index)
            canvas.circle(*point, canvas.size * 0.33, one.color, opacity=0.75)
            if interactive:
                canvas.close()
    for index, point in chosen:
        _name(canvas, chart.x[index], point, points)


def _number(chart: Chart, index: int) -> float | None:
    if not chart.x_values:
        return float(index + 1)
    value = chart.x_values[index] if index < len(chart.x_values) else None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return float(index + 1)
    return tidy(value)


def _axes(canvas: Canvas, up: Scale, along: Scale, *, left: float, right: float, top: float, bottom: float) -> None:
    for tick, label in zip(up.ticks, up.labels, strict=True):
        y = bottom - up.share(tick) * (bottom - top)
        if tick != up.low:
            canvas.line((0, y), (canvas.width, y), "hair", stroke=0.7)
        if tick != up.low or up.low != 0:
            canvas.text(0, y - canvas.size * 0.35, shorten(label, right / canvas.size), color="ink2")
    canvas.line((0, bottom), (canvas.width, bottom), "ink")
    end = 0.0
    for tick, label in zip(along.ticks, along.labels, strict=True):
        x = left + along.share(tick) * (right - left)
        text = shorten(label, canvas.width / canvas.size)
        half = canvas.measured(text) / 2
        at = max(half, min(x, canvas.width - half))
        if at - half < end:
            continue
        canvas.line((x, bottom), (x, bottom + canvas.size / 3), "ink")
        canvas.text(at, bottom + canvas.size * 1.45, text, color="ink2", anchor="middle")
        end = at + half + canvas.size * 0.6


def _references(canvas: Canvas, chart: Chart, up: Scale, *, right: float, top: float, bottom: float) -> None:
    for mark in chart.references:
        value = tidy(mark.value)
        if value is None:
            continue
        y = bottom - up.share(value) * (bottom - top)
        canvas.line((0, y), (canvas.width, y), "ink2", dash="3 3")
        text = shorten(mark.label, canvas.width * 0.5 / canvas.size)
        canvas.text(canvas.width, max(canvas.size, y - canvas.size * 0.35), text, color="ink2", anchor="end")


def _name(canvas: Canvas, name: str, point: Point, points: list[Point]) -> None:
    """Name a point where the fewest others are covered: after it, before, above or below."""
    size = canvas.size
    text = shorten(name, canvas.width * 0.3 / size)
    wide = canvas.measured(text)
    best, least = (0.0, 0.0), len(points) + 1
    for dx, dy in ((0.6, 0.35), (-0.6 - wide / size, 0.35), (-wide / size / 2, -0.6), (-wide / size / 2, 1.35)):
        x, y = point[0] + dx * size, point[1] + dy * size
        if dy != 0.35:  # above and below may be moved sideways into the figure
            x = max(0.0, min(x, canvas.width - wide))
        if x < 0 or x + wide > canvas.width or y < size or y > canvas.height - size * 1.8:
            continue
        near = size * 0.3
        covered = sum(x - near < px < x + wide + near and y - size - near < py < y + near for px, py in points)
        if covered < least:
            best, least = (x, y), covered
    if least <= len(points):
        canvas.text(*best, text)
