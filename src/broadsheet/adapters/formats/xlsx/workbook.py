"""One workbook a document: a summary, a sheet a table, a sheet a chart with its figures.

Text is always written as text, so that no value becomes a formula or a link. Equal documents give equal bytes: the
creation date is the document's own.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from broadsheet.core.document.model import Block, Chart, Columns, Document, Metric, MetricRow, Table, Text
from broadsheet.core.theme import Theme
from broadsheet.plugins import Descriptor

from .cells import number_format, put
from .charts import add_chart
from .names import SheetNames
from .sheets import head
from .tables import add_table

WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # a fixed date keeps the bytes of an undated document the same


class Styles:
    """Cell formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, theme: Theme) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], CellFormat] = {}
        self.theme = theme

    def get(self, **properties: object) -> CellFormat:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Arial", "font_size": 10, "valign": "top", **properties}
            )
        return self._made[key]

    def tone(self, tone: str) -> dict[str, object]:
        """Properties for a cell's tone: worse is bold rust, better the accent, faint the third ink."""
        tokens = self.theme.light
        shades: dict[str, dict[str, object]] = {
            "worse": {"font_color": tokens.worse, "bold": True},
            "better": {"font_color": tokens.better},
            "faint": {"font_color": tokens.ink3},
        }
        return shades.get(tone, {})

    def shade(self, heat: int | None) -> dict[str, object]:
        """Properties for a cell on a step of the sequential colours; none for None."""
        if heat is None:
            return {}
        tokens = self.theme.light
        step = min(max(heat, 0), len(tokens.sequential) - 1)
        seam = {f"{side}_color": tokens.paper for side in ("top", "bottom", "left", "right")}
        return {
            "bg_color": tokens.sequential[step],
            "font_color": tokens.on_sequential[step],
            **dict.fromkeys(("top", "bottom", "left", "right"), 1),
            **seam,
        }


class XlsxFormat:
    descriptor = Descriptor("xlsx", "Excel", "Typed tables and native charts.")
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extension = "xlsx"

    def render(self, document: Document, *, theme: Theme) -> bytes:
        """The workbook's bytes; the same for the same document and theme."""
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, WORKBOOK_OPTIONS) as book:
            made = (document.made_at or UNDATED).astimezone(UTC).replace(tzinfo=None)
            book.set_properties({"title": document.title, "author": document.organization, "created": made})
            styles = Styles(book, theme)
            names = SheetNames()
            summary = book.add_worksheet(names.take(document.word("summary").capitalize()))
            _fill_summary(summary, document, styles=styles)
            for block in flat(document.blocks):
                if isinstance(block, Table):
                    add_table(book.add_worksheet(names.take(block.title)), block, styles=styles)
                elif isinstance(block, Chart):
                    add_chart(book, book.add_worksheet(names.take(block.title)), block, styles=styles)
        return target.getvalue()


def flat(blocks: tuple[Block, ...]) -> list[Block]:
    """Blocks in reading order, those in columns included."""
    found: list[Block] = []
    for block in blocks:
        found.extend(
            flat(tuple(one for column in block.columns for one in column)) if isinstance(block, Columns) else [block]
        )
    return found


def _fill_summary(sheet: Worksheet, document: Document, *, styles: Styles) -> None:
    head(sheet, title=document.title, under=document.subtitle, points=20, styles=styles)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 4, 18)
    row = 3
    for name, value in document.facts:
        put(sheet, row, 0, name, styles.get(font_color=styles.theme.light.ink2))
        put(sheet, row, 1, value, styles.get())
        row += 1
    for block in flat(document.blocks):
        if isinstance(block, Text) and block.role == "narrative":
            row = _add_text(sheet, block, row=row + 1, styles=styles)
        elif isinstance(block, MetricRow):
            row = _add_metrics(sheet, block, row=row + 1, styles=styles)
    put(sheet, row + 1, 0, document.confidentiality, styles.get(font_color=styles.theme.light.ink2, font_size=9))


def _add_text(sheet: Worksheet, block: Text, *, row: int, styles: Styles) -> int:
    for paragraph in block.paragraphs:
        text = "".join(span.text for span in paragraph.spans)
        style = styles.get(font_name="Georgia", font_size=11, text_wrap=True)
        sheet.merge_range(row, 0, row, 4, "", style)
        put(sheet, row, 0, text, style)
        sheet.set_row(row, 15 * (1 + len(text) // 95))
        row += 1
    return row


def _add_metrics(sheet: Worksheet, block: MetricRow, *, row: int, styles: Styles) -> int:
    rule = {"top": 1, "top_color": styles.theme.light.ink}
    for column in range(5):
        put(sheet, row, column, "", styles.get(**rule))
    for metric in block.metrics:
        _add_metric(sheet, metric, row=row, styles=styles)
        row += 1
    return row + 1


def _add_metric(sheet: Worksheet, metric: Metric, *, row: int, styles: Styles) -> None:
    hairline = {"bottom": 1, "bottom_color": styles.theme.light.hair}
    put(sheet, row, 0, metric.label, styles.get(bold=True, **hairline))
    typed = metric.column is not None and metric.raw is not None
    value = metric.raw if typed else metric.value
    shape = number_format(metric.column) if metric.column is not None and typed else "@"
    put(sheet, row, 1, value, styles.get(num_format=shape, align="right", font_size=12, **hairline))
    put(sheet, row, 2, metric.delta, styles.get(align="right", **hairline, **styles.tone(metric.delta_tone)))
    put(sheet, row, 3, metric.previous, styles.get(font_color=styles.theme.light.ink2, **hairline))
    put(sheet, row, 4, f"{metric.target} {metric.gap}".strip(), styles.get(**hairline, **styles.tone(metric.gap_tone)))


FORMAT = XlsxFormat()
