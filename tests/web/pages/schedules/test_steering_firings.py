"""Single firings are changed from the schedule's page; firings that have passed are run from its backfill page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.plugins.django import NOW

from broadsheet.runs.models import Backfill, Occurrence
from broadsheet.schedules.models import Schedule

Visitor = Callable[[str], Client]
pytestmark = pytest.mark.feature("SCH-20")
PAGE = "/schedules/buyers-monday/"
FIRST = "2026-11-30T13:00:00+00:00"


@pytest.fixture
def client(shop: object, visitor: Visitor) -> Any:
    with time_machine.travel(NOW):
        yield visitor("editor")


def text(response: Any) -> str:
    return str(response.content.decode())


def chosen() -> list[tuple[str, str, str]]:
    return [(one["kind"], one["fire_at"], one["why"]) for one in Schedule.objects.get().overrides]


def test_a_firing_is_held_moved_and_taken_back(client: Client) -> None:
    page = text(client.post(f"{PAGE}choose/", {"at": FIRST, "what": "hold", "why": "New prices."}, follow=True))
    assert chosen() == [("hold", FIRST, "New prices.")]
    assert "held by hand; every Monday (Edda: New prices.)" in page
    page = text(client.post(f"{PAGE}choose/", {"at": FIRST, "what": "move", "to": "2026-12-01T09:30"}, follow=True))
    [one] = Schedule.objects.get().overrides
    assert one["to"] == "2026-12-01T14:30:00+00:00"  # 09:30 on the reader's clock, in New York
    assert "moved by Edda" in page
    client.post(f"{PAGE}choose/", {"at": one["to"], "what": "undo"})
    assert chosen() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"at": FIRST, "what": "move", "to": ""}, "Say when: a day and a time of day."),
        ({"at": "soon", "what": "hold"}, "Say when: a day and a time of day."),
        ({"at": FIRST, "what": "dance"}, "Say what becomes of the firing"),
        ({"at": "2026-11-30T12:00:00+00:00", "what": "skip"}, "does not fire at 2026-11-30 12:00:00 UTC"),
    ],
)
def test_what_cannot_be_is_said(client: Client, given: dict[str, str], said: str) -> None:
    assert said in text(client.post(f"{PAGE}choose/", given, follow=True))
    assert chosen() == []


def test_who_may_not_change_it_is_offered_nothing(client: Client, visitor: Visitor) -> None:
    assert "choose/" in text(client.get(PAGE))
    assert "choose/" not in text(visitor("viewer").get(PAGE))


def test_a_backfill_is_seen_first_and_then_started_exactly_so(client: Client) -> None:
    assert "What would happen" not in text(client.get(f"{PAGE}backfill/"))
    asked = {"first": "2026-11-09", "last": "2026-11-24", "sending": "nobody"}
    page = text(client.get(f"{PAGE}backfill/", asked))
    assert "3 firings would run for 3 recipients, as the audience is now: 0 deliveries would be sent." in page
    assert "Make the files of 3 runs" in page
    assert Backfill.objects.count() == 0
    answer = client.post(f"{PAGE}backfill/", {**asked, "at_once": "2", "why": "The source was down."}, follow=True)
    assert "3 runs are asked for" in text(answer)
    made = Backfill.objects.get()
    assert (made.sending, made.at_once, made.why, made.occurrences.count()) == ("nobody", 2, "The source was down.", 3)
    client.post(f"/backfills/{made.pk}/stop/")
    assert Occurrence.objects.filter(stop_asked_at__isnull=False).count() == 3


def test_a_backfill_of_another_tenant_is_not_there(client: Client, visitor: Visitor) -> None:
    client.post(f"{PAGE}backfill/", {"first": "2026-11-09", "last": "2026-11-24", "sending": "nobody"})
    address = f"/backfills/{Backfill.objects.get().pk}/stop/"
    assert {role: visitor(role).post(address).status_code for role in ("viewer", "outsider", "")} == {
        "viewer": 403, "outsider": 404, "": 302,
    }  # fmt: skip
    assert visitor("outsider").get(f"{PAGE}backfill/").status_code == 404


def test_a_day_that_is_none_is_said(client: Client) -> None:
    assert "“30.11.” is no day." in text(client.get(f"{PAGE}backfill/", {"first": "30.11."}))
    late = {"first": str((NOW + timedelta(days=3)).date()), "last": str((NOW + timedelta(days=9)).date())}
    assert "The range ends before it begins" in text(client.get(f"{PAGE}backfill/", late))
