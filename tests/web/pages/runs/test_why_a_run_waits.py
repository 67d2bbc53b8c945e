"""A run that does not get on says why, with what to do; and afterwards what happened, and why it was late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.plugins.django import NOW

from broadsheet.compliance.actions.record import record
from broadsheet.delivery.models import Delivery, Gate
from broadsheet.runs import claims
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Limits, Maintenance, Node, Occurrence
from broadsheet.runs.nodes import Presence

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("PRF-01"), pytest.mark.usefixtures("shop")]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def due(actor: Callable[[str], Any]) -> Callable[[int], Occurrence]:
    """``due(3)``: a run that was asked for three minutes ago."""

    def make(minutes: int) -> Occurrence:
        at = NOW - timedelta(minutes=minutes)
        return run_now(actor("owner"), "buyers-monday", now=at, at=at)

    return make


def test_it_says_its_place_and_that_no_worker_is_there(due: Callable[[int], Any], visitor: Visitor) -> None:
    due(9)
    second = due(8)
    page = text(visitor("viewer").get(f"/runs/{second.pk}/"))
    assert "It waits for a free worker" in page and "No process works on runs now." in page
    assert "Take it next" not in page
    Presence("host:1:a", "worker", 2).beat()
    part = text(visitor("owner").get(f"/runs/{second.pk}/progress/"))
    assert "It is number 2 in the queue" in part and "Take it next" in part
    Node.objects.all().delete()


def test_taking_it_next_leads_back_to_it(due: Callable[[int], Any], visitor: Visitor) -> None:
    due(9)
    second = due(8)
    answer = visitor("owner").post(f"/runs/{second.pk}/next/?to=run")
    assert answer.headers["Location"] == f"/runs/{second.pk}/"


def test_it_names_the_run_before_the_limit_the_source_and_maintenance(
    due: Callable[[int], Any], visitor: Visitor, organization: Any
) -> None:
    before, run = due(9), due(8)
    claims.claim(owner="one", now=NOW)
    client = visitor("viewer")

    def page() -> str:
        return text(client.get(f"/runs/{run.pk}/progress/"))

    assert "It waits for the run before it" in page() and f'href="/runs/{before.pk}/"' in page()
    Occurrence.objects.update(definition={**run.definition, "policies": {"at_once": 5}})
    limits = Limits.objects.create(organization=organization, sources={"shop": 1})
    assert "It waits for the source “shop”" in page() and 'href="/operations/limits/"' in page()
    limits.runs = 1
    limits.save()
    assert "1 run of your organization may go on at once" in page()
    now = timezone.now()
    Maintenance.objects.create(
        organization=organization, reason="New disks", starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1), created_at=now,
    )  # fmt: skip
    assert "It waits for maintenance to end" in page() and "New disks. It goes on by itself at" in page()


def test_it_says_when_a_run_that_was_made_ahead_begins(due: Callable[[int], Any], visitor: Visitor) -> None:
    run = due(1)
    Occurrence.objects.update(wake_at=timezone.now() + timedelta(hours=2))
    assert "It waits for its time" in text(visitor("viewer").get(f"/runs/{run.pk}/"))


@pytest.fixture
def sending(due: Callable[[int], Any], finish: Callable[..., Any]) -> Any:
    """A run whose deliveries are all still to be sent, later."""
    run = finish(due(1))
    later = timezone.now() + timedelta(hours=1)
    Delivery.unchecked.filter(occurrence=run).update(state="due", next_try_at=later, settled_at=None)
    Occurrence.unchecked.filter(pk=run.pk).update(state="running", finished_at=None, wake_at=later)
    return run


def test_deliveries_say_whether_their_channel_a_limit_or_the_time_keeps_them(sending: Any, visitor: Visitor) -> None:
    client = visitor("viewer")

    def page() -> str:
        return text(client.get(f"/runs/{sending.pk}/progress/"))

    assert "3 deliveries wait for their recipients’ times" in page()
    mine = Delivery.unchecked.filter(occurrence=sending)
    mine.update(waits_for="limit", reason="Held back: 5 a minute may go.")
    assert "3 deliveries wait for “" in page() and "Held back: 5 a minute may go. The next leaves at" in page()
    channel = mine[0].channel
    Gate.objects.update_or_create(
        channel=channel, defaults={"opened_at": timezone.now(), "last_word": "421 busy", "trial_at": timezone.now()}
    )
    mine.update(waits_for="breaker")
    found = page()
    assert "It fails and is left alone since" in found and "It last said: 421 busy" in found
    assert f'href="/settings/channels/#{channel.name}"' in found
    mine.update(waits_for="", state="retrying")
    assert "3 deliveries are tried again" in page()


def test_what_happened_is_told_in_order_with_who_did_what(
    due: Callable[[int], Any], finish: Callable[..., Any], visitor: Visitor, actor: Callable[[str], Any]
) -> None:
    run = finish(due(1))
    record(actor("owner"), "run.next", str(run.pk), now=NOW)
    page = text(visitor("owner").get(f"/runs/{run.pk}/"))
    told = ["Asked for", "A worker began it", "All its files were made", "Ended: accepted"]
    places = [page.index(one) for one in told]
    assert places == sorted(places)
    assert "put it first in the queue" in page
    assert "put it first in the queue" not in text(visitor("viewer").get(f"/runs/{run.pk}/"))
    assert "late" not in page.split("What happened")[1].split("</section>")[0]


def test_lateness_is_explained_by_where_the_time_went(
    due: Callable[[int], Any], finish: Callable[..., Any], visitor: Visitor, organization: Any
) -> None:
    run = finish(due(1))
    at = NOW - timedelta(hours=3)
    Maintenance.objects.create(
        organization=organization, reason="New disks", starts_at=at + timedelta(minutes=12),
        ends_at=at + timedelta(minutes=30), settled_at=NOW, created_at=at,
    )  # fmt: skip
    Occurrence.unchecked.filter(pk=run.pk).update(
        kind="scheduled", fire_at=at, created_at=at + timedelta(minutes=10), begun_at=at + timedelta(minutes=33),
        planned_at=at + timedelta(minutes=33), made_at=at + timedelta(minutes=38), finished_at=at + timedelta(minutes=40),
    )  # fmt: skip
    Delivery.unchecked.filter(occurrence=run).update(handed_over_at=at + timedelta(minutes=38))
    page = text(visitor("viewer").get(f"/runs/{run.pk}/"))
    assert (
        "Its first delivery left 38 min 0 s late: without a scheduler 10 min 0 s, maintenance 18 min 0 s, "
        "in the queue 5 min 0 s, making its files 5 min 0 s."
    ) in page
    assert "Written down only now: no scheduler ran before" in page
    assert "Maintenance began (New disks)" in page and "Maintenance was over (New disks)" in page
