"""How a chart’s value axis is written."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.core.document.definition.blocks import ChartBlock
from broadsheet.core.document.model import FormatHint, Series
from broadsheet.core.document.tables import Column

from .figures import hint_of, unit_of
from .making import Making


def axis_hint(making: Making, block: ChartBlock, column: Column, series: Sequence[Series]) -> FormatHint:
    """How the value axis is written: money divided by what its largest value asks for."""
    largest = max((abs(value) for one in series for value in one.values if value is not None), default=0.0)
    scale = block.scale
    if scale == "auto":
        scale = "none"
        if column.kind == "money":
            scale = "M" if largest >= 10**7 else "k" if largest >= 10**4 else "none"
    return hint_of(making, column, scale="" if scale == "none" else scale)


def axis_unit(making: Making, column: Column, hint: FormatHint) -> str:
    """What stands on the top label. Formats write dollars and thousands themselves, before and after the figure."""
    if hint.kind == "money":
        return "" if making.dates.english else making.numbers.symbol(hint.currency) if hint.currency else ""
    return unit_of(making, hint) or making.translate(column.unit)
