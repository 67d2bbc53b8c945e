"""Pivot tables: the values of one group become columns, each cell shaded by its size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from broadsheet.core.document.definition.blocks import TableBlock
from broadsheet.core.document.model import Cell, FormatHint, Row, Table, TableColumn
from broadsheet.core.document.tables import Column, DataTable, Value

from .asking import ACROSS, DOWN, TOTAL
from .axis import Axis, axis_of
from .figures import adds_up, cell, hint_of, is_zero, value_at
from .lacking import empty_text
from .making import Making, column_of, number_of
from .tabulate import withheld_text

STEPS = 7  # shades of the sequential palette
Cells = dict[tuple[Value, Value], Value]


@dataclass(frozen=True, slots=True)
class Edges:
    """The figures of whole rows, of whole columns, and of everything: added up, or asked where they may not be."""

    down: Mapping[Value, Value]
    across: Mapping[Value, Value]
    whole: Value


def pivot_block(making: Making, block: TableBlock) -> Table | None:
    """The table: rows of the first other group, columns of ``pivot``, figures of the first metric named.

    None if its data could not be fetched. Figures of the whole stand at the right and below where the block names them:
    sums, or for what may not be added up the answers that were asked for them.
    """
    table = making.table(block.table)
    if table is None:
        return None
    down = next(name for name in making.request(block.table).columns if name != block.pivot)
    metric = next(spec.column for spec in block.columns if spec.column not in (down, block.pivot))
    column = column_of(table, metric)
    period = making.period(block.table) if table.rows else None
    rows = axis_of(making, column_of(table, down), table.values(down), period=period)
    across = axis_of(making, column_of(table, block.pivot), table.values(block.pivot), period=period)
    if block.pivot_values:
        across = replace(across, keys=block.pivot_values, texts=tuple(map(making.translate, block.pivot_values)))
    elif not across.filled:
        across = _sorted(across)
    if across.column.grain == "week":  # the whole week does not fit in a head
        mondays = (making.dates.day_short(key) for key in across.keys if isinstance(key, date))
        across = replace(across, texts=tuple(mondays))
    cells = _cells(table, down, block.pivot, metric)
    edges = _edges(making, block, column, cells, rows, across, table)
    return _table(making, block, column, cells, rows, across, table, edges)


def _edges(
    making: Making, block: TableBlock, column: Column, cells: Cells, rows: Axis, across: Axis, table: DataTable
) -> Edges | None:
    """None where the whole can neither be added up nor was asked for: where groups are withheld, the sum of those that are
    there would be taken for it."""
    asked = {name: making.answers.get(f"{block.table}.{name}") for name in (DOWN, ACROSS, TOTAL)}
    down, over, whole = (asked[name] for name in (DOWN, ACROSS, TOTAL))
    if down is not None and over is not None and whole is not None:
        return Edges(
            dict(zip(down.values(rows.column.name), down.values(column.name), strict=True)),
            dict(zip(over.values(across.column.name), over.values(column.name), strict=True)),
            value_at(whole, column.name),
        )
    if not adds_up(column) or table.withheld:
        return None
    by_row = {key: _added(cells.get((key, place)) for place in across.keys) for key in rows.keys}
    by_column = {key: _added(value for (_, place), value in cells.items() if place == key) for key in across.keys}
    return Edges(by_row, by_column, _added(by_column.values()))


def _added(values: Iterable[Value]) -> float:
    return sum(number_of(value) or 0.0 for value in values)


def _sorted(axis: Axis) -> Axis:
    """Columns in order: rows that lack the first of them must not move it."""
    pairs = sorted(zip(axis.keys, axis.texts, strict=True), key=lambda pair: (pair[0] is None, pair[0] or ""))
    return replace(axis, keys=tuple(key for key, _ in pairs), texts=tuple(text for _, text in pairs))


def _cells(table: DataTable, down: str, across: str, metric: str) -> Cells:
    triples = zip(table.values(down), table.values(across), table.values(metric), strict=True)
    return {(row, column): value for row, column, value in triples}


def _table(
    making: Making, block: TableBlock, column: Column, cells: Cells, rows: Axis, across: Axis, table: DataTable,
    edges: Edges | None,
) -> Table:  # fmt: skip
    hint, nothing = hint_of(making, column), 0 if is_zero(column, table) else None
    label = next((spec.label for spec in block.columns if spec.label), None) or rows.column.label
    heads = [TableColumn(rows.column.name, making.text(label), FormatHint("text"), weight=1.6)]
    heads += [
        TableColumn(f"{across.column.name}_{number}", text, hint, align="end")
        for number, text in enumerate(across.texts)
    ]
    summed = edges if block.across else None
    if summed is not None:
        heads.append(TableColumn(f"{across.column.name}_all", making.text(block.across), hint, align="end", weight=1.2))
    span = _span(cells, additive=adds_up(column) and not table.withheld)
    body = []
    for key, text in zip(rows.keys, rows.texts, strict=True):
        values = [cells.get((key, place), nothing) for place in across.keys]
        shaded = [_shaded(making, hint, column, value, span) for value in values]
        at_end = [] if summed is None else [_edge(making, hint, column, summed.down.get(key, nothing))]
        body.append(Row((Cell(text, text), *shaded, *at_end)))
    if block.total and edges is not None and body:
        body.append(_total(making, block, column, hint, across, edges))
    return Table(
        making.named(block.name or block.table), making.title(block.title), tuple(heads), tuple(body) if cells else (),
        making.told(block.under), f"{making.told(block.note)} {withheld_text(making, table)}".strip(),
        making.words["continued"],
        empty="" if cells else empty_text(making, block.table, block.empty),
    )  # fmt: skip


def _span(cells: Cells, *, additive: bool) -> tuple[float, float]:
    """What the palest and the darkest shade stand for: sums start at 0, rates and means at their lowest."""
    numbers = [number for value in cells.values() if (number := number_of(value)) is not None]
    return (0.0 if additive else min(numbers, default=0.0)), max(numbers, default=0.0)


def _shaded(making: Making, hint: FormatHint, column: Column, value: Value, span: tuple[float, float]) -> Cell:
    number, (low, high) = number_of(value), span
    heat = (
        None if number is None or high <= low else min(STEPS - 1, int(max(0.0, (number - low) / (high - low)) * STEPS))
    )
    return Cell(cell(making, hint, column, value), value, heat=heat)


def _edge(making: Making, hint: FormatHint, column: Column, value: Value) -> Cell:
    return Cell(cell(making, hint, column, value), value)


def _total(making: Making, block: TableBlock, column: Column, hint: FormatHint, across: Axis, edges: Edges) -> Row:
    label = making.text(block.total)
    values = [edges.across.get(key) for key in across.keys] + ([edges.whole] if block.across else [])
    return Row((Cell(label, label), *(_edge(making, hint, column, value) for value in values)), kind="total")
