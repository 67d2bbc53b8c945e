"""What a person asked for themselves, or what is held, goes to nobody else and not before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.adapters.channels.memory import MemoryChannel
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import load
from broadsheet.delivery.actions.channels import save_channel
from broadsheet.delivery.actions.resend import resend_failed
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import Delivery, StoredChannel, Suppression
from broadsheet.delivery.ports import Receipt
from broadsheet.delivery.standing import standings
from broadsheet.reports.models import ReportVersion
from broadsheet.runs import claims, restored
from broadsheet.runs.actions import dispatch as dispatching
from broadsheet.runs.actions.backfill import start_backfill
from broadsheet.runs.actions.dispatch import dispatch_due
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.actions.hold_restored import hold_restored
from broadsheet.runs.actions.release import drop_deliveries, release
from broadsheet.runs.actions.run_now import stop
from broadsheet.runs.actions.run_test import run_test
from broadsheet.runs.actions.start import Cause, begin
from broadsheet.runs.models import Beat, Limits, LostTime, Occurrence
from broadsheet.runs.rows import row_of
from broadsheet.schedules.actions.send_event import send_event
from broadsheet.schedules.models import Event, Schedule

pytestmark = pytest.mark.django_db(transaction=True)
RETRY = "policies: {retry: {tries: 3, first_seconds: 60}}"
ME = "olga@harbour-books.example"
NAME = "by-memory"
MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)
REFUSED = Receipt("failed", "550 no such user")
LATER = Receipt("retry", "451 later", cause="temporary")
TOO_LARGE = "checks: {size: {megabytes: 0.00001}}\npolicies:"


@pytest.fixture
def system(change, organization):
    return system_actor(organization.pk)


@pytest.fixture
def personal(monkeypatch) -> None:
    """The channel in memory leads to people's own addresses, as mail does."""
    known = MemoryChannel.descriptor
    mine = replace(known, capabilities=known.capabilities | {"unsubscribe"})
    monkeypatch.setattr(MemoryChannel, "descriptor", mine)


@pytest.mark.feature("SCH-20")
def test_a_backfill_to_its_asker_stays_theirs_when_it_was_held(personal, change, system, finish, memory) -> None:
    change("policies:", TOO_LARGE)
    made = start_backfill(system, NAME, first=MONDAY, last=NOW, sending="me", address=ME, now=NOW)
    held = finish(made.occurrences.get())
    assert held.held_for == "content"
    later = NOW + timedelta(minutes=10)
    release(system, held.pk, now=later)
    assert finish(held, now=later).state == "accepted"
    assert {one.recipient_address for one in memory.taken} == {ME}


@pytest.mark.feature("SCH-08")
def test_what_its_asker_gets_is_taken_over_by_nobody(personal, change, system, finish, memory) -> None:
    change(RETRY, "policies: {retry: {tries: 1}, fallback: {channel: outbox}}")
    memory.ends = [REFUSED] * 4
    tested = finish(run_test(system, NAME, recipient="b1", address=ME, now=NOW))
    filled = start_backfill(system, NAME, first=MONDAY, last=NOW, sending="me", address=ME, now=NOW)
    for ended in (tested, finish(filled.occurrences.get())):
        assert set(ended.deliveries.values_list("channel__name", "address", "state")) == {("memory", ME, "failed")}


@pytest.mark.feature("SCH-07")
def test_what_was_made_ahead_and_held_still_waits_for_its_time(change, system, finish, memory) -> None:
    change("policies: {retry", f"{TOO_LARGE} {{ahead: 600, retry")
    Schedule.objects.exclude(name=NAME).update(next_fire_at=None, begin_at=None)
    fires = MONDAY + timedelta(days=7)
    early = fires - timedelta(hours=9)
    fire_due(now=early)
    made = finish(Occurrence.objects.get(schedule__name=NAME, fire_at=fires), now=early)
    release(system, made.pk, now=early + timedelta(minutes=1))
    assert finish(made, now=early + timedelta(minutes=1)).state != "accepted"
    assert not memory.taken
    assert finish(made, now=fires).state == "accepted"


@pytest.fixture
def lost(run, finish, memory, system) -> Occurrence:
    """A run of which one delivery failed and two wait, and then the database was restored."""
    memory.ends = [REFUSED, LATER, LATER]
    made = finish(run())
    hold_restored(NOW - timedelta(hours=1), NOW, told_by="host", now=NOW)
    return Occurrence.objects.get(pk=made.pk)


@pytest.mark.feature("BEY-01")
def test_nothing_of_a_restored_run_goes_by_sending_again_what_failed(lost, system) -> None:
    with pytest.raises(DeliveryError, match=r"restored from a backup.*Release or drop it first"):
        resend_failed(system, lost.pk, now=NOW)
    assert Occurrence.objects.get(pk=lost.pk).state == "held"


@pytest.mark.feature("BEY-01")
def test_one_of_its_deliveries_does_not_let_all_go(lost, system) -> None:
    one = lost.deliveries.filter(state="retrying").first()
    Delivery.unchecked.filter(pk=one.pk).update(state="held", reason="too large")
    with pytest.raises(DeliveryError, match=r"All of the run is held.*Release or drop the run"):
        drop_deliveries(system, [one.pk], now=NOW)
    assert Occurrence.objects.get(pk=lost.pk).state == "held"


