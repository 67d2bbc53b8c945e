"""The frame of charts with a value axis: its place, its lines and the labels along the foot."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.core.document.model import Chart

from .canvas import Canvas
from .measure import shorten, wrap
from .scale import Scale


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand, in px. Lines run from 0 to ``right``; data begins at ``left``. ``count`` positions."""

    left: float
    right: float
    top: float
    bottom: float
    count: int
    scale: Scale
    banded: bool

    @property
    def band(self) -> float:
        """The width that belongs to one position."""
        if self.banded or self.count < 2:
            return (self.right - self.left) / max(self.count, 1)
        return (self.right - self.left) / (self.count - 1)

    def x(self, index: float) -> float:
        """The middle of position *index*."""
        if self.banded or self.count < 2:
            return self.left + self.band * (index + 0.5)
        return self.left + self.band * index

    def y(self, value: float) -> float:
        return self.bottom - self.scale.share(value) * (self.bottom - self.top)

    @property
    def zero(self) -> float:
        """The height that bars stand on: zero, or the axis' end that is nearest to it."""
        return self.y(0.0)


def draw_grid(canvas: Canvas, frame: Frame, chart: Chart) -> None:
    """Tinted positions, hairlines with their labels above, and the base line."""
    for index in chart.shaded:
        if 0 <= index < frame.count:
            start = max(frame.x(index) - frame.band / 2, frame.left if frame.banded else 0.0)
            end = min(frame.x(index) + frame.band / 2, frame.right)
            canvas.rect(start, frame.top, end - start, frame.bottom - frame.top, "tint")
    base = frame.zero if frame.scale.low < 0 else frame.bottom
    for tick, label in zip(frame.scale.ticks, frame.scale.labels, strict=True):
        y = frame.y(tick)
        if abs(y - base) < 0.5:
            continue
        canvas.line((0, y), (frame.right, y), "hair", stroke=0.7)
        canvas.text(0, y - canvas.size * 0.35, shorten(label, frame.right / canvas.size), color="ink2")
    if frame.scale.low != 0 and abs(frame.y(frame.scale.low) - base) < 0.5:
        canvas.text(0, base - canvas.size * 0.35, frame.scale.labels[0], color="ink2")
    canvas.line((0, base), (frame.right, base), "ink")


def label_room(canvas: Canvas, scale: Scale) -> float:
    """Width that value labels need before the data begins; the unit on the top label may stand above the data."""
    widest = max((canvas.measured(label) for label in scale.labels[:-1]), default=0.0)
    return min(widest + canvas.size * 0.8, canvas.width * 0.25)


def draw_labels(canvas: Canvas, frame: Frame, chart: Chart) -> None:
    """Names of the positions along the foot, as many as fit without touching."""
    if chart.x_ticks or not frame.banded or chart.x_kind == "time" or frame.count > 40:
        _moments(canvas, frame, chart)
    else:
        _names(canvas, frame, chart)


def foot(canvas: Canvas, chart: Chart, *, banded: bool, room: float) -> float:
    """Height of the labels along the foot when each position is about *room* px wide."""
    two = banded and not chart.x_ticks and chart.x_kind != "time" and len(chart.x) <= 40
    high = two and any(canvas.measured(name) > room - canvas.size * 0.5 for name in chart.x)
    return canvas.size * (2.95 if high else 1.7)


def _moments(canvas: Canvas, frame: Frame, chart: Chart) -> None:
    """Ticks at chosen positions, the label beginning just before its tick."""
    wanted = sorted({index for index in chart.x_ticks if 0 <= index < frame.count}) or list(range(frame.count))
    labels = {index: shorten(chart.x[index], canvas.width * 0.4 / canvas.size) for index in wanted}
    widest = max((canvas.measured(label) for label in labels.values()), default=0.0)
    step = 1
    if not chart.x_ticks and frame.count > 1:
        step = max(1, -(-int(widest + canvas.size * 1.2) // max(int(frame.band), 1)))
        step = next((nice for nice in (1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 15, 20, 28, 30) if nice >= step), step)
    end = 0.0
    for index in wanted[::step]:
        x, width = frame.x(index), canvas.measured(labels[index])
        start = x - width / 2 if frame.banded else x - canvas.size / 3
        start = max(0.0, min(start, canvas.width - width))
        if start < end or width > canvas.width:
            continue
        canvas.line((x, frame.bottom), (x, frame.bottom + canvas.size / 3), "ink")
        canvas.text(start, frame.bottom + canvas.size * 1.45, labels[index], color="ink2")
        end = start + width + canvas.size * 0.7


def _names(canvas: Canvas, frame: Frame, chart: Chart) -> None:
    """Each position's name in the middle under it, on two lines when long; every n-th where even that is too much."""
    least = canvas.size * 2.6
    step = max(1, -(-int(least) // max(int(frame.band), 1)))
    room = (frame.band * step - canvas.size * 0.5) / canvas.size
    for index in range(0, frame.count, step):
        lines = wrap(chart.x[index], room, lines=2)
        for row, line in enumerate(lines):
            half = canvas.measured(line) / 2
            x = max(half, min(frame.x(index), canvas.width - half))
            canvas.text(x, frame.bottom + canvas.size * (1.35 + 1.2 * row), line, color="ink", anchor="middle")
