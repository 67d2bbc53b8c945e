"""Made ahead of its firing, sent at it; and not at all where a person changed their mind in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
from tests.plugins.django import NOW
from tests.plugins.shop import InProcess

from broadsheet.access.queries import system_actor
from broadsheet.adapters.dispatchers.local import DISPATCHER
from broadsheet.compliance.models import Entry
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.steer import pause, resume, skip_next
from broadsheet.schedules.firing import left_out_at
from broadsheet.schedules.models import Schedule

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 11, 30, 13, tzinfo=UTC)  # 08:00 in New York
WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)
EARLY = MONDAY - timedelta(minutes=8)
POLICIES = "policies: {retry"


@pytest.fixture
def ahead(change):
    """The schedule by memory, made so long before its firing; no other one fires."""

    def applied(value: str = "10", old: str = "", new: str = "") -> Schedule:
        from tests.runs.conftest import MEMORY

        text = MEMORY.replace(POLICIES, f"policies: {{ahead: {value}, retry").replace(old, new)
        change(MEMORY, text)
        Schedule.objects.exclude(name="by-memory").update(next_fire_at=None, begin_at=None)
        return Schedule.objects.get(name="by-memory")

    return applied


@pytest.fixture
def fire(finish):
    def fired(at: datetime) -> Occurrence:
        fire_due(now=at)
        return finish(Occurrence.objects.filter(schedule__name="by-memory").latest("fire_at"), now=at)

    return fired


@pytest.fixture
def system(organization):
    return system_actor(organization.pk)


@pytest.mark.feature("SCH-07")
def test_it_is_made_before_its_firing_and_leaves_at_it(ahead, fire, finish, memory) -> None:
    schedule = ahead()
    assert schedule.begin_at == MONDAY - timedelta(minutes=10)
    assert fire_due(now=MONDAY - timedelta(minutes=10) - SECOND) == 0
    run = fire(EARLY)
    assert (run.fire_at, run.as_of, run.wake_at, run.state) == (MONDAY, EARLY, MONDAY, "running")
    assert {one.state for one in run.slices.all()} == {"made"}
    assert set(run.deliveries.values_list("due_at", "state")) == {(MONDAY, "due")}
    assert finish(run, now=MONDAY - SECOND).state == "running"
    assert memory.taken == []
    assert finish(run, now=MONDAY).state == "accepted"
    assert len(memory.taken) == 3
    schedule.refresh_from_db()
    assert (schedule.next_fire_at, schedule.begin_at) == (MONDAY + WEEK, MONDAY + WEEK - timedelta(minutes=10))


@pytest.mark.feature("SCH-07")
def test_without_it_a_run_begins_at_its_firing(ahead) -> None:
    assert ahead("none").begin_at == MONDAY


@pytest.mark.feature("SCH-07")
def test_how_early_is_learned_from_the_last_runs(ahead, fire) -> None:
    schedule = ahead("auto")
    assert schedule.ahead_seconds == 300  # nothing to learn from yet
    run = fire(MONDAY - timedelta(minutes=5))
    Occurrence.objects.filter(pk=run.pk).update(made_at=run.planned_at + timedelta(seconds=100))
    fire(MONDAY)  # sent; nothing is made
    from broadsheet.schedules.actions.learn_ahead import learn_ahead

    run.refresh_from_db()
    learn_ahead(run)
    schedule.refresh_from_db()
    assert (schedule.ahead_seconds, MONDAY + WEEK - schedule.begin_at) == (165, timedelta(seconds=165))


@pytest.mark.feature("SCH-07")
def test_who_pauses_it_in_between_keeps_it_from_everybody(ahead, fire, finish, memory, system) -> None:
    ahead()
    fire(EARLY)
    pause(system, "by-memory", now=MONDAY - timedelta(minutes=5))
    assert not Occurrence.objects.filter(schedule__name="by-memory").exists()
    assert fire_due(now=MONDAY + SECOND) == 0
    assert memory.taken == []
    assert Entry.objects.get(action="schedule.paused").detail == {"taken_back": 1}


@pytest.mark.feature("SCH-07")
def test_resumed_in_time_it_goes_out_after_all(ahead, fire, finish, memory, system) -> None:
    ahead()
    fire(EARLY)
    pause(system, "by-memory", now=MONDAY - timedelta(minutes=5))
    resume(system, "by-memory", now=MONDAY - timedelta(minutes=4))
    run = fire(MONDAY - timedelta(minutes=4))
    assert (run.fire_at, run.as_of) == (MONDAY, MONDAY - timedelta(minutes=4))
    assert finish(run, now=MONDAY).state == "accepted"


@pytest.mark.feature("SCH-07")
def test_what_is_changed_in_between_goes_out_as_it_is_then(ahead, fire, finish, memory) -> None:
    ahead()
    fire(EARLY)
    ahead("10", "attributes: [buyer_id, buyer]}", "attributes: [buyer_id, buyer], where: {buyer_id: b1}}")
    run = fire(MONDAY - timedelta(minutes=5))
    assert (run.schedule_version, run.deliveries.count()) == (3, 1)
    finish(run, now=MONDAY)
    assert [one.recipient_key for one in memory.taken] == ["b1"]


@pytest.mark.feature("SCH-07")
def test_what_is_moved_in_between_leaves_at_its_new_time(ahead, fire, finish, memory) -> None:
    ahead()
    fire(EARLY)
    ahead("10", 'at: "08:00"', 'at: "09:30"')
    assert fire_due(now=MONDAY + SECOND) == 0
    assert memory.taken == []
    later = MONDAY + timedelta(minutes=90)
    run = fire(later - timedelta(minutes=9))
    assert finish(run, now=later).state == "accepted"


@pytest.mark.feature("SCH-07")
def test_skip_next_means_the_one_that_is_made_already(ahead, fire, finish, memory, system) -> None:
    ahead()
    fire(EARLY)
    skipped = skip_next(system, "by-memory", now=MONDAY - timedelta(minutes=5))
    assert (left_out_at(skipped), skipped.begin_at) == (MONDAY, MONDAY)
    assert fire_due(now=MONDAY - timedelta(minutes=4)) == 0
    skip_next(system, "by-memory", now=MONDAY - timedelta(minutes=3), undo=True)
    assert fire(MONDAY - timedelta(minutes=3)).fire_at == MONDAY
    skip_next(system, "by-memory", now=MONDAY - timedelta(minutes=2))
    assert fire(MONDAY + SECOND).state == "skipped"
    assert memory.taken == []


@pytest.mark.feature("SCH-07")
def test_a_calendar_that_closes_the_day_in_between_moves_it(ahead, fire, finish, memory, system) -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.schedules.actions.save_calendar import save_and_tell

    def keep(text: str, *, now: datetime):
        [loaded] = load(text, file="calendar.yaml")
        return save_and_tell(system, loaded, now=now)

    keep("calendar: ours\nlabel: Ours\n", now=NOW)
    ahead("10", "zone: America/New_York}", "zone: America/New_York, roll: following, calendar: ours}")
    fire(EARLY)
    closed = "calendar: ours\nlabel: Ours\nclosed: [{date: 2026-11-30, name: stocktaking}]\n"
    saved = keep(closed, now=MONDAY - timedelta(minutes=5))
    tuesday = MONDAY + timedelta(days=1)
    assert [(one.was, one.now) for one in saved.moves] == [(MONDAY, tuesday)]
    assert fire_due(now=MONDAY + SECOND) == 0
    assert memory.taken == []
    assert fire(tuesday).state == "accepted"


@pytest.mark.feature("SCH-07")
@pytest.mark.feature("SCH-06")
def test_on_own_clocks_it_is_made_ahead_of_the_first(ahead, fire, finish, memory, system) -> None:
    berlin, london = (datetime(2026, 11, 30, hour, tzinfo=UTC) for hour in (7, 8))
    schedule = ahead("10", "zone: America/New_York", "zone: recipient")
    assert schedule.begin_at == berlin - timedelta(minutes=10)
    run = fire(berlin - timedelta(minutes=9))
    assert sorted(run.deliveries.values_list("recipient_name", "state")) == [
        ("Ada Stone", "due"), ("Bo Reed", "due"), ("Cy Blum", "due"),
    ]  # fmt: skip
    pause(system, "by-memory", now=berlin - timedelta(minutes=5))
    resume(system, "by-memory", now=berlin - timedelta(minutes=4))
    run = fire(berlin - timedelta(minutes=4))
    assert (run.fire_at, run.wake_at) == (berlin, berlin)
    assert finish(run, now=berlin).wake_at == london
    assert [one.recipient_key for one in memory.taken] == ["b3"]


@pytest.mark.feature("SCH-10")
def test_a_floating_run_begins_where_the_planner_put_it(ahead, fire, memory, system) -> None:
    ahead("none", "ahead: none", "float: {minutes: 60}")
    Schedule.objects.filter(name="by-memory").update(offset_seconds=1800)
    run = fire(MONDAY + SECOND)
    assert (run.state, run.wake_at) == ("due", MONDAY + timedelta(minutes=30))
    assert fire(MONDAY + timedelta(minutes=30)).state == "accepted"
    run = fire(MONDAY + WEEK + SECOND)
    pause(system, "by-memory", now=MONDAY + WEEK + timedelta(minutes=10))
    run.refresh_from_db()
    assert (run.state, run.reason) == ("skipped", "The schedule was paused before this run was to begin")
    ahead("none", "ahead: none", "float: {minutes: 15}")
    assert Schedule.objects.get(name="by-memory").offset_seconds == 900


@pytest.mark.feature("SCH-10")
def test_made_ahead_and_floating_it_begins_within_the_window_and_leaves_at_its_firing(ahead, fire, finish) -> None:
    ahead("60", "ahead: 60", "ahead: 60, float: {minutes: 30}")
    Schedule.objects.filter(name="by-memory").update(offset_seconds=1200)
    run = fire(MONDAY - timedelta(minutes=59))
    assert run.wake_at == MONDAY - timedelta(minutes=40)
    assert finish(run, now=MONDAY - timedelta(minutes=40)).wake_at == MONDAY
    assert finish(run, now=MONDAY).state == "accepted"


class Slow(InProcess):
    """Takes its time over each slice."""

    def submit(self, job):
        sleep(0.8)
        return super().submit(job)


@pytest.mark.feature("SCH-07")
def test_what_takes_long_to_make_is_there_on_time(ahead, memory, monkeypatch) -> None:
    """A run that takes 2.4 seconds, begun ahead: every delivery within two seconds of its firing, none before it."""
    from broadsheet.runs.actions.work import Tools
    from broadsheet.runs.store import artifact_store
    from broadsheet.runs.worker import Worker

    ahead("1")
    begun, start = monotonic(), MONDAY - timedelta(seconds=5)

    def clock() -> datetime:
        return start + timedelta(seconds=monotonic() - begun)

    arrived = []
    send = memory.send

    def noted(*given: object, **more: object):
        arrived.append((clock() - MONDAY).total_seconds())
        return send(*given, **more)

    monkeypatch.setattr(memory, "send", noted)
    worker = Worker(Tools("slow", Slow(), artifact_store(), clock), DISPATCHER)
    assert fire_due(now=clock()) == 1
    worker.start()
    try:
        while Delivery.objects.exclude(state="accepted").exists() or len(arrived) < 3:
            assert monotonic() - begun < 30
            sleep(0.1)
    finally:
        worker.stop()
    assert all(0 <= late < 2 for late in arrived), arrived
