"""Charts: positions, series, the rest as “other”, marks of the period before, levels, weekends and named moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from broadsheet.core.document.definition.blocks import ChartBlock, SeriesSpec
from broadsheet.core.document.model import Annotation, Chart, FormatHint, Reference, Series
from broadsheet.core.document.tables import Column, DataTable, Value

from .axis import Axis, axis_of
from .beside import beside
from .figures import ADDITIVE, headline, hint_of, unit_of
from .making import Making, column_of, number_of

MARKS = {
    "line": "line",
    "area": "area",
    "bar": "bar",
    "stacked_bar": "bar",
    "pie": "bar",
    "scatter": "point",
    "combo": "bar",
}
SLOTS = 6  # colours that can be told apart; whatever is beyond is “other”
Numbers = tuple[float | None, ...]


@dataclass(slots=True)
class Plot:
    """One chart in the making; ``series`` align with the axis."""

    making: Making
    block: ChartBlock
    table: DataTable
    axis: Axis
    series: list[Series]
    other: bool = False


def chart_block(making: Making, block: ChartBlock) -> Chart | None:
    """The chart; None if its data could not be fetched. Without rows its ``x`` is empty."""
    table = making.table(block.data)
    if table is None:
        return None
    if block.chart == "scatter":
        return _scatter(making, block, table)
    plot = _plot(making, block, table)
    plot = _arranged(plot)
    return _finished(plot)


def _plot(making: Making, block: ChartBlock, table: DataTable) -> Plot:
    values = table.values(block.x)
    axis = axis_of(making, column_of(table, block.x), values, period=making.period(block.data) if values else None)
    series = list(_split(making, block, table, axis) if block.split else _plain(making, block, table, axis))
    return Plot(making, block, table, axis, series)


def _plain(making: Making, block: ChartBlock, table: DataTable, axis: Axis) -> Iterator[Series]:
    for index, spec in enumerate(block.series):
        found = dict(zip(table.values(block.x), table.values(spec.metric), strict=True))
        yield _series(making, block, spec, column_of(table, spec.metric), found, axis, index=index)


def _series(
    making: Making, block: ChartBlock, spec: SeriesSpec, column: Column, found: Mapping[Value, Value], axis: Axis,
    *, index: int, name: str = "", label: str = "",
) -> Series:  # fmt: skip
    nothing = 0.0 if axis.filled and column.kind in ADDITIVE else None
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
    kept = ranked[: min(block.top or SLOTS, SLOTS)]
    from .figures import plain

    for index, key in enumerate(kept):
        label = plain(making, by, key)
        yield _series(making, block, spec, column, found[key], axis, index=index, name=str(key), label=label)
    rest = ranked[len(kept) :]
    if rest and block.other and column.kind in ADDITIVE:
        sums: dict[Value, Value] = {}
        for key in rest:
            for at, value in found[key].items():
                sums[at] = (number_of(sums.get(at)) or 0.0) + (number_of(value) or 0.0)
        grey = spec.model_copy(update={"color": "muted"})
        yield _series(making, block, grey, column, sums, axis, index=0, name="other", label=making.words["other"])


def _size(column: Column, values: Mapping[Value, Value], axis: Axis) -> float:
    """What series are ranked by: their sum, or for rates and prices their last value."""
    there = [number for number in (number_of(values.get(key)) for key in axis.keys) if number is not None]
    if column.kind in ADDITIVE and not _is_price(column):
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
    if not plot.block.other or any(column.kind not in ADDITIVE for column in columns):
        return kept
    axis = replace(kept.axis, keys=(*kept.axis.keys, None), texts=(*kept.axis.texts, plot.making.words["other"]))
    series = []
    for one, whole, column in zip(kept.series, plot.series, columns, strict=True):
        rest_sum = sum(whole.values[place] or 0.0 for place in rest)
        text = headline(plot.making, column, rest_sum, scale="none")
        series.append(replace(one, values=(*one.values, rest_sum), texts=(*one.texts, text)))
    return replace(kept, axis=axis, series=series, other=True)


def _finished(plot: Plot) -> Chart:
    making, block, axis = plot.making, plot.block, plot.axis
    column = column_of(plot.table, block.series[0].metric)
    hint = axis_hint(making, block, column, plot.series)
    compare = _compare(plot) if block.compare else ()
    period = making.period(block.data)
    columns, few = (
        beside(making, block, plot.table, axis, hint, plot.series[0].values, other=plot.other)
        if plot.series
        else ((), False)
    )
    return Chart(
        name=block.name or block.data,
        kind=block.chart,
        title=making.text(block.title),
        x=axis.texts if plot.table.rows else (),
        series=tuple(plot.series),
        alt=making.text(block.alt) or _alt(plot),
        under=making.text(block.under),
        note=_note(making, block, few=few),
        x_kind="time" if axis.timed else "category",
        x_values=axis.values,
        x_ticks=axis.ticks,
        shaded=axis.weekends if block.shaded == "weekends" else (),
        horizontal=block.horizontal,
        highlight=_highlight(plot),
        compare=compare,
        compare_label=period.previous().text(making.dates) if compare and period else "",
        columns=columns,
        references=tuple(_references(plot)),
        annotations=tuple(_annotations(plot)),
        axis_hint=hint,
        axis_unit=_axis_unit(making, column, hint),
        from_zero=block.from_zero,
        height=block.height,
    )


def _axis_unit(making: Making, column: Column, hint: FormatHint) -> str:
    """What stands on the top label. Formats write dollars and thousands themselves, before and after the figure."""
    if hint.kind == "money":
        return "" if making.dates.english else making.numbers.symbol(hint.currency) if hint.currency else ""
    return unit_of(making, hint) or making.translate(column.unit)


def axis_hint(making: Making, block: ChartBlock, column: Column, series: Sequence[Series]) -> FormatHint:
    """How the value axis is written: money divided by what its largest value asks for."""
    largest = max((abs(value) for one in series for value in one.values if value is not None), default=0.0)
    scale = block.scale
    if scale == "auto":
        scale = "none"
        if column.kind == "money":
            scale = "M" if largest >= 10**7 else "k" if largest >= 10**4 else "none"
    return hint_of(making, column, scale="" if scale == "none" else scale)


def _compare(plot: Plot) -> Numbers:
    earlier = plot.making.before(plot.block.data)
    if earlier is None:
        return ()
    metric = plot.block.series[0].metric
    found = {
        key: number_of(value) for key, value in zip(earlier.values(plot.block.x), earlier.values(metric), strict=True)
    }
    kept = tuple(found.get(key) for key in plot.axis.keys)
    if not plot.other:
        return kept
    rest = sum(value or 0.0 for key, value in found.items() if key not in plot.axis.keys[:-1])
    return (*kept[:-1], rest)


def _highlight(plot: Plot) -> tuple[int, ...]:
    """Positions named by the block; “worst” is the largest fall against the period before."""
    found = [index for index, text in enumerate(plot.axis.texts) if text in map(plot.making.text, plot.block.highlight)]
    if "worst" in plot.block.highlight:
        now, before = plot.series[0].values, _compare(plot)
        falls = [
            (a - b, index)
            for index, (a, b) in enumerate(zip(now, before, strict=False))
            if a is not None and b is not None
        ]
        if falls and min(falls)[0] < 0:
            found.append(min(falls)[1])
    return tuple(sorted(set(found)))


def _references(plot: Plot) -> Iterator[Reference]:
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
        value = headline(
            making, replace(column, decimals=column.decimals or 0), round(found) if column.kind == "integer" else found
        )
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
    if column.kind in ADDITIVE and plot.axis.filled and period is not None:
        from .axis import axis_of as positions

        whole = period.previous() if earlier else period
        axis = positions(making, plot.axis.column, table.values(block.x), period=whole)
        return sum(values) / max(len(axis.keys), 1)
    return sum(values) / len(values) if values else None


def _annotations(plot: Plot) -> Iterator[Annotation]:
    making, series = plot.making, plot.series
    for spec in plot.block.annotations:
        place = _place(plot, spec.at)
        if place is None or not series:
            continue
        known = {"x": plot.axis.texts[place], "value": series[0].texts[place]}
        yield Annotation(place, making.text(spec.lead, known) or known["x"], making.text(spec.text, known))


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


def _alt(plot: Plot) -> str:
    """Each series' extremes and where they lie: “Delivered: 65 (Wed 14 Oct) – 201 (Tue 13 Oct)”."""
    said = []
    for one in plot.series:
        there = [(value, index) for index, value in enumerate(one.values) if value is not None]
        if there:
            low, high = min(there)[1], max(there)[1]
            ends = [f"{one.texts[place]} ({plot.axis.texts[place]})" for place in dict.fromkeys((low, high))]
            said.append(f"{one.label}: {' – '.join(ends)}")
    return "; ".join(said) or plot.making.words["no_rows"]


