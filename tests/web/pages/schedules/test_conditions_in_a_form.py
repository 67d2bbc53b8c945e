"""Conditions by the form: written, kept, taken back, and refused beside their field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.pages.schedules.test_form import EDIT, filled, stored, text

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("SCH-16"), pytest.mark.feature("SCH-17")]
LINES = (
    "fresh orders 6 h\nrows orders 1000 last month\npartition orders\nsource shop\nfile shop orders-{date}.csv 2.5 h"
)
FIGURE = {"only-dataset": "orders", "only-metric": "spent", "only-period": "last month"}


def save(client: Client, **fields: str) -> Any:
    return client.post(
        EDIT, {**filled(client, EDIT), **{name.replace("__", "-"): value for name, value in fields.items()}}
    )


def test_what_is_waited_for_is_written_a_line_each(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")

    assert save(client, ready=LINES, ready__within="45", ready__otherwise="stale").status_code == 302

    assert stored()["ready"] == {
        "probes": [
            {"fresh": "orders", "hours": 6.0}, {"rows": "orders", "at_least": 1000, "period": "last month"},
            {"partition": "orders"}, {"source": "shop"}, {"file": "shop", "name": "orders-{date}.csv", "hours": 2.5},
        ],
        "within_minutes": 45.0, "otherwise": "stale",
    }  # fmt: skip
    before = stored()
    assert save(client).status_code == 302  # as it stands there, it stays
    assert stored() == before
    assert save(client, ready="").status_code == 302
    assert "ready" not in stored()


def test_what_no_field_shows_stays(shop: object, visitor: Visitor, organization: Any) -> None:
    from broadsheet.schedules.models import Schedule

    found = Schedule.objects.get(name="buyers-monday")
    where = [{"dimension": "item", "equals": "Atlas"}]
    found.definition |= {
        "ready": {"probes": [{"rows": "orders", "at_least": 3, "where": where}]},
        "only_if": {
            "dataset": "orders",
            "metric": "spent",
            "where": where,
            "anomaly": {"history": 90, "by_weekday": False},
        },
    }
    found.save()

    assert save(visitor("editor"), title="Another").status_code == 302

    assert stored()["ready"] == {"probes": [{"rows": "orders", "at_least": 3, "where": where}]}
    assert stored()["only_if"] == {
        "dataset": "orders", "metric": "spent", "where": where, "anomaly": {"history": 90, "by_weekday": False},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "limit", "kept"),
    [
        ("above", "50", {"above": 50.0}),
        ("below", "-2.5", {"below": -2.5}),
        ("between", "10 20", {"between": [10.0, 20.0]}),
        ("outside", "10 to 20", {"outside": [10.0, 20.0]}),
        ("change-up", "10 %", {"change": {"by": 10.0, "direction": "up"}}),
        ("change-any", "10", {"change": {"by": 10.0, "unit": "absolute"}}),
        ("anomaly-down", "4", {"anomaly": {"score": 4.0, "direction": "down"}}),
        ("anomaly-any", "", {"anomaly": {}}),
    ],
)
def test_a_figure_that_a_run_depends_on(
    shop: object, visitor: Visitor, kind: str, limit: str, kept: dict[str, Any]
) -> None:
    client = visitor("editor")

    assert client.post(EDIT, {**filled(client, EDIT), **FIGURE, "only": kind, "only-limit": limit}).status_code == 302

    expected = {"dataset": "orders", "metric": "spent", "period": "last month", **kept}
    assert stored()["only_if"] == expected
    assert save(client).status_code == 302
    assert stored()["only_if"] == expected
    assert save(client, only="").status_code == 302
    assert "only_if" not in stored()


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"ready": "freshly orders"}, "ready", "“freshly orders” cannot be read."),
        ({"ready": "fresh order"}, "ready", "There is no dataset “order”. Did you mean “orders”?"),
        ({"only": "above", **FIGURE, "only-limit": "much"}, "only-limit", "Write a number, such as 50."),
        ({"only": "between", **FIGURE, "only-limit": "5"}, "only-limit", "Write two numbers, such as 10 20."),
        (
            {"only": "above", **FIGURE, "only-limit": "5", "only-metric": "spend"},
            "only-metric",
            "Did you mean “spent”?",
        ),
        (
            {"only": "above", **FIGURE, "only-limit": "5", "only-period": "soon"},
            "only-period",
            "“soon” is not a period.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    shop: object, visitor: Visitor, typed: dict[str, str], field: str, told: str
) -> None:
    client, before = visitor("editor"), stored()

    answer = client.post(EDIT, {**filled(client, EDIT), **typed})

    assert answer.status_code == 422
    page = text(answer)
    beside = page[page.index(f'id="id_{field}"') :]
    assert told in beside[: beside.index("</div>")]
    assert '<details class="fold" open>' in page
    assert stored() == before
