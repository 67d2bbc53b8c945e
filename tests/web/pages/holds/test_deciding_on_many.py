"""Held runs and deliveries: chosen together, looked at before anything goes, released or dropped all or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

from broadsheet.compliance.models import Entry
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.held import what_goes
from broadsheet.runs.models import Occurrence

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("BEY-03"), pytest.mark.feature("SCH-20"), pytest.mark.usefixtures("shop")]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def held(actor: Callable[[str], Any]) -> list[Occurrence]:
    """Three runs: one that a person holds, one since a backup was restored, one that ended its processes."""
    found = []
    for minutes, kind in enumerate(("hand", "restored", "quarantine"), start=1):
        at = NOW - timedelta(minutes=minutes)
        run = run_now(actor("owner"), "buyers-monday", now=at, at=at)
        Occurrence.unchecked.filter(pk=run.pk).update(
            state="held", held_for=kind, held_reason=f"Held for {kind}.", held_at=at
        )
        found.append(run)
    return found


def states() -> list[str]:
    return sorted(Occurrence.objects.values_list("state", flat=True))


def test_the_page_lists_all_that_is_held_and_only_who_may_decides_chooses(held: list[Any], visitor: Visitor) -> None:
    page = text(visitor("editor").get("/operations/held/"))
    assert "<h1>3 runs wait for a person</h1>" in page
    assert [page.index(f"Held for {kind}.") for kind in ("quarantine", "restored", "hand")] == sorted(
        page.index(f"Held for {kind}.") for kind in ("quarantine", "restored", "hand")
    )  # the longest held first
    assert page.count('name="run"') == 3
    viewer = text(visitor("viewer").get("/operations/held/"))
    assert "Held for hand." in viewer and 'name="run"' not in viewer
    assert "Nothing is held" in text(visitor("outsider").get("/operations/held/"))


def test_a_look_says_what_would_go_and_what_is_unsure_and_changes_nothing(
    held: list[Any], visitor: Visitor, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> None:
    finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    keys = [one.pk for one in held]
    page = text(visitor("editor").post("/operations/held/look/", {"run": keys}))
    assert "Release what is held of these 3 runs?" in page
    assert "About 9 deliveries would go out" in page and "about 3 as last time" in page
    assert "It may have gone out before the database was restored" in page
    assert "It ended the processes that worked on it" in page
    assert states().count("held") == 3


def test_all_are_released_or_dropped_with_their_reason(held: list[Any], visitor: Visitor) -> None:
    client = visitor("editor")
    chosen = {"run": [one.pk for one in held[:2]], "verdict": "release", "why": "Looked at."}
    assert "Released: 2 runs." in text(client.post("/operations/held/decide/", chosen, follow=True))
    assert states() == ["due", "due", "held"]
    assert {one.detail["why"] for one in Entry.objects.filter(action="run.released")} == {"Looked at."}
    drop = {"run": [held[2].pk], "verdict": "drop"}
    assert "Dropped: 1 run." in text(client.post("/operations/held/decide/", drop, follow=True))
    assert states() == ["due", "due", "skipped"]


def test_none_is_changed_where_one_is_not_held_any_more(held: list[Any], visitor: Visitor) -> None:
    Occurrence.unchecked.filter(pk=held[0].pk).update(state="due")
    chosen = {"run": [one.pk for one in held], "verdict": "release"}
    page = text(visitor("editor").post("/operations/held/decide/", chosen, follow=True))
    assert "Nothing was changed." in page and "is not held" in page
    assert states() == ["due", "held", "held"]


def test_nothing_chosen_is_said_in_words(held: list[Any], visitor: Visitor) -> None:
    client = visitor("editor")
    assert "Nothing was chosen." in text(client.post("/operations/held/decide/", {"run": "no"}, follow=True))
    assert "Nothing of what was chosen is held" in text(client.post("/operations/held/look/", follow=True))


@pytest.mark.parametrize("act", ["look", "decide"])
def test_acts_are_for_those_who_may_and_reach_no_others(held: list[Any], visitor: Visitor, act: str) -> None:
    given = {"run": [held[0].pk], "verdict": "release"}
    address = f"/operations/held/{act}/"
    assert visitor("viewer").post(address, given).status_code == 403
    assert visitor("editor").get(address).status_code == 405
    visitor("outsider").post(address, given)
    assert states().count("held") == 3


def test_deliveries_are_chosen_in_the_ledger_and_their_likes_stay(
    visitor: Visitor, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> None:
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    Delivery.unchecked.filter(occurrence=run).exclude(recipient_name="Ada Stone").update(state="held")
    Occurrence.unchecked.filter(pk=run.pk).update(state="running", finished_at=None, held_at=NOW)
    client = visitor("editor")
    page = text(client.get(f"/deliveries/?run={run.pk}&state=held"))
    assert page.count('name="delivery"') == 2 and 'action="/operations/held/look/"' in page
    one = Delivery.objects.get(recipient_name="Bo Reed")
    look = text(client.post("/operations/held/look/", {"delivery": [one.pk]}))
    assert "1 delivery would go out" in look and "1 was accepted before" in look
    done = client.post("/operations/held/decide/", {"delivery": [one.pk], "verdict": "release"}, follow=True)
    assert "Released: 1 delivery." in text(done)
    assert dict(Delivery.objects.values_list("recipient_name", "state")) == {
        "Ada Stone": "accepted", "Bo Reed": "due", "Cy Blum": "held",
    }  # fmt: skip


def test_a_run_with_held_deliveries_goes_whole(
    visitor: Visitor, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> None:
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    Delivery.unchecked.filter(occurrence=run).update(state="held")
    Occurrence.unchecked.filter(pk=run.pk).update(state="running", finished_at=None, held_at=NOW)
    both = {"run": [run.pk], "delivery": [run.deliveries.all()[0].pk], "verdict": "drop"}
    page = text(visitor("editor").post("/operations/held/decide/", both, follow=True))
    assert "Dropped: 3 deliveries." in page
    assert set(Delivery.objects.values_list("state", flat=True)) == {"skipped"}


def test_a_long_list_has_pages_and_costs_no_more(
    actor: Callable[[str], Any], visitor: Visitor, django_assert_max_num_queries: Any
) -> None:
    first = run_now(actor("owner"), "buyers-monday", now=NOW)
    more = [
        Occurrence(
            organization_id=first.organization_id, schedule_id=first.schedule_id, fire_at=NOW - timedelta(minutes=n),
            state="held", held_for="hand", held_reason="Wait.", held_at=NOW, created_at=NOW, definition=first.definition,
        )
        for n in range(1, 121)
    ]  # fmt: skip
    Occurrence.objects.bulk_create(more)
    client = visitor("owner")
    with django_assert_max_num_queries(25):
        page = text(client.get("/operations/held/?page=2"))
    assert "51 to 100 of 120" in page and page.count('name="run"') == 50


def test_a_run_stays_held_where_a_delivery_chosen_with_it_is_not(
    held: list[Any], visitor: Visitor, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> None:
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    both = {"run": [held[0].pk], "delivery": [run.deliveries.all()[0].pk], "verdict": "release"}
    assert "Nothing was changed." in text(visitor("editor").post("/operations/held/decide/", both, follow=True))
    assert states().count("held") == 3


def test_a_look_costs_the_same_for_many(
    held: list[Any], actor: Callable[[str], Any], finish: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    Occurrence.unchecked.filter(pk__in=[one.pk for one in held]).update(finished_at=NOW)
    finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    Occurrence.unchecked.filter(pk__in=[one.pk for one in held]).update(finished_at=None)
    owner, keys = actor("owner"), [one.pk for one in held]
    for some in (keys[:1], keys):
        with django_assert_num_queries(4):
            found = what_goes(owner, runs_of=some, deliveries=(), now=NOW)
        assert [one.number for one in found] == [3] * len(some)


def test_more_than_a_form_may_have_are_refused_and_not_cut_off(
    held: list[Any], visitor: Visitor, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    chosen = {"run": [one.pk for one in held], "verdict": "release"}
    assert visitor("editor").post("/operations/held/decide/", chosen).status_code == 400
    assert states().count("held") == 3
