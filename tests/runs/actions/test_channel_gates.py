"""Limits hold whoever sends, a channel that fails is left alone, and what waits goes on by itself."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.wording import said
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery import gate
from broadsheet.delivery.actions.gates import let_through
from broadsheet.delivery.models import Delivery, Gate, StoredChannel
from broadsheet.delivery.ports import Receipt
from broadsheet.runs.models import Occurrence

pytestmark = pytest.mark.django_db(transaction=True)
DOWN = Receipt("retry", "mail.example:25 refused the connection.", cause="connection")
LATER = Receipt("retry", "452 4.2.2 mailbox full", cause="temporary")
CHANNEL = "kind: memory"


@pytest.fixture
def clock(monkeypatch) -> dict[str, datetime]:
    """The database's clock, to be set by the test."""
    at = {"now": NOW}
    monkeypatch.setattr(gate, "database_now", lambda: at["now"])
    return at


@pytest.fixture
def at(clock, finish):
    """Carry the run on at a moment, by both clocks."""

    def carried(run: Occurrence, now: datetime) -> Occurrence:
        clock["now"] = now
        return finish(run, now=now)

    return carried


def rows(run: Occurrence) -> list[tuple[str, int, str, str]]:
    found = run.deliveries.order_by("recipient_key")
    return list(found.values_list("state", "attempts", "waits_for", "reason"))


# --- limits


@pytest.mark.feature("BEY-07")
def test_what_is_over_the_limit_waits_and_is_no_try(change, run, at, memory) -> None:
    change(CHANNEL, f"{CHANNEL}\nlimits: {{per_hour: 2}}")
    waiting = at(run(), NOW)
    assert sorted(rows(waiting)) == [
        ("accepted", 1, "", ""), ("accepted", 1, "", ""), ("due", 0, "limit", "Held back: 2 an hour."),
    ]  # fmt: skip
    assert waiting.state == "running"
    assert waiting.wake_at == NOW + timedelta(minutes=61)  # when the minute in which the two went is an hour old
    assert at(waiting, NOW + timedelta(minutes=60)).wake_at == NOW + timedelta(minutes=61)
    assert at(waiting, NOW + timedelta(minutes=61)).state == "accepted"
    assert len(memory.taken) == 3


@pytest.mark.feature("BEY-07")
def test_each_domain_has_its_own_limit_and_holds_up_nobody_else(change, run, at, memory) -> None:
    change(CHANNEL, f'{CHANNEL}\nlimits: {{domains: {{"bo.example": {{per_minute: 1}}, "*": {{per_minute: 2}}}}}}')
    assert at(run(), NOW).state == "accepted"
    waiting = at(run(), NOW)
    held = ("due", 0, "limit", "Held back: 1 a minute to bo.example.")
    assert rows(waiting) == [("accepted", 1, "", ""), held, ("accepted", 1, "", "")]
    assert at(waiting, NOW + timedelta(seconds=61)).state == "accepted"


@pytest.mark.feature("BEY-07")
def test_a_limit_that_is_raised_lets_those_who_wait_go_at_once(change, run, at) -> None:
    change(CHANNEL, f"{CHANNEL}\nlimits: {{per_day: 1}}")
    waiting = at(run(), NOW)
    assert [one[2] for one in rows(waiting)].count("limit") == 2
    change(CHANNEL, f"{CHANNEL}\nlimits: {{per_day: 3}}")
    waiting.refresh_from_db()
    assert waiting.wake_at is None
    assert at(waiting, NOW).state == "accepted"


@pytest.mark.feature("BEY-07")
def test_who_waits_past_the_deadline_expires_with_the_run(change, run, at) -> None:
    change(CHANNEL, f"{CHANNEL}\nlimits: {{per_day: 2}}")
    asked = run()
    Occurrence.objects.filter(pk=asked.pk).update(deadline_at=NOW + timedelta(hours=2))
    waiting = at(asked, NOW)
    assert waiting.wake_at == NOW + timedelta(hours=2, seconds=1)
    assert at(waiting, waiting.wake_at).state == "partial"
    assert sorted(one[0] for one in rows(waiting)) == ["accepted", "accepted", "expired"]


