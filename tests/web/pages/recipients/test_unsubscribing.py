"""The link in a mail: it shows, it does, it takes back; a wrong one says so in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]


@pytest.fixture
def link(shop: object, actor: Callable) -> str:
    """The link of a delivery to Ada."""
    from broadsheet.delivery.models import Delivery, StoredChannel
    from broadsheet.delivery.unsubscribing import unsubscribe_url
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("editor"), "buyers-monday", now=NOW)
    delivery = Delivery.objects.create(
        organization_id=run.organization_id, occurrence=run, channel=StoredChannel.objects.get(name="inbox"),
        recipient_key="b1", recipient_name="Ada Stone", address="Ada@ada.example", language="en", zone="UTC",
        message_id="x@y",
    )  # fmt: skip
    url = unsubscribe_url(delivery.pk)
    return url[url.index("/unsubscribe/") :]


def ended() -> list[str]:
    from broadsheet.delivery.models import Suppression

    return list(Suppression.objects.values_list("address", flat=True))


@pytest.mark.feature("DLV-05")
def test_looking_ends_nothing(link: str) -> None:
    answer = Client().get(link)
    assert answer.status_code == 200 and ended() == []
    assert "Stop getting “Purchases, Mondays”?" in answer.content.decode()


@pytest.mark.feature("DLV-05")
def test_one_click_ends_it_at_once_without_sign_in_or_form_token(link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and ended() == ["ada@ada.example"]
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ended() == ["ada@ada.example"]


def test_it_can_be_taken_back(link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(link, {"act": "leave"}).content.decode()
    assert "You have unsubscribed" in page and "Subscribe again" in page
    assert "Stop getting" in client.post(link, {"act": "again"}).content.decode()
    assert ended() == []


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "é", "x" * 3000, "..%2f..", "<script>"])
def test_a_wrong_link_is_said_in_words(db: None, token: str) -> None:
    for answer in (Client().get(f"/unsubscribe/{token}/"), Client().post(f"/unsubscribe/{token}/")):
        assert answer.status_code == 404
        assert "<script>" not in answer.content.decode()


def test_a_link_that_was_changed_ends_nothing(link: str) -> None:
    answer = Client().post(link[:-3] + "xx/")
    assert answer.status_code == 404 and "not valid any more" in answer.content.decode()
    assert ended() == []


def test_the_address_is_told_to_nobody(link: str) -> None:
    answer = Client().get(link)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in answer.content.decode()
