"""Charts: what is drawn, how its axis is written, what is marked and said."""

from __future__ import annotations

from broadsheet.core.document.definition.blocks import ChartBlock
from broadsheet.core.document.model import Chart

from .beside import beside
from .lacking import empty_text
from .making import Making, column_of
from .marks import alt, compare, highlight, moments, references
from .plotting import Plot, plotted
from .scales import axis_hint, axis_unit
from .scatter import scatter
from .tabulate import withheld_text


def chart_block(making: Making, block: ChartBlock) -> Chart | None:
    """The chart; None if its data could not be fetched. Without rows its ``x`` is empty."""
    table = making.table(block.data)
    if table is None:
        return None
    if block.chart == "scatter":
        return scatter(making, block, table)
    return _finished(plotted(making, block, table))


def _finished(plot: Plot) -> Chart:
    making, block, axis = plot.making, plot.block, plot.axis
    column = column_of(plot.table, block.series[0].metric)
    hint = axis_hint(making, block, column, plot.series)
    earlier = compare(plot) if block.compare else ()
    period = making.period(block.data)
    columns, few = (
        beside(making, block, plot.table, axis, hint, plot.series[0].values, other=plot.other)
        if plot.series
        else ((), False)
    )
    return Chart(
        name=making.named(block.name or block.data),
        kind=block.chart,
        title=making.title(block.title),
        x=axis.texts if plot.table.rows else (),
        series=tuple(plot.series),
        alt=making.told(block.alt) or alt(plot),
        under=making.told(block.under),
        note=f"{_note(making, block, few=few)} {withheld_text(making, plot.table)}".strip(),
        x_kind="time" if axis.timed else "category",
        x_values=axis.values,
        x_ticks=axis.ticks,
        shaded=axis.weekends if block.shaded == "weekends" else (),
        horizontal=block.horizontal,
        highlight=highlight(plot),
        compare=earlier,
        compare_label=period.previous().text(making.dates) if earlier and period else "",
        columns=columns,
        references=tuple(references(plot)),
        annotations=tuple(moments(plot)),
        axis_hint=hint,
        axis_unit=axis_unit(making, column, hint),
        from_zero=block.from_zero,
        height=block.height,
        empty=empty_text(making, block.data, block.empty),
    )


def _note(making: Making, block: ChartBlock, *, few: bool) -> str:
    note = making.told(block.note)
    if few and block.few and "†" not in note:
        note = f"{note} {making.words['few_cases'].format(count=making.numbers.number(block.few.under))}"
    return note.strip()