@pytest.mark.feature("SCH-23")
def test_no_more_are_under_way_at_once_than_may(change, run, finish, memory, monkeypatch) -> None:
    change(CHANNEL, f"{CHANNEL}\nlimits: {{at_once: 1}}")
    genuine, guard, under_way, most = memory.send, threading.Lock(), [0], [0]

    def counted(*given, **more):
        with guard:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        try:
            return genuine(*given, **more)
        finally:
            with guard:
                under_way[0] -= 1

    monkeypatch.setattr(memory, "send", counted)
    assert finish(run()).state == "accepted"
    assert (most[0], len(memory.taken)) == (1, 3)


@pytest.mark.feature("SCH-23")
def test_who_finds_no_place_in_time_makes_room_for_other_work(change, run, finish, memory, monkeypatch) -> None:
    change(CHANNEL, f"{CHANNEL}\nlimits: {{at_once: 1}}")
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", 0.0)
    asked = finish(run())
    first = asked.deliveries.order_by("pk")[0]
    asked.deliveries(manager="unchecked").update(state=State.DUE, attempts=0, settled_at=None)
    far = datetime(2100, 1, 1, tzinfo=NOW.tzinfo)
    Delivery.unchecked.filter(pk=first.pk).update(
        state=State.SENDING, owner="another", lease_until=far, let_through_at=NOW
    )
    second = asked.deliveries.exclude(pk=first.pk)[0]
    Delivery.unchecked.filter(pk=second.pk).update(state=State.SENDING, fence=second.fence, lease_until=far)
    held = gate.pass_through(Delivery.objects.select_related("channel__gate").get(pk=second.pk))
    assert held == gate.Held("limit", "Held back: “memory” sends as many at once as it may.", 3.0)
    Delivery.objects.filter(pk=first.pk).update(lease_until=NOW - timedelta(days=3650))  # its process died
    assert gate.pass_through(Delivery.objects.select_related("channel__gate").get(pk=second.pk)) == gate.Pass()


