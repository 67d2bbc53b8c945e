"""Which payloads fit a trigger's conditions, and what they give a report's parameters."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet.core.document.definition import report_from
from broadsheet.core.document.loading import load
from broadsheet.schedules.triggers.binding import Unbound, bound, typed
from broadsheet.schedules.triggers.definition import OnEvent
from broadsheet.schedules.triggers.matching import holds
from broadsheet.schedules.triggers.payloads import MOST_BYTES, WrongPayload, checked, read

pytestmark = pytest.mark.feature("SCH-18")
PAYLOAD: dict[str, Any] = {
    "source": {"name": "acme", "country": "CA"}, "rows": 12, "share": 0.5, "ok": True, "nothing": None,
    "files": [{"name": "a.csv"}, {"name": "b.csv"}], "code": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({}, True),
        ({"source.name": "acme"}, True),
        ({"source.name": "Acme"}, False),
        ({"source.country": ["US", "CA"]}, True),
        ({"source.country": ["US", "MX"]}, False),
        ({"rows": 12}, True),
        ({"rows": 12.0}, True),
        ({"rows": "12"}, False),  # a text is no number
        ({"code": 1}, False),
        ({"ok": True}, True),
        ({"ok": 1}, False),  # yes is no number
        ({"rows": {"at_least": 12, "below": 13}}, True),
        ({"rows": {"above": 12}}, False),
        ({"rows": {"at_most": 11.5}}, False),
        ({"code": {"above": 0}}, False),
        ({"ok": {"above": 0}}, False),
        ({"source.name": {"not": "acme"}}, False),
        ({"source.name": {"not": ["x", "y"]}}, True),
        ({"missing": {"not": "x"}}, False),
        ({"missing": {"present": False}}, True),
        ({"nothing": {"present": False}}, True),
        ({"rows": {"present": True}}, True),
        ({"missing.deeper": "x"}, False),
        ({"source.name.deeper": "x"}, False),
        ({"files.1.name": "b.csv"}, True),
        ({"files.2.name": "b.csv"}, False),
        ({"source.name": "acme", "rows": {"at_least": 100}}, False),  # all must hold
    ],
)
def test_conditions(where: dict[str, Any], fits: bool) -> None:
    assert holds(OnEvent.model_validate({"event": "a", "where": where}).where, PAYLOAD) is fits


REPORT = """\
report: r
title: Purchases
parameters:
  period: {kind: period, default: last month}
  least: {kind: number, default: 0}
  all: {kind: flag}
  source: {kind: text}
data:
  month: {dataset: orders, metrics: [spent]}
blocks:
  - metrics: month
    show: [spent]
"""


@pytest.fixture(scope="module")
def report() -> Any:
    return report_from(load(REPORT, file="r.yaml")[0])


def test_a_payload_gives_parameters_in_their_own_types(report: Any) -> None:
    given = {"least": "rows", "all": "ok", "source": "source.name", "period": "files.0.name"}
    assert bound(given, PAYLOAD, report) == {"least": "12", "all": "true", "source": "acme", "period": "a.csv"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"least": "12"}, "The parameter “least” is a number, and a text came. Send it without quotes."),
        ({"least": True}, "The parameter “least” is a number, and yes or no came. Send it without quotes."),
        ({"all": 1}, "The parameter “all” is yes or no, and a number came. Send true or false."),
        ({"all": "true"}, "The parameter “all” is yes or no, and a text came. Send true or false."),
        ({"source": 7}, "The parameter “source” is a text, and a number came. Send it in quotes."),
        ({"source": ["a"]}, "The parameter “source” is a text, and a list came. Send it in quotes."),
        ({"source": "x" * 2_001}, "The text for “source” has 2,001 characters. At most 2,000 are taken."),
        ({"sauce": "x"}, "The report has no parameter “sauce”. Did you mean “source”?"),
    ],
)
def test_what_is_of_another_type_is_refused(report: Any, values: dict[str, Any], said: str) -> None:
    with pytest.raises(Unbound) as caught:
        typed(values, report)
    assert str(caught.value) == said


@pytest.mark.parametrize("path", ["missing", "nothing", "source.name.x"])
def test_a_field_that_is_not_there_is_never_a_default(report: Any, path: str) -> None:
    with pytest.raises(Unbound, match=f"The payload has no “{path}”, which gives the parameter “source”"):
        bound({"source": path}, PAYLOAD, report)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ([], "not a JSON object"),
        ({"a": "x" * MOST_BYTES}, "32,768 are taken"),
        ({"a": float("nan")}, "not JSON"),
        ({"a": float("inf")}, "not JSON"),
        ({"a": "\0"}, "cannot be kept"),
        ({"\ud800": 1}, "cannot be kept"),
        ({"a": 10**31}, "30 digits"),
        ({"a": [[[[[[[[[[1]]]]]]]]]]}, "nested over 10 levels"),
    ],
)
def test_what_cannot_be_kept_is_no_payload(payload: Any, said: str) -> None:
    with pytest.raises(WrongPayload, match=said):
        checked(payload)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, b"\xff\xfe", '{"a": ' + "1" * 5_000 + "}", "7", "[" * 10_000])
def test_what_cannot_be_read_is_no_payload(text: str | bytes) -> None:
    with pytest.raises(WrongPayload):
        read(text)


def test_a_payload_is_read() -> None:
    assert read(b" ") == {}
    assert read('{"a": {"b": [1, "ü"]}}') == {"a": {"b": [1, "ü"]}}
