"""Runs whose work breaks off, is stopped or is asked for again in the middle: each still ends, in a true state."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.delivery import claims as sending
from broadsheet.delivery.actions import send
from broadsheet.delivery.actions.resend import resend, resend_failed
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.ports import Receipt
from broadsheet.runs import claims
from broadsheet.runs.actions import work
from broadsheet.runs.actions.make import make
from broadsheet.runs.actions.run_now import stop
from broadsheet.runs.errors import TryLater
from broadsheet.runs.models import Occurrence

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=2)
EXPIRED = NOW - timedelta(days=3650)


@pytest.fixture(autouse=True)
def one_sender(monkeypatch) -> None:
    monkeypatch.setattr(work, "SENDERS", 1)


@pytest.fixture
def actor(organization):
    return system_actor(organization.pk)


def states(run) -> list[str]:
    return sorted(run.deliveries.values_list("state", flat=True))


def deadlock() -> OperationalError:
    fault = OperationalError("deadlock detected")
    fault.__cause__ = type("Said", (Exception,), {"sqlstate": "40P01"})()
    return fault


def once(genuine, fault: Exception):
    """*genuine*, but for the first time."""
    seen = []

    def act(*given: object, **more: object):
        seen.append(given)
        if len(seen) == 1:
            raise fault
        return genuine(*given, **more)

    return act


def raises(error: Exception):
    def act(*_: object, **__: object):
        raise error

    return act


# --- faults of ours while sending


@pytest.mark.feature("SCH-08")
@pytest.mark.parametrize(("sqlstate", "tries"), [("40P01", 1), ("57014", 1), ("57P01", 0), (None, 0)])
def test_what_the_database_ends_by_itself_counts_as_a_try(run, finish, memory, monkeypatch, sqlstate, tries) -> None:
    """A deadlock and a time limit are the run's own; a server that shuts down, or is not there, is not."""
    said = type("Said", (Exception,), {"sqlstate": sqlstate})()
    fault = OperationalError("the server said so")
    fault.__cause__ = said
    monkeypatch.setattr(work, "plan", raises(fault))
    made = run()
    if tries:
        finish(made)
    else:
        with pytest.raises(OperationalError):
            finish(made)
    assert Occurrence.objects.get(pk=made.pk).tries == tries


@pytest.mark.feature("SCH-08")
def test_a_fault_before_handing_over_is_tried_again(run, finish, memory, monkeypatch) -> None:
    genuine, seen = send.outgoing, []

    def fails_once(delivery, **more):
        seen.append(delivery)
        return genuine(delivery, **more) if len(seen) > 1 else 1 / 0

    monkeypatch.setattr(send, "outgoing", fails_once)
    waiting = finish(run())
    assert (waiting.state, states(waiting)) == ("running", ["accepted", "accepted", "retrying"])
    [one] = waiting.deliveries.filter(state="retrying")
    assert one.reason.startswith("Something of ours failed; the log has it under ")
    assert finish(waiting, now=LATER).state == "accepted"
    assert len(memory.taken) == 3


@pytest.mark.feature("SCH-08")
@pytest.mark.parametrize(("breaks", "state"), [("outgoing", "retrying"), ("_settle", "unconfirmed")])
def test_a_deadlock_in_one_delivery_is_a_try_of_that_one(
    run, finish, memory, monkeypatch, breaks: str, state: str
) -> None:
    monkeypatch.setattr(send, breaks, once(getattr(send, breaks), deadlock()))
    waiting = finish(run())
    assert (states(waiting), waiting.tries) == (sorted(["accepted", "accepted", state]), 0)
    finish(waiting, now=LATER)
    assert len(memory.taken) == 3  # and none of them twice


@pytest.mark.feature("SCH-08")
def test_a_deadlock_in_claiming_one_delivery_stops_no_other(run, finish, memory, monkeypatch) -> None:
    monkeypatch.setattr(sending, "claim", once(sending.claim, deadlock()))
    waiting = finish(run())
    assert (states(waiting), waiting.tries) == (["accepted", "accepted", "due"], 1)
    assert finish(waiting, now=LATER).state == "accepted"