@pytest.mark.feature("BEY-01")
def test_a_host_with_another_name_notices_what_the_last_one_saw(change, tmp_path) -> None:
    line = uuid4()
    Beat.objects.create(minute=NOW - timedelta(hours=2), line=line)
    mark = restored.Mark(line, NOW - timedelta(minutes=3))
    restored.HighWater(tmp_path, host="old-pod")._write(mark)
    for _ in range(2):
        restored.HighWater(tmp_path, host="new-pod").beat()
    assert LostTime.objects.count() == 1
    assert [one.name for one in tmp_path.glob("*.json")] == ["high-water-new-pod.json"]


@pytest.mark.feature("BEY-01")
def test_events_and_marks_of_lost_time_wait_for_a_person(change) -> None:
    schedule = Schedule.objects.get(name=NAME)
    LostTime.objects.create(begin=NOW - timedelta(hours=1), end=NOW - timedelta(minutes=5), noticed_at=NOW, told_by="x")
    event = Cause("event:1", "event", "It happened", NOW - timedelta(minutes=30))
    mark = Cause("milestone:1", "milestone", "Reached", NOW, since=NOW - timedelta(minutes=10))
    later = Cause("milestone:2", "milestone", "Reached", NOW, since=NOW - timedelta(minutes=4))
    states = [begin(schedule, one, now=NOW)[0].occurrence.state for one in (event, mark, later)]
    assert states == ["held", "held", "due"]


@pytest.mark.feature("DLV-26")
def test_who_unsubscribed_and_does_not_exist_is_not_reached_by_the_fallback(
    personal, change, run, finish, organization
) -> None:
    change(RETRY, "policies: {fallback: {channel: inbox}}")
    gone = {"organization": organization, "address": "ada@ada.example", "at": NOW}
    Suppression.objects.create(**gone, schedule=Schedule.objects.get(name=NAME), reason="Unsubscribed")
    Suppression.objects.create(**gone, schedule=None, reason="No such mailbox: x")
    ended = finish(run())
    assert list(ended.deliveries.filter(recipient_key="b1").values_list("state", flat=True)) == ["suppressed"]


@pytest.mark.feature("SCH-23")
def test_a_released_run_is_not_skipped_since_another_goes(change, run, system, finish) -> None:

    change("policies: {", f"{TOO_LARGE} {{overlap: skip, ")
    held = finish(run())
    other = run()
    assert claims.claim(owner="one", now=NOW).pk == other.pk
    release(system, held.pk, now=NOW)
    claims.claim(owner="two", now=NOW)
    assert Occurrence.objects.get(pk=held.pk).state != "skipped"


@pytest.mark.feature("SCH-18")
def test_one_event_that_cannot_be_dispatched_holds_up_no_other(change, system, organization) -> None:
    change("channels:", "on_event: {event: import.finished}\nchannels:")
    report = ReportVersion.objects.filter(report__name="purchases").latest("pk")
    report.definition = report.definition.replace("table: items", "tabel: items")
    report.save(update_fields=["definition"])
    send_event(system, "import.finished", key="a", now=NOW)
    Event.objects.create(organization=organization, name="other", key="z", at=NOW, received_at=NOW)
    dispatch_due(now=NOW)
    assert not Event.objects.filter(dispatched_at=None).exists()
    [run] = Occurrence.objects.filter(kind="event")
    assert run.state == "failed"
    assert "tabel" in run.error


@pytest.mark.feature("DLV-26")
def test_what_was_stopped_waits_for_no_limit_any_more(change, run, system, finish) -> None:
    [limited] = load("channel: memory\nkind: memory\nlimits: {per_hour: 1}\n", file="c")
    save_channel(system, limited, now=NOW)
    made = finish(run())
    assert made.deliveries.filter(waits_for="limit").count() == 2
    stop(system, made.pk, now=NOW)
    finish(made, now=NOW + timedelta(minutes=1))
    channel = StoredChannel.objects.select_related("gate").get(name="memory")
    assert standings([channel])[channel.pk].limited == 0


@pytest.mark.feature("SCH-23")
def test_a_full_source_costs_a_look_little_however_many_wait_for_it(
    change, system, django_assert_max_num_queries
) -> None:
    base = Schedule.objects.get(name=NAME)
    for number in range(20):
        base.pk, base.name, base.next_fire_at, base.begin_at = None, f"copy-{number}", None, None
        base.save(force_insert=True)
        row_of(base, fire_at=NOW, now=NOW).save(force_insert=True)
    Limits.objects.create(organization_id=base.organization_id, sources={"shop": 2})
    assert all(claims.claim(owner="one", now=NOW) for _ in range(2))
    with django_assert_max_num_queries(170):
        assert claims.claim(owner="one", now=NOW) is None


@pytest.mark.feature("SCH-18")
def test_events_over_which_a_process_stumbles_are_not_at_the_head_of_the_line_for_ever(
    change, organization, monkeypatch
) -> None:
    def stumbles(key, *, now) -> bool:
        if Event.objects.get(pk=key).name == "bad":
            raise RuntimeError("no free instant")
        return bool(Event.objects.filter(pk=key).update(dispatched_at=now))

    monkeypatch.setattr(dispatching, "dispatch", stumbles)
    monkeypatch.setattr(dispatching, "_stumbled", {})
    for number, name in enumerate(("bad", "bad", "good")):
        at = NOW + timedelta(seconds=number)
        Event.objects.create(organization=organization, name=name, key=str(number), at=NOW, received_at=at)
    assert [dispatch_due(now=NOW + timedelta(minutes=1), limit=2) for _ in range(2)] == [0, 1]
    assert dispatch_due(now=NOW + timedelta(minutes=7), limit=2) == 0  # they are looked at again
    assert len(dispatching._stumbled) == 2
