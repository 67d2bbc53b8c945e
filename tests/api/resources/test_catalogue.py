"""Datasets over HTTP: asked by name, followed to who uses them, and changed knowingly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.feature("COL-07")]


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    secret = token("editor")
    return lambda method, path, **more: call(method, path, token=secret, **more)


def test_a_dataset_is_asked_by_name(ask) -> None:
    body = {
        "metrics": ["spent", "bought"], "by": ["item"], "order": ["-spent"], "period": "2026-10",
        "where": [{"dimension": "item", "operator": "in", "value": ["Atlas", "Novel"]}],
    }  # fmt: skip
    found = ask("POST", "/datasets/orders/ask", body=body).json()
    assert found["rows"] == [["Atlas", 130, 2], ["Novel", 32.5, 2]]
    assert [one["name"] for one in found["columns"]] == ["item", "spent", "bought"]
    assert (found["truncated"], found["withheld"]) == (False, 0)


@pytest.mark.feature("SEC-07")
def test_the_asker_gets_their_own_rows(call, token) -> None:
    found = call("POST", "/datasets/orders/ask", token=token("viewer"), body={"metrics": ["bought"]})
    assert found.json()["rows"] == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "asks for nothing"),
        ({"metrics": ["spend"]}, "no metric “spend”"),
        ({"metrics": ["bought"], "where": [{"dimension": "day", "operator": ">", "value": "soon"}]}, "is not date"),
        ({"metrics": ["bought"], "where": [{"dimension": "item", "operator": "like", "value": "x"}]}, "is not a filter"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(ask, body, said) -> None:
    refused = ask("POST", "/datasets/orders/ask", body=body)
    assert (refused.status_code, said in refused.json()["detail"]) == (422, True), refused.json()


def test_lineage_of_a_field(ask) -> None:
    found = ask("GET", "/datasets/orders/lineage?field=item").json()
    assert (found["tables"], found["reports"][0]["name"]) == (["orders"], "purchases")
    assert found["reports"][0]["requests"][0]["blocks"][0]["used"] == ["item"]
    assert ask("GET", "/datasets/orders/lineage?field=none").status_code == 422
    assert ask("GET", "/datasets/none/lineage").status_code == 404


def test_what_breaks_is_refused_until_it_is_known(ask) -> None:
    text = ask("GET", "/datasets/orders").json()["definition"].replace("spent:", "paid:")
    refused = ask("PUT", "/datasets/orders", body={"definition": text})
    assert refused.status_code == 422
    assert "Report “purchases”" in refused.json()["problems"][0]["message"]
    assert ask("PUT", "/datasets/orders", body={"definition": text, "force": True}).json()["effect"] == "changed"


def test_a_dataset_says_whose_it_is_and_how_its_fields_are_made(ask) -> None:
    text = ask("GET", "/datasets/orders").json()["definition"]
    text += "owner: Finance\nsensitivity: confidential\n"
    text = text.replace("metrics:\n", "metrics:\n  mean: {ratio: [spent, bought]}\n")
    assert ask("PUT", "/datasets/orders", body={"definition": text}).json()["effect"] == "changed"
    found = ask("GET", "/datasets/orders").json()
    assert (found["owner"], found["sensitivity"], found["certified"]) == ("Finance", "confidential", False)
    mean = next(one for one in found["metrics"] if one["name"] == "mean")
    assert (mean["made_of"], mean["additive"], mean["sensitivity"]) == (["spent", "bought"], False, "confidential")
