"""What every sheet has: its title, the line under it, and a page that prints on one width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from .cells import put

if TYPE_CHECKING:
    from .workbook import Styles

A4 = 9  # Excel's number for the paper


def head(sheet: Worksheet, *, title: str, under: str, points: int, styles: Styles) -> None:
    """Title in the first row, set at *points*, and *under* in the second; rows as high as their letters."""
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)  # one page wide, as many as it takes down
    sheet.set_row(0, round(points * 1.5))
    sheet.set_row(1, 18)
    put(sheet, 0, 0, title, styles.get(font_name="Georgia", font_size=points))
    put(sheet, 1, 0, under, styles.get(font_color=styles.theme.light.ink2))
