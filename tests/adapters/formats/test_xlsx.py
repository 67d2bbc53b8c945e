"""Workbooks: typed cells, native charts, nothing that text can turn into a formula."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from tests.adapters.formats.a_document import bars_chart, document, sources_table
from tests.adapters.formats.documents import hours

from broadsheet.adapters.formats.xlsx import FORMAT
from broadsheet.adapters.formats.xlsx.names import SheetNames
from broadsheet.core.document.model import Cell, FormatHint, Row, Table, TableColumn
from broadsheet.core.theme import DEFAULT

pytestmark = pytest.mark.feature("FMT-06")


@pytest.fixture
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(FORMAT.render(document(), theme=DEFAULT)))


def test_one_sheet_a_block_with_legal_names(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "Summary",
        "An outage marks the month",
        "Sources one is under the floor",
        "Sources one is under the floo 2",
    ]


def test_cells_are_typed_and_formatted(book: openpyxl.Workbook) -> None:
    sheet = book["Sources one is under the floo 2"]
    assert [sheet.cell(4, column).value for column in (1, 2)] == ["Source", "Delivered: Leads"]
    row = [sheet.cell(5, column) for column in range(1, 5)]
    assert [cell.value for cell in row] == ["SunCompare", 868, 52, 0.912]
    assert [cell.number_format for cell in row[1:]] == ["#,##0", '"$"#,##0.00', "0.0%"]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:D8"


def test_text_never_becomes_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    sheet = book["Sources one is under the floo 2"]
    assert (sheet["A7"].value, sheet["A7"].data_type) == ("=1+1", "s")
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_charts_are_native(book: openpyxl.Workbook) -> None:
    assert [len(book[name]._charts) for name in book.sheetnames] == [0, 1, 1, 0]


def test_equal_documents_give_equal_bytes() -> None:
    assert FORMAT.render(document(), theme=DEFAULT) == FORMAT.render(document(), theme=DEFAULT)


def test_overlong_and_unprintable_text_is_mended() -> None:
    table = sources_table()
    cells = table.rows[0].cells
    row = replace(table.rows[0], cells=(replace(cells[0], value="\x07" + "x" * 40_000), *cells[1:]))
    made = FORMAT.render(replace(document(), blocks=(replace(table, rows=(row,)),)), theme=DEFAULT)
    value = openpyxl.load_workbook(io.BytesIO(made)).worksheets[1]["A5"].value
    assert value == "x" * 32_766 + "…"


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["a/b:c", "A b c"], ["a b c", "A b c 2"]),
        (["", "'quoted'", "History"], ["Sheet", "quoted", "History 2"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 29 + " 2"]),
    ],
)
def test_sheet_names(titles: list[str], names: list[str]) -> None:
    taken = SheetNames()
    assert [taken.take(title) for title in titles] == names


def test_shaded_cells_are_filled_with_their_step() -> None:
    made = FORMAT.render(replace(document(), blocks=(hours(),)), theme=DEFAULT)
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[1]
    tokens = DEFAULT.light
    grounds = [sheet.cell(5, column).fill.start_color.rgb for column in range(2, 9)]
    inks = [sheet.cell(5, column).font.color.rgb for column in range(2, 9)]
    assert grounds == ["FF" + color[1:] for color in tokens.sequential]
    assert inks == ["FF" + color[1:] for color in tokens.on_sequential]
    assert [sheet.cell(5, 1).fill.fill_type, sheet.cell(12, 2).fill.fill_type] == [None, None]


def test_what_the_head_calls_thousands_is_shown_divided_and_kept_whole() -> None:
    hint = FormatHint("money", decimals=1, currency="USD", scale="k")
    columns = (TableColumn("revenue", "Revenue before all deductions $ k", hint, align="end", group="Money"),)
    table = Table("t", "T", columns, (Row((Cell("314.3", 314_307),)),))
    chart = replace(bars_chart(), axis_hint=hint)
    made = FORMAT.render(replace(document(), blocks=(table, chart)), theme=DEFAULT)
    _, first, second = openpyxl.load_workbook(io.BytesIO(made)).worksheets
    assert (first["A5"].value, first["A5"].number_format) == (314_307, '"$"#,##0.0,')
    assert second["B5"].number_format == '"$"#,##0'


def test_a_head_of_several_lines_has_room_for_them() -> None:
    label = " ".join(["deductions"] * 9)
    table = Table("t", "T", (TableColumn("a", label, FormatHint("integer"), align="end"),), (Row((Cell("1", 1),)),))
    sheet = openpyxl.load_workbook(
        io.BytesIO(FORMAT.render(replace(document(), blocks=(table,)), theme=DEFAULT))
    ).worksheets[1]
    assert sheet.row_dimensions[4].height == 3 * 13.5
