"""Which questions a report asks: variants by name, filters from parameters, none that the period does not allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from broadsheet.core.document.compose import asks
from broadsheet.core.document.definition import report_from
from broadsheet.core.document.loading import load
from broadsheet.core.document.parameters import resolve
from broadsheet.core.document.tables import Ask, Filter, Grouping

from .conftest import NOW, READER

Asked = Callable[..., dict[str, Ask]]
MONTH = "{dataset: leads, metrics: [delivered], compare: true, history: 3}"
HEADING = "blocks: [{heading: H}]"


def test_a_request_is_asked_with_the_period_before_and_its_history(asked: Asked) -> None:
    found = asked(f"data: {{month: {MONTH}}}\n{HEADING}")
    spans = {
        name: (ask.span.start.date().isoformat(), ask.span.end.date().isoformat())
        for name, ask in found.items()
        if ask.span
    }
    assert spans == {
        "month": ("2026-10-01", "2026-11-01"),
        "month.previous": ("2026-09-01", "2026-10-01"),
        "month.history": ("2026-08-01", "2026-11-01"),
    }
    assert found["month.history"].by == (Grouping("", "month", "period"),)
    assert found["month"].zone == "America/Chicago"
    assert found["month"].span and found["month"].span.start == datetime.fromisoformat("2026-10-01T00:00:00-05:00")


def test_totals_are_asked_of_the_dataset_only_where_a_table_shows_them(asked: Asked) -> None:
    body = """
data:
  a: {dataset: leads, by: [source], metrics: [delivered], compare: true, order: [-delivered], limit: 5}
  b: {dataset: leads, by: [source], metrics: [delivered]}
blocks:
  - {table: a, columns: [source, delivered], total: All}
  - {table: b, columns: [source, delivered]}
"""
    found = asked(body)
    assert sorted(found) == ["a", "a.previous", "a.total", "a.total.previous", "b"]
    assert found["a"].order == (("delivered", True),)
    assert (found["a.total"].by, found["a.total"].order, found["a.total"].limit) == ((), (), None)


def test_what_is_among_the_first_now_is_looked_for_among_all_before(asked: Asked) -> None:
    data = "{dataset: leads, by: [source], metrics: [delivered], compare: true, order: [-delivered], limit: 5}"
    found = asked(
        f"data: {{a: {data}}}\nblocks: [{{table: a, columns: [source, {{column: delivered, show: change}}]}}]\n"
    )
    assert (found["a"].limit, found["a.previous"].limit, found["a.previous"].order) == (5, None, ())


@pytest.mark.feature("PRF-04")
def test_readers_of_one_zone_ask_alike_whoever_they_are(asked: Asked) -> None:
    body = f"data: {{month: {MONTH}}}\n{HEADING}"
    other = replace(READER, key="x", name="Y", attributes={"buyer_id": "y"}, language="ja", currency="JPY")
    assert asked(body) == asked(body, reader=other)
    assert asked(body) != asked(body, reader=replace(READER, zone="Asia/Tokyo"))


def test_conditions_become_bound_filters_and_everything_filters_nothing() -> None:
    text = """
report: r
title: R
parameters: {channel: {kind: choice, choices: [Telephone]}}
data:
  a:
    dataset: leads
    metrics: [delivered]
    where:
      - {dimension: channel, parameter: channel}
      - {dimension: state, equals: "x' or 1=1"}
      - {dimension: state, not: y}
      - {dimension: state, in: [a, b]}
      - {dimension: state, not_in: [c]}
      - {dimension: n, over: 1}
      - {dimension: n, at_least: 0}
      - {dimension: n, under: 9}
      - {dimension: n, at_most: 8}
      - {dimension: state, empty: false}
      - {dimension: flag, equals: false}
blocks: [{heading: H}]
"""
    definition = report_from(load(text, file="r.yaml")[0])

    def filters(channel: str) -> tuple[Filter, ...]:
        parameters = resolve(definition, {"channel": channel}, reader=READER, now=NOW)
        return asks(definition, parameters, reader=READER)["a"].filters

    assert filters("Telephone") == (Filter("channel", "=", "Telephone"), *filters(""))
    assert filters("") == (
        Filter("state", "=", "x' or 1=1"),
        Filter("state", "!=", "y"),
        Filter("state", "in", ("a", "b")),
        Filter("state", "not in", ("c",)),
        Filter("n", ">", 1),
        Filter("n", ">=", 0),
        Filter("n", "<", 9),
        Filter("n", "<=", 8),
        Filter("state", "is not null"),
        Filter("flag", "=", False),
    )


def test_what_is_only_for_whole_months_is_not_asked_of_others(asked: Asked) -> None:
    body = f"data: {{targets: {{dataset: t, metrics: [delivered], only: [month]}}}}\n{HEADING}"
    assert list(asked(body)) == ["targets"]
    assert [asked(body, given={"period": text}) for text in ("2026-W43", "this month", "2026-10-01..2026-10-31")] == [
        {},
        {},
        {},
    ]


def test_of_all_times_is_asked_without_a_span(asked: Asked) -> None:
    assert asked(f"data: {{a: {{dataset: l, metrics: [delivered], period: none}}}}\n{HEADING}")["a"].span is None


def test_plain_rows_are_asked_without_metrics(asked: Asked) -> None:
    ask = asked(f"data: {{a: {{dataset: l, by: [source], rows: true, period: none}}}}\n{HEADING}")["a"]
    assert (ask.rows, ask.metrics, ask.by) == (True, (), (Grouping("source"),))
