"""Charts: positions without gaps, the rest as “other”, marks of the period before, levels and named moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from broadsheet.core.document.model import Annotation, Chart, Heading, Reference, Text
from broadsheet.core.policy import Reader

from .conftest import READER, Compose, table

DAILY = """
data: {{daily: {{dataset: l, by: [day], metrics: [delivered, accepted_rate], compare: true}}}}
blocks: [{{chart: {kind}, data: daily, title: Days, x: day, series: [delivered, accepted_rate], {options}}}]
"""
BARS = """
data: {{sources: {{dataset: l, by: [source], metrics: [delivered, revenue, accepted_rate, conversions], compare: true}}}}
blocks: [{{chart: {kind}, data: sources, x: source, series: [{metric}], {options}}}]
"""
NAMES = "source delivered revenue accepted_rate conversions"
ROWS = [("A", 50, 5_000, 0.9, 20), ("B", 70, 90_000, 0.7, 20), ("C", 10, 100, 0.5, 1), ("D", 5, 50, 0.8, 1)]
BEFORE = [("A", 60, 6_000, 0.9, 20), ("B", 60, 60_000, 0.8, 20), ("C", 20, 200, 0.5, 9), ("E", 7, 70, 0.8, 1)]


def daily(
    composed: Compose, *rows: tuple[date, int, float], options: str = "", kind: str = "line", **more: object
) -> Chart:
    earlier = table("day delivered accepted_rate", (date(2026, 9, 1), 300, 0.5), (date(2026, 9, 2), 60, 0.7))
    answers = {"daily": table("day delivered accepted_rate", *rows), "daily.previous": earlier}
    [block] = composed(DAILY.format(kind=kind, options=options), answers, **more).blocks
    assert isinstance(block, Chart)
    return block


def bars(
    composed: Compose, metric: str = "delivered", options: str = "", kind: str = "bar", reader: Reader = READER
) -> Chart:
    answers = {"sources": table(NAMES, *ROWS), "sources.previous": table(NAMES, *BEFORE)}
    [block] = composed(BARS.format(kind=kind, metric=metric, options=options), answers, reader=reader).blocks
    assert isinstance(block, Chart)
    return block


OCTOBER = ((date(2026, 10, 1), 10, 0.5), (date(2026, 10, 3), 2, 1.0), (date(2026, 10, 31), 20, 0.8))


def test_a_day_that_brought_nothing_is_zero_for_sums_and_a_gap_for_rates(composed: Compose) -> None:
    chart = daily(composed, *OCTOBER, options="shaded: weekends")
    assert (len(chart.x), chart.x_kind, chart.x_values[1], chart.x[1]) == (31, "time", "2026-10-02", "Fri 2 Oct")
    assert [series.values[:3] for series in chart.series] == [(10.0, 0.0, 2.0), (0.5, None, 1.0)]
    assert chart.series[0].texts[:2] == ("10", "0")
    assert chart.shaded[:3] == (2, 3, 9)
    assert [chart.x[place] for place in chart.x_ticks] == [
        "Thu 1 Oct",
        "Mon 5 Oct",
        "Mon 12 Oct",
        "Mon 19 Oct",
        "Mon 26 Oct",
    ]


def test_days_of_which_nothing_can_be_known_yet_are_not_drawn_as_zero(composed: Compose) -> None:
    chart = daily(composed, (date(2026, 11, 2), 4, 0.5), given={"period": "this month"})
    assert (chart.x_values[-1], len(chart.x)) == ("2026-11-22", 22)  # the data ends on the 22nd, 18:00 in Chicago


def test_the_mean_of_the_period_before_counts_its_empty_days(composed: Compose) -> None:
    chart = daily(
        composed,
        *OCTOBER,
        options="references: [{mean: delivered, of: previous}, {mean: accepted_rate}, {value: 8, label: Floor}]",
    )
    assert chart.references == (
        Reference(12.0, "Sep mean 12"),  # 360 on 30 days
        Reference(pytest.approx(2.3 / 3), "Oct mean 76.7\u202f%"),
        Reference(8.0, "Floor"),
    )


def test_named_moments_lie_on_their_days_and_only_if_these_are_shown(composed: Compose) -> None:
    options = (
        "annotations: [{at: 2026-10-03, lead: '{x}: {value}', text: low}, {at: highest}, {at: 2026-09-14, lead: gone}]"
    )
    assert daily(composed, *OCTOBER, options=options).annotations == (
        Annotation(2, "Sat 3 Oct: 2", "low", "delivered"),
        Annotation(30, "Sat 31 Oct", "", "delivered"),
    )


def test_a_picture_is_told_in_words(composed: Compose) -> None:
    assert daily(composed, *OCTOBER).alt == (
        "Leads delivered: 0 (Fri 2 Oct) – 20 (Sat 31 Oct); Accepted rate: 50.0\u202f% (Thu 1 Oct) – 100.0\u202f% (Sat 3 Oct)"
    )


@pytest.mark.parametrize("kind", ["line", "area", "bar", "stacked_bar", "combo"])
def test_without_rows_a_sentence_stands_in_the_charts_place(composed: Compose, kind: str) -> None:
    answers = {name: table("day delivered accepted_rate") for name in ("daily", "daily.previous")}
    heading, text = composed(DAILY.format(kind=kind, options="under: Line"), answers).blocks
    assert heading == Heading("Days", 2, "Line")
    assert isinstance(text, Text)
    assert text.paragraphs[0].spans[0].text == "No rows in this period."


def test_one_row_is_a_whole_chart(composed: Compose) -> None:
    chart = daily(composed, (date(2026, 10, 14), 3, 1.0), given={"period": "2026-10-14"})
    assert (chart.x, chart.series[0].values) == (("Wed 14 Oct",), (3.0,))


def test_the_rest_is_one_other_where_sums_make_sense(composed: Compose) -> None:
    chart = bars(composed, options="order: down, top: 2")
    assert (chart.x, chart.series[0].values, chart.series[0].texts) == (
        ("B", "A", "Other"),
        (70.0, 50.0, 15.0),
        ("70", "50", "15"),
    )
    rates = bars(composed, "accepted_rate", "order: down, top: 2")
    assert rates.x == ("A", "D")


def test_ticks_and_figures_of_the_period_before(composed: Compose) -> None:
    options = "horizontal: true, order: down, top: 2, compare: true, highlight: [worst], columns: [value, {show: change, rules: [{under: -0.1}]}, share]"
    chart = bars(composed, options=options)
    assert (chart.compare, chart.compare_label) == ((60.0, 60.0, 27.0), "September 2026")
    assert chart.highlight == (1,)
    assert chart.columns == (
        ("Leads delivered", ("70", "50", "15"), ("", "", "")),
        ("vs Sep", ("+16.7\u202f%", "−16.7\u202f%", ""), ("", "worse", "")),
        ("%", ("51.9\u202f%", "37.0\u202f%", "11.1\u202f%"), ("", "", "")),
    )


def test_changes_on_few_cases_carry_the_dagger(composed: Compose) -> None:
    chart = bars(
        composed,
        options="horizontal: true, columns: [{show: change, rules: [{under: -0.1}]}], few: {metric: conversions, under: 5}",
    )
    assert chart.columns[0][1:] == (
        ("−16.7\u202f%", "+16.7\u202f%", "−50.0\u202f%†", "new†"),
        ("worse", "", "faint", "faint"),
    )
    assert chart.note == "† Fewer than 5 cases: the change says little."


def test_money_is_divided_by_what_its_largest_bar_asks_for(composed: Compose) -> None:
    chart = bars(composed, "revenue", "horizontal: true, columns: [value]")
    assert (chart.axis_hint.scale, chart.axis_unit) == ("k", "")
    assert chart.columns[0][:2] == ("$ k", ("5.0", "90.0", "0.1", "0.1"))
    assert chart.series[0].values[1] == 90_000.0


SPLIT = """
data: {{a: {{dataset: l, by: [day, source], metrics: [delivered, accepted_rate]}}}}
blocks: [{{chart: stacked_bar, data: a, x: day, series: [{metric}], split: source, top: 2, {options}}}]
"""
DAY = date(2026, 10, 14)


@pytest.mark.parametrize(
    ("metric", "options", "labels", "values"),
    [
        ("delivered", "", ["B", "A", "Other"], [7.0, 5.0, 3.0]),
        ("delivered", "other: false", ["B", "A"], [7.0, 5.0]),
        ("accepted_rate", "order: up", ["C", "A"], [0.1, 0.5]),
        ("accepted_rate", "", ["D", "B"], [0.9, 0.7]),
    ],
)
def test_a_split_keeps_the_largest_or_lowest(
    composed: Compose, metric: str, options: str, labels: list[str], values: list[float]
) -> None:
    answer = table(
        "day source delivered accepted_rate",
        (DAY, "A", 5, 0.5),
        (DAY, "B", 7, 0.7),
        (DAY, "C", 1, 0.1),
        (DAY, "D", 2, 0.9),
    )
    [chart] = composed(
        SPLIT.format(metric=metric, options=options), {"a": answer}, given={"period": "2026-10-14"}
    ).blocks
    assert isinstance(chart, Chart)
    assert [series.label for series in chart.series] == labels
    assert [series.values[0] for series in chart.series] == values
    assert [series.color for series in chart.series] == ["1", "2", "muted"][: len(labels)]


def test_a_history_is_drawn_period_by_period(composed: Compose) -> None:
    body = """
