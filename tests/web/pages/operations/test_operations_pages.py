"""Operations: the queue with its acts, health, maintenance with its banner, checks; each for whom it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Maintenance, Occurrence
from broadsheet.runs.nodes import Presence

Visitor = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("shop")


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def waits(actor: Callable[[str], Any]) -> Occurrence:
    return run_now(actor("owner"), "buyers-monday", now=NOW)


@pytest.mark.feature("PRF-01")
def test_the_queue_says_what_waits_and_why(waits: Occurrence, visitor: Visitor) -> None:
    page = text(visitor("viewer").get("/operations/"))
    assert "<h1>Runs: 1 waits</h1>" in page
    assert f'href="/runs/{waits.pk}/"' in page and "number 1; waits for a free worker" in page
    assert "Take it next" not in page and "Stop" not in page and "Processes" not in page
    owner = text(visitor("owner").get("/operations/"))
    for act in ("Take it next", "Raise", "Lower", "Hold", "Stop"):
        assert f">{act}<" in owner


@pytest.mark.feature("PRF-01")
def test_who_steers_raises_and_takes_next(waits: Occurrence, visitor: Visitor) -> None:
    client = visitor("owner")
    page = text(client.post(f"/runs/{waits.pk}/priority/", {"priority": "highest"}, follow=True))
    assert "has the priority “highest” now" in page
    waits.refresh_from_db()
    assert waits.priority == 1
    assert "is next." in text(client.post(f"/runs/{waits.pk}/next/", follow=True))
    Occurrence.objects.update(finished_at=NOW)
    assert "has ended" in text(client.post(f"/runs/{waits.pk}/next/", follow=True))


@pytest.mark.feature("PRF-01")
def test_processes_are_the_admins_to_see(visitor: Visitor) -> None:
    Presence("host:1:a", "worker", 2).beat()
    assert "0 of 2" in text(visitor("admin").get("/operations/"))
    assert "0 of 2" not in text(visitor("editor").get("/operations/"))


@pytest.mark.feature("PRF-01")
def test_the_part_that_renews_itself_is_the_queue_alone(waits: Occurrence, visitor: Visitor) -> None:
    part = text(visitor("viewer").get("/operations/queue/"))
    assert "<html" not in part and "data-more" in part and "Purchases, Mondays" in part


@pytest.mark.feature("PRF-01")
def test_a_long_queue_costs_no_more(
    actor: Callable[[str], Any], visitor: Visitor, django_assert_max_num_queries: Any
) -> None:
    client = visitor("owner")
    run_now(actor("owner"), "buyers-monday", now=NOW)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/operations/")
    for minutes in range(1, 8):
        run_now(actor("owner"), "buyers-monday", now=NOW, at=NOW - timedelta(minutes=minutes))
    with django_assert_max_num_queries(len(few)):
        client.get("/operations/")


@pytest.mark.feature("SCH-25")
def test_health_lists_schedules_with_their_measures(
    finish: Callable[..., Occurrence], waits: Occurrence, visitor: Visitor
) -> None:
    assert "No schedule has run yet" in text(visitor("viewer").get("/operations/health/"))
    finish(waits)
    page = text(visitor("viewer").get("/operations/health/"))
    assert "The schedule is well" in page and "100 %" in page
    assert "Lateness" in text(visitor("viewer").get("/schedules/buyers-monday/"))


@pytest.mark.feature("PRF-24")
def test_maintenance_is_planned_shown_on_every_page_and_ended(visitor: Visitor) -> None:
    client, soon = visitor("owner"), datetime.now(UTC) + timedelta(hours=2)
    given = {"reason": "New disks", "starts_at": "", "ends_at": soon.isoformat(), "source": "", "drain": "5"}
    page = text(client.post("/operations/maintenance/", given, follow=True))
    assert "Maintenance begins now." in page and "New disks" in page
    [one] = Maintenance.objects.all()
    for role in ("viewer", "owner"):
        shown = text(visitor(role).get("/schedules/"))
        assert 'class="standstill"' in shown and "maintenance (New disks)" in shown
    assert 'class="standstill"' not in text(visitor("outsider").get("/schedules/"))
    assert "It is over." in text(client.post(f"/operations/maintenance/{one.pk}/end/", follow=True))
    assert 'class="standstill"' not in text(client.get("/schedules/"))


@pytest.mark.feature("PRF-24")
def test_a_form_that_cannot_be_is_told_why_and_keeps_what_was_typed(visitor: Visitor) -> None:
    answer = visitor("owner").post("/operations/maintenance/", {"reason": "", "ends_at": "soon", "starts_at": ""})
    assert answer.status_code == 422
    assert "“soon” is no date with a time." in text(answer)
    late = {"reason": "New disks", "starts_at": "2020-01-01T10:00", "ends_at": ""}
    assert "It would start in the past." in text(visitor("owner").post("/operations/maintenance/", late))


@pytest.mark.feature("PRF-24")
def test_who_may_not_steer_plans_nothing(visitor: Visitor) -> None:
    client = visitor("editor")
    assert "Plan one" not in text(client.get("/operations/maintenance/"))
    assert client.post("/operations/maintenance/", {"reason": "Mine"}).status_code == 403
    assert not Maintenance.objects.exists()


@pytest.mark.feature("PRF-23")
def test_checks_are_made_when_asked_for_and_of_ones_own_alone(
    visitor: Visitor, other_organization: Any, organization: Any
) -> None:
    client = visitor("owner")
    assert "Is the installation well?" in text(client.get("/operations/checks/"))
    page = text(client.post("/operations/checks/"))
    assert "source shop" in page and "dataset orders" in page and "The database is in the form" in page
    theirs = visitor("outsider").post("/operations/checks/")
    assert theirs.status_code in (200, 403) and "source shop" not in text(theirs)
