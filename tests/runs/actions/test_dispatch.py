"""Events start what listens to them: each schedule once, whatever dies, repeats or comes at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from tests.plugins.django import NOW
from tests.runs.conftest import MEMORY

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.actions import dispatch as dispatching
from broadsheet.runs.actions.dispatch import dispatch_due
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.send_event import send_event
from broadsheet.schedules.actions.steer import pause
from broadsheet.schedules.errors import EventError
from broadsheet.schedules.models import Event, Listener, Schedule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-18")]
EVENT = """\
schedule: by-event
title: Purchases after an import
report: purchases
on_event: {event: import.finished, where: {rows: {at_least: 1}}, with: {least: rows}}
audience: {people: [{name: Ada, address: ada@ada.example, attributes: {buyer_id: b1}}]}
channels: [{channel: memory, formats: [csv]}]
"""
ROWS = {"rows": 7}


@pytest.fixture
def listening(shop, memory, organization) -> Callable[..., None]:
    """``listening()`` keeps the schedule by event, with some texts of it replaced."""

    def kept(**replaced: str) -> None:
        text = EVENT
        for old, new in replaced.items():
            text = text.replace(old, new)
        files = {"channel.yaml": MEMORY.split("---\n")[0], "event.yaml": text}
        apply(system_actor(organization.pk), files, now=NOW)

    kept()
    return kept


@pytest.fixture
def send(listening, organization) -> Callable[..., Event]:
    def sent(payload: Any = ROWS, *, name: str = "import.finished", now: datetime = NOW, **given: Any) -> Event:
        return send_event(system_actor(organization.pk), name, payload=payload, now=now, **given)[0]

    return sent


def runs() -> list[tuple[str, str]]:
    """State and reason, or error, of each run, the first first."""
    return [(one.state, one.error or one.reason) for one in Occurrence.objects.order_by("created_at", "fire_at")]


def test_an_event_starts_a_run_with_what_its_payload_gives(send, finish, memory) -> None:
    event = send(now=NOW, at=NOW - timedelta(minutes=3))
    run = Occurrence.objects.get()
    assert (run.kind, run.state, run.given, run.fire_at) == ("event", "due", {"least": "7"}, NOW - timedelta(minutes=3))
    assert run.reason == "The event “import.finished” happened"
    assert run.start.event == event and event.dispatched_at == NOW
    assert finish(run).state == "accepted"
    assert len(memory.taken) == 1
    assert Schedule.objects.get(name="by-event").next_fire_at is None


def test_a_schedule_with_a_rule_and_an_event_does_both(listening, send) -> None:
    listening(**{"on_event": "when: {every: day, at: '08:00'}\non_event"})
    send()
    assert Schedule.objects.get(name="by-event").next_fire_at is not None
    assert [one.kind for one in Occurrence.objects.all()] == ["event"]


def test_the_same_key_is_one_event_and_one_run(send) -> None:
    assert send(key="batch-7") == send(key="batch-7")
    assert Occurrence.objects.count() == 1
    with pytest.raises(EventError, match=r"“batch-7” was used for “import.finished” with another payload"):
        send({"rows": 8}, key="batch-7")
    send(key="batch-8")
    assert Occurrence.objects.count() == 2


def test_other_names_and_payloads_that_do_not_fit_start_nothing(send) -> None:
    for event in (send(name="import.failed"), send({"rows": 0}), send({})):
        assert event.dispatched_at == NOW
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize("rows", [7.5, 10**29])
def test_numbers_stay_numbers(send, rows: float) -> None:
    send({"rows": rows, "more": "than is asked for"})
    assert Occurrence.objects.get().given == {"least": repr(rows)}


def test_a_payload_that_does_not_fit_the_parameters_leaves_a_row_that_says_so(listening, send) -> None:
    listening(**{"where: {rows: {at_least: 1}}, ": ""})
    send({"rows": "many"})
    send({"lines": 3})
    assert runs() == [
        ("failed", "The parameter “least” is a number, and a text came. Send it without quotes."),
        ("failed", "The payload has no “rows”, which gives the parameter “least”. Send it."),
    ]


def test_a_paused_schedule_leaves_a_row_that_says_so(send, organization) -> None:
    pause(system_actor(organization.pk), "by-event", now=NOW)
    send()
    assert runs() == [("skipped", "The schedule was paused")]


def test_one_that_waits_begins_later(listening, send) -> None:
    listening(**{"with:": "delay_seconds: 600, with:"})
    send()
    assert Occurrence.objects.get().wake_at == NOW + timedelta(minutes=10)


def test_a_cool_down_counts_apart_for_each_set_of_parameters(listening, send) -> None:
    listening(**{"with:": "cool_down_seconds: 3600, with:"})
    send()
    send(now=NOW + timedelta(minutes=30))
    send({"rows": 8}, now=NOW + timedelta(minutes=31))
    send(now=NOW + timedelta(minutes=61))
    assert [state for state, _ in runs()] == ["due", "skipped", "due", "due"]
    assert runs()[1][1] == "It cools down after the run of 09:00:00 UTC, until 2026-11-24 10:00:00"


def test_a_debounce_makes_one_run_of_a_burst_and_never_waits_for_ever(listening, send) -> None:
    listening(**{"with:": "debounce_seconds: 60, with:"})
    for seconds in (0, 30, 80):
        send(now=NOW + timedelta(seconds=seconds))
    assert [state for state, _ in runs()] == ["due", "skipped", "skipped"]
    first = Occurrence.objects.get(state="due")
    assert first.wake_at == NOW + timedelta(seconds=140)
    for seconds in range(100, 600, 40):
        send(now=NOW + timedelta(seconds=seconds))
    first.refresh_from_db()
    assert first.wake_at == NOW + timedelta(seconds=600)
    send(now=NOW + timedelta(seconds=601))  # the burst's run has begun or is about to: this is a new one
    assert Occurrence.objects.filter(state="due").count() == 2


def test_an_event_of_another_organization_starts_nothing(send, cast, actor) -> None:
    send_event(actor("outsider"), "import.finished", payload=ROWS, now=NOW)
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize("who", ["viewer"])
def test_who_may_not_run_schedules_sends_no_event(listening, actor, who: str) -> None:
    with pytest.raises(Refused):
        send_event(actor(who), "import.finished", payload=ROWS, now=NOW)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "Import"}, "is no name of an event"),
        ({"name": "a" * 101}, "is no name of an event"),
        ({"key": "k" * 201}, "The key is longer"),
        ({"key": "a\0b"}, "The key is longer"),
        ({"payload": [1]}, "not a JSON object"),
        ({"at": NOW + timedelta(minutes=2)}, "in the future"),
        ({"at": datetime(1970, 1, 1, tzinfo=NOW.tzinfo)}, "Before 1980"),
    ],
)
def test_what_is_no_event_is_refused(send, given: dict[str, Any], said: str) -> None:
    with pytest.raises(EventError, match=said):
        send(**given)
    assert not Event.objects.exists()


def test_a_process_that_dies_between_event_and_run_loses_nothing(send, monkeypatch: pytest.MonkeyPatch) -> None:
    """It dies after the run's row is written and before the event is marked: both are undone, and done again once."""

    class Killed(BaseException):
        pass

    def killed(*given: object, **more: object) -> None:
        begin(*given, **more)
        raise Killed

    begin = dispatching.begin
    monkeypatch.setattr(dispatching, "begin", killed)
    with pytest.raises(Killed):
        send(key="batch-7")
    assert Event.objects.get().dispatched_at is None and not Occurrence.objects.exists()
    monkeypatch.undo()
    assert dispatch_due(now=NOW + timedelta(seconds=30)) == 1
    assert dispatch_due(now=NOW + timedelta(seconds=60)) == 0
    assert send(key="batch-7", now=NOW + timedelta(seconds=90)).dispatched_at == NOW + timedelta(seconds=30)
    assert runs() == [("due", "The event “import.finished” happened")]


