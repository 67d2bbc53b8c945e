"""What a chart is drawn from: positions and series, sorted, split and cut; the rest as “other”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from broadsheet.core.document.definition.blocks import ChartBlock, SeriesSpec
from broadsheet.core.document.model import Series
from broadsheet.core.document.tables import Column, DataTable, Value

from .axis import Axis, axis_of
from .figures import adds_up, headline, is_zero, plain
from .making import Making, column_of, number_of

MARKS = {
    "line": "line", "area": "area", "bar": "bar", "stacked_bar": "bar", "pie": "bar", "scatter": "point", "combo": "bar",
}  # fmt: skip
SLOTS = 6  # colours that can be told apart; whatever is beyond is “other”


@dataclass(slots=True)
class Plot:
    """One chart in the making; ``series`` align with the axis."""

    making: Making
    block: ChartBlock
    table: DataTable
    axis: Axis
    series: list[Series]
    other: bool = False


def plotted(making: Making, block: ChartBlock, table: DataTable) -> Plot:
    """Positions and series of *block*, ready to be drawn."""
    values = table.values(block.x)
    axis = axis_of(making, column_of(table, block.x), values, period=making.period(block.data) if values else None)
    series = list(_split(making, block, table, axis) if block.split else _each(making, block, table, axis))
    return _arranged(Plot(making, block, table, axis, series))


def _each(making: Making, block: ChartBlock, table: DataTable, axis: Axis) -> Iterator[Series]:
    for index, spec in enumerate(block.series):
        found = dict(zip(table.values(block.x), table.values(spec.metric), strict=True))
        column = column_of(table, spec.metric)
        yield _series(making, block, spec, column, found, axis, index=index, zero=is_zero(column, table))


def _series(
    making: Making, block: ChartBlock, spec: SeriesSpec, column: Column, found: Mapping[Value, Value], axis: Axis,
    *, index: int, zero: bool, name: str = "", label: str = "",
) -> Series:  # fmt: skip
    nothing = 0.0 if axis.filled and zero else None
    raw = [found.get(key) for key in axis.keys]
    numbers = tuple(nothing if value is None else number_of(value) for value in raw)
    return Series(
        name=name or spec.metric,
        label=label or making.text(spec.label) or making.translate(column.label),
        values=numbers,
        texts=tuple(headline(making, column, number, scale="none") for number in numbers),
        mark=spec.mark or MARKS[block.chart],
        color=spec.color or str(index % SLOTS + 1),
        dashed=spec.dashed,
    )


def _split(making: Making, block: ChartBlock, table: DataTable, axis: Axis) -> Iterator[Series]:
    """A series for each value of the split column, the largest first; the rest as one where sums make sense."""
    spec = block.series[0]
    column, by = column_of(table, spec.metric), column_of(table, block.split)
    x, part, y = (table.position(name) for name in (block.x, block.split, spec.metric))
    found: dict[Value, dict[Value, Value]] = {}
    for row in table.rows:
        found.setdefault(row[part], {})[row[x]] = row[y]
    sizes = {key: _size(column, values, axis) for key, values in found.items()}
    ranked = sorted(found, key=lambda key: sizes[key], reverse=block.order != "up")
    kept, zero = ranked[: min(block.top or SLOTS, SLOTS)], is_zero(column, table)
    for index, key in enumerate(kept):
        label = plain(making, by, key)
        yield _series(making, block, spec, column, found[key], axis, index=index, zero=zero, name=str(key), label=label)
    rest = ranked[len(kept) :]
    if rest and block.other and adds_up(column):
        sums: dict[Value, Value] = {}
        for key in rest:
            for at, value in found[key].items():
                sums[at] = (number_of(sums.get(at)) or 0.0) + (number_of(value) or 0.0)
        grey = spec.model_copy(update={"color": "muted"})
        yield _series(
            making, block, grey, column, sums, axis, index=0, zero=zero, name="other", label=making.words["other"]
        )


def _size(column: Column, values: Mapping[Value, Value], axis: Axis) -> float:
    """What series are ranked by: their sum, or for rates and prices their last value."""
    there = [number for number in (number_of(values.get(key)) for key in axis.keys) if number is not None]
    if adds_up(column) and not _is_price(column):
        return sum(there)
    return there[-1] if there else 0.0


def _is_price(column: Column) -> bool:
    return column.kind == "money" and bool(column.decimals)


def _arranged(plot: Plot) -> Plot:
    """Positions sorted and cut as the block says."""
    block, series = plot.block, plot.series
    if plot.axis.timed or not series:
        return plot
    places = list(range(len(plot.axis.keys)))
    if block.order != "data":
        size = [0.0 if value is None else value for value in series[0].values]
        places.sort(key=lambda place: size[place], reverse=block.order == "down")
    if block.top is not None and not block.split and len(places) > block.top:
        return _topped(plot, places)
    return _taken(plot, places)


def _taken(plot: Plot, places: Sequence[int]) -> Plot:
    axis = replace(
        plot.axis,
        keys=tuple(plot.axis.keys[place] for place in places),
        texts=tuple(plot.axis.texts[place] for place in places),
    )
    series = [
        replace(
            one,
            values=tuple(one.values[place] for place in places),
            texts=tuple(one.texts[place] for place in places),
        )
        for one in plot.series
    ]
    return replace(plot, axis=axis, series=series)


def _topped(plot: Plot, places: Sequence[int]) -> Plot:
    top = plot.block.top or len(places)
    kept, rest = _taken(plot, places[:top]), places[top:]
    columns = [column_of(plot.table, spec.metric) for spec in plot.block.series]
    if not plot.block.other or not all(map(adds_up, columns)):
        return kept
    axis = replace(kept.axis, keys=(*kept.axis.keys, None), texts=(*kept.axis.texts, plot.making.words["other"]))
    series = []
    for one, whole, column in zip(kept.series, plot.series, columns, strict=True):
        rest_sum = sum(whole.values[place] or 0.0 for place in rest)
        text = headline(plot.making, column, rest_sum, scale="none")
        series.append(replace(one, values=(*one.values, rest_sum), texts=(*one.texts, text)))
    return replace(kept, axis=axis, series=series, other=True)
