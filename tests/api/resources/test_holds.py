"""Holding, releasing and dropping through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import World

pytestmark = [pytest.mark.feature("SCH-20"), pytest.mark.feature("BEY-03")]


@pytest.fixture
def held(world: World) -> Any:
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.models import Occurrence

    Delivery.unchecked.filter(pk=world.delivery).update(state="held", reason="3 rows.")
    Occurrence.unchecked.filter(pk=world.run).update(
        state="held", held_for="content", held_reason="3 rows.", finished_at=None
    )
    return Occurrence.objects.get(pk=world.run)


def test_a_held_run_says_why_and_is_released_once(
    held: Any, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    secret = token("editor")
    whole = call("GET", f"/runs/{held.pk}", token=secret).json()
    assert (whole["state"], whole["held_for"], whole["held_reason"]) == ("held", "content", "3 rows.")
    answer = call("POST", f"/runs/{held.pk}/release", token=secret, body={"why": "Looked at."})
    assert (answer.status_code, answer.json()["state"]) == (200, "due")
    again = call("POST", f"/runs/{held.pk}/release", token=secret, body={})
    assert (again.status_code, again.json()["detail"]) == (409, "This run is not held: it is due. Load its page again.")


def test_runs_are_dropped_all_or_none(held: Any, call: Callable[..., Any], token: Callable[..., str]) -> None:
    other = "00000000-0000-4000-8000-000000000000"
    secret = token("editor")
    assert call("POST", "/runs/drop", token=secret, body={"ids": [str(held.pk), other]}).status_code == 404
    held.refresh_from_db()
    assert held.state == "held"
    assert call("POST", "/runs/drop", token=secret, body={"ids": [str(held.pk)], "why": "Old."}).json() == {
        "decided": 1
    }


def test_one_delivery_is_released(held: Any, world: World, call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call("POST", "/deliveries/release", token=token("editor"), body={"ids": [world.delivery]})
    assert answer.json() == {"decided": 1}
    shown = call("GET", f"/deliveries/{world.delivery}", token=token("editor")).json()
    assert shown["state"] == "due"
    assert call("POST", "/deliveries/drop", token=token("editor"), body={"ids": [world.delivery]}).status_code == 409


def test_another_tenant_finds_nothing(
    held: Any, world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    secret = token("outsider")
    for path, body in (
        (f"/runs/{held.pk}/release", {}), (f"/runs/{held.pk}/drop", {}), (f"/runs/{held.pk}/hold", {}),
        ("/runs/release", {"ids": [str(held.pk)]}), ("/deliveries/drop", {"ids": [world.delivery]}),
    ):  # fmt: skip
        assert call("POST", path, token=secret, body=body).status_code == 404, path


def test_all_that_is_held_is_listed_with_what_would_go(
    held: Any, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    [one] = call("GET", "/holds", token=token("viewer")).json()
    assert (one["run"], one["held_for"], one["held_deliveries"], one["foreseen"]) == (str(held.pk), "content", 1, False)
    assert sum(one["goes"].values()) == 1
    assert call("GET", "/holds", token=token("outsider")).json() in ([], {})


@pytest.mark.parametrize(("path", "answered", "state"), [
    ("/runs/release", {"decided": 1}, "due"), ("/runs/drop", {"decided": 1}, "skipped"),
    ("/runs/{run}/release", None, "due"), ("/runs/{run}/drop", None, "skipped"),
])  # fmt: skip
def test_a_run_of_which_deliveries_are_held_is_decided_on_by_its_id(
    held: Any, world: World, call: Callable[..., Any], token: Callable[..., str],
    path: str, answered: dict[str, int] | None, state: str,
) -> None:  # fmt: skip
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.models import Occurrence

    Occurrence.unchecked.filter(pk=held.pk).update(state="running", held_for="", held_reason="")
    body = {} if answered is None else {"ids": [str(held.pk)]}
    answer = call("POST", path.format(run=held.pk), token=token("editor"), body=body)
    assert answer.status_code == 200
    assert answer.json() == answered if answered else answer.json()["run"] == str(held.pk)
    assert Delivery.objects.get(pk=world.delivery).state == state
    assert call("POST", path.format(run=held.pk), token=token("editor"), body=body).status_code == 409
