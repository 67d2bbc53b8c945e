"""A dry run does all but draw, keep and send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.plugins.django import NOW

from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.runs.actions.dry_run import DryRun, dry_run
from broadsheet.runs.models import Artifact, Occurrence, Slice
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule

pytestmark = pytest.mark.feature("SCH-30")


@pytest.fixture
def rehearse(change, actor) -> Callable[..., DryRun]:
    def rehearsed(old: str = "", new: str = "", *, role: str = "editor", name: str = "by-memory") -> DryRun:
        change(old, new)
        return dry_run(actor(role), name, now=NOW)

    return rehearsed


def test_it_says_what_the_next_firing_would_do_and_leaves_nothing(rehearse, memory):
    found = rehearse()
    assert found.fire_at == datetime(2026, 11, 30, 13, tzinfo=UTC)  # Monday at 08:00 in New York
    assert (found.slices, found.files, dict(found.states()), found.empty()) == (3, 3, {"due": 3}, 0)
    assert {one.delivery.recipient_name: one.rows for one in found.deliveries} == {
        "Ada Stone": 4,
        "Bo Reed": 3,
        "Cy Blum": 3,
    }
    assert not memory.taken
    assert [one.objects.count() for one in (Occurrence, Slice, Delivery, Artifact)] == [0, 0, 0, 0]


def test_who_has_no_rows_is_named_and_skipped_where_the_schedule_says_so(rehearse, tmp_path):
    orders = tmp_path / "shop" / "orders.csv"
    orders.write_text("\n".join(line for line in orders.read_text("utf-8").splitlines() if ",b2," not in line))
    found = rehearse("policies: {", "policies: {empty: skip, ")
    assert dict(found.states()) == {"due": 2, "skipped": 1}
    [bo] = [one for one in found.deliveries if not one.rows]
    assert (bo.delivery.recipient_name, found.empty()) == ("Bo Reed", 1)
    assert "no rows" in bo.delivery.reason


def test_who_is_suppressed_and_which_rows_are_to_mend_are_shown(rehearse, organization, tmp_path):
    Suppression.objects.create(organization=organization, address="ada@ada.example", reason="Unsubscribed", at=NOW)
    with (tmp_path / "shop" / "buyers.csv").open("a", encoding="utf-8") as file:
        file.write("b4,Di KK,Di Ito,nowhere,en,Asia/Tokyo,JPY,csv\n")
    found = rehearse()
    assert [one.who for one in found.invalid] == ["Di Ito"]
    assert len(found.deliveries) == 3  # memory is no mail: suppression holds for mail alone


def test_who_gets_it_when_is_said_for_clocks_of_their_own(rehearse):
    found = rehearse("zone: America/New_York", "zone: recipient")
    hours = {one.delivery.recipient_name: one.delivery.due_at.hour for one in found.deliveries}
    assert hours == {"Ada Stone": 8, "Bo Reed": 14, "Cy Blum": 7}


def test_what_would_fail_is_said(rehearse, organization):
    from broadsheet.sources.models import Source

    rehearse()
    Source.objects.filter(organization=organization).update(settings={"files": ["/nowhere"]})
    with pytest.raises(ScheduleError, match="No file matches"):
        rehearse()


@pytest.mark.parametrize(("role", "error"), [("viewer", Refused), ("outsider", UnknownSchedule)])
def test_who_may_not_run_it_may_not_rehearse_it(rehearse, role, error):
    with pytest.raises(error):
        rehearse(role=role)
