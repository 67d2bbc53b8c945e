"""How a chart’s value axis is written."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.core.document.definition.blocks import ChartBlock
from broadsheet.core.document.model import FormatHint, Series
from broadsheet.core.document.tables import Column

from .figures import hint_of, unit_of
from .making import Making

MILLIONS_FROM = 2 * 10**6  # counts below it are short enough as they are


def axis_hint(making: Making, block: ChartBlock, column: Column, series: Sequence[Series]) -> FormatHint:
    """How the value axis is written: money divided by what its largest value asks for."""
    largest = max((abs(value) for one in series for value in one.values if value is not None), default=0.0)
    scale = block.scale
    if scale == "auto":
        scale = "none"
        if column.kind == "money":
            scale = "M" if largest >= 10**7 else "k" if largest >= 10**4 else "none"
        elif column.kind != "percent" and largest >= MILLIONS_FROM:
            scale = "M"
    return hint_of(making, column, scale="" if scale == "none" else scale)


def axis_unit(making: Making, column: Column, hint: FormatHint) -> str:
    """What stands on the top label, with # in the figure’s place where the language decides that.

    Formats write English k and M, and the sign of a currency before the figure, themselves.
    """
    if making.numbers.language == "en" and (hint.kind == "money" or hint.scale):
        return "" if hint.kind == "money" else making.translate(column.unit)
    word = making.numbers.scale_word(hint.scale) if hint.scale else ""
    if hint.kind == "money":
        return making.numbers.around(hint.currency, word=word)
    if word:
        return f"{making.numbers.around('', word=word)} {making.translate(column.unit)}".strip()
    return unit_of(making, hint) or making.translate(column.unit)
