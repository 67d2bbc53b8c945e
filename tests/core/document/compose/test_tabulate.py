"""Tables: what stands in the cells, what is marked, totals, limits, order, and days that brought nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from broadsheet.core.document.compose import compose
from broadsheet.core.document.model import Cell, Row, Table
from broadsheet.core.document.parameters import resolve

from .conftest import CONTEXT, NOW, READER, Compose, report, table

BODY = """
data: {sources: {dataset: l, by: [source], metrics: [delivered, accepted_rate, revenue, conversions], compare: true}}
blocks:
  - table: sources
    columns: [source, COLUMN]
    OPTIONS
"""
NAMES = "source delivered accepted_rate revenue conversions"
NOW_ROWS = [
    ("SunCompare", 868, 0.912, Decimal("538900"), 37),
    ("Paid search", 742, 0.797, Decimal("476300"), 33),
    ("Native display", 131, 0.511, Decimal("12900"), 1),
    ("Newcomer", 10, None, Decimal("0"), 9),
]
BEFORE_ROWS = [
    ("SunCompare", 853, 0.90, Decimal("521000"), 36),
    ("Paid search", 918, 0.87, Decimal("594600"), 40),
    ("Native display", 196, 0.80, Decimal("38700"), 8),
]


def made(composed: Compose, column: str, options: str = "", **more: object) -> Table:
    answers = {
        "sources": table(NAMES, *NOW_ROWS),
        "sources.previous": table(NAMES, *BEFORE_ROWS),
        "sources.total": table(NAMES.removeprefix("source "), (1751, 0.83, Decimal("1028100"), 80)),
        "sources.total.previous": table(NAMES.removeprefix("source "), (1967, 0.87, Decimal("1154300"), 84)),
    }
    body = BODY.replace("COLUMN", column).replace(
        "    OPTIONS", "\n".join(f"    {line}" for line in options.split("|"))
    )
    [block] = composed(body, answers, **more).blocks
    assert isinstance(block, Table)
    return block


def cells(block: Table, column: int = 1) -> list[tuple[str, str, str]]:
    return [(row.cells[column].text, row.cells[column].tone, row.cells[column].mark) for row in block.rows]


@pytest.mark.parametrize(
    ("column", "label", "texts"),
    [
        ("delivered", "Leads delivered", ["868", "742", "131", "10"]),
        ("accepted_rate", "Accepted rate %", ["91.2", "79.7", "51.1", "–"]),
        ("revenue", "Revenue $", ["538,900", "476,300", "12,900", "0"]),
        ("{column: revenue, scale: k}", "Revenue $ k", ["538.9", "476.3", "12.9", "0.0"]),
        ("{column: revenue, label: Sum, decimals: 2}", "Sum $", ["538,900.00", "476,300.00", "12,900.00", "0.00"]),
        ("{column: delivered, show: difference}", "vs Sep", ["+15", "−176", "−65", "+10"]),
        ("{column: delivered, show: change}", "vs Sep %", ["+1.8", "−19.2", "−33.2", "new"]),
        ("{column: accepted_rate, show: change}", "vs Sep pt", ["+1.2", "−7.3", "−28.9", "–"]),
        ("{column: delivered, show: previous}", "Sep", ["853", "918", "196", "–"]),
        ("{column: delivered, show: share, label: ''}", "%", ["49.6", "42.4", "7.5", "0.6"]),
        ("{column: delivered, show: bar}", "", ["", "", "", ""]),
    ],
)
def test_what_a_column_shows(composed: Compose, column: str, label: str, texts: list[str]) -> None:
    block = made(composed, column)
    assert block.columns[1].label == label
    assert [text for text, _, _ in cells(block)] == texts


def test_bars_are_drawn_to_the_largest_and_spreadsheets_keep_the_values(composed: Compose) -> None:
    block = made(composed, "{column: delivered, show: bar}")
    assert [round(row.cells[1].share or 0, 3) for row in block.rows] == [1.0, 0.855, 0.151, 0.012]
    assert [row.cells[1].value for row in block.rows] == [868, 742, 131, 10]


def test_figures_under_a_threshold_are_marked_and_missing_ones_are_not(composed: Compose) -> None:
    block = made(composed, "{column: accepted_rate, rules: [{under: 0.6}, {under: 0.8, tone: faint}]}")
    assert cells(block) == [("91.2", "", ""), ("79.7", "faint", ""), ("51.1", "worse", "▼"), ("–", "", "")]


def test_changes_of_few_cases_are_faint_and_explained(composed: Compose) -> None:
    block = made(
        composed, "{column: revenue, show: change, rules: [{under: -0.1}]}", "few: {metric: conversions, under: 5}"
    )
    assert cells(block) == [
        ("+3.4", "", ""), ("−19.9", "worse", ""), ("−66.7", "faint", "†"), ("–", "", ""),
    ]  # fmt: skip
    assert block.note == "† Fewer than 5 cases: the change says little."


def test_totals_come_from_the_dataset_so_that_rates_are_right(composed: Compose) -> None:
    block = made(
        composed,
        "delivered, accepted_rate, {column: revenue, show: change}, {column: delivered, show: share}",
        "total: All sources",
    )
    assert block.rows[-1].kind == "total"
    assert [cell.text for cell in block.rows[-1].cells] == ["All sources", "1,751", "83.0", "−10.9", "100.0"]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("[delivered]", ["Newcomer", "Native display", "Paid search", "SunCompare"]),
        ("[-accepted_rate]", ["SunCompare", "Paid search", "Native display", "Newcomer"]),
        ("[accepted_rate]", ["Native display", "Paid search", "SunCompare", "Newcomer"]),
        ("[source]", ["Native display", "Newcomer", "Paid search", "SunCompare"]),
    ],
)
def test_order_puts_what_is_missing_last(composed: Compose, order: str, names: list[str]) -> None:
    assert [row.cells[0].text for row in made(composed, "delivered", f"order: {order}").rows] == names


def test_a_limit_says_what_it_left_out(composed: Compose) -> None:
    block = made(composed, "delivered", "limit: 1|total: All")
    assert ([row.kind for row in block.rows], block.dropped, block.note) == (["row", "total"], 3, "Not shown: 3.")


@pytest.mark.feature("FMT-01")
def test_ten_thousand_rows_with_a_limit(composed: Compose) -> None:
    rows = [(f"Source {number}", number, 0.5, Decimal(number), 9) for number in range(10_000)]
    body = BODY.replace("COLUMN", "delivered").replace("OPTIONS", "limit: 500").replace(", compare: true", "")
    [block] = composed(body, {"sources": table(NAMES, *rows)}).blocks
    assert isinstance(block, Table)
    assert (len(block.rows), block.dropped, block.rows[499].cells[0].text) == (500, 9_500, "Source 499")


def test_without_rows_the_table_says_so_in_the_readers_language(composed: Compose) -> None:
    answers = {name: table(NAMES) for name in ("sources", "sources.previous")}
    body = BODY.replace("COLUMN", "{column: delivered, show: share}")
    texts = {}
    for language in ("en", "de", "ja", "sv"):
        document = composed(body.replace("OPTIONS", ""), answers, reader=replace(READER, language=language))
        [block] = document.blocks
        assert isinstance(block, Table)
        assert (block.rows, document.problems) == ((), ())
        texts[language] = block.empty
    assert texts == {
        "en": "No rows in this period.",
        "de": "Keine Zeilen in diesem Zeitraum.",
        "ja": "この期間のデータはありません。",
        "sv": "No rows in this period.",
    }
    [own] = composed(body.replace("OPTIONS", "empty: Nothing came."), answers).blocks
    assert isinstance(own, Table)
    assert own.empty == "Nothing came."


def test_every_day_has_a_row_with_week_ends_ruled_and_weekends_quiet(composed: Compose) -> None:
    body = """
