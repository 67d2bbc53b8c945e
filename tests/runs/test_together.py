"""Several processes at one database, each a thread with connections of its own: nothing twice, nothing left."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections
from tests.plugins.django import NOW
from tests.plugins.shop import InProcess
from tests.runs.conftest import MEMORY

from broadsheet.access.queries import system_actor
from broadsheet.adapters.dispatchers.local import DISPATCHER
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs import claims
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.actions.work import Tools
from broadsheet.runs.models import Occurrence
from broadsheet.runs.store import artifact_store
from broadsheet.runs.worker import Worker
from broadsheet.schedules.models import Schedule

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
NAMES = ("first", "second", "third")
SECONDS = 90.0


def at_once(act: Callable[[int], T]) -> list[T]:
    """What *act* gives to two callers at one moment, each called with its number."""
    barrier = Barrier(2)

    def one(number: int) -> T:
        try:
            barrier.wait(timeout=10)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as callers:
        return list(callers.map(one, range(2)))


@pytest.fixture
def schedules(shop, memory, organization) -> None:
    """Three schedules over the shop, so that several runs can go on side by side."""
    texts = {f"{name}.yaml": MEMORY.split("---\n")[1].replace("by-memory", name) for name in NAMES}
    apply(system_actor(organization.pk), {"channel.yaml": MEMORY.split("---\n")[0], **texts}, now=NOW)


@pytest.mark.feature("PRF-21")
def test_two_workers_do_thirty_runs_each_once(schedules, memory, organization) -> None:
    actor = system_actor(organization.pk)
    for minutes in range(1, 11):
        for name in NAMES:
            run_now(actor, name, now=NOW, at=NOW - timedelta(minutes=minutes))
    Schedule.objects.update(paused_at=NOW)  # nothing else fires meanwhile
    store = artifact_store()
    tools = [Tools(f"worker-{number}", InProcess(), store, clock=lambda: NOW) for number in range(2)]
    workers = [Worker(one, DISPATCHER) for one in tools]
    for worker in workers:
        worker.start()
    end = time.monotonic() + SECONDS
    while Occurrence.objects.filter(finished_at__isnull=True).exists() and time.monotonic() < end:
        time.sleep(0.1)
    for worker in workers:
        worker.stop()
    assert list(Occurrence.objects.values_list("state", flat=True)) == ["accepted"] * 30
    sent = [(one.occurrence_id, one.recipient_key) for one in memory.taken]
    assert (len(sent), len(set(sent))) == (90, 90)


@pytest.mark.feature("BEY-02")
def test_two_schedulers_at_one_moment_write_each_firing_once(schedules) -> None:
    for round_ in range(20):
        now = max(Schedule.objects.values_list("next_fire_at", flat=True)) + timedelta(seconds=1)
        counted = at_once(lambda _, now=now: fire_due(now=now))
        assert sum(counted) == 4, round_  # the shop has a schedule of its own
        assert Occurrence.objects.count() == 4 * (round_ + 1)


@pytest.mark.feature("SCH-23")
def test_two_runs_of_a_schedule_do_not_begin_at_one_moment(run) -> None:
    for _ in range(10):
        run(), run()
        won = at_once(lambda number: claims.claim(owner=f"worker-{number}", now=NOW))
        assert sorted(one is None for one in won) == [False, True]
        Occurrence.objects.all().delete()


@pytest.mark.feature("SCH-23")
def test_one_schedule_s_long_queue_is_not_in_the_way_of_others(schedules, organization) -> None:
    actor = system_actor(organization.pk)
    for minutes in range(2, 30):
        run_now(actor, "first", now=NOW, at=NOW - timedelta(minutes=minutes))
    other = run_now(actor, "second", now=NOW, at=NOW - timedelta(minutes=1))
    assert claims.claim(owner="one", now=NOW).schedule.name == "first"
    assert claims.claim(owner="two", now=NOW).pk == other.pk
    assert claims.claim(owner="three", now=NOW) is None
