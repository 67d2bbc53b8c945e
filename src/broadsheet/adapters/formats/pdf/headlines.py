"""Words around headline figures: as small as they must be to stand in one line, and no smaller than can be read."""

from __future__ import annotations

from broadsheet.core.charts.measure import em
from broadsheet.core.document.model import Metric

from .prose import clean, isolated

SMALL, SMALLEST = 8.5, 7.0  # pt
READABLE = 7.6  # pt: rather than set lines smaller, the period is named once only
BLANK = 0.25  # em

Line = list[list[str]]  # pieces of [text, tone]


def names_above(metrics: tuple[Metric, ...], room: float) -> dict[str, object]:
    """One size in pt for all names of a row, and how many lines they take, so that the figures stand in one line."""
    widest = max(em(clean(metric.label), True) for metric in metrics) or 1.0
    size = max(SMALLEST, min(SMALL, room / widest))
    return {"label_size": size, "label_lines": 1 if widest * size <= room + 0.1 else 2}


def lines_below(metrics: tuple[Metric, ...], room: float, *, rtl: bool) -> tuple[list[list[Line]], float]:
    """The lines below each figure, and one size in pt at which all of them fit, if any does.

    “vs Sep” goes where it would not fit: the line below names the period with its value.
    """
    for versus in (True, False):
        found = [_lines(metric, versus=versus or not metric.previous, rtl=rtl) for metric in metrics]
        widest = max((_wide(line) for lines in found for line in lines), default=1.0)
        if widest * READABLE <= room:
            break
    return found, max(SMALLEST, min(SMALL, room / widest))


def _lines(metric: Metric, *, versus: bool, rtl: bool) -> list[Line]:
    lines = (
        ((metric.delta, metric.delta_tone), (metric.versus if versus else "", "")),
        ((metric.previous, "second"),),
        ((metric.target, "second"),),
        ((metric.gap, metric.gap_tone),),
    )
    shown = isolated if rtl else str
    cleaned = [[[shown(clean(text)), tone] for text, tone in line if clean(text)] for line in lines]
    return [line for line in cleaned if line]


def _wide(line: Line) -> float:
    """Width in em, the blanks between pieces included."""
    return (sum(em(text, tone == "worse") for text, tone in line) + BLANK * (len(line) - 1)) or 1.0