@pytest.mark.feature("BEY-07")
def test_four_processes_at_one_moment_do_not_overshoot(change, run, finish) -> None:
    change(CHANNEL, f"{CHANNEL}\nlimits: {{per_hour: 15, per_day: 40, domains: {{ada.example: {{per_day: 10}}}}}}")
    asked = run()
    channel = StoredChannel.objects.get(name="memory")
    made = Delivery.objects.bulk_create(
        Delivery(
            organization_id=asked.organization_id, occurrence=asked, channel=channel, recipient_key=f"r{number}",
            recipient_name="R", address=f"r{number}@{('ada', 'bo')[number % 2]}.example", language="en", zone="UTC",
            state=State.SENDING, lease_until=datetime(2100, 1, 1, tzinfo=NOW.tzinfo), message_id=str(number),
        )
        for number in range(40)
    )  # fmt: skip
    barrier = threading.Barrier(4)

    def process(number: int) -> list[str]:
        try:
            barrier.wait(timeout=10)
            mine = Delivery.objects.select_related("channel__gate").filter(pk__in=[one.pk for one in made[number::4]])
            return [one.address for one in mine if isinstance(gate.pass_through(one), gate.Pass)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        passed = [address for some in pool.map(process, range(4)) for address in some]
    assert len(passed) == 15
    assert sum(address.endswith("ada.example") for address in passed) <= 10


# --- breakers

FAST = f"{CHANNEL}\nbreaker: {{failures: 2, wait_seconds: 60}}"


@pytest.fixture
def one_sender(monkeypatch) -> None:
    from broadsheet.runs.actions import work

    monkeypatch.setattr(work, "SENDERS", 1)


@pytest.mark.feature("DLV-26")
def test_a_failing_channel_is_left_alone_and_goes_on_when_one_arrives(change, run, at, memory, one_sender) -> None:
    change(CHANNEL, FAST)
    memory.ends = [DOWN] * 3
    waiting = at(run(), NOW)
    states = sorted(one[:3] for one in rows(waiting))
    assert states == [("due", 0, "breaker"), ("retrying", 1, ""), ("retrying", 1, "")]
    [reason] = [one[3] for one in rows(waiting) if one[2]]
    assert reason == f"“memory” fails and is left alone. It last said: {DOWN.proof}"
    stored = Gate.objects.get()
    assert (stored.opened_at, stored.trial_at) == (NOW, NOW + timedelta(seconds=60))

    waiting = at(waiting, NOW + timedelta(seconds=60))  # one trial fails; the others are not tried
    assert sum(one[1] for one in rows(waiting)) == 3
    assert Gate.objects.get().trial_at == NOW + timedelta(seconds=180)
    assert len(memory.taken) == 0

    waiting = at(waiting, NOW + timedelta(seconds=180))  # one arrives, and the others follow
    while waiting.finished_at is None:
        waiting = at(waiting, max(waiting.wake_at or NOW, NOW + timedelta(seconds=180)))
    assert (waiting.state, len(memory.taken)) == ("accepted", 3)
    assert Gate.objects.get().opened_at is None


@pytest.mark.feature("DLV-26")
def test_owners_are_told_once_however_much_waits(change, run, at, memory, one_sender, actor) -> None:
    actor("owner")
    change(CHANNEL, FAST)
    memory.ends = [DOWN] * 20
    first, second = run(), run()
    for minute in range(4):
        for one in (first, second):
            at(one, NOW + timedelta(minutes=minute))
    [told] = Notification.objects.filter(kind="channel.out")
    assert told.data["last_word"] == DOWN.proof
    assert told.data["waiting"] == 3


@pytest.mark.feature("DLV-26")
def test_owners_are_told_once_that_it_works_again_and_what_went_late(
    change, run, at, memory, one_sender, actor
) -> None:
    actor("owner")
    change(CHANNEL, FAST)
    memory.ends = [DOWN] * 2
    first, second = run(), run()
    for one in (first, second):
        at(one, NOW)
    later = NOW + timedelta(minutes=130)
    for _ in range(3):
        for one in (first, second):
            at(one, later)
    [told] = Notification.objects.filter(kind="channel.back")
    late = told.data["late"]
    assert late in (3, 4)  # the trial is one that had waited, or one of the two that had failed
    assert told.data == {"name": "memory", "label": "memory", "seconds": 7800, "late": late, "taken_over": 0, "lost": 0}
    words = said(told, zone="UTC")
    assert words.subject == "Channel “memory” works again"
    assert words.text().splitlines() == [
        "It was left alone for 2 h 10 min, since it failed.", "", f"{late} deliveries waited for it and go now.",
    ]  # fmt: skip
    assert len(memory.taken) == 6


@pytest.mark.feature("DLV-26")
def test_recipients_who_refuse_leave_the_channel_open_for_others(change, run, at, memory, one_sender) -> None:
    change(CHANNEL, FAST)
    memory.ends = [LATER, LATER, LATER]
    waiting = at(run(), NOW)
    assert [one[0] for one in rows(waiting)] == ["retrying"] * 3
    assert not Gate.objects.filter(opened_at__isnull=False).exists()


@pytest.mark.feature("DLV-26")
def test_a_person_closes_it(change, run, at, memory, one_sender, organization, actor) -> None:
    change(CHANNEL, FAST)
    memory.ends = [DOWN] * 2
    waiting = at(run(), NOW)
    with pytest.raises(Refused):
        let_through(actor("viewer"), "memory", now=NOW)
    assert let_through(system_actor(organization.pk), "memory", now=NOW) is True
    assert let_through(system_actor(organization.pk), "memory", now=NOW) is False
    waiting.refresh_from_db()
    assert waiting.wake_at is None
    at(waiting, NOW)
    assert len(memory.taken) == 1  # the one that had waited for it; the two that failed wait for their next try
