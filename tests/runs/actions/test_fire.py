"""Every firing gets a row with its decision, and none gets two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.core.recurrence import Firing
from broadsheet.runs.actions.fire import decide, fire_due
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.definition import Policies
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import Override

MONDAY = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)  # 08:00 in New York
WEEK = timedelta(days=7)


def firing(at: datetime) -> Firing:
    return Firing(at, at, "Monday rule")


# now - firing, misfire, catch-up in hours -> states of the firings of three weeks, oldest first
CASES = [
    ("on time", timedelta(seconds=2), "once", 9999, ["missed", "missed", "due"]),
    ("late, once", timedelta(hours=3), "once", 9999, ["missed", "missed", "due"]),
    ("late, all", timedelta(hours=3), "all", 9999, ["due", "due", "due"]),
    ("late, all, short window", timedelta(hours=3), "all", 24 * 8, ["missed", "due", "due"]),
    ("late, skip", timedelta(hours=3), "skip", 9999, ["missed", "missed", "missed"]),
    ("on time, skip", timedelta(seconds=2), "skip", 9999, ["missed", "missed", "due"]),
    ("older than the window", timedelta(hours=80), "once", 72, ["missed", "missed", "missed"]),
]


@pytest.mark.feature("BEY-02")
@pytest.mark.parametrize(("name", "late", "misfire", "window", "expected"), CASES, ids=[case[0] for case in CASES])
def test_firings_that_passed_are_decided_by_policy(name, late, misfire, window, expected) -> None:
    passed = [firing(MONDAY - 2 * WEEK), firing(MONDAY - WEEK), firing(MONDAY)]
    policies = Policies(misfire=misfire, catch_up_hours=min(window, 24 * 366))
    assert [str(one.state) for one in decide(passed, policies, now=MONDAY + late)] == expected


@pytest.mark.feature("SCH-20")
def test_the_firing_that_a_person_chose_is_skipped() -> None:
    [one] = decide(
        [firing(MONDAY)], Policies(), now=MONDAY + timedelta(seconds=1), chosen=[Override("skip", MONDAY, MONDAY)]
    )
    assert (str(one.state), one.reason) == ("skipped", "Skipped by hand")


@pytest.fixture
def schedule(shop) -> Schedule:
    found = Schedule.objects.get(name="buyers-monday")
    assert found.next_fire_at == MONDAY
    return found


@pytest.mark.feature("BEY-02")
def test_a_firing_is_written_once_and_the_next_one_waits(schedule: Schedule) -> None:
    now = MONDAY + timedelta(seconds=1)
    assert [fire_due(now=now), fire_due(now=now)] == [1, 0]
    [row] = Occurrence.objects.all()
    assert (row.fire_at, row.state, row.reason) == (MONDAY, "due", "every Monday")
    schedule.refresh_from_db()
    assert schedule.next_fire_at == MONDAY + WEEK


@pytest.mark.feature("BEY-02")
def test_a_clock_that_goes_back_fires_nothing_again(schedule: Schedule) -> None:
    fire_due(now=MONDAY + timedelta(seconds=1))
    assert fire_due(now=MONDAY - timedelta(hours=2)) == 0
    assert fire_due(now=MONDAY + timedelta(seconds=2)) == 0
    assert Occurrence.objects.count() == 1


@pytest.mark.feature("BEY-02")
def test_even_a_schedule_set_back_by_hand_cannot_fire_the_same_moment_twice(schedule: Schedule) -> None:
    now = MONDAY + timedelta(seconds=1)
    fire_due(now=now)
    Schedule.objects.update(next_fire_at=MONDAY, begin_at=MONDAY)
    fire_due(now=now)
    assert Occurrence.objects.count() == 1


@pytest.mark.feature("BEY-02")
def test_five_weeks_of_outage_leave_a_row_for_each_week(schedule: Schedule) -> None:
    fire_due(now=MONDAY + 4 * WEEK + timedelta(hours=2))
    rows = list(Occurrence.objects.order_by("fire_at").values_list("fire_at", "state"))
    assert [at for at, _ in rows] == [MONDAY + n * WEEK for n in range(5)]
    assert [state for _, state in rows] == ["missed"] * 4 + ["due"]


@pytest.mark.feature("SCH-20")
def test_a_paused_schedule_does_not_fire_and_goes_on_from_when_it_is_resumed(schedule: Schedule, actor) -> None:
    from broadsheet.schedules.actions.steer import pause, resume

    editor = actor("editor")
    pause(editor, schedule.name, now=MONDAY - timedelta(hours=1))
    assert fire_due(now=MONDAY + timedelta(hours=1)) == 0
    resumed = resume(editor, schedule.name, now=MONDAY + timedelta(hours=2))
    assert resumed.next_fire_at == MONDAY + WEEK
    assert Occurrence.objects.count() == 0


@pytest.mark.feature("SCH-20")
def test_skip_next_leaves_out_one_firing_and_can_be_undone(schedule: Schedule, actor) -> None:
    from broadsheet.schedules.actions.steer import skip_next

    editor = actor("editor")
    skip_next(editor, schedule.name, now=MONDAY - WEEK / 2)
    skip_next(editor, schedule.name, now=MONDAY - WEEK / 2, undo=True)
    skip_next(editor, schedule.name, now=MONDAY - WEEK / 2)
    fire_due(now=MONDAY + timedelta(seconds=1))
    fire_due(now=MONDAY + WEEK + timedelta(seconds=1))
    assert list(Occurrence.objects.order_by("fire_at").values_list("state", flat=True)) == ["skipped", "due"]


@pytest.mark.feature("BEY-02")
def test_a_schedule_that_cannot_be_read_does_not_keep_others_from_firing(schedule: Schedule) -> None:
    broken = Schedule.objects.get(pk=schedule.pk)
    broken.pk, broken.name = None, "broken"
    broken.definition = {**schedule.definition, "when": {"every": "blue moon"}}
    broken.aim(MONDAY - timedelta(seconds=1))
    broken.save()
    now = MONDAY + timedelta(seconds=1)
    assert (fire_due(now=now), fire_due(now=now)) == (2, 0)
    assert Occurrence.objects.get(fire_at=MONDAY).schedule == schedule
    broken.refresh_from_db()
    assert broken.next_fire_at == MONDAY - timedelta(seconds=1)  # it fires when it is mended


@pytest.mark.feature("BEY-02")
@pytest.mark.parametrize("act", ["change", "pause"])
def test_what_has_passed_is_written_by_the_rule_that_it_passed_by(schedule: Schedule, shop, actor, act: str) -> None:
    """Nothing ran on Monday; on Tuesday a person changes the schedule before anything runs again."""
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.schedules.actions.steer import pause

    tuesday = MONDAY + timedelta(days=1)
    if act == "pause":
        pause(actor("editor"), schedule.name, now=tuesday)
    else:
        text = shop["shop.yaml"].replace('on: [mon], at: "08:00"', 'on: [fri], at: "09:00"')
        apply(actor("owner"), {"shop.yaml": text}, now=tuesday)
    [row] = Occurrence.objects.filter(schedule=schedule)
    assert (row.fire_at, row.state) == (MONDAY, "due")
    assert row.definition["when"]["on"] == ["mon"]
    schedule.refresh_from_db()
    assert schedule.next_fire_at == (None if act == "pause" else datetime(2026, 12, 4, 14, tzinfo=UTC))