data: {daily: {dataset: l, by: [day], metrics: [delivered, accepted_rate]}}
blocks: [{table: daily, columns: [day, delivered, accepted_rate], rules_between: weeks, quiet: weekends}]
"""
    rows = [(date(2026, 10, 1), 5, 0.5), (date(2026, 10, 3), 2, 1.0)]
    [block] = composed(body, {"daily": table("day delivered accepted_rate", *rows)}).blocks
    assert isinstance(block, Table)
    assert [[cell.text for cell in row.cells] for row in block.rows[:3]] == [
        ["Thu 1 Oct", "5", "50.0"],
        ["Fri 2 Oct", "0", "–"],
        ["Sat 3 Oct", "2", "100.0"],
    ]
    assert len(block.rows) == 31
    assert [index for index, row in enumerate(block.rows) if row.rule_after] == [3, 10, 17, 24, 30]
    assert [index for index, row in enumerate(block.rows) if row.quiet][:4] == [2, 3, 9, 10]


def test_a_failed_total_leaves_the_rows_and_is_noted() -> None:
    definition = report(
        BODY.replace("COLUMN", "delivered").replace("OPTIONS", "total: All").replace(", compare: true", "")
    )
    parameters = resolve(definition, {}, reader=READER, now=NOW)
    document = compose(definition, parameters, {"sources": table(NAMES, *NOW_ROWS)}, reader=READER, context=CONTEXT)
    [block] = document.blocks
    assert isinstance(block, Table)
    assert ([row.kind for row in block.rows], document.problems) == (
        ["row"] * 4,
        ("Data “sources.total” could not be fetched.",),
    )


def test_a_pivot_has_a_column_for_each_hour_shaded_by_size(composed: Compose) -> None:
    body = """