@pytest.mark.feature("BEY-01")
@pytest.mark.parametrize(("deduplicates", "state"), [(False, "unconfirmed"), (True, "retrying")])
def test_a_fault_after_handing_over_is_not_repeated_where_it_could_arrive_twice(
    change, run, finish, memory, monkeypatch, deduplicates: bool, state: str
) -> None:
    if deduplicates:
        change("kind: memory", "kind: memory\nsettings: {deduplicates: true}")
    genuine, seen = memory.send, []

    def fails_once(*given, **more):
        receipt = genuine(*given, **more)
        seen.append(receipt)
        return receipt if len(seen) > 1 else 1 / 0

    monkeypatch.setattr(memory, "send", fails_once)
    ended = finish(run())
    assert states(ended) == sorted(["accepted", "accepted", state])
    finish(ended, now=LATER)
    assert len(memory.taken) == 3


@pytest.mark.feature("PRF-21")
@pytest.mark.parametrize(("breaks", "sent", "state"), [("outgoing", 0, "accepted"), ("_settle", 1, "unconfirmed")])
def test_the_database_goes_away_while_sending_and_nothing_more_is_sent(
    run, finish, memory, monkeypatch, breaks: str, sent: int, state: str
) -> None:
    asked = run()
    monkeypatch.setattr(send, breaks, raises(OperationalError("the server closed the connection")))
    with pytest.raises(OperationalError):
        finish(asked)
    monkeypatch.undo()
    assert len(memory.taken) == sent  # of three: what cannot be written down is not begun
    asked.refresh_from_db()
    claims.release(asked, wake_at=None)  # as the worker does
    ended = finish(asked)
    assert states(ended) == ["accepted", "accepted", state]
    assert len(memory.taken) == 3


# --- leases


@pytest.mark.feature("PRF-21")
def test_who_lost_the_run_sends_nothing_more(run, finish, memory, monkeypatch) -> None:
    asked, genuine = run(), memory.send

    def sleeps_first(*given, **more):
        Occurrence.objects.filter(pk=asked.pk).update(lease_until=EXPIRED)
        assert claims.claim(owner="fresh", now=NOW) is not None or memory.taken
        return genuine(*given, **more)

    monkeypatch.setattr(memory, "send", sleeps_first)
    with pytest.raises(claims.LostLease):
        finish(asked)
    assert len(memory.taken) <= 1


@pytest.mark.feature("PRF-21")
def test_who_lost_the_run_writes_no_slice(run, finish, monkeypatch) -> None:
    asked = run()
    genuine = work.make

    def sleeps_first(occurrence, **more):
        Occurrence.objects.filter(pk=asked.pk).update(lease_until=EXPIRED)
        claims.claim(owner="fresh", now=NOW)
        return genuine(occurrence, **more)

    monkeypatch.setattr(work, "make", sleeps_first)
    with pytest.raises(claims.LostLease):
        finish(asked)
    assert set(asked.slices.values_list("state", flat=True)) == {"due"}


@pytest.mark.feature("PRF-21")
def test_what_an_earlier_holder_was_sending_is_decided_at_once(run, finish, memory) -> None:
    """The run's lease was waited for; a second one would only make the others late. The old sender is fenced off."""
    memory.ends = [Receipt("retry", "451 later")]
    waiting = finish(run())
    Delivery.unchecked.filter(state="retrying").update(
        state="sending", owner="frozen#1", lease_until=NOW + timedelta(days=3650), handed_over_at=NOW
    )
    ended = finish(waiting, now=LATER)
    assert (ended.state, states(ended)) == ("partial", ["accepted", "accepted", "unconfirmed"])


# --- tries


@pytest.mark.feature("SCH-08")
def test_waking_up_is_not_a_try(run, finish, monkeypatch) -> None:
    asked = run()
    for _ in range(9):
        claims.release(claims.claim(owner="one", now=NOW), wake_at=None)
    monkeypatch.setattr(work, "plan", raises(TryLater("The source does not answer.")))
    waiting = finish(asked)
    assert (waiting.state, waiting.finished_at, waiting.tries) == ("running", None, 1)
    monkeypatch.undo()
    ended = finish(waiting, now=LATER)
    assert (ended.state, ended.error, ended.tries) == ("accepted", "", 0)


@pytest.mark.feature("SCH-08")
def test_what_kept_a_run_waiting_is_forgotten_when_it_got_on(run, finish, monkeypatch) -> None:
    monkeypatch.setattr(work, "make", raises(TryLater("The source does not answer.")))
    waiting = finish(run())
    assert waiting.error == "The source does not answer."
    monkeypatch.setattr(work, "make", make)
    ended = finish(waiting, now=LATER)
    assert (ended.state, ended.error) == ("accepted", "")


