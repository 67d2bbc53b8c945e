"""Firings that have passed are run for a range: seen first, a few at a time, to whom was said, and never twice unasked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.policy.roles import Refused
from broadsheet.runs.actions.backfill import plan_backfill, start_backfill, stop_backfill
from broadsheet.runs.errors import UnknownRun
from broadsheet.runs.models import Occurrence, SliceFile
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-20")]
NAME = "by-memory"
# Mondays at 08:00 in New York, the last three before NOW
MONDAYS = [datetime(2026, 11, 9 + 7 * week, 13, tzinfo=UTC) for week in range(3)]
RANGE = {"first": MONDAYS[0], "last": NOW}
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def asker(change, organization):
    return system_actor(organization.pk)


@pytest.fixture
def missed(asker) -> Occurrence:
    """The second of the three did not run."""
    schedule = Schedule.objects.get(name=NAME)
    return Occurrence.objects.create(
        organization_id=schedule.organization_id, schedule=schedule, fire_at=MONDAYS[1], state="missed",
        created_at=NOW, finished_at=NOW, definition=schedule.definition,
    )  # fmt: skip


def states(made) -> list[str]:
    return list(made.occurrences.order_by("fire_at").values_list("state", flat=True))


def test_the_plan_says_which_firings_to_whom_and_how_many(asker, missed) -> None:
    plan = plan_backfill(asker, NAME, **RANGE, now=NOW)
    assert [(one.at, one.was, one.runs) for one in plan.firings] == [
        (MONDAYS[0], "", True), (MONDAYS[1], "missed", True), (MONDAYS[2], "", True),
    ]  # fmt: skip
    assert (plan.recipients, plan.deliveries, plan.to_send, plan.total) == (3, 3, 3, 9)
    assert Occurrence.objects.count() == 1  # nothing was kept


def test_what_ran_is_left_alone_unless_it_is_asked_for_again(asker, finish, missed) -> None:
    first = start_backfill(asker, NAME, first=MONDAYS[0], last=MONDAYS[0], now=NOW)
    finish(first.occurrences.get())
    assert [one.runs for one in plan_backfill(asker, NAME, **RANGE, now=LATER).firings] == [False, True, True]
    assert [one.runs for one in plan_backfill(asker, NAME, **RANGE, now=LATER, again=True).firings] == [True] * 3
    with pytest.raises(ScheduleError, match="Nothing of that time is left to run"):
        start_backfill(asker, NAME, first=MONDAYS[0], last=MONDAYS[0], now=LATER)
    again = start_backfill(asker, NAME, first=MONDAYS[0], last=MONDAYS[0], again=True, now=LATER)
    assert states(again) == ["due"]


def test_its_runs_go_one_after_the_other_and_count_periods_from_their_firing(asker, missed, finish, memory) -> None:
    made = start_backfill(asker, NAME, **RANGE, why="The source was down.", now=NOW)
    last = made.occurrences.order_by("-fire_at").first()
    Occurrence.objects.filter(pk=last.pk).update(
        priority=1, turn_at=NOW - timedelta(days=9)
    )  # it comes first, and waits
    waits = finish(last)
    assert (waits.state, waits.wake_at) == ("waiting", NOW + timedelta(seconds=20))
    assert waits.error == "It waits for its turn: 2 of its backfill are before it."
    for minutes in range(1, 4):
        finish(last, now=NOW + timedelta(minutes=minutes))
    assert states(made) == ["accepted"] * 3
    assert len(memory.taken) == 9
    assert [one.fire_at for one in memory.taken[::3]] == MONDAYS
    missed.refresh_from_db()
    assert missed.state == "missed"  # that it did not run on time stays true


def test_files_alone_are_made_and_nobody_gets_them(asker, finish, memory) -> None:
    made = start_backfill(asker, NAME, first=MONDAYS[2], last=NOW, sending="nobody", now=NOW)
    ended = finish(made.occurrences.get())
    assert (ended.state, memory.taken) == ("skipped", [])
    assert SliceFile.objects.filter(slice__occurrence=ended, format="csv").count() == 3
    assert {one.reason for one in ended.deliveries.all()} == {
        "Its files are made and kept, and not sent: so it was asked for."
    }


def test_to_me_goes_to_my_address_alone(asker, finish, memory) -> None:
    made = start_backfill(
        asker, NAME, first=MONDAYS[2], last=NOW, sending="me", address="olga@harbour-books.example", now=NOW
    )
    ended = finish(made.occurrences.get())
    assert {one.address for one in ended.deliveries.exclude(state="skipped")} <= {"olga@harbour-books.example"}
    assert {one.recipient_address for one in memory.taken} <= {"olga@harbour-books.example"}
    with pytest.raises(ScheduleError, match="this asker has none"):
        start_backfill(asker, NAME, **RANGE, sending="me", now=NOW)


def test_a_backfill_is_in_no_firings_way(asker, finish, change, memory) -> None:
    change("policies: {", "policies: {overlap: skip, ")
    made = start_backfill(asker, NAME, first=MONDAYS[2], last=NOW, now=NOW)
    from broadsheet.runs import claims

    run = claims.claim(owner="other", now=NOW)
    assert run is not None and run.backfill_id == made.pk
    from broadsheet.runs.actions.run_now import run_now

    asked = run_now(asker, NAME, now=NOW)
    assert claims.claim(owner="test", now=NOW).pk == asked.pk


def test_what_is_left_is_stopped(asker, finish, memory) -> None:
    made = start_backfill(asker, NAME, **RANGE, now=NOW)
    first = made.occurrences.order_by("fire_at").first()
    from broadsheet.runs.actions.release import hold_run

    hold_run(asker, first.pk, now=NOW)
    assert stop_backfill(asker, made.pk, now=NOW) == 3
    finish(first)
    assert (states(made), memory.taken) == (["skipped"] * 3, [])


def test_what_cannot_be_is_said(asker) -> None:
    with pytest.raises(ScheduleError, match="ends before it begins"):
        plan_backfill(asker, NAME, first=NOW + timedelta(days=1), last=NOW + timedelta(days=9), now=NOW)
    with pytest.raises(ScheduleError, match="more than 400 firings"):
        plan_backfill(asker, NAME, first=NOW - timedelta(days=3650), last=NOW, now=NOW)
    for wrong in ({"sending": "all"}, {"priority": "now"}, {"at_once": 0}):
        with pytest.raises(ScheduleError):
            start_backfill(asker, NAME, **RANGE, now=NOW, **wrong)


@pytest.mark.parametrize(("role", "error"), [("viewer", Refused), ("outsider", UnknownSchedule)])
def test_only_who_may_run_the_schedule(asker, actor, role: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan_backfill(actor(role), NAME, **RANGE, now=NOW)
    with pytest.raises(error):
        start_backfill(actor(role), NAME, **RANGE, now=NOW)
    made = start_backfill(asker, NAME, **RANGE, now=NOW)
    with pytest.raises((Refused, UnknownRun)):
        stop_backfill(actor(role), made.pk, now=NOW)


def test_an_editor_who_may_not_see_every_row_gets_nothing_to_themselves(asker, actor) -> None:
    """Each recipient's rows would come to them."""
    from broadsheet.core.policy.roles import ROLES

    needed = {role for role in ("viewer", "editor", "admin", "owner") if "data.all" in ROLES[role]}
    for role in ("editor", "admin"):
        if role not in needed:
            with pytest.raises(Refused):
                start_backfill(actor(role), NAME, **RANGE, sending="me", address="x@x.example", now=NOW)
