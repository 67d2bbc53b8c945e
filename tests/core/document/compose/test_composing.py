"""The document around its blocks: title, facts, direction, and honesty about what is missing."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from broadsheet.core.document.model import Columns, Heading, Image, MetricRow, PageBreak, Paragraph, Span, Table, Text

from .conftest import READER, Compose, table

BODY = """
subtitle: "{reader.buyer}, {reader.place} · {period}"
confidentiality: "Confidential: for {reader.buyer} only"
filename: "{report} {reader.buyer} {period.key}"
facts: [{label: Clock, value: "{reader.zone_name}"}]
data: {month: {dataset: l, metrics: [delivered], compare: true}}
blocks:
  - {heading: First, level: 3, under: Under}
  - {page_break: true}
  - columns:
      - {weight: 4, blocks: [{heading: Left}]}
      - {weight: 2, blocks: [{heading: Right}]}
"""


def test_title_facts_and_footer(composed: Compose) -> None:
    reader = replace(
        READER, attributes={"buyer": "Harbor Home Solar", "place": "Austin, Texas", "zone_name": "Austin time"}
    )
    document = composed(BODY, {}, reader=reader)
    assert document.subtitle == "Harbor Home Solar, Austin, Texas · October 2026"
    assert document.confidentiality == "Confidential: for Harbor Home Solar only"
    assert document.facts == (
        ("Prepared for", "Luis Ortega"),
        ("Period", "1–31 October 2026"),
        ("Compared", "September 2026"),
        ("Clock", "Austin time"),
        ("Data to", "31 Oct 2026, 24:00 CDT"),
        ("Made", "23 Nov 2026, 06:00 CST"),
    )
    assert (document.filename, document.definition) == ("r-Harbor-Home-Solar-2026-10", "r v1")
    assert (document.period_text, document.zone, document.number_style) == (
        "October 2026",
        "America/Chicago",
        (".", ","),
    )
    heading, page_break, columns = document.blocks
    assert heading == Heading("First", 3, "Under")
    assert page_break == PageBreak()
    assert columns == Columns(((Heading("Left"),), (Heading("Right"),)), (4.0, 2.0))
    assert pickle.loads(pickle.dumps(document)) == document


@pytest.mark.parametrize(
    ("attributes", "subtitle"),
    [
        ({}, "October 2026"),
        ({"buyer": "Harbor"}, "Harbor · October 2026"),
        ({"place": "Austin"}, "Austin · October 2026"),
        ({"buyer": "A, B · C", "place": "D"}, "A, B · C, D · October 2026"),
    ],
)
def test_what_a_reader_lacks_is_left_out_with_its_comma(
    composed: Compose, attributes: dict[str, str], subtitle: str
) -> None:
    assert composed(BODY, {}, reader=replace(READER, attributes=attributes)).subtitle == subtitle


@pytest.mark.parametrize(
    ("said", "attributes", "expected"),
    [
        ("Confidential: for {reader.buyer} only", {"buyer": "Harbor"}, "Confidential: for Harbor only"),
        ("Confidential: for {reader.buyer} only", {}, "Confidential"),
        ("For {reader.buyer} only. Do not hand it on.", {}, "Do not hand it on."),
        ("For management only", {}, "For management only"),
        ('""', {}, ""),
    ],
)
def test_a_sentence_about_what_a_reader_lacks_is_left_out(
    composed: Compose, said: str, attributes: dict[str, str], expected: str
) -> None:
    body = BODY.replace('"Confidential: for {reader.buyer} only"', said if said == '""' else f'"{said}"')
    assert composed(body, {}, reader=replace(READER, attributes=attributes)).confidentiality == expected


def test_a_fact_that_its_reader_lacks_is_left_out(composed: Compose) -> None:
    assert "Clock" not in dict(composed(BODY, {}, reader=replace(READER, attributes={})).facts)


@pytest.mark.parametrize(("firm", "shown"), [("Harbor Inc.", "Harbor Inc"), ("د.إ.\u200f", "د.إ\u200f")])
def test_an_abbreviation_does_not_double_the_dot_that_ends_a_sentence(composed: Compose, firm: str, shown: str) -> None:
    body = "blocks: [{text: 'For {reader.firm}. And {reader.firm}, too.'}]"
    [block] = composed(body, {}, reader=replace(READER, attributes={"firm": firm})).blocks
    assert isinstance(block, Text)
    assert block.paragraphs[0].spans[0].text == f"For {shown}. And {firm}, too."


@pytest.mark.parametrize(("unrestricted", "currency", "count"), [(True, "USD", 1), (False, "USD", 0), (False, None, 0)])
def test_who_sees_all_rows_is_told_that_money_may_be_of_several_currencies(
    composed: Compose, unrestricted: bool, currency: str | None, count: int
) -> None:
    body = "data: {all: {dataset: l, metrics: [revenue]}}\nblocks: [{text: 'Worth {all.revenue}, {all.revenue}.'}]"
    reader = replace(READER, unrestricted=unrestricted, currency=currency)
    document = composed(body, {"all": table("revenue", (5,))}, reader=reader)
    [block], problems = document.blocks, document.problems
    assert isinstance(block, Text)
    assert block.paragraphs[0].spans[0].text.startswith("Worth $5" if currency and not unrestricted else "Worth 5")
    assert [one.startswith("Money of several currencies may be added up here") for one in problems] == [True] * count


def test_a_closed_period_is_complete_up_to_its_end_and_an_open_one_to_the_cut_off(composed: Compose) -> None:
    body = "blocks: [{heading: H}]"
    texts = [composed(body, {}, given={"period": period}).data_to_text for period in ("2026-10", "this month")]
    assert texts == ["31 Oct 2026, 24:00 CDT", "22 Nov 2026, 18:00 CST"]


@pytest.mark.parametrize(("language", "direction"), [("ar-AE", "rtl"), ("he", "rtl"), ("ja-JP", "ltr"), ("de", "ltr")])
def test_direction(composed: Compose, language: str, direction: str) -> None:
    assert composed("blocks: [{heading: H}]", {}, reader=replace(READER, language=language)).direction == direction


@pytest.mark.feature("BEY-03")
def test_failed_data_is_said_in_its_place_and_listed_once(composed: Compose) -> None:
    body = """
