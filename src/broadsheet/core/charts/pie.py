"""Shares of a whole: a ring with each slice named beside it."""

from __future__ import annotations

import math

from broadsheet.core.document.model import Chart

from .canvas import Canvas, Point, number
from .marks import open_point
from .measure import shorten, wrap
from .names import LINE, Name, spread
from .series import Drawn

SLOTS = 6  # colours that can be told apart; further slices are grey
HOLE = 0.56  # inner radius as a share of the outer
LARGEST = 10.4  # em: no ring has a larger radius
NAMED = 0.004  # share below which a slice has no name beside it
THINNEST = 1e-6  # share below which a slice is not drawn


def draw_pie(canvas: Canvas, chart: Chart, series: list[Drawn], *, interactive: bool) -> None:
    """Draw the first series of *chart* clockwise from noon and set the canvas' height. Negative values have no share."""
    one = series[0]
    shares = [max(value or 0.0, 0.0) for value in one.values]
    largest = max(shares, default=0.0) or 1.0
    shares = [share / largest for share in shares]
    total = sum(shares) or 1.0
    radius = min(canvas.size * LARGEST, canvas.width * 0.19)
    names = _names(canvas, chart, one, shares=[share / total for share in shares], radius=radius)
    lines = max(sum(len(name.lines) for name in side) for side in names.values())
    canvas.height = max(canvas.size * 13, radius * 2 + canvas.size * 1.2, canvas.size * (lines * LINE + 0.6))
    center = (canvas.width / 2, canvas.height / 2)
    angle = 0.0
    for index, share in enumerate(shares):
        part = share / total
        if part < THINNEST:
            continue
        if interactive:
            open_point(canvas, chart, one, index)
        canvas.shape(_slice(center, radius, angle, part), _color(index, len(shares)))
        if interactive:
            canvas.close()
        angle += part
    for right, side in names.items():
        for name in side:
            name.start, name.at = center[0] + name.start, center[1] + name.at
            name.y = name.at
        spread(side, low=0.0, high=canvas.height, line=canvas.size * LINE)
        for name in side:
            _label(canvas, name, center, radius, right=right)


def _color(index: int, count: int) -> str:
    """A slot of its own for each of up to six slices; of more, the sixth and all after it are grey."""
    return f"cat{index + 1}" if index < SLOTS - 1 or (index < SLOTS and count <= SLOTS) else "ink3"


def _at(center: Point, radius: float, turn: float) -> Point:
    return center[0] + radius * math.sin(2 * math.pi * turn), center[1] - radius * math.cos(2 * math.pi * turn)


def _slice(center: Point, radius: float, start: float, part: float) -> str:
    """The path of a slice from *start* on, both in turns; a whole turn is two halves, for arcs cannot close."""
    if part > 0.9999:
        return _slice(center, radius, start, 0.5) + _slice(center, radius, start + 0.5, 0.5)
    inner, large, end = radius * HOLE, int(part > 0.5), start + part
    spots = [_at(center, radius, start), _at(center, radius, end), _at(center, inner, end), _at(center, inner, start)]
    a, b, c, d = (f"{number(x)},{number(y)}" for x, y in spots)
    far, near = number(radius), number(inner)
    return f"M{a}A{far},{far} 0 {large} 1 {b}L{c}A{near},{near} 0 {large} 0 {d}Z"


def _names(canvas: Canvas, chart: Chart, one: Drawn, *, shares: list[float], radius: float) -> dict[bool, list[Name]]:
    """Names of the slices, True those of the first half turn on the right; places are seen from the middle."""
    room = (canvas.width / 2 - radius - canvas.size * 2.4) / canvas.size
    sides: dict[bool, list[Name]] = {True: [], False: []}
    turn = 0.0
    for index, part in enumerate(shares):
        middle, turn = turn + part / 2, turn + part
        if part < NAMED:
            continue
        x, y = _at((0.0, 0.0), radius, middle)
        told = wrap(chart.x[index], room, lines=2, bold=True)
        lines = tuple(line for line in (*told, shorten(one.text(index), room)) if line)
        color = _color(index, len(shares))
        sides[middle <= 0.5].append(Name(lines, color, True, y, y, color, one.name, x, len(told)))
    return sides


def _label(canvas: Canvas, name: Name, center: Point, radius: float, *, right: bool) -> None:
    side = 1 if right else -1
    x = center[0] + side * (radius + canvas.size * 2)
    canvas.stroke(
        [(name.start, name.at), (center[0] + side * (radius + canvas.size), name.y), (x - side * 3, name.y)],
        name.line_color,
        stroke=0.8,
    )
    top = name.y - canvas.size * LINE * len(name.lines) / 2
    for row, line in enumerate(name.lines):
        base = top + canvas.size * (0.95 + LINE * row)
        named = row < name.strong
        color = "ink" if named else "ink2"
        canvas.text(x, base, line, color=color, bold=named, anchor="start" if right else "end")
