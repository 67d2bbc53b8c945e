"""A chart's series made ready: drawable numbers of equal length, a mark and a colour each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from broadsheet.core.document.model import Chart

from .scale import tidied

MARKS = {"line": "line", "area": "area", "bar": "bar", "stacked_bar": "bar", "pie": "bar", "scatter": "point"}
LONE = "seq5"
DIRECT = 4  # up to so many lines bear their names at their ends


@dataclass(frozen=True, slots=True)
class Drawn:
    """One series. ``color`` and ``ink`` (for its name) are token names; ``texts`` may be shorter than ``values``."""

    name: str
    label: str
    values: list[float | None]
    texts: tuple[str, ...]
    mark: str
    color: str
    ink: str
    dashed: bool

    def text(self, index: int) -> str:
        return self.texts[index] if index < len(self.texts) else ""

    @property
    def last(self) -> int | None:
        """The last position with a value."""
        return next((index for index in range(len(self.values) - 1, -1, -1) if self.values[index] is not None), None)


def drawn(chart: Chart) -> list[Drawn]:
    """The chart's series in order. Where several were all left at the first colour, each takes the next slot."""
    length = len(chart.x)
    unset = len(chart.series) > 1 and all(series.color == "1" for series in chart.series)
    found = []
    for position, series in enumerate(chart.series, start=1):
        color = _slot(str(position) if unset else series.color)
        mark = MARKS.get(chart.kind) or (series.mark if series.mark in {"line", "area", "bar", "point"} else "line")
        values = tidied(series.values, length)
        found.append(
            Drawn(series.name, series.label, values, series.texts, mark, color, _ink(color), bool(series.dashed))
        )
    bars = [one for one in found if one.mark == "bar"]
    if len(bars) == 1 and bars[0].color == "cat1" and chart.kind != "pie":
        # Bars cover much: alone they are in a quieter step of the sequence, and the accent is for what is chosen.
        return [replace(one, color=LONE) if one is bars[0] else one for one in found]
    return found


def _slot(color: str) -> str:
    if color == "worse":
        return "worse"
    return f"cat{color}" if color in {"1", "2", "3", "4", "5", "6"} else "ink3"


def _ink(color: str) -> str:
    """Names are in their colour only where that reads well as text."""
    return {"cat1": "cat1", "worse": "worse", "ink3": "ink2"}.get(color, "ink")


def everything(chart: Chart, series: list[Drawn], *, stacked: bool = False) -> list[float]:
    """Every value that the axis must reach: bars, stacks, references and marks of an earlier period."""
    found = [value for one in series for value in one.values if value is not None]
    if stacked:
        found += [end for position in stacks(series, len(chart.x)) for _, _, end in position]
    extra = [*tidied([mark.value for mark in chart.references], len(chart.references))]
    extra += tidied(chart.compare, len(chart.x)) if chart.compare else []
    return found + [value for value in extra if value is not None]


def stacks(series: list[Drawn], length: int) -> list[list[tuple[Drawn, float, float]]]:
    """For each position the segments (series, from, to): what is positive above zero, what is negative below."""
    found = []
    for index in range(length):
        up = down = 0.0
        segments = []
        for one in series:
            value = one.values[index]
            if value is None or one.mark != "bar":
                continue
            start = up if value >= 0 else down
            segments.append((one, start, start + value))
            up, down = (up + value, down) if value >= 0 else (up, down + value)
        found.append(segments)
    return found