data: {hours: {dataset: l, by: [weekday, hour_of_day], metrics: [delivered]}}
blocks: [{table: hours, columns: [{column: weekday, label: Weekday}, delivered], pivot: hour_of_day, across: All day, total: All}]
"""
    [block] = composed(
        body, {"hours": table("weekday hour_of_day delivered", (0, 9, 14), (6, 9, 7), (6, 23, 1))}
    ).blocks
    assert isinstance(block, Table)
    assert [column.label for column in block.columns[:3]] == ["Weekday", "00:00", "01:00"]
    assert (len(block.columns), len(block.rows)) == (26, 8)
    assert block.rows[0].cells[0] == Cell("Mon", "Mon")
    assert (block.rows[0].cells[10], block.rows[6].cells[10].heat) == (Cell("14", 14, heat=6), 3)
    assert [row.cells[-1].text for row in block.rows] == ["14", "0", "0", "0", "0", "0", "8", "22"]
    total: Row = block.rows[-1]
    assert (total.kind, total.cells[10].text, total.cells[24].text) == ("total", "21", "1")


def test_a_pivot_shows_the_columns_that_were_named_even_where_nothing_came(composed: Compose) -> None:
    body = """
data: {hours: {dataset: l, by: [weekday, source], metrics: [accepted_rate]}}
blocks: [{table: hours, columns: [weekday, accepted_rate], pivot: source, pivot_values: [Z, A], across: All, total: All}]
"""
    answer = table("weekday source accepted_rate", (0, "A", 0.5), (1, "B", 0.9))
    [block] = composed(body, {"hours": answer}).blocks
    assert isinstance(block, Table)
    assert [column.label for column in block.columns] == ["Day", "Z", "A"]  # rates have no sums
    assert [[cell.text for cell in row.cells] for row in block.rows[:2]] == [["Mon", "–", "50.0"], ["Tue", "–", "–"]]
    assert {row.kind for row in block.rows} == {"row"}


def test_rates_are_shaded_from_the_lowest_as_they_do_not_begin_at_zero(composed: Compose) -> None:
    body = """
data: {rates: {dataset: l, by: [source, weekday], metrics: [accepted_rate]}}
blocks: [{table: rates, columns: [source, accepted_rate], pivot: weekday}]
"""
    answer = table("source weekday accepted_rate", ("A", 0, 0.4), ("A", 1, 0.9), ("B", 0, 0.66))
    [block] = composed(body, {"rates": answer}).blocks
    assert isinstance(block, Table)
    assert [[cell.heat for cell in row.cells[1:3]] for row in block.rows] == [[0, 6], [3, None]]
