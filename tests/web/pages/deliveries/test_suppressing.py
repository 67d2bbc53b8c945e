"""The page of addresses that are not sent to: who sees what, and lifts what bounced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.runs.actions.run_now import run_now
from broadsheet.schedules.models import Schedule

pytestmark = pytest.mark.feature("DLV-16")
PAGE = "/deliveries/suppressed/"
Visitor = Callable[[str], Client]


@pytest.fixture
def barred(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any], organization: Any) -> None:
    """Bo's address bounced, and Ada unsubscribed."""
    finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    Delivery.unchecked.filter(recipient_name="Bo Reed").update(state="failed")
    of = {"organization": organization, "at": NOW}
    Suppression.objects.create(address="bo@bo.example", reason="No such mailbox: “550 5.1.1”. Correct it", **of)
    schedule = Schedule.objects.get(name="buyers-monday")
    Suppression.objects.create(address="ada@ada.example", schedule=schedule, reason="Unsubscribed", **of)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_says_who_why_and_from_what(barred: None, visitor: Visitor) -> None:
    said = text(visitor("viewer").get(PAGE))
    assert all(word in said for word in ("bo@bo.example", "550 5.1.1", "everything", "ada@ada.example", "unsubscribed"))
    assert 'name="address"' not in said  # who reads alone is offered no act
    assert 'name="address" value="bo@bo.example"' in text(visitor("editor").get(PAGE))
    found = text(visitor("editor").get(f"{PAGE}?q=ADA"))
    assert "ada@ada.example" in found and "bo@bo.example" not in found and 'name="address"' not in found
    assert PAGE in text(visitor("viewer").get("/deliveries/"))


def test_what_bounced_is_lifted_and_who_unsubscribed_is_not(barred: None, visitor: Visitor) -> None:
    client = visitor("editor")
    done = client.post(f"{PAGE}lift/", {"address": "bo@bo.example"}, follow=True)
    assert "The next run sends to bo@bo.example again." in text(done)
    refused = client.post(f"{PAGE}lift/", {"address": "ada@ada.example"}, follow=True)
    assert "Only they can come back" in text(refused)
    assert list(Suppression.objects.values_list("address", flat=True)) == ["ada@ada.example"]


def test_it_asks_the_database_as_often_for_many_as_for_few(
    barred: None, visitor: Visitor, organization: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Suppression.objects.create(
            organization=organization, address=f"r{number}@ada.example", reason="No such mailbox: x", at=NOW
        )
    client = visitor("owner")
    client.get(PAGE)
    with django_assert_max_num_queries(16):
        assert text(client.get(PAGE)).count('name="address"') == 31


def test_others_find_nothing_and_lift_nothing(barred: None, visitor: Visitor) -> None:
    assert "ada@" not in text(visitor("outsider").get(PAGE))
    visitor("outsider").post(f"{PAGE}lift/", {"address": "bo@bo.example"})
    assert visitor("viewer").post(f"{PAGE}lift/", {"address": "bo@bo.example"}).status_code == 403
    assert Suppression.objects.count() == 2