@pytest.mark.feature("SCH-19")
def test_fifty_of_one_key_at_once_are_one_run(send) -> None:
    def one(number: int) -> str:
        try:
            return str(send(key="batch-7", now=NOW + timedelta(microseconds=number)).pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as senders:
        assert len(set(senders.map(one, range(50)))) == 1
    assert Occurrence.objects.count() == 1


def test_many_events_of_one_instant_are_a_run_each(send) -> None:
    for number in range(5):
        send({"rows": number + 1}, at=NOW)
    found = Occurrence.objects.values_list("fire_at", flat=True)
    assert len(set(found)) == 5 and all(timedelta(0) <= at - NOW < timedelta(seconds=1) for at in found)


def test_a_run_by_hand_of_the_same_instant_is_not_in_the_way(send, organization) -> None:
    run_now(system_actor(organization.pk), "by-event", now=NOW)
    send(at=NOW)
    assert sorted(Occurrence.objects.values_list("kind", flat=True)) == ["event", "manual"]


def test_a_new_version_listens_to_what_it_names(listening, send) -> None:
    listening(**{"import.finished": "load.done", "on_event: {": "on_event: [{", "with: {least: rows}}": "with: {least: rows}}, {event: day.closed}]"})  # fmt: skip
    assert sorted(Listener.objects.values_list("event", flat=True)) == ["day.closed", "load.done"]
    send()
    assert not Occurrence.objects.exists()
    send({}, name="day.closed")
    assert Occurrence.objects.get().given == {}


def test_what_a_trigger_names_must_be_there(listening, organization) -> None:
    text = EVENT.replace("{least: rows}", "{lest: rows}")
    with pytest.raises(DefinitionError) as caught:
        save_schedule(system_actor(organization.pk), load(text, file="e.yaml")[0], now=NOW)
    assert str(caught.value) == (
        "e.yaml:4: on_event.with.lest: The report has no parameter “lest”. Did you mean “least”?"
    )
