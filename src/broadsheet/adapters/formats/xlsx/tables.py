"""A sheet a table: title, head that stays, filters, typed rows and totals."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from broadsheet.core.document.model import Row, Table, TableColumn
from broadsheet.core.document.tables import Value

from .cells import number_format, put
from .sheets import head

if TYPE_CHECKING:
    from .workbook import Styles

HEAD_ROW = 3
NARROWEST, WIDEST = 9, 48  # characters
LINE = 13.5  # pt, the height of a row at 10 pt


def add_table(sheet: Worksheet, table: Table, *, styles: Styles) -> None:
    """Fill *sheet*. In-cell bars are left out: their figures stand beside them."""
    kept = [index for index, column in enumerate(table.columns) if not column.bar]
    head(sheet, title=table.title, under=table.under, points=14, styles=styles)
    shaded = {at for row in table.rows for at, cell in enumerate(row.cells) if cell.heat is not None}
    lines = 1
    for position, index in enumerate(kept):
        width = _width(table, index)
        _add_head(sheet, position, table.columns[index], center=index in shaded, styles=styles)
        sheet.set_column(position, position, width)
        lines = max(lines, len(textwrap.wrap(_label(table.columns[index]), width - 1)))
    sheet.set_row(HEAD_ROW, LINE * lines)
    for offset, row in enumerate(table.rows, start=HEAD_ROW + 1):
        _add_row(sheet, offset, row, list(enumerate(kept)), table=table, shaded=shaded, styles=styles)
    records = sum(row.kind == "row" for row in table.rows)
    if kept and records:
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + records, len(kept) - 1)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)
    note = table.note if table.rows else f"{table.empty} {table.note}"
    put(
        sheet,
        HEAD_ROW + len(table.rows) + 2,
        0,
        note.strip(),
        styles.get(font_color=styles.theme.light.ink2, font_size=9),
    )


def _label(column: TableColumn) -> str:
    return f"{column.group}: {column.label}" if column.group else column.label


def _side(column: TableColumn, *, center: bool) -> str:
    return "center" if center else "right" if column.align == "end" else "left"


def _add_head(sheet: Worksheet, position: int, column: TableColumn, *, center: bool, styles: Styles) -> None:
    align = _side(column, center=center)
    ink2, ink = styles.theme.light.ink2, styles.theme.light.ink
    put(
        sheet,
        HEAD_ROW,
        position,
        _label(column),
        styles.get(font_color=ink2, bottom=1, bottom_color=ink, align=align, valign="bottom", text_wrap=True),
    )


def _add_row(
    sheet: Worksheet,
    offset: int,
    row: Row,
    places: list[tuple[int, int]],
    *,
    table: Table,
    shaded: set[int],
    styles: Styles,
) -> None:
    total = row.kind == "total"
    edge: dict[str, object] = (
        {"top": 1, "top_color": styles.theme.light.ink, "bold": True}
        if total
        else {"bottom": 1, "bottom_color": styles.theme.light.hair}
    )
    for position, index in places:
        cell, column = row.cells[index], table.columns[index]
        value: Value = cell.value if cell.value is not None else cell.text
        shape = number_format(column.hint) if cell.value is not None and not isinstance(cell.value, str) else "@"
        align = _side(column, center=index in shaded)
        look = {**edge, **styles.tone(cell.tone), **styles.shade(cell.heat)}
        put(sheet, offset, position, value, styles.get(num_format=shape, align=align, **look))


def _width(table: Table, index: int) -> int:
    longest = max((len(row.cells[index].text) for row in table.rows[:200]), default=0)
    return min(WIDEST, max(NARROWEST, longest + 3, len(table.columns[index].label) + 4))
