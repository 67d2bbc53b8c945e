"""Charts on a value axis: lines, areas, upright bars, stacks, and mixtures of them."""

from __future__ import annotations

from broadsheet.core.document.model import Chart

from .canvas import Canvas
from .frame import Frame, draw_grid, draw_labels, foot, label_room
from .marks import draw_areas, draw_bars, draw_lines, draw_targets
from .names import draw_key, draw_names, key_rows, keyed, names, names_room
from .notes import draw_notes
from .scale import scale, tidy
from .series import Drawn, everything

RATIO = 0.3  # height to width where the chart does not say
LOWEST, HIGHEST = 17.0, 30.0  # em: a figure is never flatter nor taller unless asked

FLATTEST, FLATTEST_NARROW = 9.0, 15.0  # em, whatever is asked; a share that suits a page is too flat on a phone
WIDE = 45.0  # em


def tall(canvas: Canvas, chart: Chart, *, ratio: float = RATIO) -> float:
    """Height in px of the figure without its key."""
    asked = tidy(chart.height) or 0.0
    if asked > 0:
        flattest = FLATTEST if canvas.width >= WIDE * canvas.size else FLATTEST_NARROW
        return max(canvas.size * flattest, min(asked, 4.0) * canvas.width)
    return max(canvas.size * LOWEST, min(canvas.size * HIGHEST, ratio * canvas.width))


def draw_upright(
    canvas: Canvas, chart: Chart, series: list[Drawn], *, style: tuple[str, str], interactive: bool
) -> None:
    """Draw *chart* and set the canvas' height."""
    bars = any(one.mark == "bar" for one in series)
    zero = chart.from_zero or bars or any(one.mark == "area" for one in series)
    reach = everything(chart, series, stacked=chart.kind == "stacked_bar")
    axis = scale(reach, hint=chart.axis_hint, unit=chart.axis_unit, zero=zero, style=style)
    compare = chart.compare_label if chart.compare else ""
    listed = keyed(series) or ([one for one in series if one.mark == "bar"] if compare else [])
    key = draw_key(canvas, key_rows(canvas, listed, compare))
    beside = names(canvas, chart, series)
    left = label_room(canvas, axis)
    right = canvas.width - names_room(canvas, beside)
    room = (right - left) / max(len(chart.x), 1)
    canvas.height = key + tall(canvas, chart)
    bottom = canvas.height - foot(canvas, chart, banded=bars, room=room)
    frame = Frame(left, right, key + canvas.size * 1.3, bottom, len(chart.x), axis, bars)
    draw_grid(canvas, frame, chart)
    draw_areas(canvas, frame, series)
    draw_bars(canvas, frame, chart, series, interactive=interactive)
    _references(canvas, frame, chart)
    draw_lines(canvas, frame, series)
    draw_labels(canvas, frame, chart)
    draw_names(canvas, frame, beside)
    draw_notes(canvas, frame, chart, series)
    if interactive:
        draw_targets(canvas, frame, chart, series)


def _references(canvas: Canvas, frame: Frame, chart: Chart) -> None:
    for mark in chart.references:
        value = tidy(mark.value)
        if value is not None:
            canvas.line((0, frame.y(value)), (frame.right, frame.y(value)), "ink2", dash="3 3")
