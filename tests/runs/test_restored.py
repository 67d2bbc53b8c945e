"""A database that was restored from a backup is noticed by what it does not know any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.plugins.django import NOW

from broadsheet.collaboration.models import Notification
from broadsheet.runs import restored
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.actions.hold_restored import hold_restored
from broadsheet.runs.models import Beat, LostTime, Occurrence
from broadsheet.runs.restored import HighWater
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.django_db, pytest.mark.feature("BEY-01"), pytest.mark.feature("PRF-21")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """The database's clock, as the test sets it."""
    now = [NOW]
    monkeypatch.setattr(restored, "database_now", lambda: now[0])
    return now


@pytest.fixture
def water(tmp_path: Path) -> HighWater:
    Beat.objects.all().delete()  # of a process that an earlier test started
    return HighWater(tmp_path, host="one")


def worked(water: HighWater, clock: list, *, minutes: int) -> None:
    """It was at work for so long."""
    for _ in range(minutes):
        water.beat()
        clock[0] += MINUTE


def forget(*, minutes: int) -> None:
    """As a backup that is so old."""
    newest = Beat.objects.order_by("-minute").values_list("minute", flat=True)[0]
    Beat.objects.filter(minute__gt=newest - minutes * MINUTE).delete()


def test_what_a_machine_saw_and_the_database_does_not_know_is_lost(water: HighWater, clock: list) -> None:
    worked(water, clock, minutes=60)
    forget(minutes=45)
    clock[0] += timedelta(hours=2)
    water.beat()
    [lost] = LostTime.objects.all()
    assert (lost.begin, lost.end) == (NOW + 14 * MINUTE, NOW + 61 * MINUTE)
    water.beat()
    assert LostTime.objects.count() == 1


def test_whoever_looks_first_hides_nothing_from_the_others(water: HighWater, clock: list, tmp_path: Path) -> None:
    worked(water, clock, minutes=30)
    forget(minutes=20)
    clock[0] += 5 * MINUTE
    stranger = HighWater(tmp_path / "elsewhere", host="two")  # without a mark
    (tmp_path / "elsewhere").mkdir()
    worked(stranger, clock, minutes=5)
    assert not LostTime.objects.exists()
    water.beat()
    assert LostTime.objects.get().begin == NOW + 9 * MINUTE


@pytest.mark.parametrize("minutes", [-120, -1, 1, 120, 24 * 60 * 30])
def test_a_clock_that_jumps_loses_nothing(water: HighWater, clock: list, minutes: int) -> None:
    worked(water, clock, minutes=10)
    clock[0] += minutes * MINUTE
    worked(water, clock, minutes=3)
    assert not LostTime.objects.exists()


def test_a_moment_that_the_server_forgot_is_no_restored_backup(water: HighWater, clock: list) -> None:
    worked(water, clock, minutes=10)
    forget(minutes=2)
    water.beat()
    assert not LostTime.objects.exists()


def test_another_database_is_not_an_older_one(water: HighWater, clock: list) -> None:
    worked(water, clock, minutes=10)
    forget(minutes=8)
    Beat.objects.update(line=uuid4())
    water.beat()
    assert not LostTime.objects.exists()


def test_a_mark_that_cannot_be_read_is_written_anew(water: HighWater, clock: list, tmp_path: Path) -> None:
    (tmp_path / "high-water-one.json").write_text("{", "utf-8")
    water.beat()
    assert restored._read(water._file) is not None


def test_open_runs_are_held_and_their_owner_told_once_a_schedule(run, cast) -> None:
    held, other = run(), run()
    later = run()
    Occurrence.objects.filter(pk=later.pk).update(fire_at=NOW + timedelta(hours=3))
    number = hold_restored(NOW - timedelta(hours=1), NOW, told_by="one", now=NOW)
    assert number == 2
    held.refresh_from_db()
    assert (held.state, held.held_for, held.fence) == ("held", "restored", 1)
    assert "does not know what ran from 24 Nov 08:00 to 24 Nov 09:00 UTC" in held.held_reason
    later.refresh_from_db()
    assert later.state == "due"
    assert Notification.objects.filter(kind="run.held").values("data__schedule").distinct().count() == 1
    Occurrence.objects.filter(pk=other.pk).update(state="due", held_for="")  # as released
    assert hold_restored(NOW - timedelta(hours=1), NOW, told_by="two", now=NOW) == 0
    other.refresh_from_db()
    assert other.state == "due"


@pytest.mark.parametrize("misfire", ["skip", "once", "all"])
def test_what_fires_in_lost_time_is_held_whatever_its_policy(change, misfire: str) -> None:
    change("policies: {", f"policies: {{misfire: {misfire}, ")
    monday = NOW.replace(day=23, hour=13)  # 08:00 in New York
    Schedule.objects.filter(name="by-memory").update(next_fire_at=monday, begin_at=monday)
    hold_restored(monday - timedelta(hours=1), monday + timedelta(hours=1), told_by="one", now=NOW)
    fire_due(now=NOW)
    [row] = Occurrence.objects.filter(schedule__name="by-memory")
    assert (row.state, row.held_for, row.finished_at) == ("held", "restored", None)
