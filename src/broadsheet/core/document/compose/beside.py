"""Columns of figures beside horizontal bars: the value, its change, its share."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.core.document.definition.blocks import ChartBlock
from broadsheet.core.document.model import FormatHint, Tone
from broadsheet.core.document.tables import Column, DataTable, Value

from .axis import Axis
from .figures import absent, cell, change, unit_of
from .making import Making, column_of, number_of
from .tabulate import is_few, tone_by

Figures = tuple[str, tuple[str, ...], tuple[Tone, ...]]
Rows = dict[Value, tuple[Value, ...]]


def beside(
    making: Making, block: ChartBlock, table: DataTable, axis: Axis, hint: FormatHint, values: Sequence[float | None],
    *, other: bool,
) -> tuple[tuple[Figures, ...], bool]:  # fmt: skip
    """The columns as (head, texts, tones), and whether a change rests on too few cases. “Other” has no change."""
    found: list[Figures] = []
    few = False
    column = column_of(table, block.series[0].metric)
    for spec in block.columns:
        label = making.text(spec.label)
        blank = ("",) * len(values)
        match spec.show:
            case "value":
                texts = tuple(cell(making, hint, column, value) for value in values)
                found.append((label or unit_of(making, hint) or making.translate(column.label), texts, blank))
            case "share":
                total = sum(value or 0.0 for value in values)
                texts = tuple(making.numbers.percent((value or 0.0) / total) if total else "" for value in values)
                found.append((label or "%", texts, blank))
            case "change":
                texts, tones = changes_of(making, block, table, axis, column, rules_other=other)
                few = few or "faint" in tones
                found.append((label or making.versus(block.data)[1], texts, tones))
    return tuple(found), few


def changes_of(
    making: Making, block: ChartBlock, table: DataTable, axis: Axis, column: Column, *, rules_other: bool
) -> tuple[tuple[str, ...], tuple[Tone, ...]]:
    """The change at each position against the period before, worse ones marked by the column's rules."""
    earlier = making.before(block.data)
    now, before = _by_x(table, block.x), _by_x(earlier, block.x) if earlier is not None else {}
    rules = next((spec.rules for spec in block.columns if spec.show == "change"), ())
    place = table.position(column.name)
    texts, tones = [], []
    for index, key in enumerate(axis.keys):
        if rules_other and index == len(axis.keys) - 1:
            texts.append("")
            tones.append("")
            continue
        new, old = now.get(key), before.get(key)
        moved = change(making, column, new[place] if new else None, old[place] if old else absent(column, earlier))
        few = bool(moved.text) and is_few(block.few, *(_cases(table, block, row) for row in (new, old)))
        texts.append(f"{moved.text}†" if few else moved.text)
        tones.append("faint" if few else tone_by(rules, moved.value))
    return tuple(texts), tuple(tones)


def _by_x(table: DataTable, name: str) -> Rows:
    place = table.position(name)
    return {row[place]: row for row in table.rows}


def _cases(table: DataTable, block: ChartBlock, row: tuple[Value, ...] | None) -> float:
    if row is None or block.few is None:
        return 0.0
    return number_of(row[table.position(block.few.metric)]) or 0.0
