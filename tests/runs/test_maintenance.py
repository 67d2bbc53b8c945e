"""What stands still for maintenance, whose it is, and how it goes on when the window is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW
from tests.plugins.shop import InProcess

from broadsheet.access.models import Organization
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs import claims, maintenance
from broadsheet.runs.actions import put_down
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.actions.work import Tools, carry
from broadsheet.runs.models import Maintenance, Occurrence
from broadsheet.runs.ringing import ring_ready
from broadsheet.runs.store import artifact_store

pytestmark = [
    pytest.mark.feature("PRF-24"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shop"),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def due(actor: Callable[[str], Any]) -> Occurrence:
    return run_now(actor("owner"), "buyers-monday", now=NOW)


@pytest.fixture
def window(organization: Organization) -> Callable[..., Maintenance]:
    def make(start: datetime = NOW, end: datetime | None = NOW + HOUR, **fields: Any) -> Maintenance:
        given = {"organization": organization, "reason": "New disks", "drain_seconds": 300, **fields}
        return Maintenance.objects.create(starts_at=start, ends_at=end, created_by="Edda", created_at=NOW, **given)

    return make


def still(one: Occurrence, *, now: datetime) -> bool:
    return Occurrence.objects.filter(maintenance.standing_still(now=now), pk=one.pk).exists()


def test_nothing_stands_still_without_a_window(due: Occurrence) -> None:
    assert not still(due, now=NOW)


@pytest.mark.parametrize(("minutes", "held"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_run_that_has_not_begun_waits_from_start_to_end(
    due: Occurrence, window: Callable[..., Maintenance], minutes: int, held: bool
) -> None:
    window()
    assert still(due, now=NOW + timedelta(minutes=minutes)) is held


@pytest.mark.parametrize(("minutes", "held"), [(4, False), (5, True)])
def test_one_that_runs_goes_on_for_the_drain_time(
    due: Occurrence, window: Callable[..., Maintenance], minutes: int, held: bool
) -> None:
    window()
    Occurrence.unchecked.update(state=State.RUNNING)
    now = NOW + timedelta(minutes=minutes)
    assert still(due, now=now) is held
    assert maintenance.put_down_of([due.pk], now=now) == ({due.pk} if held else set())


def test_one_that_was_asked_to_stop_may_end(due: Occurrence, window: Callable[..., Maintenance]) -> None:
    window()
    Occurrence.objects.update(stop_asked_at=NOW)
    assert not still(due, now=NOW)


def test_without_an_end_it_lasts_until_somebody_ends_it(due: Occurrence, window: Callable[..., Maintenance]) -> None:
    one = window(end=None)
    assert still(due, now=NOW + timedelta(days=9))
    Maintenance.objects.filter(pk=one.pk).update(ended_at=NOW + HOUR)
    assert not still(due, now=NOW + HOUR)


def test_another_organizations_window_holds_nothing_here(
    due: Occurrence, window: Callable[..., Maintenance], other_organization: Organization
) -> None:
    window(organization=other_organization)
    assert not still(due, now=NOW)
    window(organization=None)
    assert still(due, now=NOW)


@pytest.mark.parametrize(("source", "held"), [("shop", True), ("elsewhere", False)])
def test_of_one_source_only_what_asks_it_waits(
    due: Occurrence, window: Callable[..., Maintenance], source: str, held: bool
) -> None:
    window(source=source)
    assert still(due, now=NOW) is held


def test_what_waited_has_the_windows_length_more(due: Occurrence, window: Callable[..., Maintenance]) -> None:
    window()
    Occurrence.objects.update(deadline_at=NOW + 2 * HOUR)
    maintenance.open_windows(now=NOW + HOUR)
    maintenance.open_windows(now=NOW + HOUR)  # and only once
    due.refresh_from_db()
    assert (due.state, due.deadline_at) == (State.DUE, NOW + 3 * HOUR)


@pytest.mark.parametrize(("misfire", "state"), [("skip", State.SKIPPED), ("once", State.DUE), ("all", State.DUE)])
def test_only_a_schedule_that_skips_lets_go_what_it_missed(
    due: Occurrence, window: Callable[..., Maintenance], misfire: str, state: State
) -> None:
    window()
    policies = {**due.definition.get("policies", {}), "misfire": misfire}
    Occurrence.objects.update(kind="scheduled", definition={**due.definition, "policies": policies})
    maintenance.open_windows(now=NOW + HOUR)
    due.refresh_from_db()
    assert due.state == state
    assert ("New disks" in due.reason) is (state == State.SKIPPED)


def test_a_window_called_off_moves_nothing(due: Occurrence, window: Callable[..., Maintenance]) -> None:
    one = window(start=NOW + HOUR, end=NOW + 2 * HOUR, ended_at=NOW)
    Occurrence.objects.update(deadline_at=NOW + HOUR)
    assert maintenance.settle(one, now=NOW)
    due.refresh_from_db()
    assert due.deadline_at == NOW + HOUR


def test_claims_and_the_bell_leave_it_alone(due: Occurrence, window: Callable[..., Maintenance]) -> None:
    window()
    rung: list[object] = []

    class Bell:
        def ring(self, rings: list[object]) -> None:
            rung.extend(rings)

    assert claims.claim(owner="one", now=NOW) is None
    assert ring_ready(Bell(), now=NOW) == 0  # type: ignore[arg-type]
    assert claims.claim(owner="one", now=NOW + HOUR) is not None


def test_what_still_runs_after_the_drain_time_is_put_down_and_goes_on_later(
    due: Occurrence,
    window: Callable[..., Maintenance],
    finish: Callable[..., Occurrence],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(put_down, "LOOK_SECONDS", 0.0)
    claimed = claims.claim(owner="test", now=NOW - HOUR)
    assert claimed is not None
    window(drain_seconds=0)
    carry(claimed, Tools("test", InProcess(), artifact_store(), clock=lambda: NOW))
    due.refresh_from_db()
    assert (due.state, due.owner, due.slices.exclude(state="due").count()) == (State.RUNNING, "", 0)
    assert finish(due, now=NOW).finished_at is None
    assert finish(due, now=NOW + HOUR).state == State.ACCEPTED
