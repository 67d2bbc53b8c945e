"""Reading report definitions: every mistake is told with its line and its cure, all at once."""

from __future__ import annotations

import pytest

from broadsheet.core.document.definition import DatasetNames, ReportDefinition, check, checked_report, report_from
from broadsheet.core.document.definition.blocks import ChartBlock, ColumnsBlock, TableBlock
from broadsheet.core.document.loading import DefinitionError, Loaded, load

GOOD = """\
report: r
title: "{period}: {month.delivered}"
parameters:
  period: {kind: period}
data:
  month:
    dataset: leads
    metrics: [delivered, cost]
    compare: true
    history: 13
  sources:
    dataset: leads
    by: [source, day]
    metrics: [delivered]
blocks:
  - metrics: month
    show: [delivered]
  - chart: line
    data: sources
    x: day
    series: [delivered]
    split: source
  - columns:
      - blocks: [{table: sources, columns: [source, delivered]}]
      - blocks: [{heading: Beside}]
"""


def loaded(text: str) -> Loaded:
    [one] = load(text, file="r.yaml")
    return one


def complaints(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        report_from(loaded(text))
    return [str(problem) for problem in refused.value.problems]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_short_and_long_forms_are_one() -> None:
    report = report_from(loaded(GOOD))
    long = changed("series: [delivered]", "series: [{metric: delivered}]").replace(
        "by: [source, day]", "by: [{dimension: source}, {grain: day}]"
    )
    assert report == report_from(loaded(long))
    assert [type(block) for _, block in report.walk()][1:4] == [ChartBlock, ColumnsBlock, TableBlock]
    assert report.data["sources"].columns == ("source", "day", "delivered")
    assert report.sources == ["month", "sources", "month.history"]


@pytest.mark.feature("BEY-09")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    compare: true", "    compar: true", "r.yaml:9: data.month.compar: “compar” is not known here. Did you mean “compare”?"),
        ("chart: line", "chart: lin", "r.yaml:18: blocks.1.chart: “lin” is not known here. Did you mean “line”?"),
        ("series: [delivered]", "series: [{metric: delivered, colour: '1'}]", "r.yaml:21: blocks.1.series.0.colour: “colour” is not known here. Did you mean “color”?"),
        ("  - chart: line\n", "  - chrt: line\n", "r.yaml:18: blocks.1.chrt: “chrt” is not a kind of block. Did you mean “chart”?"),
        ("blocks: [{heading: Beside}]", "blocks: [Beside]", "r.yaml:25: blocks.2.columns.1.blocks.0: This is not a block. Begin it with one of heading, text, metrics, chart, table, image, page_break, columns."),
        ("kind: period", "kind: perod", "r.yaml:4: parameters.period: “perod” is not known here. Did you mean “period”?"),
        ("    x: day\n", "", "r.yaml:18: blocks.1.x: “x” is missing. Add “x:”."),
        ("history: 13", "history: many", "r.yaml:10: data.month.history: Input should be a valid integer, unable to parse string as an integer. Write a whole number."),
        ("title: \"{period}: {month.delivered}\"\n", "", "r.yaml:1: title: “title” is missing. Add “title:”."),
        ("{month.delivered}", "{month.deliverd}", "r.yaml:2: title: “{month.deliverd}” stands for nothing here. Did you mean “month.delivered”?"),
        ("{period}:", "{reader}:", "r.yaml:2: title: “{reader}” stands for nothing here. Did you mean “reader.name”?"),
        ("show: [delivered]", "show: [revenue]", "r.yaml:17: blocks.0.show.0: Data “month” has no column “revenue”. Known are: cost, delivered."),
        ("metrics: month\n", "metrics: sources\n", "r.yaml:16: blocks.0.metrics: Data “sources” has groups. Ask without “by:” for a single row of figures."),
        ("data: sources\n    x", "data: source\n    x", "r.yaml:19: blocks.1.data: There is no data “source”. Did you mean “sources”?"),
        ("split: source", "split: sorce", "r.yaml:22: blocks.1.split: Data “sources” has no column “sorce”. Did you mean “source”?"),
        ("split: source", "compare: true", "r.yaml:18: blocks.1: Data “sources” is not asked for the period before. Add “compare: true” to “data.sources”."),
        ("columns: [source, delivered]", "columns: [source, {column: source, show: share}]", "r.yaml:24: blocks.2.columns.0.blocks.0.columns.1: “source” is not a metric; it has no share. Known are: delivered."),
        ("  period: {kind: period}", "  other: {kind: flag}", "r.yaml:6: data.month: Without a period there is nothing to compare with. Add a parameter of kind period, or remove “compare” and “history”."),
        ("    metrics: [delivered]\n", "    metrics: [delivered]\n    where: [{dimension: a, equals: 1, not: 2}]\n", "r.yaml:15: data.sources.where.0: A condition has exactly one comparison, this has 2. Keep one of: equals, not, in, not_in, over, at_least, under, at_most, empty, parameter."),
        ("    metrics: [delivered]\n", "    metrics: [delivered]\n    where: [{dimension: a, parameter: perod}]\n", "r.yaml:15: data.sources.where.0.parameter: There is no parameter “perod”. Did you mean “period”?"),
        ("    metrics: [delivered]\n", "    metrics: [delivered]\n    order: [-reveneu]\n", "r.yaml:15: data.sources.order.0: Data “sources” has no column “reveneu”. Known are: day, delivered, source."),
        ("blocks: [{heading: Beside}]", "blocks: []", "r.yaml:25: blocks.2.columns.1.blocks: This is empty. Choose at least one."),
        ("      - blocks: [{heading: Beside}]\n", "", "r.yaml:23: blocks.2.columns: Here is 1; at least 2 are needed. Add another."),
        ("  sources:\n", "  reader:\n", "r.yaml:11: data.reader: “reader” has a meaning of its own. Choose another name."),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_line_and_cure(old: str, new: str, said: str) -> None:
    assert said in complaints(changed(old, new))


def test_all_mistakes_are_told_at_once_in_order_of_lines() -> None:
    text = (
        changed("compare: true", "compar: true")
        .replace("chart: line", "chart: lin")
        .replace("history: 13", "history: 1")
    )
    assert [line.split(": ")[0] for line in complaints(text)] == ["r.yaml:9", "r.yaml:10", "r.yaml:18"]


EVERY_CLASS = """\
report: r
title: R
parameters:
  period: {kind: perod}
data:
  month: {dataset: leads, metrics: [deliverd, cost], compar: true}
  lost: {dataset: leads, metrics: 3}
blocks:
  - {metrics: month, show: [costs]}
  - {chart: lin, data: month, x: day, series: [cost]}
  - {table: sorces, columns: [source]}
  - columns:
      - blocks: [{heading: "{month.cots}"}, {hedding: H}]
      - blocks: [{table: lost, columns: [a, {column: b, colour: red}]}]
  - {text: "{lost.cost} of {month.cost.change} in {period.previous}"}
"""


@pytest.mark.feature("BEY-09")
def test_a_fault_of_form_does_not_hide_a_wrong_name_elsewhere() -> None:
    with pytest.raises(DefinitionError) as refused:
        checked_report(loaded(EVERY_CLASS), {"leads": NAMES})
    assert [str(problem).removeprefix("r.yaml:") for problem in refused.value.problems] == [
        "4: parameters.period: “perod” is not known here. Did you mean “period”?",
        "6: data.month.compar: “compar” is not known here. Did you mean “compare”?",
        "6: data.month.metrics.0: Dataset “leads” has no metric “deliverd”. Did you mean “delivered”?",
        "7: data.lost.metrics: Input should be a valid tuple. Write a list, such as [one, two].",
        "9: blocks.0.show.0: Data “month” has no column “costs”. Did you mean “cost”?",
        "10: blocks.1.chart: “lin” is not known here. Did you mean “line”?",
        "11: blocks.2.table: There is no data “sorces”. Known are: month.",
        "13: blocks.3.columns.0.blocks.1.hedding: “hedding” is not a kind of block. Did you mean “heading”?",
        "13: blocks.3.columns.0.blocks.0.heading: “{month.cots}” stands for nothing here. Did you mean “month.cost”?",
        "14: blocks.3.columns.1.blocks.0.columns.1.colour: “colour” is not known here. Did you mean “column”?",
    ]


def test_a_wrong_data_name_does_not_hide_a_wrong_metric() -> None:
    text = changed("data: sources\n    x", "data: source\n    x").replace("[delivered, cost]", "[delivered, costs]")
    with pytest.raises(DefinitionError) as refused:
        checked_report(loaded(text), {"leads": NAMES})
    assert [problem.line for problem in refused.value.problems] == [8, 19]


def test_another_kind_is_refused() -> None:
    assert complaints("dataset: r\nsource: x\n") == [
        "r.yaml:1: This is a dataset, not a report. Begin the document with “report: r”."
    ]


def test_two_blocks_that_were_given_one_name_are_refused() -> None:
    text = changed("    split: source", "    name: x").replace("{table: sources,", "{table: sources, name: x,")
    assert complaints(text) == [
        "r.yaml:24: blocks.2.columns.0.blocks.0.name: There are two blocks “x”. Give this one another name."
    ]


NAMES = DatasetNames(
    {"submitted_at": "instant", "source": "text", "month": "date"}, ("delivered", "cost"), "submitted_at"
)


def against(text: str, names: DatasetNames) -> list[str]:
    one = loaded(text)
    report: ReportDefinition = report_from(one)
    return [str(problem) for problem in check(report, {"leads": names}, one)]


def test_a_report_that_fits_its_datasets_has_no_problem() -> None:
    assert against(GOOD, NAMES) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dataset: leads", "dataset: lead", "r.yaml:7: data.month.dataset: There is no dataset “lead”. Did you mean “leads”?"),
        ("metrics: [delivered, cost]", "metrics: [delivered, costs]", "r.yaml:8: data.month.metrics.1: Dataset “leads” has no metric “costs”. Did you mean “cost”?"),
        ("by: [source, day]", "by: [source, day, chanel]", "r.yaml:13: data.sources.by.2: Dataset “leads” has no dimension “chanel”. Known are: month, source, submitted_at."),
        ("by: [source, day]", "by: [source, day, {dimension: source, grain: week}]", "r.yaml:13: data.sources.by.2: “source” is text, not a time; it cannot be cut to “week”. Leave the grain out, or name a time."),
        ("by: [source, day]", "by: [source, day, {dimension: month, grain: hour}]", "r.yaml:13: data.sources.by.2: “month” is a date; it has no hours to cut to “hour”. Use day, week, month, quarter, year or weekday."),
        ("    metrics: [delivered]\n", "    metrics: [delivered]\n    where: [{dimension: sorce, equals: x}]\n", "r.yaml:15: data.sources.where.0: Dataset “leads” has no dimension “sorce”. Did you mean “source”?"),
    ],
)  # fmt: skip
def test_what_a_dataset_does_not_have_is_told(old: str, new: str, said: str) -> None:
    assert against(changed(old, new), NAMES) == [said]


def test_a_period_needs_a_time() -> None:
    without = DatasetNames({"source": "text"}, ("delivered", "cost"))
    assert against(GOOD, without) == [
        "r.yaml:6: data.month: Dataset “leads” has no time, so no period can be applied. "
        "Add “period: none”, or “time:” to the dataset.",
        "r.yaml:11: data.sources: Dataset “leads” has no time, so no period can be applied. "
        "Add “period: none”, or “time:” to the dataset.",
        "r.yaml:13: data.sources.by.1: Dataset “leads” has no time. Name a dimension.",
    ]
