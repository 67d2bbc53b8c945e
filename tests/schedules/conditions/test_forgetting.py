"""What conditions said is forgotten in the end; what is shown, waited for or marked as old stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.plugins.django import NOW

from broadsheet.runs.scheduler import hourly
from broadsheet.schedules.conditions.forgetting import forget_conditions
from broadsheet.schedules.conditions.queries import KEPT
from broadsheet.schedules.models import Evaluation, Schedule, Wait

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SCH-17"), pytest.mark.usefixtures("shop")]
DAY = timedelta(days=1)


@pytest.fixture
def schedule() -> Schedule:
    return Schedule.objects.get(name="buyers-monday")


def evaluated(schedule: Schedule, at: datetime) -> Evaluation:
    return Evaluation.objects.create(
        schedule=schedule, run=uuid4(), fire_at=at, at=at, dataset="orders", metric="spent", period="2026-10",
        status="ok", verdict="skip", because="ok", reason="", plainly="",
    )  # fmt: skip


def waited(schedule: Schedule, at: datetime, outcome: str) -> Wait:
    return Wait.objects.create(schedule=schedule, run=uuid4(), since=at, until=at, looked_at=at, outcome=outcome)


def test_evaluations_are_forgotten_but_for_the_last_ones(schedule: Schedule) -> None:
    for day in range(KEPT + 20):
        evaluated(schedule, NOW - day * DAY)
    assert forget_conditions(days=KEPT + 10, now=NOW) == 9  # days 41 to 49
    assert forget_conditions(days=5, now=NOW) == 11  # and all but the last ones that are shown
    assert Evaluation.objects.count() == KEPT
    assert forget_conditions(days=5, now=NOW) == 0


def test_what_still_counts_of_waits_stays(schedule: Schedule) -> None:
    for outcome in ("waiting", "stale", "ready"):
        waited(schedule, NOW - 500 * DAY, outcome)
    for day in range(KEPT):
        waited(schedule, NOW - day * DAY, "ready")
    assert forget_conditions(days=400, now=NOW) == 1
    assert set(Wait.objects.filter(since__lt=NOW - 400 * DAY).values_list("outcome", flat=True)) == {"waiting", "stale"}


def test_a_rare_schedule_keeps_its_few(schedule: Schedule) -> None:
    evaluated(schedule, NOW - 900 * DAY)
    assert forget_conditions(days=400, now=NOW) == 0


def test_it_is_done_once_an_hour() -> None:
    seen: list[datetime] = []
    chore = hourly(seen.append)
    for minutes in (0, 1, 59, 60, 61):
        chore(NOW + timedelta(minutes=minutes))
    assert seen == [NOW, NOW + timedelta(minutes=60)]
