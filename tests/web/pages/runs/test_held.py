"""What is held stands on Today and on the run's page with what was found; who may decides there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("BEY-03"), pytest.mark.feature("SCH-20")]


@pytest.fixture
def held(finish: Callable[..., Any], shop: dict[str, str], organization: Any, actor: Callable[[str], Any]) -> Any:
    """A run of three files, all too large."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.run_now import run_now

    text = shop["shop.yaml"] + "checks: {size: {megabytes: 0.00001}}\n"
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)
    found = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    assert found.state == "held"
    return found


def text(response: Any) -> str:
    return str(response.content.decode())


def state(run: Any) -> str:
    return str(type(run).objects.values_list("state", flat=True).get(pk=run.pk))


def test_today_says_what_is_held_and_why(held: Any, visitor: Visitor) -> None:
    page = text(visitor("editor").get("/"))
    assert "Purchases, Mondays is held" in page
    assert "MB may go." in page
    assert f'action="/runs/{held.pk}/release/?to=today"' in page
    assert f'action="/runs/{held.pk}/release/?to=today"' not in text(visitor("viewer").get("/"))
    assert "Purchases, Mondays is held" in text(visitor("viewer").get("/"))


def test_the_runs_page_shows_what_was_found_and_leads_to_the_very_files(held: Any, visitor: Visitor) -> None:
    page = text(visitor("editor").get(f"/runs/{held.pk}/"))
    assert "Its content looks wrong, so nothing of it goes out" in page
    assert page.count("MB may go.") == 6  # each slice, and its row of the ledger
    delivery = held.deliveries.get(recipient_key="b1")
    assert f'href="/deliveries/{delivery.pk}/"' in page
    assert "Release 3 deliveries" in page
    assert "data-more" not in page  # nothing changes until somebody decides
    shown = text(visitor("editor").get(f"/deliveries/{delivery.pk}/"))
    assert "What would be sent" in shown and "Release it" in shown


def test_release_and_drop_from_the_page(held: Any, visitor: Visitor) -> None:
    client = visitor("editor")
    delivery = held.deliveries.get(recipient_key="b1")
    client.post(f"/deliveries/{delivery.pk}/drop/")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("skipped", "Dropped by Edda.")
    type(held).unchecked.filter(pk=held.pk).update(state="held")
    answer = client.post(f"/runs/{held.pk}/release/?to=today", {"why": "Looked at."}, follow=True)
    assert "It is released and goes on." in text(answer)
    assert state(held) == "due"
    again = client.post(f"/runs/{held.pk}/drop/", follow=True)
    assert "is not held: it is due" in text(again)


def test_a_run_that_has_not_begun_is_held_from_its_page(
    shop: Any, visitor: Visitor, actor: Callable[[str], Any]
) -> None:
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("editor"), "buyers-monday", now=NOW)
    client = visitor("editor")
    assert "Hold it" in text(client.get(f"/runs/{run.pk}/"))
    client.post(f"/runs/{run.pk}/hold/")
    assert "A person holds this run" in text(client.get(f"/runs/{run.pk}/"))
    client.post(f"/runs/{run.pk}/drop/", {"why": "Wrong month."})
    run.refresh_from_db()
    assert (run.state, run.reason) == ("skipped", "Dropped by Edda: Wrong month.")


@pytest.mark.parametrize("act", ["hold", "release", "drop"])
def test_acts_are_for_those_who_may_and_never_by_get(held: Any, visitor: Visitor, act: str) -> None:
    address = f"/runs/{held.pk}/{act}/"
    assert {role: visitor(role).post(address).status_code for role in ("viewer", "outsider", "")} == {
        "viewer": 403, "outsider": 404, "": 302,
    }  # fmt: skip
    assert state(held) == "held"
    assert visitor("editor").get(address).status_code == 405


def test_one_broken_tile_is_held_and_today_says_which_and_why(
    finish: Callable[..., Any], shop: dict[str, str], organization: Any, actor: Callable[[str], Any], tmp_path: Any, visitor: Visitor
) -> None:  # fmt: skip
    """Day one: one block of a report fails, and the others are there to be looked at."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.run_now import run_now

    data = "  items: {dataset: orders, by: [item], metrics: [bought, spent], order: [-spent]}"
    text_ = shop["shop.yaml"].replace(data, "  items: {dataset: orders, by: [item], metrics: [bought]}")
    text_ = text_.replace("columns: [item, bought, spent]", "columns: [item, bought]")
    apply(system_actor(organization.pk), {"shop.yaml": text_}, now=NOW)
    orders = tmp_path / "shop" / "orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("price", "cost"), "utf-8")
    run = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    assert run.state == "held"
    page = text(visitor("editor").get("/"))
    assert "Purchases, Mondays is held" in page
    assert "Data “month” of “Month” could not be read." in page
