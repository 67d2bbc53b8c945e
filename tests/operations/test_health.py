"""How schedules do: what is counted, in what order, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.access.models import Organization
from broadsheet.access.queries import system_actor
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.operations.health import Spread, health, percentile
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.errors import UnknownSchedule
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("SCH-25"), pytest.mark.usefixtures("shop")]
SECOND = timedelta(seconds=1)


@pytest.fixture
def ran() -> Callable[..., None]:
    """``ran(3, late=10, took=60)``: the run of three days ago, first handed over 10 s late, 60 s from begin to end."""

    def make(days: int, *, late: int | None = 10, took: int = 60, state: str = "accepted", kind: str = "scheduled") -> None:  # fmt: skip
        schedule = Schedule.objects.get(name="buyers-monday")
        at = NOW - timedelta(days=days)
        run = Occurrence.objects.create(
            organization_id=schedule.organization_id, schedule=schedule, fire_at=at, kind=kind, state=state, created_at=at,
            begun_at=at + 2 * SECOND, finished_at=at + 2 * SECOND + timedelta(seconds=took),
        )  # fmt: skip
        for number, more in enumerate((0, 500) if late is not None else ()):
            Delivery.objects.create(
                organization_id=schedule.organization_id, occurrence=run, recipient_key=str(number), language="en",
                channel=StoredChannel.objects.get(name="inbox"), zone="UTC", message_id=f"{run.pk}{number}",
                state="accepted", handed_over_at=at + timedelta(seconds=late + more),
            )  # fmt: skip

    return make


def test_percentiles_are_of_the_nearest_rank() -> None:
    spans = [timedelta(seconds=one) for one in range(1, 21)]
    assert [percentile(spans, share) for share in (50, 95, 100)] == [10 * SECOND, 19 * SECOND, 20 * SECOND]
    assert percentile(spans[:1], 95) == SECOND and percentile([], 50) is None


def test_it_counts_lateness_wait_duration_and_success(actor: Callable[[str], Any], ran: Callable[..., None]) -> None:
    ran(1, late=10, took=60)
    ran(2, late=30, took=80)
    ran(3, late=None, took=5, state="failed")
    ran(4, state="skipped", late=None)
    ran(5, late=999, took=70, kind="manual")
    [one] = health(actor("viewer"))
    assert (one.runs, one.accepted, one.wanted, one.success) == (5, 3, 4, 0.75)
    assert one.outcomes == {"accepted": 3, "failed": 1, "skipped": 1}
    assert (one.lateness.p50, one.lateness.p95) == (10 * SECOND, 30 * SECOND)  # by hand there is none
    assert (one.wait.p50, one.duration.p50, one.duration.p95) == (2 * SECOND, 60 * SECOND, 80 * SECOND)


def test_only_the_last_runs_count(actor: Callable[[str], Any], ran: Callable[..., None]) -> None:
    for days in range(1, 6):
        ran(days, late=days * 10)
    [one] = health(actor("viewer"), last=2)
    assert one.lateness.values == (20 * SECOND, 10 * SECOND)  # from older to newer


@pytest.mark.parametrize(("lately", "trend"), [(10, ""), (12, ""), (40, "worse"), (2, "better")])
def test_a_trend_is_a_difference_that_is_felt(lately: int, trend: str) -> None:
    values = (*[10 * SECOND] * 6, *[lately * SECOND] * 3)
    assert Spread(None, None, values).trend == trend
    assert Spread(None, None, values[2:]).trend == ""  # too few


def test_a_schedule_that_never_ran_is_told_by_name_alone(
    actor: Callable[[str], Any], other_organization: Organization
) -> None:
    assert health(actor("viewer")) == []
    [one] = health(actor("viewer"), schedule="buyers-monday")
    assert (one.runs, one.success, one.last_at) == (0, None, None)
    with pytest.raises(UnknownSchedule):
        health(system_actor(other_organization.pk), schedule="buyers-monday")


def test_who_may_read_no_deliveries_is_refused(actor: Callable[[str], Any]) -> None:
    from dataclasses import replace

    with pytest.raises(Refused):
        health(replace(actor("viewer"), scopes=frozenset({"schedule.read"})))


def test_a_long_history_costs_no_more(
    actor: Callable[[str], Any], ran: Callable[..., None], django_assert_num_queries: Any
) -> None:
    for days in range(1, 40):
        ran(days)
    viewer = actor("viewer")
    with django_assert_num_queries(3):
        [one] = health(viewer)
    assert one.runs == 30
