"""CSV as RFC 4180 has it: UTF-8 with a byte order mark, CRLF, quotes where needed.

The first table stands as plain records, head first, so that a machine can read it; each further one follows after an
empty line and a line with its title. Numbers are raw, with a point; dates are ISO 8601. Text that a spreadsheet would
take for a formula gets an apostrophe in front; numbers are never touched. Totals are left out: they are not records. What
is the matter with the data as a whole stands in a line at the end, after an empty one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from broadsheet.core.document.model import Block, Cell, Columns, Document, Table
from broadsheet.core.document.tables import Value
from broadsheet.core.theme import Theme
from broadsheet.plugins import Descriptor

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, "CSV injection"


class CsvFormat:
    descriptor = Descriptor("csv", "CSV", "The tables as plain records, for other systems.")
    media_type = "text/csv; charset=utf-8"
    extension = "csv"

    def render(self, document: Document, *, theme: Theme) -> bytes:
        """All tables of *document*; one without tables gives its title alone."""
        target = io.StringIO(newline="")
        writer = csv.writer(target, lineterminator="\r\n")
        for number, table in enumerate(tables_of(document.blocks)):
            if number:
                writer.writerow([])
                writer.writerow([safe(table.title)])
            writer.writerow([safe(column.label) for column in table.columns])
            writer.writerows([raw(cell) for cell in row.cells] for row in table.rows if row.kind == "row")
        if not target.tell():
            writer.writerow([safe(document.title)])
        if document.warning:
            writer.writerow([])
            writer.writerow([safe(document.warning)])
        return target.getvalue().encode("utf-8-sig")


def tables_of(blocks: tuple[Block, ...]) -> Iterator[Table]:
    """Tables in reading order, those in columns included."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Columns):
            for column in block.columns:
                yield from tables_of(column)


def raw(cell: Cell) -> str | int | float:
    """The cell's value for a machine; its text where it has no value of its own."""
    value: Value = cell.value
    if value is None:
        return safe(cell.text) if cell.text and cell.share is None else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return safe(value) if isinstance(value, str) else str(value)


def safe(text: str) -> str:
    """*text* that no spreadsheet takes for a formula; NUL is dropped, which no reader of CSV expects."""
    text = text.replace("\0", "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


FORMAT = CsvFormat()
