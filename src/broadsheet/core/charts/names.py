"""What tells series apart: names at their lines' ends, or above the figure where there are bars or many lines."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.core.document.model import Chart

from .canvas import Canvas
from .frame import Frame
from .measure import shorten, wrap
from .scale import tidy
from .series import DIRECT, Drawn

LINE = 1.2  # line height in em


@dataclass(slots=True)
class Name:
    """A name beside the right edge: where its mark ends (``at``), and where it is set (``y``, middle of its lines)."""

    lines: tuple[str, ...]
    color: str
    bold: bool
    at: float
    y: float
    line_color: str
    series: str = ""
    start: float = 0.0
    strong: int = 0  # lines of a slice's name, before its figure


def direct(series: list[Drawn]) -> list[Drawn]:
    """Series named at their ends: lines and areas, when there are few."""
    lines = [one for one in series if one.mark in {"line", "area"} and one.last is not None]
    return lines if len(lines) <= DIRECT else []


def keyed(series: list[Drawn]) -> list[Drawn]:
    """Series named above the figure: whatever is not named at its end, if there is more than one series."""
    named = {id(one) for one in direct(series)}
    return [one for one in series if id(one) not in named] if len(series) > 1 else []


def names(canvas: Canvas, chart: Chart, series: list[Drawn]) -> list[Name]:
    """The names for the right edge, not yet placed: references above, then lines."""
    room = canvas.width * 0.27 / canvas.size
    found = [
        Name(wrap(mark.label, min(room, 9.0), lines=2), "ink2", False, value, 0.0, "ink2")
        for mark in chart.references
        if (value := tidy(mark.value)) is not None and mark.label
    ]
    for one in direct(series):
        last = one.last or 0
        # One line alone is what the title says; only its last figure is told.
        told = f"{one.label} {one.text(last)}" if len(series) > 1 else one.text(last)
        lines = wrap(told.strip(), room, lines=2, bold=True)
        value = one.values[last] or 0.0
        if lines == ("",):
            continue
        found.append(Name(lines, one.ink, True, value, 0.0, one.color, one.name, float(last)))
    return found


def names_room(canvas: Canvas, found: list[Name]) -> float:
    """Width of the column beside the right edge."""
    widest = max((canvas.measured(line, bold=name.bold) for name in found for line in name.lines), default=0.0)
    return widest + canvas.size * 0.9 if found else canvas.size * 0.3


def draw_names(canvas: Canvas, frame: Frame, found: list[Name]) -> None:
    """Set the names beside their ends, pushed apart where they would touch; a moved one gets a short leader."""
    high = canvas.size * LINE
    for name in found:
        name.at = frame.y(name.at)
        name.y = name.at
    spread(found, low=0.0, high=canvas.height, line=high)
    for name in found:
        if name.series:
            canvas.open(kind="bs-name", data=(("s", name.series),))
        half = high * len(name.lines) / 2
        x = frame.right + canvas.size * 0.6
        if abs(name.y - name.at) > canvas.size * 0.6 and name.series:
            start = frame.x(name.start)
            canvas.line((start, name.at), (x - 2, name.y), name.line_color, stroke=0.7)
        for row, line in enumerate(name.lines):
            base = name.y - half + high * row + canvas.size * 0.95
            canvas.text(x, base, line, color=name.color, bold=name.bold)
        if name.series:
            canvas.close()


def spread(found: list[Name], *, low: float, high: float, line: float) -> None:
    """Move names up and down so that none touches another, as little as needed, within *low* to *high*."""
    order = sorted(found, key=lambda name: name.y)
    edge = low
    for name in order:
        half = line * len(name.lines) / 2
        name.y = max(name.y, edge + half)
        edge = name.y + half
    edge = high
    for name in reversed(order):
        half = line * len(name.lines) / 2
        name.y = max(half, min(name.y, edge - half))
        edge = name.y - half


def key_rows(canvas: Canvas, series: list[Drawn], compare: str = "") -> list[list[tuple[float, Drawn | None, str]]]:
    """Rows of (x, series, text) for the key above; None stands for the mark of the earlier period."""
    rows: list[list[tuple[float, Drawn | None, str]]] = [[]]
    x, swatch, gap = 0.0, canvas.size * 1.8, canvas.size * 1.4
    room = (canvas.width - swatch) / canvas.size
    entries: list[tuple[Drawn | None, str]] = [(one, one.label or one.name) for one in series]
    for one, label in [*entries, *([(None, compare)] if compare else [])]:
        text = shorten(label, room)
        wide = swatch + canvas.measured(text)
        if x and x + wide > canvas.width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, one, text))
        x += wide + gap
    return [row for row in rows if row]


def draw_key(canvas: Canvas, rows: list[list[tuple[float, Drawn | None, str]]]) -> float:
    """Draw the key from the top; returns its height."""
    high = canvas.size * 1.45
    for row, entries in enumerate(rows):
        base = row * high + canvas.size
        for x, one, text in entries:
            if one is not None:
                canvas.open(kind="bs-name", data=(("s", one.name),))
            _swatch(canvas, x, base, one)
            canvas.text(x + canvas.size * 1.8, base, text, color="ink2")
            if one is not None:
                canvas.close()
    return len(rows) * high + (canvas.size * 0.4 if rows else 0.0)


def _swatch(canvas: Canvas, x: float, base: float, one: Drawn | None) -> None:
    middle = base - canvas.size * 0.35
    if one is None:
        canvas.line(
            (x + canvas.size * 0.6, base - canvas.size * 0.9), (x + canvas.size * 0.6, base + 2), "ink", stroke=1.2
        )
    elif one.mark == "bar":
        canvas.rect(x, middle - canvas.size * 0.42, canvas.size * 1.3, canvas.size * 0.84, one.color)
    elif one.mark == "point":
        canvas.circle(x + canvas.size * 0.65, middle, canvas.size * 0.3, one.color)
    else:
        dash = "3 3" if one.dashed else ""
        canvas.line((x, middle), (x + canvas.size * 1.3, middle), one.color, stroke=2, dash=dash)
