"""Bursts by mail against real servers that take some, put off some and refuse some: each of them arrives once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.adapters.free_ports import free_port
from tests.plugins.django import NOW
from tests.plugins.smtp_sink import smtp_sink

from broadsheet.access.queries import system_actor
from broadsheet.compliance.models import Entry
from broadsheet.delivery import gate
from broadsheet.delivery.actions.lift import lift
from broadsheet.delivery.actions.resend import resend, resend_failed
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import Attempt, Delivery, Gate
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.actions.run_now import run_now

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = range(1, 11)
BURST = """\
channel: mail
kind: email
settings: {host: 127.0.0.1, port: PORT, encryption: none, from: reports@shop.example, seconds: 5}
---
schedule: by-mail
title: Purchases by mail
report: purchases
when: {every: week, on: [mon], at: "08:00", zone: UTC}
audience: {people: [PEOPLE]}
channels: [{channel: mail, formats: [csv]}]
policies: {retry: {tries: 4, first_seconds: 60}FALLBACK}
"""
PERSON = "{{key: r{0}, name: R{0}, address: r{0}@ada.example, attributes: {{buyer_id: b1}}}}"


@pytest.fixture
def burst(shop, organization):
    """Ten people who get the same by mail through a port."""

    def made(port: int, *, fallback: str = ""):
        people = ", ".join(PERSON.format(number) for number in NUMBERS)
        actor = system_actor(organization.pk)
        text = BURST.replace("PORT", str(port)).replace("PEOPLE", people).replace("FALLBACK", fallback)
        apply(actor, {"burst.yaml": text}, now=NOW)
        return run_now(actor, "by-mail", now=NOW, at=NOW)

    return made


class Choosy:
    """Takes r1 to r7, puts r8 and r9 off once, refuses r10; ``taken`` counts what it took by recipient."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()
        self.refused = "r10@"
        self._guard = threading.Lock()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        with self._guard:
            self.tried[address] += 1
        if self.refused and address.startswith(self.refused):
            return "550 5.1.1 no such user"
        if address.startswith(("r8@", "r9@")) and self.tried[address] == 1:
            return "450 4.2.1 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with self._guard:
            self.taken.update(envelope.rcpt_tos)
        return "250 2.0.0 queued"


@contextmanager
def served(handler: Choosy) -> Iterator[int]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.mark.feature("SCH-08")
def test_seven_are_taken_two_later_and_one_is_refused(burst, finish, organization) -> None:
    witness = Choosy()
    with served(witness) as port:
        waiting = finish(burst(port))
        states = Counter(waiting.deliveries.values_list("state", flat=True))
        assert (waiting.state, states) == ("running", {"accepted": 7, "retrying": 2, "failed": 1})
        ended = finish(waiting, now=NOW + timedelta(minutes=2))
        states = Counter(ended.deliveries.values_list("state", flat=True))
        assert (ended.state, states) == ("partial", {"accepted": 9, "failed": 1})
        assert resend_failed(system_actor(organization.pk), ended.pk, now=NOW) == 1
        finish(ended, now=NOW + timedelta(minutes=3))
    assert witness.taken == {f"r{number}@ada.example": 1 for number in range(1, 10)}
    assert witness.tried["r10@ada.example"] == 2  # nothing but what failed was sent again
    assert not Gate.objects.filter(opened_at__isnull=False).exists()


def states(run) -> Counter[str]:
    return Counter(run.deliveries.values_list("state", flat=True))


@pytest.mark.feature("SCH-08")
def test_an_address_that_does_not_exist_is_left_alone_until_a_person_sends_again(burst, finish, organization) -> None:
    witness = Choosy()
    system = system_actor(organization.pk)
    with served(witness) as port:
        first = finish(finish(burst(port)), now=NOW + timedelta(minutes=2))
        second = finish(run_now(system, "by-mail", now=NOW, at=NOW - timedelta(hours=1)))
        assert (states(second), witness.tried["r10@ada.example"]) == ({"accepted": 9, "suppressed": 1}, 1)
        told = (
            "No such mailbox: “550 5.1.1 no such user”. "
            "Correct the address, or lift it in the list of addresses that are not sent to"
        )
        assert second.deliveries.get(state="suppressed").reason == told
        assert Entry.objects.filter(action="recipient.bounced", object="r10@ada.example").count() == 1
        witness.refused = ""
        resend_failed(system, first.pk, now=NOW)
        assert finish(first, now=NOW + timedelta(minutes=3)).state == "accepted"
        third = finish(run_now(system, "by-mail", now=NOW, at=NOW - timedelta(hours=2)))
    assert states(third) == {"accepted": 10}


@pytest.mark.feature("SCH-08")
def test_an_address_that_another_channel_took_over_from_is_sent_to_again_when_lifted(
    burst, finish, organization
) -> None:
    witness = Choosy()
    system = system_actor(organization.pk)
    with served(witness) as port:
        first = finish(finish(burst(port, fallback=", fallback: {channel: inbox}")), now=NOW + timedelta(minutes=2))
        witness.refused = ""  # the mailbox is there by now
        with pytest.raises(DeliveryError, match="cannot be sent to twice"):
            resend(system, [first.deliveries.get(state="failed").pk], now=NOW)
        assert lift(system, ["r10@ada.example"], now=NOW) == 1
        again = finish(run_now(system, "by-mail", now=NOW, at=NOW - timedelta(hours=1)))
    assert (again.state, states(again)) == ("accepted", {"accepted": 10})
    assert witness.taken["r10@ada.example"] == 1


@pytest.mark.feature("SCH-08")
def test_the_other_channel_takes_over_from_an_address_that_does_not_exist(burst, finish, organization) -> None:
    witness = Choosy()
    with served(witness) as port:
        finish(finish(burst(port, fallback=", fallback: {channel: inbox}")), now=NOW + timedelta(minutes=2))
        again = run_now(system_actor(organization.pk), "by-mail", now=NOW, at=NOW - timedelta(hours=1))
        again = finish(again)
    assert again.state == "accepted"
    assert states(again) == {"accepted": 10, "failed": 1}
    assert again.deliveries.get(channel__name="inbox").recipient_key == "r10"
    assert witness.tried["r10@ada.example"] == 1


@pytest.mark.feature("DLV-26")
def test_a_storm_of_refusals_is_left_to_pass_and_all_arrive_once(burst, finish, monkeypatch, tmp_path: Path) -> None:
    at: dict[str, datetime] = {"now": NOW}
    monkeypatch.setattr(gate, "database_now", lambda: at["now"])
    port = free_port()
    run = burst(port)
    with smtp_sink(tmp_path / "storm", port, "-r", "RCPT"):
        waiting = finish(run)
    tried = Attempt.objects.count()
    assert 5 <= tried <= 8  # those that were under way when the fifth failed; the others were not tried
    assert waiting.deliveries.filter(waits_for="breaker", attempts=0).count() == 10 - tried
    assert Gate.objects.get().last_word.startswith("450 4.3.0")
    with smtp_sink(tmp_path / "calm", port) as witness:
        for minutes in range(1, 12):
            at["now"] = NOW + timedelta(minutes=minutes)
            ended = finish(waiting, now=at["now"])
        assert witness.recipients() == sorted(f"r{number}@ada.example" for number in NUMBERS)
    assert ended.state == "accepted"
    assert Delivery.objects.filter(state="accepted").count() == 10
