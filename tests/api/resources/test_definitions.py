"""Definition files over HTTP: planned, applied and exported as the command line does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.feature("BEY-09")
BRAND = "brand: night\nlabel: Night\naccent: '#112233'\n"


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    return lambda path, files: call("POST", f"/definitions/{path}", token=token("owner"), body={"files": files})


def test_a_plan_changes_nothing_and_applying_does_what_it_said(
    ask: Callable[..., Any], call: Callable[..., Any], token: Callable[..., str], shop: object
) -> None:
    planned = ask("plan", {"b.yaml": BRAND}).json()
    assert [(one["kind"], one["name"], one["effect"]) for one in planned] == [("brand", "night", "added")]
    assert "label: Night" in planned[0]["difference"]
    assert call("GET", "/brands/night", token=token("viewer")).status_code == 404
    assert ask("apply", {"b.yaml": BRAND}).json() == planned
    assert call("GET", "/brands/night", token=token("viewer")).json()["accent"] == "#112233"
    assert [one["effect"] for one in ask("apply", {"b.yaml": BRAND}).json()] == ["same"]


def test_one_wrong_file_keeps_all_out(
    ask: Callable[..., Any], call: Callable[..., Any], token: Callable[..., str], shop: object
) -> None:
    answer = ask("apply", {"b.yaml": BRAND, "c.yaml": "brand: day\nlabel: Day\nacent: '#fff'\n"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "1 to mend; nothing was changed.")
    [problem] = answer.json()["problems"]
    assert problem == {
        "file": "c.yaml", "line": 3, "path": "acent", "message": "“acent” is not known here.",
        "fix": "Did you mean “accent”?",
    }  # fmt: skip
    assert call("GET", "/brands/night", token=token("viewer")).status_code == 404


def test_what_is_exported_applies_to_the_same(
    ask: Callable[..., Any], call: Callable[..., Any], token: Callable[..., str], shop: Mapping[str, str]
) -> None:
    files = call("GET", "/definitions/export", token=token("owner")).json()["files"]
    assert sorted(files) == [
        "brands/harbour.yaml", "channels/inbox.yaml", "channels/outbox.yaml", "datasets/buyers.yaml",
        "datasets/orders.yaml", "reports/purchases.yaml", "schedules/buyers-monday.yaml", "sources/shop.yaml",
    ]  # fmt: skip
    assert {one["effect"] for one in ask("plan", files).json()} == {"same"}
