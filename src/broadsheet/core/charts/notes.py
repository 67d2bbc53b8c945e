"""Named moments: a hollow point, a hairline and two lines of text, set where they cover least."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.core.document.model import Annotation, Chart

from .canvas import Canvas, Point
from .frame import Frame
from .measure import shorten
from .series import Drawn

MOST = 3  # more than three would be a text with a chart behind it
NARROW = 480.0  # px at 12 px text: below, only the leading line is shown


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point, room: float) -> bool:
        return self.left - room < point[0] < self.right + room and self.top - room < point[1] < self.bottom + room

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def draw_notes(canvas: Canvas, frame: Frame, chart: Chart, series: list[Drawn]) -> None:
    """Draw up to three annotations of the chart upon its main series."""
    main = next((one for one in series if one.color != "ink3"), series[0] if series else None)
    taken: list[Box] = []
    obstacles = _obstacles(frame, series)
    for note in chart.annotations[:MOST]:
        value = main.values[note.at] if main is not None and 0 <= note.at < frame.count else None
        if not 0 <= note.at < frame.count:
            continue
        point = (frame.x(note.at), frame.y(value) if value is not None else frame.bottom)
        box = _place(canvas, frame, note, point, obstacles, taken)
        if box is not None:
            taken.append(box)
            _draw(canvas, note, point, box)
        canvas.circle(*point, canvas.size * 0.28, "paper", ring="ink")


def _obstacles(frame: Frame, series: list[Drawn]) -> list[Point]:
    """Points along everything that is drawn, close enough together that no text slips between."""
    found: list[Point] = []
    for one in series:
        before: Point | None = None
        for index, value in enumerate(one.values):
            if value is None:
                before = None
                continue
            here = (frame.x(index), frame.y(value))
            if one.mark == "bar":
                found += [(here[0], here[1] + (frame.zero - here[1]) * part / 4) for part in range(5)]
            elif before is not None:
                found += [
                    (before[0] + (here[0] - before[0]) * part / 4, before[1] + (here[1] - before[1]) * part / 4)
                    for part in range(1, 4)
                ]
            found.append(here)
            before = here
    return found if len(found) < 2000 else found[:: len(found) // 1000]


def _lines(canvas: Canvas, note: Annotation) -> tuple[str, str]:
    room = canvas.width * 0.42 / canvas.size
    narrow = canvas.width / canvas.size < NARROW / 12
    return shorten(note.lead, room, bold=True), "" if narrow else shorten(note.text, room)


def _place(
    canvas: Canvas, frame: Frame, note: Annotation, point: Point, obstacles: list[Point], taken: list[Box]
) -> Box | None:
    lead, text = _lines(canvas, note)
    wide = max(canvas.measured(lead, bold=True), canvas.measured(text))
    high = canvas.size * (2.5 if lead and text else 1.3)
    if not wide:
        return None
    size = canvas.size
    best, least = None, 1e9
    for rank, (dx, dy) in enumerate(_offsets(wide, high, size)):
        left, top = point[0] + dx, point[1] + dy
        box = Box(left, top, left + wide, top + high)
        if box.left < size * 2.4 or box.right > frame.right or box.top < 0 or box.bottom > frame.bottom - 2:
            continue
        if any(box.meets(other) for other in taken):
            continue
        cost = rank * 0.3 + 6.0 * sum(box.holds(place, size * 0.25) for place in obstacles)
        cost += sum(0.8 for tick in frame.scale.ticks if box.top < frame.y(tick) < box.bottom)
        if cost < least:
            best, least = box, cost
    return best


def _offsets(wide: float, high: float, size: float) -> list[Point]:
    """Where the text's upper left corner may stand from the point: beside first, then below and above, farther each."""
    found: list[Point] = []
    for far in (1.6, 3.2, 5.5):
        found += [(-wide - far * size, -high / 2), (far * size, -high / 2)]
    for far in (1.5, 3.5, 5.5, 8.0, 11.0):
        found += [(size * 0.45, far * size), (-wide - size * 0.45, far * size)]
        found += [(size * 0.45, -high - far * size), (-wide - size * 0.45, -high - far * size)]
    return found


def _draw(canvas: Canvas, note: Annotation, point: Point, box: Box) -> None:
    lead, text = _lines(canvas, note)
    beside = box.top < point[1] < box.bottom
    before = box.right <= point[0]
    if beside:
        start = box.right + canvas.size * 0.3 if before else box.left - canvas.size * 0.3
        canvas.line((start, point[1]), point, "ink", stroke=0.8)
    else:
        canvas.line(point, (point[0], box.bottom if box.top > point[1] else box.top), "ink", stroke=0.8)
    x, anchor = (box.right, "end") if before else (box.left, "start")
    base = box.top + canvas.size
    if lead:
        canvas.text(x, base, lead, bold=True, anchor=anchor)
        base += canvas.size * 1.25
    canvas.text(x, base, text, anchor=anchor)
