"""Horizontal bars: a name, a bar and figures in a row each, with a tick for an earlier period."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.core.document.model import Chart

from .canvas import Canvas
from .marks import bar_color, open_point
from .measure import shorten
from .names import draw_key, key_rows
from .scale import Scale, scale, tidied, tidy
from .series import Drawn, everything, stacks

ROW = 1.58  # em from one row to the next
THICK = 0.92  # em
TONES = {"worse": ("worse", True), "better": ("better", False), "faint": ("ink3", False)}


@dataclass(frozen=True, slots=True)
class Places:
    """In px: bars run from ``left`` to ``right``; figure columns end at ``ends``; rows are ``high`` from ``top`` on."""

    left: float
    right: float
    ends: tuple[float, ...]
    top: float
    high: float
    thick: float
    scale: Scale
    keyed_in_head: bool
    head: float

    def x(self, value: float) -> float:
        return self.left + self.scale.share(value) * (self.right - self.left)

    def middle(self, index: int) -> float:
        return self.top + self.high * (index + 0.5)


def draw_rows(canvas: Canvas, chart: Chart, series: list[Drawn], *, style: tuple[str, str], interactive: bool) -> None:
    """Draw *chart* and set the canvas' height, which follows from the number of rows."""
    stacked = chart.kind == "stacked_bar"
    compare = chart.compare_label if chart.compare else ""
    places = _places(canvas, chart, series, stacked=stacked, style=style)
    canvas.height = places.top + places.high * len(chart.x) + canvas.size * 0.3
    if places.keyed_in_head:
        _head_key(canvas, series, places, compare)
    elif len(series) > 1 or compare:
        draw_key(canvas, key_rows(canvas, series, compare))
    _heads(canvas, chart, places)
    for index, name in enumerate(chart.x):
        _name(canvas, name, places, index)
        _bars(canvas, chart, series, places, index, stacked=stacked, interactive=interactive)
        _figures(canvas, chart, series, places, index)
    if places.scale.low < 0:
        zero = places.x(0.0)
        canvas.line((zero, places.top), (zero, places.top + places.high * len(chart.x)), "ink")
    _marks(canvas, chart, places)


def _places(canvas: Canvas, chart: Chart, series: list[Drawn], *, stacked: bool, style: tuple[str, str]) -> Places:
    size = canvas.size
    names = max((canvas.measured(name) for name in chart.x), default=0.0)
    left = min(names, canvas.width * (0.34 if chart.columns else 0.4)) + size
    ends: list[float] = []
    end = canvas.width
    for head, texts, _ in reversed(chart.columns):
        ends.insert(0, end)
        wide = max([canvas.measured(head), *(canvas.measured(text, bold=True) for text in texts)])
        end -= min(wide, canvas.width * 0.2) + size * 1.2
    written = 0.0
    if not chart.columns and len(series) == 1:
        written = max((canvas.measured(text) for text in series[0].texts), default=0.0) + size * 0.6
    right = max(end - min(written, canvas.width * 0.25), left + 1)
    compare = chart.compare_label if chart.compare else ""
    rows = key_rows(canvas, series, compare) if len(series) > 1 or compare else []
    # The key shares the line of the columns' heads where it fits over the bars.
    in_head = bool(chart.columns) and len(rows) == 1 and _key_end(canvas, rows[0]) <= right - left
    lines = len(rows) + bool(chart.columns) - in_head
    top = lines * size * 1.45 + (size * 0.5 if lines else size * 0.2)
    if chart.references:
        top = max(top, size * 1.6)
    many = 1 if stacked else max(len(series), 1)
    high = size * (ROW if many == 1 else 0.75 * many + 0.7)
    axis = scale(everything(chart, series, stacked=stacked), hint=chart.axis_hint, style=style)
    reach = everything(chart, series, stacked=stacked)
    # No axis is drawn, so the longest bar may use all the room.
    fitted = Scale(min([0.0, *reach]), max([0.0, *reach]), axis.ticks, axis.labels)
    return Places(
        left,
        right,
        tuple(ends),
        top,
        high,
        size * (THICK if many == 1 else 0.7),
        fitted,
        in_head,
        size + (lines - 1) * size * 1.45,
    )


