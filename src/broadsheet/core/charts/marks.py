"""Lines, areas, bars and points within a frame."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.core.document.model import Chart

from .canvas import Canvas, Point
from .frame import Frame
from .scale import tidied
from .series import LONE, Drawn, stacks

INNER = 0.62  # share of a position's width that its bars take
MOST_TARGETS = 1500  # points that answer a pointer; more would make a page slow


def runs(frame: Frame, values: list[float | None]) -> Iterator[list[Point]]:
    """The points of *values*, cut wherever there is a gap."""
    run: list[Point] = []
    for index, value in enumerate(values):
        if value is not None:
            run.append((frame.x(index), frame.y(value)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def draw_areas(canvas: Canvas, frame: Frame, series: list[Drawn]) -> None:
    """The tint under one area or between two; of more, each its own, see-through down to the base."""
    areas = [one for one in series if one.mark == "area"]
    if len(areas) == 2:
        _band(canvas, frame, areas[0].values, areas[1].values)
        return
    for one in areas:
        for run in runs(frame, one.values):
            if len(run) > 1:
                shape = [(run[0][0], frame.zero), *run, (run[-1][0], frame.zero)]
                alone = len(areas) == 1
                canvas.fill(shape, "band" if alone else one.color, opacity=1.0 if alone else 0.12)


def _band(canvas: Canvas, frame: Frame, upper: list[float | None], lower: list[float | None]) -> None:
    both = [low if high is not None else None for high, low in zip(upper, lower, strict=True)]
    over = [high if low is not None else None for high, low in zip(upper, lower, strict=True)]
    for above, below in zip(runs(frame, over), runs(frame, both), strict=True):
        if len(above) > 1:
            canvas.fill([*above, *reversed(below)], "band")


def draw_lines(canvas: Canvas, frame: Frame, series: list[Drawn]) -> None:
    """Lines, the first series on top; muted ones thinner."""
    for one in reversed([one for one in series if one.mark in {"line", "area"}]):
        canvas.open(kind="bs-series", data=(("s", one.name),))
        for run in runs(frame, one.values):
            canvas.stroke(run, one.color, stroke=1.2 if one.color == "ink3" else 2.0, dash="4 3" if one.dashed else "")
        canvas.close()
    for one in series:
        if one.mark == "point":
            for x, y in (point for run in runs(frame, one.values) for point in run):
                canvas.circle(x, y, canvas.size * 0.28, one.color)


def draw_targets(canvas: Canvas, frame: Frame, chart: Chart, series: list[Drawn]) -> None:
    """Unseen discs at the points of lines, each telling its figure."""
    lines = [one for one in series if one.mark in {"line", "area"}]
    if len(lines) * frame.count > MOST_TARGETS:
        return
    for one in lines:
        for index, value in enumerate(one.values):
            if value is not None:
                open_point(canvas, chart, one, index)
                canvas.target(frame.x(index), frame.y(value), canvas.size * 0.5)
                canvas.close()


def open_point(canvas: Canvas, chart: Chart, one: Drawn, index: int) -> None:
    """Begin the group of one point: its place, its series, and what a pointer is told. The first can be reached by Tab."""
    told = f"{one.label}, {chart.x[index]}: {one.text(index) or _plain(one.values[index])}".removeprefix(", ")
    first = next((place for place, value in enumerate(one.values) if value is not None), 0)
    canvas.open(
        kind="bs-pt", data=(("i", str(index)), ("s", one.name)), title=told, tab="0" if index == first else "-1"
    )


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace("-", "\u2212")


def draw_bars(canvas: Canvas, frame: Frame, chart: Chart, series: list[Drawn], *, interactive: bool) -> None:
    """Bars side by side, or stacked; marks of an earlier period across them; the chosen ones with their figures."""
    bars = [one for one in series if one.mark == "bar"]
    if not bars:
        return
    wide = max(frame.band * INNER, 0.6)
    stacked = chart.kind == "stacked_bar"
    segments = stacks(bars, frame.count) if stacked else _beside(bars, frame.count)
    each = wide if stacked else wide / len(bars)
    for index, position in enumerate(segments):
        for place, (one, start, end) in enumerate(position):
            left = frame.x(index) - wide / 2 + (0 if stacked else each * _rank(bars, one))
            top, low = frame.y(max(start, end)), frame.y(min(start, end))
            if interactive:
                open_point(canvas, chart, one, index)
            parted = 0.8 if stacked and place and low - top > 2 else 0.0
            gap = min(each * 0.08, 2.0) if not stacked and len(bars) > 1 else 0.0
            canvas.rect(left, top, each - gap, low - top - parted, bar_color(chart, one, index))
            if interactive:
                canvas.close()
    _compare(canvas, frame, chart, wide)
    if len(bars) == 1:
        _figures(canvas, frame, chart, bars[0])


def _rank(bars: list[Drawn], one: Drawn) -> int:
    return next(rank for rank, bar in enumerate(bars) if bar is one)


def _beside(bars: list[Drawn], length: int) -> list[list[tuple[Drawn, float, float]]]:
    return [[(one, 0.0, value) for one in bars if (value := one.values[index]) is not None] for index in range(length)]


def bar_color(chart: Chart, one: Drawn, index: int) -> str:
    """The series' colour; of a lone series what is chosen is in the accent."""
    return "accent" if one.color == LONE and index in chart.highlight else one.color


def _compare(canvas: Canvas, frame: Frame, chart: Chart, wide: float) -> None:
    for index, value in enumerate(tidied(chart.compare, frame.count) if chart.compare else []):
        if value is not None:
            y, reach = frame.y(value), wide / 2 + min(3.0, frame.band * 0.1)
            canvas.line((frame.x(index) - reach, y), (frame.x(index) + reach, y), "ink", stroke=1.2)


def _figures(canvas: Canvas, frame: Frame, chart: Chart, one: Drawn) -> None:
    earlier = tidied(chart.compare, frame.count)
    for index in chart.highlight:
        value = one.values[index] if 0 <= index < frame.count else None
        text = one.text(index) if value is not None else ""
        if value is None or not text or canvas.measured(text, bold=True) > frame.band * 1.6:
            continue
        half = canvas.measured(text, bold=True) / 2
        x = max(half, min(frame.x(index), frame.right - half))
        tick = earlier[index]
        top = frame.y(value if tick is None else max(value, tick))
        y = top - canvas.size * 0.35 if value >= 0 else frame.y(value) + canvas.size
        canvas.text(x, max(canvas.size, min(y, frame.bottom - 2)), text, bold=True, anchor="middle")