def _note(making: Making, block: ChartBlock, *, few: bool) -> str:
    note = making.text(block.note)
    if few and block.few and "†" not in note:
        note = f"{note} {making.words['few_cases'].format(count=making.numbers.number(block.few.under))}"
    return note.strip()


def _scatter(making: Making, block: ChartBlock, table: DataTable) -> Chart:
    """A point a row: the metric ``x`` across, the first series' metric up, named by the row's groups."""
    across, up = column_of(table, block.x), column_of(table, block.series[0].metric)
    place, groups = table.position(up.name), len(making.request(block.data).by)
    points = []
    for row in table.rows:
        x, y = number_of(row[table.position(across.name)]), number_of(row[place])
        if x is not None and y is not None:
            from .figures import plain

            name = ", ".join(
                plain(making, column, value) for column, value in zip(table.columns, row[:groups], strict=False)
            )
            points.append((x, y, name))
    series = Series(
        up.name, making.text(block.series[0].label) or making.translate(up.label), tuple(y for _, y, _ in points),
        tuple(f"{name}: {headline(making, across, x)}, {headline(making, up, y)}" for x, y, name in points),
        "point", block.series[0].color or "1",
    )  # fmt: skip
    hint = axis_hint(making, block, up, [series])
    return Chart(
        name=block.name or block.data, kind="scatter", title=making.text(block.title), x=tuple(name for _, _, name in points),
        series=(series,), alt=making.text(block.alt) or "; ".join(series.texts[:3]), under=making.text(block.under),
        note=making.text(block.note), x_kind="number", x_values=tuple(x for x, _, _ in points), axis_hint=hint,
        axis_unit=_axis_unit(making, up, hint), from_zero=block.from_zero, height=block.height,
    )  # fmt: skip
