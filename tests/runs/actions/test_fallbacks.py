"""What takes over from what failed: once, honestly, and never from what may have arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.plugins.django import NOW
from tests.runs.conftest import MEMORY

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.delivery import gate
from broadsheet.delivery.actions.channels import save_channel
from broadsheet.delivery.actions.resend import resend, resend_failed
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.delivery.ports import Receipt
from broadsheet.runs.models import Occurrence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-08")]
POLICIES = "policies: {retry: {tries: 3, first_seconds: 60}}"
REFUSED = Receipt("failed", "550 5.1.1 no such user")
LATER = Receipt("retry", "451 later", cause="temporary")
DOWN = Receipt("retry", "mail.example:25 refused the connection.", cause="connection")


def policies(fallback: str, *, tries: int = 3, more: str = "") -> str:
    return f"policies: {{retry: {{tries: {tries}, first_seconds: 60{more}}}, fallback: {{{fallback}}}}}"


@pytest.fixture(autouse=True)
def one_sender(monkeypatch) -> None:
    from broadsheet.runs.actions import work

    monkeypatch.setattr(work, "SENDERS", 1)


@pytest.fixture
def system(organization):
    return system_actor(organization.pk)


def ledger(run: Occurrence) -> list[tuple[str, str, bool]]:
    """Channel, state and whether it took over."""
    found = run.deliveries.values_list("channel__name", "state", "fallback_of")
    return sorted((channel, state, of is not None) for channel, state, of in found)


SENT = ("memory", "accepted", False)


def test_who_was_refused_gets_it_by_the_fallback_and_counts_as_reached(change, run, finish, memory) -> None:
    change(POLICIES, policies("channel: inbox"))
    memory.ends = [REFUSED]
    ended = finish(run())
    assert ended.state == "accepted"
    assert ledger(ended) == [("inbox", "accepted", True), SENT, SENT, ("memory", "failed", False)]
    [taken] = Delivery.objects.filter(fallback_of__isnull=False)
    failed = taken.fallback_of
    assert (taken.recipient_key, taken.formats, failed.reason) == (failed.recipient_key, failed.formats, REFUSED.proof)
    assert taken.message_id != failed.message_id


def test_it_takes_over_when_all_tries_are_used_up_and_not_before(change, run, finish, memory) -> None:
    change(POLICIES, policies("channel: inbox", tries=2))
    memory.ends = [LATER, LATER, LATER, LATER, REFUSED, LATER]
    waiting = finish(run())
    assert ledger(waiting) == [("memory", "retrying", False)] * 3
    ended = finish(waiting, now=NOW + timedelta(minutes=2))
    assert (ended.state, [state for _, state, _ in ledger(ended)].count("failed")) == ("accepted", 3)
    assert sum(took_over for _, _, took_over in ledger(ended)) == 3


def test_what_may_have_arrived_is_never_taken_over(change, run, finish, memory) -> None:
    change(POLICIES, policies("channel: inbox"))
    memory.ends = [Receipt("unconfirmed", "cut after the content had gone")]
    ended = finish(run())
    assert (ended.state, ledger(ended)) == ("partial", [SENT, SENT, ("memory", "unconfirmed", False)])


def test_what_expired_is_taken_over_and_has_time_of_its_own(change, run, finish, memory) -> None:
    change(POLICIES, policies("channel: inbox, hours: 2"))
    asked = run()
    Occurrence.objects.filter(pk=asked.pk).update(deadline_at=NOW + timedelta(seconds=30))
    memory.ends = [LATER] * 3
    ended = finish(asked)  # the next try would pass the deadline
    assert ledger(ended) == [("inbox", "accepted", True)] * 3 + [("memory", "failed", False)] * 3


def test_a_delivery_past_its_deadline_is_taken_over(change, run, finish, memory) -> None:
    change(POLICIES, policies("channel: inbox, hours: 2"))
    asked = run()  # by the policies of now
    Occurrence.objects.filter(pk=asked.pk).update(deadline_at=NOW + timedelta(hours=1))
    change("kind: memory", "kind: memory\nlimits: {per_day: 2}")
    waiting = finish(asked)
    assert ledger(waiting) == [SENT, SENT, ("memory", "due", False)]
    ended = finish(waiting, now=NOW + timedelta(hours=1, seconds=2))
    assert ended.state == "accepted"
    assert ledger(ended) == [("inbox", "accepted", True), SENT, SENT, ("memory", "expired", False)]


def test_another_time_on_the_recipients_clock_by_the_same_channel(change, run, finish, memory) -> None:
    change(POLICIES, policies('at: "07:00"'))
    memory.ends = [REFUSED] * 3
    waiting = finish(run())
    again = waiting.deliveries.filter(fallback_of__isnull=False).order_by("recipient_key")
    assert [one.next_try_at for one in again] == [  # London, Chicago and Berlin, after NOW, which is 09:00 UTC
        datetime(2026, 11, 25, 7, tzinfo=UTC),
        datetime(2026, 11, 24, 13, tzinfo=UTC),
        datetime(2026, 11, 25, 6, tzinfo=UTC),
    ]
    assert waiting.wake_at == datetime(2026, 11, 24, 13, tzinfo=UTC)
    finish(waiting, now=datetime(2026, 11, 24, 13, tzinfo=UTC))
    ended = finish(waiting, now=datetime(2026, 11, 25, 8, tzinfo=UTC))
    assert (ended.state, len(memory.taken)) == ("accepted", 3)


def test_a_row_names_the_channel_that_takes_over_and_the_address_on_it(change, run, finish, memory) -> None:
    start = MEMORY.index("audience:")
    people = (
        "{key: a, name: A, address: a@a.example, attributes: {buyer_id: b1}, fallback: inbox, fallback_address: a@b.example}",
        "{key: b, name: B, address: b@b.example, attributes: {buyer_id: b2}, fallback: memory}",
    )
    text = f"audience: {{people: [{', '.join(people)}]}}\nchannels: [{{channel: memory, formats: [csv]}}]\n"
    change(MEMORY[start:], text + policies("hours: 1"))
    memory.ends = [REFUSED, REFUSED]
    ended = finish(run())
    assert ledger(ended) == [("inbox", "accepted", True), ("memory", "failed", False), ("memory", "failed", False)]
    assert ended.state == "partial"  # b has it by no other channel: the one named is the one that failed
    [taken] = ended.deliveries.filter(fallback_of__isnull=False)
    assert (taken.recipient_key, taken.address) == ("a", "a@b.example")


@pytest.mark.feature("DLV-26")
def test_a_channel_that_stays_out_too_long_is_taken_over(change, run, finish, memory, monkeypatch) -> None:
    at = {"now": NOW}
    monkeypatch.setattr(gate, "database_now", lambda: at["now"])
    text = MEMORY.replace("kind: memory", "kind: memory\nbreaker: {failures: 1, wait_seconds: 3600}")
    change(MEMORY, text.replace(POLICIES, policies("channel: inbox, after_minutes: 20", tries=9)))
    memory.ends = [DOWN]
    waiting = finish(run())
    assert sorted(waiting.deliveries.values_list("waits_for", flat=True)) == ["", "breaker", "breaker"]
    later = NOW + timedelta(minutes=20)
    assert waiting.deliveries.filter(waits_for="breaker", next_try_at=later).count() == 2
    at["now"] = later
    ended = finish(waiting, now=later)
    assert ended.state == "accepted"
    assert ledger(ended) == [("inbox", "accepted", True)] * 3 + [("memory", "failed", False)] * 3
    assert len(memory.taken) == 0


def test_of_a_delivery_and_its_fallback_only_one_is_sent_again(change, run, finish, memory, system) -> None:
    change(POLICIES, policies("channel: inbox"))
    memory.ends = [REFUSED]
    ended = finish(run())
    failed, taken = Delivery.objects.get(state="failed"), Delivery.objects.get(fallback_of__isnull=False)
    with pytest.raises(DeliveryError, match="cannot be sent to twice: the delivery by “inbox” is accepted"):
        resend(system, [failed.pk], now=NOW)
    with pytest.raises(DeliveryError, match="Nothing of this run failed"):
        resend_failed(system, ended.pk, now=NOW)
    Delivery.unchecked.filter(pk=taken.pk).update(state="failed")
    with pytest.raises(DeliveryError, match="is chosen as well"):
        resend(system, [failed.pk, taken.pk], now=NOW)
    memory.ends = [REFUSED]
    assert resend(system, [failed.pk], now=NOW) == 1
    again = finish(ended)  # it fails again, and what had taken over takes over again
    assert ledger(again) == [("inbox", "accepted", True), SENT, SENT, ("memory", "failed", False)]


def test_who_has_unsubscribed_is_not_written_to_by_the_fallback_either(
    change, run, finish, memory, organization
) -> None:
    mail = "channel: mail\nkind: email\nsettings: {host: 127.0.0.1, port: 9, encryption: none, from: a@a.example}\n"
    [loaded] = load(mail, file="t")
    save_channel(system_actor(organization.pk), loaded, now=NOW)
    change(POLICIES, policies("channel: mail"))
    memory.ends = [REFUSED]
    for address in ("ada@ada.example", "bo@bo.example", "cy@cy.example"):  # whoever of them is refused first
        Suppression.objects.create(organization=organization, address=address, reason="Unsubscribed", at=NOW)
    ended = finish(run())
    assert ended.deliveries.get(fallback_of__isnull=False).state == "suppressed"
    assert ended.state == "accepted"


@pytest.mark.parametrize(
    ("fallback", "told"),
    [
        ("channel: memory", "is one of the channels"),
        ("hours: 3", "names neither a channel nor a time"),
        ('at: "25:00"', "is not a time of day"),
    ],
)
def test_a_fallback_that_cannot_be_is_refused(change, fallback: str, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        change(POLICIES, policies(fallback))
    assert told in str(refused.value)


def test_what_is_not_to_be_tried_again_is_not(change, run, finish, memory) -> None:
    change(POLICIES, "policies: {retry: {tries: 5, on: [connection]}}")
    memory.ends = [LATER]
    ended = finish(run())
    assert ended.state == "partial"
    [failed] = ended.deliveries.filter(state="failed")
    assert failed.reason == "The schedule does not try again for this. Last said: 451 later"


def test_no_try_is_later_than_the_lifetime(change, run, finish, memory) -> None:
    change(POLICIES, "policies: {retry: {tries: 9, first_seconds: 600, factor: 1, jitter: 0, lifetime_hours: 0.25}}")
    memory.ends = [LATER] * 2
    waiting = finish(run())
    memory.ends = [LATER] * 2
    ended = finish(waiting, now=NOW + timedelta(minutes=10))
    failed = ended.deliveries.filter(state="failed")
    assert [one.attempts for one in failed] == [2, 2]
    assert failed[0].reason == "The next try would be later than the schedule tries. Last said: 451 later"


TWO = "channels: [{channel: memory, formats: [csv]}, {channel: second, formats: [html]}]"
SECOND = "channel: second\nkind: memory\n"


@pytest.fixture
def both_fail(change, run, memory, system):
    """A run whose deliveries to the first recipient fail by both channels, as *ends* say of the tries in their order."""

    def made(fallback: str, ends: list[Receipt]) -> Occurrence:
        [loaded] = load(SECOND, file="t")
        save_channel(system, loaded, now=NOW)
        people = "audience: {people: [{key: a, name: A, address: a@a.example, attributes: {buyer_id: b1}}]}"
        change(MEMORY[MEMORY.index("audience:") :], f"{people}\n{TWO}\n{policies(fallback)}\n")
        memory.ends = ends
        return run()

    return made


def test_one_fallback_takes_over_from_both_of_a_recipients_channels(both_fail, finish, memory) -> None:
    ended = finish(both_fail("channel: inbox", [REFUSED, REFUSED]))
    assert ended.state == "accepted"  # whom the fallback reached is reached
    assert ledger(ended) == [("inbox", "accepted", True), ("memory", "failed", False), ("second", "failed", False)]
    [taken] = ended.deliveries.filter(fallback_of__isnull=False)
    assert sorted(taken.formats) == ["csv", "html"]
    failed = ended.deliveries.filter(state="failed")
    assert {one.taken_over_by for one in failed} == {taken}


def test_where_the_fallback_had_gone_with_less_the_second_stays_failed_and_says_so(both_fail, finish, memory) -> None:
    waiting = finish(both_fail("channel: inbox", [REFUSED, LATER]))
    assert ("inbox", "accepted", True) in ledger(waiting)
    memory.ends = [REFUSED]
    ended = finish(waiting, now=NOW + timedelta(minutes=2))
    assert ended.state == "partial"
    second = ended.deliveries.get(fallback_of__isnull=True, fallback__isnull=True)
    assert (second.state, second.taken_over_by) == ("failed", None)
    told = f"“Inbox” had taken over by then, without its {second.formats[0]}."
    assert second.reason == f"{REFUSED.proof}. {told}"  # and not what it was being tried again for


def test_of_two_and_their_one_fallback_only_one_is_sent_again(both_fail, finish, memory, system) -> None:
    ended = finish(both_fail("channel: inbox", [REFUSED, REFUSED]))
    taken = ended.deliveries.get(fallback_of__isnull=False)
    for failed in ended.deliveries.filter(state="failed"):
        with pytest.raises(DeliveryError, match="cannot be sent to twice: the delivery by “inbox” is accepted"):
            resend(system, [failed.pk], now=NOW)
    Delivery.unchecked.filter(pk=taken.pk).update(state="failed")
    shared = ended.deliveries.get(shared_fallback=taken)
    resend(system, [shared.pk], now=NOW)
    again = finish(ended)
    assert {one.channel.name: one.state for one in again.deliveries.all()} == {
        shared.channel.name: "accepted",
        taken.fallback_of.channel.name: "failed",
        "inbox": "failed",
    }
    assert again.state == "partial"


def test_who_is_reached_when_it_was_sent_again_counts_whatever_became_of_the_fallback(
    change, run, finish, memory, system
) -> None:
    change(POLICIES, policies("channel: inbox"))
    memory.ends = [REFUSED]
    ended = finish(run())
    Delivery.unchecked.filter(fallback_of__isnull=False).update(state="failed")
    [failed] = ended.deliveries.filter(state="failed", fallback_of__isnull=True)
    resend(system, [failed.pk], now=NOW)
    again = finish(ended)
    assert (again.state, len(memory.taken)) == ("accepted", 3)