data: {a: {dataset: l, by: [source], metrics: [delivered], history: 3}}
blocks: [{chart: stacked_bar, data: a.history, x: period, series: [delivered], split: source}]
"""
    past = table("period source delivered", (date(2026, 8, 1), "A", 8), (date(2026, 10, 1), "B", 4))
    [chart] = composed(body, {"a": table("source delivered"), "a.history": past}).blocks
    assert isinstance(chart, Chart)
    assert chart.x == ("Aug 2026", "Sep 2026", "Oct 2026")
    assert [(series.label, series.values) for series in chart.series] == [
        ("A", (8.0, 0.0, 0.0)),
        ("B", (0.0, 0.0, 4.0)),
    ]


def test_a_scatter_has_a_point_for_each_row_with_both_figures(composed: Compose) -> None:
    answers = {
        "sources": table(NAMES, *ROWS, ("F", None, 1, 0.5, 1)),
        "sources.previous": table(NAMES, *BEFORE),
    }
    body = BARS.replace("x: source", "x: delivered").format(kind="scatter", metric="accepted_rate", options="")
    [chart] = composed(body, answers).blocks
    assert isinstance(chart, Chart)
    assert (chart.x, chart.x_values, chart.x_kind) == (("A", "B", "C", "D"), (50.0, 70.0, 10.0, 5.0), "number")
    assert chart.series[0].texts[0] == "A: 50, 90.0\u202f%"


@pytest.mark.parametrize(
    ("language", "currency", "unit"),
    [
        ("en-US", "USD", ""),
        ("de-DE", "EUR", "#\u00a0Tsd.\u00a0€"),
        ("ja-JP", "JPY", "￥#千"),
        ("es-US", "USD", "$#\u00a0mil"),
    ],
)
def test_the_axis_says_thousands_in_the_reader_s_words(
    composed: Compose, language: str, currency: str, unit: str
) -> None:
    reader = replace(READER, language=language, currency=currency)
    assert bars(composed, "revenue", "horizontal: true", reader=reader).axis_unit == unit