data: {a: {dataset: l, by: [source], metrics: [delivered]}, m: {dataset: l, metrics: [delivered]}}
blocks:
  - {metrics: m, show: [delivered], title: Figures}
  - {chart: bar, data: a, title: Bars, x: source, series: [delivered]}
  - {table: a, title: Rows, columns: [source, delivered]}
  - {text: "{m.delivered} leads"}
"""
    document = composed(body, {})
    said = [
        block.text if isinstance(block, Heading) else block.paragraphs[0].spans[0].text
        for block in document.blocks
        if isinstance(block, Heading | Text)
    ]
    failed = "These figures could not be fetched."
    assert said == ["Figures", failed, "Bars", failed, "Rows", failed, failed]
    assert document.problems == ("Data “m” could not be fetched.", "Data “a” could not be fetched.")


NOBODY = """
filename: "{report}-{reader.buyer_id}-{period.key}"
data:
  month: {dataset: l, metrics: [delivered, revenue], compare: true}
  sources: {dataset: l, by: [source], metrics: [delivered]}
  reasons: {dataset: l, by: [source], metrics: [delivered], where: [{dimension: state, equals: rejected}]}
blocks:
  - {text: "{month.delivered} leads came. Most came from **{sources.first.source}**.", role: narrative}
  - {metrics: month, show: [delivered]}
  - {chart: bar, data: sources, title: Bars, x: source, series: [delivered], empty: Every source rests.}
  - {table: reasons, title: "{month.delivered} leads refused", columns: [source, delivered], empty: Every lead was accepted., note: "Of {month.delivered}. In all."}
"""  # fmt: skip


def test_a_reader_without_any_row_reads_that_there_is_nothing(composed: Compose) -> None:
    empty = {"month": table("delivered revenue"), "month.previous": table("delivered revenue", [5, 9])}
    empty |= {"sources": table("source delivered"), "reasons": table("source delivered")}
    document = composed(NOBODY, empty)
    narrative, metrics, bars, said, refused = document.blocks
    assert narrative == Text((Paragraph((Span("There is nothing for October 2026."),)),), "narrative")
    assert isinstance(metrics, MetricRow)
    [metric] = metrics.metrics
    assert (metric.value, metric.delta, metric.versus, metrics.note) == ("–", "", "", "")
    assert (bars, said) == (Heading("Bars"), Text((Paragraph((Span("No rows in this period."),)),), "note"))
    assert isinstance(refused, Table)
    assert (refused.title, refused.empty, refused.note) == ("Leads refused", "No rows in this period.", "In all.")
    assert (document.filename, document.problems) == ("r-2026-10", ())


def test_an_authors_word_for_no_rows_is_said_to_who_has_data(composed: Compose) -> None:
    there = {"month": table("delivered revenue", [3, 9]), "month.previous": table("delivered revenue")}
    there |= {"sources": table("source delivered", ["A", 3]), "reasons": table("source delivered")}
    document = composed(NOBODY, there)
    refused = document.blocks[-1]
    assert isinstance(refused, Table)
    assert (refused.title, refused.empty) == ("3 leads refused", "Every lead was accepted.")


def test_pictures_come_from_the_mapping_and_missing_ones_are_listed(composed: Compose) -> None:
    body = """
blocks:
  - {image: logo.png, alt: The logo, width: 0.5, caption: "In {period}"}
  - {image: gone.png, alt: Nothing}
  - {image: notes.txt, alt: Nothing}
"""
    document = composed(body, {}, images={"logo.png": b"\x89PNG", "notes.txt": b"x"})
    assert document.blocks == (Image(b"\x89PNG", "image/png", "The logo", 0.5, "In October 2026"),)
    assert document.problems == ("Picture “gone.png” is not there.", "Picture “notes.txt” is no PNG, JPEG or SVG.")


def test_equal_input_gives_equal_documents(composed: Compose) -> None:
    body = "data: {m: {dataset: l, metrics: [delivered]}}\nblocks: [{metrics: m, show: [delivered]}]"
    answers = {"m": table("delivered", [5])}
    assert composed(body, answers) == composed(body, answers)


def test_two_blocks_of_one_data_are_filed_under_different_names(composed: Compose) -> None:
    body = "data: {a: {dataset: l, by: [source], metrics: [delivered]}}\nblocks: [{table: a, columns: [source]}, {table: a, columns: [source]}]"
    names = [getattr(block, "name", "") for block in composed(body, {"a": table("source delivered", ("A", 1))}).blocks]
    assert names == ["a", "a-2"]