# --- stopping


@pytest.mark.feature("SCH-20")
def test_a_run_that_waits_for_its_source_is_stopped_at_once(run, finish, actor, monkeypatch) -> None:
    monkeypatch.setattr(work, "plan", raises(TryLater("The source does not answer.")))
    waiting = finish(run())
    stop(actor, waiting.pk, now=NOW)
    ended = finish(waiting)
    assert (ended.state, ended.reason) == ("skipped", "The run was stopped by hand.")


@pytest.mark.feature("SCH-20")
def test_a_stop_asked_while_the_run_goes_to_sleep_wakes_it(run, actor) -> None:
    asked = run()
    held = claims.claim(owner="one", now=NOW)
    stop(actor, asked.pk, now=NOW)
    claims.release(held, wake_at=NOW + timedelta(hours=1))
    asked.refresh_from_db()
    assert asked.wake_at is None


@pytest.mark.feature("SCH-20")
def test_a_stopped_run_does_not_wait_for_the_one_before(run, finish, actor) -> None:
    run()
    first = claims.claim(owner="one", now=NOW)
    second = run()
    assert claims.claim(owner="two", now=NOW) is None
    stop(actor, second.pk, now=NOW)
    assert finish(second).state == "skipped"
    assert Occurrence.objects.get(pk=first.pk).state == "running"


@pytest.mark.feature("SCH-20")
def test_sending_again_does_not_set_a_stopped_run_going(run, finish, memory, actor) -> None:
    memory.ends = [Receipt("failed", "550 no such user"), *[Receipt("retry", "451 later")] * 2]
    waiting = finish(run())
    stop(actor, waiting.pk, now=NOW)
    with pytest.raises(DeliveryError, match="is being stopped"):
        resend_failed(actor, waiting.pk, now=NOW)
    ended = finish(waiting)
    assert states(ended) == ["failed", "skipped", "skipped"]
    assert not ended.deliveries.filter(settled_at__isnull=True).exists()
    assert resend_failed(actor, ended.pk, now=NOW) == 1


# --- sending again while the run goes on


@pytest.mark.feature("BEY-01")
def test_what_is_sent_again_in_the_middle_does_not_wait_for_another_s_retry(run, finish, memory, actor) -> None:
    asked, genuine = run(), memory.send
    memory.ends = [Receipt("failed", "550 no such user"), Receipt("retry", "451 later")]

    def asks_in_between(outgoing, **more):
        if len(memory.ends) == 1:
            resend_failed(actor, asked.pk, now=NOW)
        return genuine(outgoing, **more)

    memory.send = asks_in_between
    waiting = finish(asked)
    assert states(waiting) == ["accepted", "accepted", "retrying"]


@pytest.mark.feature("BEY-01")
def test_what_is_sent_again_while_the_run_ends_is_sent(run, finish, memory, actor, monkeypatch) -> None:
    memory.ends = [Receipt("failed", "550 no such user")]
    asked, genuine, asking = run(), work.outcome, []

    def ask() -> None:
        try:
            resend_failed(actor, asked.pk, now=NOW)
        finally:
            connections.close_all()

    def asks_in_between(found):
        state = genuine(found)
        if not asking:
            asking.append(threading.Thread(target=ask))
            asking[0].start()
            asking[0].join(timeout=0.5)  # it must wait for us
        return state

    monkeypatch.setattr(work, "outcome", asks_in_between)
    finish(asked)
    asking[0].join(timeout=10)
    ended = finish(asked)
    assert (ended.state, states(ended), len(memory.taken)) == ("accepted", ["accepted"] * 3, 3)


@pytest.mark.feature("BEY-01")
def test_a_second_click_sends_nothing_twice_and_the_deadline_is_counted_anew(run, finish, memory, actor) -> None:
    memory.ends = [Receipt("failed", "550 no such user")]
    ended = finish(run())
    Occurrence.objects.update(deadline_at=NOW - timedelta(hours=1))
    [failed] = ended.deliveries.filter(state="failed")
    assert resend(actor, [failed.pk], now=LATER) == 1
    with pytest.raises(DeliveryError, match="is due, which cannot be sent again"):
        resend(actor, [failed.pk], now=LATER)
    again = finish(ended, now=LATER)
    assert (again.state, again.deadline_at) == ("accepted", LATER + timedelta(hours=24))
