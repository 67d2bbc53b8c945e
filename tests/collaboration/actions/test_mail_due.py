"""Mails of notifications: each is sent once, by the first channel that takes it, and ends in an honest state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from tests.plugins.django import NOW

from broadsheet.access.actions.change_person import remove_person
from broadsheet.collaboration.actions.mail_due import claim, mail_due
from broadsheet.collaboration.actions.mark_read import mark_read
from broadsheet.collaboration.models import Mailing
from broadsheet.delivery.models import StoredChannel, Suppression
from broadsheet.delivery.ports import Receipt
from broadsheet.delivery.trial import organization_of

pytestmark = [pytest.mark.feature("SCH-11"), pytest.mark.django_db]


def at(later=timedelta(0)):
    return lambda: NOW + later


def state(told):
    found = Mailing.objects.get(notification=told)
    return found.state, found.proof


def test_it_goes_to_the_person_once(mail, tell, cast, organization) -> None:
    told = tell()
    assert [mail_due(clock=at()), mail_due(clock=at(timedelta(hours=1)))] == [1, 0]
    [sent] = mail.taken
    assert (sent.recipient_address, sent.kind, sent.made_at) == (cast.editor.email, "notice", NOW)
    found = Mailing.objects.get()
    assert (found.state, found.tries, found.settled_at) == ("accepted", 1, NOW)
    assert organization_of(sent.message_id) == organization.pk  # so that the catcher shows it to them alone
    assert state(told)[1] == found.proof != ""


def test_who_wants_none_has_no_mail(mail, tell, cast) -> None:
    cast.editor.mail_notices = False
    cast.editor.save()
    tell()
    assert mail_due(clock=at()) == 0


def test_what_changed_meanwhile_holds(mail, tell, cast, actor) -> None:
    told = [tell("editor"), tell("viewer"), tell("admin"), tell("owner")]
    mark_read(actor("editor"), told[0].pk, now=NOW)
    cast.viewer.mail_notices = False
    cast.viewer.save()
    remove_person(actor("owner"), cast.admin.pk, now=NOW)
    Suppression.objects.create(organization=told[3].organization, address=cast.owner.email, reason="It bounced", at=NOW)
    assert mail_due(clock=at()) == 4
    assert mail.taken == []
    assert [state(one) for one in told] == [
        ("skipped", "It was read before it was sent."), ("skipped", "The person wants no mail."),
        ("skipped", "The person has left."), ("skipped", "It bounced"),
    ]  # fmt: skip


def test_it_is_tried_again_for_a_day(mail, tell) -> None:
    told = tell()
    mail.ends = [Receipt("retry", "450 later") for _ in range(60)]
    sent, later = 0, timedelta(0)
    while later < timedelta(days=2):
        sent += mail_due(clock=at(later))
        later += timedelta(minutes=1)
    assert state(told) == ("failed", "450 later")
    assert 24 <= sent <= 32 and mail.taken == []


def test_the_other_side_says_when(mail, tell) -> None:
    tell()
    mail.ends = [Receipt("retry", "421 in an hour", wait=3600.0)]
    mail_due(clock=at())
    assert Mailing.objects.get().next_try_at == NOW + timedelta(hours=1)


def test_the_first_channel_that_takes_it(mail, tell, organization) -> None:
    StoredChannel.objects.create(organization=organization, name="another", kind="memory-mail", updated_at=NOW)
    told = tell()
    mail.ends = [Receipt("failed", "535 wrong password")]
    mail_due(clock=at())
    assert len(mail.taken) == 1 and state(told)[0] == "accepted"


def test_a_channel_that_failed_its_test_is_not_asked_and_one_that_passed_comes_first(mail, organization) -> None:
    from broadsheet.delivery.queries import mail_channels

    for name, ok in (("a-broken", False), ("b-untried", None), ("z-good", True)):
        StoredChannel.objects.create(organization=organization, name=name, kind="memory-mail", ok=ok, updated_at=NOW)
    StoredChannel.objects.create(organization=organization, name="files", kind="folder", ok=True, updated_at=NOW)
    assert [one.name for one in mail_channels(organization.pk)] == ["z-good", "b-untried", "mail"]


def test_without_a_channel_it_waits_for_one(tell, organization) -> None:
    told = tell()
    mail_due(clock=at())
    assert state(told) == ("due", "There is no e-mail channel that works.")
    mail_due(clock=at(timedelta(hours=23, minutes=59)))
    assert state(told)[0] == "failed"


def test_refused_for_good_is_failed(mail, tell) -> None:
    told = tell()
    mail.ends = [Receipt("failed", "550 no such person")]
    mail_due(clock=at())
    assert state(told) == ("failed", "550 no such person")


def test_a_cut_after_the_last_byte_is_unconfirmed_and_never_sent_again(mail, tell) -> None:
    told = tell()
    mail.ends = [Receipt("unconfirmed", "cut")]
    assert [mail_due(clock=at(timedelta(hours=hours))) for hours in range(3)] == [1, 0, 0]
    assert state(told) == ("unconfirmed", "cut")


@pytest.mark.parametrize(("handed_over", "ends"), [(None, "accepted"), (NOW, "unconfirmed")])
def test_who_dies_leaves_an_honest_state(mail, tell, handed_over, ends) -> None:
    told = tell()
    held = claim(Mailing.objects.get().pk, now=NOW)
    assert held is not None and mail_due(clock=at()) == 0  # its lease holds
    Mailing.objects.update(lease_until=NOW - timedelta(days=365), handed_over_at=handed_over)
    mail_due(clock=at())
    assert state(told)[0] == ends
    assert len(mail.taken) == (1 if ends == "accepted" else 0)


def test_who_slept_through_the_lease_hands_nothing_over(mail, tell, monkeypatch) -> None:
    told = tell()

    def sleep(outgoing, *, handing_over, **given):
        Mailing.objects.update(fence=99)
        handing_over()
        raise AssertionError("handed over")

    monkeypatch.setattr(mail, "send", sleep)
    assert mail_due(clock=at()) == 1
    assert state(told)[0] == "sending"  # the other's now


@pytest.mark.parametrize(("after", "ends"), [(False, "due"), (True, "unconfirmed")])
def test_a_fault_of_ours_keeps_no_other_mail_back(mail, tell, monkeypatch, after, ends) -> None:
    first, second = tell("editor"), tell("viewer")
    send = mail.send

    def fail(outgoing, *, handing_over, **given):
        if outgoing.recipient_name == "Vito":
            return send(outgoing, handing_over=handing_over, **given)
        if after:
            handing_over()
        raise ZeroDivisionError

    monkeypatch.setattr(mail, "send", fail)
    mail_due(clock=at())
    assert (state(first)[0], state(second)[0]) == (ends, "accepted")
    assert "Something of ours failed" in state(first)[1]


@pytest.mark.django_db(transaction=True)
def test_two_processes_send_each_mail_once(mail, tell) -> None:
    told = [tell(role) for role in ("owner", "admin", "editor", "viewer") for _ in range(5)]
    barrier = Barrier(2)

    def one(number: int) -> int:
        try:
            barrier.wait(timeout=10)
            return mail_due(clock=at())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(one, range(2))) == 20
    assert len(mail.taken) == len({one.message_id for one in mail.taken}) == 20
    assert {state(one)[0] for one in told} == {"accepted"}
