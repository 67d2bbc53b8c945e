"""A scatter: a point a row, named by the row’s groups."""

from __future__ import annotations

from broadsheet.core.document.definition.blocks import ChartBlock
from broadsheet.core.document.model import Chart, Series
from broadsheet.core.document.tables import DataTable

from .figures import headline, plain
from .making import Making, column_of, number_of
from .scales import axis_hint, axis_unit


def scatter(making: Making, block: ChartBlock, table: DataTable) -> Chart:
    """A point a row: the metric ``x`` across, the first series' metric up, named by the row's groups."""
    across, up = column_of(table, block.x), column_of(table, block.series[0].metric)
    place, groups = table.position(up.name), len(making.request(block.data).by)
    points = []
    for row in table.rows:
        x, y = number_of(row[table.position(across.name)]), number_of(row[place])
        if x is not None and y is not None:
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
        name=making.named(block.name or block.data), kind="scatter", title=making.title(block.title), x=tuple(name for _, _, name in points),
        series=(series,), alt=making.told(block.alt) or "; ".join(series.texts[:3]), under=making.told(block.under),
        note=making.told(block.note), x_kind="number", x_values=tuple(x for x, _, _ in points), axis_hint=hint,
        axis_unit=axis_unit(making, up, hint), from_zero=block.from_zero, height=block.height,
    )  # fmt: skip