def _key_end(canvas: Canvas, row: list[tuple[float, Drawn | None, str]]) -> float:
    x, _, text = row[-1]
    return x + canvas.size * 1.8 + canvas.measured(text)


def _head_key(canvas: Canvas, series: list[Drawn], places: Places, compare: str) -> None:
    """The key in the head line, above the bars."""
    draw_key(canvas, [[(places.left + x, one, text) for x, one, text in key_rows(canvas, series, compare)[0]]])


def _heads(canvas: Canvas, chart: Chart, places: Places) -> None:
    for (head, _, _), end in zip(chart.columns, places.ends, strict=True):
        canvas.text(end, places.head, shorten(head, canvas.width * 0.2 / canvas.size), color="ink2", anchor="end")


def _name(canvas: Canvas, name: str, places: Places, index: int) -> None:
    text = shorten(name, (places.left - canvas.size) / canvas.size)
    canvas.text(0, places.middle(index) + canvas.size * 0.35, text)


def _bars(
    canvas: Canvas,
    chart: Chart,
    series: list[Drawn],
    places: Places,
    index: int,
    *,
    stacked: bool,
    interactive: bool,
) -> None:
    if stacked:
        segments = stacks(series, len(chart.x))[index] if len(chart.x) < 2 else _stack(series, index)
    else:
        segments = [(one, 0.0, value) for one in series if (value := one.values[index]) is not None]
    lanes = 1 if stacked else max(len(series), 1)
    first = places.middle(index) - places.thick * lanes / 2
    for one, start, end in segments:
        lane = 0 if stacked else next(rank for rank, other in enumerate(series) if other is one)
        left, right = places.x(min(start, end)), places.x(max(start, end))
        if interactive:
            open_point(canvas, chart, one, index)
        parted = 0.8 if stacked and right - left > 2 else 0.0
        canvas.rect(
            left,
            first + places.thick * lane,
            right - left - parted,
            places.thick - (0.5 if lanes > 1 else 0),
            bar_color(chart, one, index),
        )
        if interactive:
            canvas.close()


def _stack(series: list[Drawn], index: int) -> list[tuple[Drawn, float, float]]:
    up = down = 0.0
    found = []
    for one in series:
        value = one.values[index]
        if value is not None:
            start = up if value >= 0 else down
            found.append((one, start, start + value))
            up, down = (up + value, down) if value >= 0 else (up, down + value)
    return found


def _figures(canvas: Canvas, chart: Chart, series: list[Drawn], places: Places, index: int) -> None:
    base = places.middle(index) + canvas.size * 0.35
    for (_, texts, tones), end in zip(chart.columns, places.ends, strict=True):
        text = texts[index] if index < len(texts) else ""
        color, bold = TONES.get(tones[index] if index < len(tones) else "", ("ink", False))
        room = canvas.width * 0.2 / canvas.size
        canvas.text(end, base, shorten(text, room, bold=bold), color=color, bold=bold, anchor="end")
    if not chart.columns and len(series) == 1 and series[0].values[index] is not None:
        far = places.x(max(0.0, series[0].values[index] or 0.0))
        earlier = tidied(chart.compare, len(chart.x))[index] if chart.compare else None
        far = max(far, places.x(earlier)) if earlier is not None and earlier > 0 else far
        room = (canvas.width - places.right - canvas.size * 0.5) / canvas.size
        canvas.text(far + canvas.size * 0.5, base, shorten(series[0].text(index), room), color="ink")


def _marks(canvas: Canvas, chart: Chart, places: Places) -> None:
    reach = places.thick / 2 + canvas.size * 0.22
    for index, value in enumerate(tidied(chart.compare, len(chart.x)) if chart.compare else []):
        if value is not None:
            x, y = places.x(value), places.middle(index)
            canvas.line((x, y - reach), (x, y + reach), "ink", stroke=1.2)
    for mark in chart.references:
        value = tidy(mark.value)
        if value is None:
            continue
        x, low = places.x(value), places.top + places.high * len(chart.x)
        canvas.line((x, places.top - 2), (x, low), "ink2", dash="3 3")
        text = shorten(mark.label, canvas.width * 0.4 / canvas.size)
        half = canvas.measured(text) / 2
        at = max(half, min(x, canvas.width - half))
        canvas.text(at, places.top - canvas.size * 0.4, text, color="ink2", anchor="middle")
