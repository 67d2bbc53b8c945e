"""What the mail catcher took is kept once for each recipient, with whoever sent it, and as any database can keep it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.plugins.django import NOW

from broadsheet.adapters.catcher import Caught
from broadsheet.delivery.actions.keep_mail import keep
from broadsheet.delivery.models import CaughtMail
from broadsheet.delivery.trial import trial_id
from broadsheet.runs.actions.run_now import run_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("DLV-01")]


def caught(message_id: str, *, subject: bytes = b"October", to: tuple[str, ...] = ("ada@ada.example",)) -> Caught:
    return Caught("reports@x.example", to, b"Subject: " + subject + b"\r\n\r\nwords\r\n", NOW, message_id)


def test_each_recipient_has_a_message_once(organization) -> None:
    one = caught("m1@x", to=("ada@ada.example", "bo@bo.example"))
    assert [keep(one), keep(one)] == [True, False]
    assert sorted(CaughtMail.objects.values_list("recipient", flat=True)) == ["ada@ada.example", "bo@bo.example"]


def test_whose_it_is_tells_a_delivery_or_a_signed_test_and_nothing_else(finish, shop, actor, organization) -> None:
    delivery = finish(run_now(actor("editor"), "buyers-monday", now=NOW)).deliveries.first()
    genuine = trial_id(organization.pk, host="x")
    for one in (delivery.message_id, genuine, genuine.replace("test.", "test.9"), f"{uuid4()}@x"):
        keep(caught(one))
    kept = {one.message_id: one.organization_id for one in CaughtMail.objects.all()}
    assert list(kept.values()).count(organization.pk) == 2
    assert (kept[delivery.message_id], kept[genuine]) == (organization.pk, organization.pk)


def test_signs_that_no_database_keeps_are_left_out(organization) -> None:
    assert keep(caught("m2@x", subject=b"=?utf-8?q?Oct=00ober?= \xff", to=("a\0da@ada.example",)))
    [kept] = CaughtMail.objects.all()
    assert (kept.subject.isprintable(), kept.recipient) == (True, "a da@ada.example")
