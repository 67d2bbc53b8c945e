"""Figures that may not be added up, periods of which nothing is known, and those with names of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from broadsheet.core.document.model import Chart, Table
from broadsheet.core.document.tables import Column, DataTable

from .conftest import COLUMNS, NOW, table

BUYERS = Column("buyers", "Buyers", "integer", additive=False)
MEAN = Column("mean", "Mean", "number", additive=False, zero=False)
BY_SOURCE = "data: {s: {dataset: d, by: [source], metrics: [buyers]}}\n"
BY_DAY = "data: {s: {dataset: d, by: [day], metrics: [delivered, mean]}}\n"
pytestmark = pytest.mark.feature("EXT-19")


def answer(columns: tuple[Column, ...], *rows: tuple[object, ...], withheld: int = 0) -> DataTable:
    return DataTable(columns, rows, NOW, withheld=withheld, least=5 if withheld else 0)  # type: ignore[arg-type]


def test_the_rest_of_a_chart_is_no_sum_of_distinct_counts(composed):
    rows = [(name, number) for name, number in (("A", 5), ("B", 4), ("C", 3))]
    body = BY_SOURCE + "blocks: [{chart: bar, data: s, x: source, series: [buyers], top: 2, order: down}]\n"
    [chart] = composed(body, {"s": answer((COLUMNS["source"], BUYERS), *rows)}).blocks
    assert isinstance(chart, Chart)
    assert chart.x == ("A", "B")
    additive = answer((COLUMNS["source"], replace(BUYERS, additive=True)), *rows)
    [chart] = composed(body, {"s": additive}).blocks
    assert chart.x == ("A", "B", "Other")
    assert chart.series[0].values[-1] == 3


def test_a_pivots_edges_are_no_sums_of_distinct_counts(composed):
    body = (
        "data: {s: {dataset: d, by: [source, weekday], metrics: [buyers]}}\n"
        "blocks: [{table: s, columns: [source, buyers], pivot: weekday, across: All, total: All}]\n"
    )
    columns = (COLUMNS["source"], COLUMNS["weekday"], BUYERS)
    [found] = composed(body, {"s": answer(columns, ("A", 0, 2), ("A", 1, 3))}).blocks
    assert isinstance(found, Table)
    assert "All" not in [column.label for column in found.columns]
    assert all(row.kind != "total" for row in found.rows)


def test_days_without_rows_are_nothing_for_a_mean_and_0_for_a_count(composed):
    body = BY_DAY + "blocks: [{table: s, columns: [day, delivered, mean]}]\n"
    columns = (COLUMNS["day"], COLUMNS["delivered"], MEAN)
    [found] = composed(body, {"s": answer(columns, (date(2026, 10, 2), 4, 2.5))}).blocks
    first = found.rows[0].cells
    assert (first[1].value, first[2].value) == (0, None)


@pytest.mark.feature("SEC-14")
def test_what_is_withheld_is_said_and_never_shown_as_0(composed):
    body = (
        BY_DAY
        + "blocks: [{table: s, columns: [day, delivered]}, {chart: line, data: s, x: day, series: [delivered]}]\n"
    )
    columns = (COLUMNS["day"], COLUMNS["delivered"], MEAN)
    found, chart = composed(body, {"s": answer(columns, (date(2026, 10, 2), 40, 2.5), withheld=3)}).blocks
    assert found.rows[0].cells[1].value is None
    assert chart.series[0].values[0] is None
    said = "Not shown: 3 groups, so that none of fewer than 5 can be made out."
    assert (found.note, chart.note) == (said, said)


def test_fiscal_periods_are_called_by_their_names(composed):
    names = ((date(2026, 7, 1), "FY2027 Q2"), (date(2026, 10, 1), "FY2027 Q3"))
    quarter = Column("fiscal_quarter", "Day", "date", grain="fiscal_quarter", names=names)
    body = (
        "data: {s: {dataset: d, by: [fiscal_quarter], metrics: [delivered]}}\n"
        "blocks: [{table: s, columns: [fiscal_quarter, delivered]}, {chart: bar, data: s, x: fiscal_quarter, series: [delivered]}]\n"
    )
    found, chart = composed(
        body, {"s": answer((quarter, COLUMNS["delivered"]), (names[0][0], 4), (names[1][0], 5))}
    ).blocks
    assert [row.cells[0].text for row in found.rows] == ["FY2027 Q2", "FY2027 Q3"]
    assert chart.x == ("FY2027 Q2", "FY2027 Q3")


def test_additive_answers_are_as_before(composed):
    body = "data: {s: {dataset: d, by: [source], metrics: [delivered]}}\nblocks: [{table: s, columns: [source, delivered]}]\n"
    [found] = composed(body, {"s": table("source delivered", ("A", 2))}).blocks
    assert (found.rows[0].cells[1].value, found.note) == (2, "")


PIVOT = (
    "data: {s: {dataset: d, by: [source, weekday], metrics: [buyers]}}\n"
    "blocks: [{table: s, columns: [source, buyers], pivot: weekday, across: All, total: Every}]\n"
)


def test_the_edges_of_a_pivot_are_asked_where_they_may_not_be_added_up(asked, composed):
    plain = set(asked(PIVOT))
    assert plain == {"s", "s.total"}
    from broadsheet.core.document.compose import asks
    from broadsheet.core.document.parameters import resolve

    from .conftest import READER, report

    definition = report(PIVOT)
    parameters = resolve(definition, {}, reader=READER, now=NOW)
    found = asks(definition, parameters, reader=READER, apart={("d", "buyers")})
    assert {name: [one.column for one in ask.by] for name, ask in found.items()} == {
        "s": ["source", "weekday"], "s.total": [], "s.across": ["weekday"], "s.down": ["source"],
    }  # fmt: skip
    columns = (COLUMNS["source"], COLUMNS["weekday"], BUYERS)
    answers = {
        "s": answer(columns, ("A", 0, 2), ("A", 1, 3), ("B", 0, 4)),
        "s.down": answer((columns[0], BUYERS), ("A", 3), ("B", 4)),
        "s.across": answer((columns[1], BUYERS), (0, 5), (1, 3)),
        "s.total": answer((BUYERS,), (6,)),
    }
    [found] = composed(PIVOT, answers).blocks
    assert found.columns[-1].label == "All"
    assert [row.cells[-1].value for row in found.rows] == [3, 4, 6]  # not 5, 4 and 9
    assert [cell.value for cell in found.rows[-1].cells[1:4]] == [5, 3, None]


COMPARED = (
    "data: {s: {dataset: d, by: [source], metrics: [buyers, rate], compare: true}}\n"
    "blocks: [{table: s, columns: [source, {column: buyers, show: change}, {column: buyers, show: difference},"
    " {column: rate, show: change}, {column: rate, show: difference}]}]\n"
)
RATE = Column("rate", "Rate", "percent", additive=False, zero=False)


@pytest.mark.feature("SEC-14")
def test_what_may_only_be_left_out_before_is_not_called_new(composed):
    """A was there before, B was not, or was withheld. A rate that was not there was not 0 either."""
    columns = (COLUMNS["source"], BUYERS, RATE)
    now = answer(columns, ("A", 40, 0.9), ("B", 30, 0.9))
    for withheld, expected in [(0, ("new", "+30", "–", "–")), (2, ("–", "–", "–", "–"))]:
        before = answer(columns, ("A", 20, 0.8), withheld=withheld)
        [found] = composed(COMPARED, {"s": now, "s.previous": before}).blocks
        texts = [tuple(cell.text for cell in row.cells[1:]) for row in found.rows]
        assert texts[0][0] == "+100.0"
        assert texts[1] == expected
