"""Headline figures: the arithmetic of changes, targets and sparklines, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from broadsheet.core.document.model import Metric, MetricRow
from broadsheet.core.document.tables import Value

from .conftest import READER, Compose, table

THIN = "\u202f"
BODY = """
data:
  month: {dataset: l, metrics: [METRIC], compare: true}
  targets: {dataset: t, metrics: [METRIC], only: [month]}
blocks: [{metrics: month, show: [METRIC], targets: targets}]
"""


def metric(composed: Compose, name: str, now: Value, before: Value, goal: Value, *, language: str = "en-US") -> Metric:
    answers = {
        key: table(name, [value]) for key, value in {"month": now, "month.previous": before, "targets": goal}.items()
    }
    document = composed(BODY.replace("METRIC", name), answers, reader=replace(READER, language=language))
    [row] = document.blocks
    assert isinstance(row, MetricRow)
    return row.metrics[0]


@pytest.mark.parametrize(
    ("name", "now", "before", "value", "delta", "tone", "previous"),
    [
        ("delivered", 4812, 5034, "4,812", "−4.4 %", "worse", "Sep 5,034"),
        ("delivered", 5034, 4812, "5,034", "+4.6 %", "better", "Sep 4,812"),
        ("delivered", 100, 100, "100", "0.0 %", "", "Sep 100"),
        ("delivered", 5, 0, "5", "new", "", "Sep 0"),
        ("delivered", 0, 0, "0", "", "", "Sep 0"),
        ("delivered", 0, 5, "0", "−100.0 %", "worse", "Sep 5"),
        ("delivered", 5, None, "5", "", "", ""),
        ("delivered", None, 5, "–", "", "", "Sep 5"),
        ("accepted_rate", 0.874, 0.861, "87.4 %", "+1.3 pt", "better", "Sep 86.1 %"),
        ("accepted_rate", 0.8741, 0.8740, "87.4 %", "0.0 pt", "", "Sep 87.4 %"),
        ("returned_rate", 0.033, 0.039, "3.3 %", "−0.6 pt", "better", "Sep 3.9 %"),
        ("returned_rate", 0.039, 0.033, "3.9 %", "+0.6 pt", "worse", "Sep 3.3 %"),
        ("cost_per_lead", 48.7, 47.95, "$48.70", "+1.6 %", "worse", "Sep $47.95"),
        ("revenue", Decimal("2441800"), Decimal("2602700"), "$2.44 M", "−6.2 %", "worse", "Sep $2.60 M"),
        ("revenue", 96_436, 111_300, "$96.4 k", "−13.4 %", "worse", "Sep $111 k"),
        ("revenue", float("nan"), 1.0, "–", "", "", "Sep $1"),
    ],
)
def test_changes(
    composed: Compose, name: str, now: Value, before: Value, value: str, delta: str, tone: str, previous: str
) -> None:
    found = metric(composed, name, now, before, None)
    written = tuple(text.replace(THIN, " ") for text in (found.value, found.delta, found.previous))
    assert (*written, found.delta_tone) == (value, delta, previous, tone)
    assert found.versus == ("vs Sep" if delta else "")


@pytest.mark.parametrize(
    ("name", "now", "goal", "target", "gap", "tone"),
    [
        ("delivered", 4812, 5000, "Target 5,000", "missed by 3.8 %", "worse"),
        ("delivered", 5000, 5000, "Target 5,000", "met", "better"),
        ("delivered", 5050, 5000, "Target 5,000", "met by 1.0 %", "better"),
        ("delivered", 1, 0, "Target 0", "met", "better"),
        ("accepted_rate", 0.874, 0.85, "Target 85.0 %", "met by 2.4 pt", "better"),
        ("accepted_rate", 0.8499, 0.85, "Target 85.0 %", "missed", "worse"),
        ("returned_rate", 0.033, 0.04, "Target ≤ 4.0 %", "met by 0.7 pt", "better"),
        ("returned_rate", 0.05, 0.04, "Target ≤ 4.0 %", "missed by 1.0 pt", "worse"),
        ("cost_per_lead", 48.7, 48.0, "Target ≤ $48.00", "missed by $0.70", "worse"),
        ("revenue", 2_441_800, 2_600_000, "Target $2.60 M", "missed by 6.1 %", "worse"),
        ("delivered", None, 5000, "Target 5,000", "", ""),
        ("delivered", 4812, None, "", "", ""),
    ],
)
def test_targets(composed: Compose, name: str, now: Value, goal: Value, target: str, gap: str, tone: str) -> None:
    found = metric(composed, name, now, None, goal)
    assert (found.target.replace(THIN, " "), found.gap.replace(THIN, " "), found.gap_tone) == (target, gap, tone)


def test_targets_of_a_month_are_not_held_against_a_week(composed: Compose) -> None:
    answers = {"month": table("delivered", [5]), "month.previous": table("delivered", [4])}
    document = composed(BODY.replace("METRIC", "delivered"), answers, given={"period": "2026-W43"})
    [row] = document.blocks
    assert isinstance(row, MetricRow)
    assert (row.metrics[0].target, row.metrics[0].versus, document.problems) == ("", "vs 12–18 Oct", ())


def test_german_reads_as_german(composed: Compose) -> None:
    found = metric(composed, "revenue", 2_441_800, 2_602_700, 2_600_000, language="de-DE")
    written = (found.value, found.delta, found.versus, found.previous, found.target, found.gap)
    assert [text.replace("\u00a0", " ") for text in written] == [
        "2,44 Mio. $", "−6,2 %", "ggü. Sept.", "Sept. 2,60 Mio. $", "Ziel 2,60 Mio. $", "verfehlt um 6,1 %",
    ]  # fmt: skip


def test_a_sparkline_has_a_place_for_each_period_and_a_gap_where_nothing_is_known(composed: Compose) -> None:
    body = """
