"""Conditions where people see them: the schedule's page, what they say now, and a run that waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs import claims
from broadsheet.runs.actions.admit import admit
from broadsheet.runs.errors import Declined, NotYet
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import Schedule, Wait

pytestmark = pytest.mark.django_db
FIRED = datetime(2026, 11, 23, 13, tzinfo=NOW.tzinfo)
CONDITIONS = {
    "ready": {"probes": [{"rows": "orders", "at_least": 3, "period": "2026-11"}]},
    "only_if": {"dataset": "orders", "metric": "spent", "period": "2026-10", "above": 176, "in_a_row": 2},
}


@pytest.fixture
def schedule(shop: object, organization: Any) -> Schedule:
    found = Schedule.objects.get(organization=organization, name="buyers-monday")
    found.definition |= CONDITIONS
    found.save()
    return found


@pytest.fixture
def run(schedule: Schedule) -> Occurrence:
    """A firing that waits for its data."""
    Occurrence.objects.create(
        organization_id=schedule.organization_id, schedule=schedule, fire_at=FIRED, definition=schedule.definition,
        created_at=FIRED, deadline_at=FIRED + timedelta(hours=24),
    )  # fmt: skip
    claimed = claims.claim(owner="test", now=FIRED)
    assert claimed is not None
    with pytest.raises(NotYet) as delay:
        admit(claimed, now=FIRED)
    claims.release(claimed, wake_at=delay.value.at, state=State.WAITING, error=str(delay.value))
    return claimed


def text(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.feature("SCH-16", "SCH-17")
def test_the_page_says_what_a_run_waits_for_and_depends_on(schedule: Schedule, visitor: Any) -> None:
    page = text(visitor("editor"), "/schedules/buyers-monday/")

    assert "“orders” has 3 rows or more for 2026-11." in page
    assert "when it is not there within 120 minutes, it is skipped, and the owner is told." in page
    assert "“spent” of “orders” for 2026-10 is above 176." in page
    assert "It must be so 2 firings in a row." in page
    assert "It was not evaluated yet." in page


@pytest.mark.feature("SCH-17")
@pytest.mark.parametrize(("role", "seen"), [("editor", True), ("viewer", False)])
def test_figures_stand_there_for_who_may_see_them(
    schedule: Schedule, run: Occurrence, visitor: Any, role: str, seen: bool
) -> None:
    Wait.objects.update(outcome="ready", settled_at=FIRED)
    claimed = claims.claim(owner="test", now=FIRED + timedelta(hours=1))
    assert claimed is not None
    with pytest.raises(Declined):
        admit(claimed, now=FIRED)

    page = text(visitor(role), "/schedules/buyers-monday/")

    assert "In order since the firing of" in page
    assert ("Spent was €176.00 for October 2026, not above €176.00." in page) is seen
    assert ("Spent was not above €176.00." in page) is not seen


@pytest.mark.feature("SCH-16", "SCH-17")
def test_what_they_say_now_with_the_values_before(schedule: Schedule, visitor: Any) -> None:
    page = text(visitor("editor"), "/schedules/buyers-monday/conditions/")

    assert "A firing would not go on now: it would wait for its data." in page
    assert "“orders” has not 3 rows for November 2026 yet." in page
    assert "Spent was €176.00 for October 2026, not above €176.00." in page
    assert "The last 30 values" in page
    assert "<svg" in page and "176</td>" in page
    assert visitor("viewer").get("/schedules/buyers-monday/conditions/").status_code == 403
    assert visitor("outsider").get("/schedules/buyers-monday/conditions/").status_code == 404


@pytest.mark.feature("SCH-16")
def test_a_run_that_waits_says_for_what_and_may_go_without(run: Occurrence, visitor: Any) -> None:
    page = text(visitor("editor"), f"/runs/{run.pk}/")

    assert "It waits for its data" in page
    assert "“orders” has not 3 rows for November 2026 yet." in page
    assert "looked once" in page and "it is skipped, and the owner is told" in page
    assert "Send it without waiting" not in text(visitor("viewer"), f"/runs/{run.pk}/")
    assert visitor("viewer").post(f"/runs/{run.pk}/go-ahead/").status_code == 403
    assert visitor("outsider").post(f"/runs/{run.pk}/go-ahead/").status_code == 404
    assert visitor("editor").post(f"/runs/{run.pk}/go-ahead/").status_code == 302

    run.refresh_from_db()
    assert (run.wake_at, Wait.objects.get().outcome) == (None, "stale")
    again = visitor("editor").post(f"/runs/{run.pk}/go-ahead/", follow=True).content.decode()
    assert "This run does not wait for data." in again
    claimed = claims.claim(owner="test", now=FIRED)
    assert claimed is not None
    with pytest.raises(Declined):  # by its figure: it does not wait any more
        admit(claimed, now=FIRED)
