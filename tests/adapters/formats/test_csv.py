"""CSV: records that machines read and spreadsheets cannot be tricked by."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from tests.adapters.formats.a_document import document, sources_table

from broadsheet.adapters.formats.csv import FORMAT
from broadsheet.core.document.model import Document
from broadsheet.core.theme import DEFAULT

pytestmark = pytest.mark.feature("FMT-08")


def rows(made: Document) -> list[list[str]]:
    return list(csv.reader(io.StringIO(FORMAT.render(made, theme=DEFAULT).decode("utf-8-sig"), newline="")))


def test_the_first_table_is_plain_records_with_raw_values() -> None:
    assert rows(document()) == [
        ["Source", "Leads", "Cost $", "Rate %", ""],
        ["SunCompare", "868", "52.00", "0.912", ""],
        ["Paid search", "742", "61.50", "0.92", ""],
        ["'=1+1", "131", "29.00", "0.511", ""],
        ["<script>alert(1)</script> & Söhne", "75", "40.00", "0.853", ""],
    ]


def test_bytes_are_marked_as_utf8_and_end_lines_as_rfc_4180() -> None:
    made = FORMAT.render(document(), theme=DEFAULT)
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\n") == made.count(b"\r\n") == 5


def test_a_second_table_follows_after_an_empty_line_and_its_title() -> None:
    two = replace(document(), blocks=(sources_table(), sources_table()))
    assert rows(two)[5:7] == [[], ["Sources: one is under the floor"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_is_quoted_and_numbers_are_not(start: str) -> None:
    table = sources_table()
    cells = table.rows[0].cells
    row = replace(table.rows[0], cells=(replace(cells[0], value=f"{start}1"), replace(cells[1], value=-5), *cells[2:]))
    got = rows(replace(document(), blocks=(replace(table, rows=(row,)),)))
    assert got[1][:2] == [f"'{start}1", "-5"]


def test_a_document_without_tables_is_its_title() -> None:
    assert rows(replace(document(), blocks=())) == [["Buyer performance"]]