data: {month: {dataset: l, metrics: [delivered], history: 4}}
blocks: [{metrics: month, show: [delivered]}]
"""
    past = table("period delivered", [date(2026, 7, 1), 7], [date(2026, 9, 1), 9], [date(2026, 10, 1), 10])
    [row] = composed(body, {"month": table("delivered", [10]), "month.history": past}).blocks
    assert isinstance(row, MetricRow)
    assert row.metrics[0].sparkline == (7.0, None, 9.0, 10.0)
    assert row.note.startswith("Lines: 4 months to October 2026, each on its own scale.")


def test_no_row_at_all_is_told_as_missing_figures(composed: Compose) -> None:
    answers = {name: table("delivered") for name in ("month", "month.previous", "targets")}
    [row] = composed(BODY.replace("METRIC", "delivered"), answers).blocks
    assert isinstance(row, MetricRow)
    assert (row.metrics[0].value, row.metrics[0].delta, row.metrics[0].target) == ("–", "", "")


def test_a_change_of_year_is_told_by_year(composed: Compose) -> None:
    found = composed(
        BODY.replace("METRIC", "delivered"),
        {"month": table("delivered", [2]), "month.previous": table("delivered", [1])},
        given={"period": "2026"},
    ).blocks[0]
    assert isinstance(found, MetricRow)
    assert found.metrics[0].versus == "vs 2025"


def test_the_note_counts_what_the_lines_really_span(composed: Compose) -> None:
    body = """
data: {month: {dataset: l, metrics: [delivered], history: 4}}
blocks: [{metrics: month, show: [delivered]}]
"""
    past = table("period delivered", [date(2026, 10, 2), 7])
    answers = {"month": table("delivered", [7]), "month.history": past}
    [row] = composed(body, answers, given={"period": "2026-10-01..2026-10-10"}).blocks
    assert isinstance(row, MetricRow)
    assert row.metrics[0].sparkline == (None, 7.0, *[None] * 8)
    assert row.note.startswith("Lines: 10 days to 1–10 Oct 2026,")
