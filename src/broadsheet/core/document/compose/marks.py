"""What is marked on a chart: the period before, the worst fall, levels, moments, and the picture in words."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.core.document.model import Annotation, Reference

from .axis import axis_of
from .figures import headline, is_zero
from .making import column_of, number_of
from .plotting import Plot

Numbers = tuple[float | None, ...]


def compare(plot: Plot) -> Numbers:
    """The first series of the period before at each position; its rest at “other”."""
    earlier = plot.making.before(plot.block.data)
    if earlier is None:
        return ()
    metric = plot.block.series[0].metric
    found = {
        key: number_of(value) for key, value in zip(earlier.values(plot.block.x), earlier.values(metric), strict=True)
    }
    kept = tuple(found.get(key) or None for key in plot.axis.keys)  # a tick at nothing only blurs the axis
    if not plot.other:
        return kept
    rest = sum(value or 0.0 for key, value in found.items() if key not in plot.axis.keys[:-1])
    return (*kept[:-1], rest)


def highlight(plot: Plot) -> tuple[int, ...]:
    """Positions named by the block; “worst” is the largest fall against the period before."""
    found = [index for index, text in enumerate(plot.axis.texts) if text in map(plot.making.text, plot.block.highlight)]
    if "worst" in plot.block.highlight:
        now, before = plot.series[0].values, compare(plot)
        falls = [
            (a - b, index)
            for index, (a, b) in enumerate(zip(now, before, strict=False))
            if a is not None and b is not None and not (plot.other and index == len(now) - 1)
        ]
        if falls and min(falls)[0] < 0:
            found.append(min(falls)[1])
    return tuple(sorted(set(found)))


def references(plot: Plot) -> Iterator[Reference]:
    """The dashed levels; a mean of nothing is left out."""
    making, block = plot.making, plot.block
    for spec in block.references:
        if spec.value is not None:
            column = column_of(plot.table, block.series[0].metric)
            label = making.text(spec.label) or headline(making, column, spec.value)
            yield Reference(spec.value, label)
            continue
        found = _mean(plot, spec.mean, earlier=spec.of == "previous")
        if found is None:
            continue
        column = column_of(plot.table, spec.mean)
        period = making.period(block.data)
        short = making.versus(block.data)[0] if spec.of == "previous" else period.short(making.dates) if period else ""
        value = headline(making, column, round(found) if column.kind == "integer" else found)
        label = making.text(spec.label, {"value": value}) or making.words["mean"].format(period=short, value=value)
        yield Reference(found, label)


def _mean(plot: Plot, metric: str, *, earlier: bool) -> float | None:
    """Mean of *metric* over the positions; of the period before, over all of its positions."""
    making, block = plot.making, plot.block
    table = making.before(block.data) if earlier else plot.table
    if table is None or not table.rows:
        return None
    values = [number for number in map(number_of, table.values(metric)) if number is not None]
    column, period = column_of(table, metric), making.period(block.data)
    if is_zero(column, table) and plot.axis.filled and period is not None:
        whole = period.previous() if earlier else period
        axis = axis_of(making, plot.axis.column, table.values(block.x), period=whole)
        return sum(values) / max(len(axis.keys), 1)
    return sum(values) / len(values) if values else None


def moments(plot: Plot) -> Iterator[Annotation]:
    """The named moments that lie on the axis."""
    making, series = plot.making, plot.series
    for spec in plot.block.annotations:
        place = _place(plot, spec.at)
        if place is None or not series:
            continue
        known = {"x": plot.axis.texts[place], "value": series[0].texts[place]}
        yield Annotation(
            place, making.text(spec.lead, known) or known["x"], making.text(spec.text, known), series[0].name
        )


def _place(plot: Plot, at: str) -> int | None:
    """Index of a date, a label, or the lowest or highest position; None where it is not on the axis."""
    if at in ("lowest", "highest"):
        there = (
            [(value, index) for index, value in enumerate(plot.series[0].values) if value is not None]
            if plot.series
            else []
        )
        if not there:
            return None
        return (min if at == "lowest" else max)(there)[1]
    for index, (key, text) in enumerate(zip(plot.axis.keys, plot.axis.texts, strict=True)):
        if at in (str(key), text):
            return index
    return None


def alt(plot: Plot) -> str:
    """Each series' extremes and where they lie: “Delivered: 65 (Wed 14 Oct) – 201 (Tue 13 Oct)”."""
    said = []
    for one in plot.series:
        there = [(value, index) for index, value in enumerate(one.values) if value is not None]
        if there:
            low, high = min(there)[1], max(there)[1]
            ends = [f"{one.texts[place]} ({plot.axis.texts[place]})" for place in dict.fromkeys((low, high))]
            said.append(f"{one.label}: {' – '.join(ends)}")
    return "; ".join(said) or plot.making.words["no_rows"]
