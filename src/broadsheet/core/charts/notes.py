"""Named moments: a hollow point, a hairline and two lines of text, set where they cover least."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import permutations
from math import dist

from broadsheet.core.document.model import Annotation, Chart

from .canvas import Canvas, Point
from .frame import Frame
from .measure import shorten
from .scale import tidy
from .series import Drawn

MOST = 3  # more than three would be a text with a chart behind it
NARROW = 480.0  # px at 12 px text: below, only the leading line is shown

APART = 6.0  # px between neighbours
UNPLACED = 60.0  # cost of a note without its text
MANY = 8000  # points of a chart with a thousand positions
FINEST = 80  # points of one stretch
STEP = 0.4  # em between the points that stand for a line: less than a text is high


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, points: list[Point], room: float) -> int:
        """How many of *points*, ordered by x, lie within or nearer than *room*."""
        first = bisect_left(points, (self.left - room,))
        last = bisect_left(points, (self.right + room,), lo=first)
        top, bottom = self.top - room, self.bottom + room
        return sum(top < y < bottom for _, y in points[first:last])

    def meets(self, other: Box) -> bool:
        return (
            self.left - APART < other.right
            and other.left - APART < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Place:
    """One way to set a note: its text's box, what its leader covers, and what it costs."""

    cost: float
    box: Box
    leader: Box

    def clear_of(self, others: list[Place]) -> bool:
        return not any(
            self.box.meets(other.box)
            or self.box.meets(other.leader)
            or self.leader.meets(other.box)
            or self.leader.meets(other.leader)
            for other in others
        )


def draw_notes(canvas: Canvas, frame: Frame, chart: Chart, series: list[Drawn]) -> None:
    """Draw up to three annotations of the chart, each upon its own series or else upon the main one.

    A text that would lie on a line or a bar wherever it stood is left out; its point stays.
    """
    main = next((one for one in series if one.color != "ink3"), series[0] if series else None)
    named = {one.name: one for one in reversed(series)}
    shown: list[tuple[Annotation, Point]] = []
    for note in chart.annotations[:MOST]:
        if 0 <= note.at < frame.count:
            own = named.get(note.series, main)
            value = own.values[note.at] if own is not None else None
            shown.append((note, (frame.x(note.at), frame.y(value) if value is not None else frame.bottom)))
    if not shown:
        return
    obstacles = _obstacles(frame, series, step=canvas.size * STEP)
    dashed = [frame.y(value) for mark in chart.references if (value := tidy(mark.value)) is not None]
    levels = [frame.y(tick) for tick in frame.scale.ticks]
    choices = [_places(canvas, frame, note, point, obstacles, levels, dashed=dashed) for note, point in shown]
    for (note, point), place in zip(shown, _settled(choices), strict=True):
        if place is not None:
            _draw(canvas, note, point, place.box)
        canvas.circle(*point, canvas.size * 0.28, "paper", ring="ink")


def _settled(choices: list[list[Place]]) -> list[Place | None]:
    """A place for each note, clear of the others: the cheapest of what is found when any of them may choose first."""
    best: list[Place | None] = []
    least = float("inf")
    for order in permutations(range(len(choices))):
        found: list[Place | None] = [None] * len(choices)
        taken: list[Place] = []
        for index in order:
            found[index] = place = next((one for one in choices[index] if one.clear_of(taken)), None)
            taken += [place] if place else []
        cost = sum(place.cost if place else UNPLACED for place in found)
        if cost < least:
            best, least = found, cost
    return best


def _obstacles(frame: Frame, series: list[Drawn], *, step: float) -> list[Point]:
    """Points along everything that is drawn, by x, close enough together that no text slips between."""
    found: list[Point] = []
    for one in series:
        before: Point | None = None
        for index, value in enumerate(one.values):
            if value is None:
                before = None
                continue
            here = (frame.x(index), frame.y(value))
            if one.mark == "bar":
                found += _between(here, (here[0], frame.zero), step)
            elif before is not None:
                found += _between(before, here, step)
            found.append(here)
            before = here
    return sorted(found if len(found) < MANY else found[:: len(found) // (MANY // 2)])


def _between(start: Point, end: Point, step: float) -> list[Point]:
    """Points from *start* to *end*, at most *step* apart."""
    parts = max(1, min(FINEST, int(dist(start, end) / step) + 1))
    return [
        (start[0] + (end[0] - start[0]) * part / parts, start[1] + (end[1] - start[1]) * part / parts)
        for part in range(1, parts + 1)
    ]


def _lines(canvas: Canvas, note: Annotation) -> tuple[str, str]:
    room = canvas.width * 0.42 / canvas.size
    narrow = canvas.width / canvas.size < NARROW / 12
    return shorten(note.lead, room, bold=True), "" if narrow else shorten(note.text, room)


def _places(
    canvas: Canvas, frame: Frame, note: Annotation, point: Point, obstacles: list[Point], levels: list[float],
    *, dashed: list[float],
) -> list[Place]:  # fmt: skip
    """Where *note* may stand without lying on a line, cheapest first: by the *levels* it covers, then by distance."""
    lead, text = _lines(canvas, note)
    wide = max(canvas.measured(lead, bold=True), canvas.measured(text))
    high = canvas.size * (2.5 if lead and text else 1.3)
    if not wide:
        return []
    size = canvas.size
    found = []
    for rank, (dx, dy) in enumerate(_offsets(wide, high, size)):
        left, top = point[0] + dx, point[1] + dy
        box = Box(left, top, left + wide, top + high)
        if box.left < size * 2.4 or box.right > frame.right or box.top < 0 or box.bottom > frame.bottom - 2:
            continue
        if box.covers(obstacles, size * 0.25) or any(box.top < level < box.bottom for level in dashed):
            continue
        cost = rank * 0.07 + sum(2.5 for level in levels if box.top < level < box.bottom)
        found.append(Place(cost, box, _leader(box, point)))
    return sorted(found, key=lambda place: place.cost)


def _leader(box: Box, point: Point) -> Box:
    """What the hairline from *point* to the text covers."""
    if box.top < point[1] < box.bottom:
        return Box(min(point[0], box.right), point[1] - 1, max(point[0], box.left), point[1] + 1)
    return Box(point[0] - 2, min(point[1], box.top), point[0] + 2, max(point[1], box.bottom))


def _offsets(wide: float, high: float, size: float) -> list[Point]:
    """Where the text's upper left corner may stand from the point: beside first, then below and above, farther each."""
    found: list[Point] = []
    for far in (1.6, 3.2, 5.5):
        # The leader may meet the middle, the second line or the first.
        for up in (high / 2, high - size * 0.6, size * 0.65):
            found += [(-wide - far * size, -up), (far * size, -up)]
    for far in (1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 8.0, 9.5, 11.0):
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
