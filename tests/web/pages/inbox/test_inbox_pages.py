"""The portal inbox: a person's own deliveries, read when opened, the bytes of that day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW, Cast

Visitor = Callable[[str], Client]


@pytest.fixture
def sent(transactional_db: None, cast: Cast, shop: object, actor: Callable, finish: Callable) -> Any:
    """A run of the shop's schedule in which Ada's report goes to the viewer's own address."""
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("editor"), "buyers-monday", now=NOW)
    finish(run)
    delivery = Delivery.objects.get(occurrence=run, recipient_key="b1")
    assert delivery.state == "accepted", delivery.reason
    Delivery.objects.filter(pk=delivery.pk).update(address=cast.viewer.email.upper())
    return delivery


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.feature("DLV-02")
def test_it_is_not_read_until_it_is_opened(sent: Any, visitor: Visitor) -> None:
    client = visitor("viewer")
    assert "Your inbox, 1 not read" in text(client, "/inbox/")
    assert 'class="count">1' in text(client, "/reports/")
    page = text(client, f"/inbox/{sent.pk}/")
    assert "purchases-2026-10.csv" in page
    assert "not read" not in text(client, "/inbox/")


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize("role", ["owner", "editor", "outsider"])
def test_nobody_else_opens_it_there(sent: Any, visitor: Visitor, role: str) -> None:
    from broadsheet.delivery.models import Delivery

    client = visitor(role)
    for path in ("", "letter/", "file/csv/"):
        assert client.get(f"/inbox/{sent.pk}/{path}").status_code == 404
    assert str(sent.pk) not in text(client, "/inbox/")
    assert Delivery.objects.get(pk=sent.pk).read_at is None
    assert visitor("").get(f"/inbox/{sent.pk}/").status_code == 302


def test_the_file_has_the_bytes_that_were_sent(sent: Any, visitor: Visitor) -> None:
    answer = visitor("viewer").get(f"/inbox/{sent.pk}/file/csv/")
    data = answer.content
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"Atlas,1,30" in data and b"100" not in data
    assert visitor("viewer").get(f"/inbox/{sent.pk}/file/html/").status_code == 404  # Ada takes CSV alone
    assert visitor("viewer").get(f"/inbox/{sent.pk}/file/mail/").status_code == 404


def test_the_letter_stands_in_a_sandbox(sent: Any, visitor: Visitor) -> None:
    answer = visitor("viewer").get(f"/inbox/{sent.pk}/letter/")
    assert answer.status_code == 200 and b"Ada" in answer.content
    assert answer["Content-Security-Policy"].startswith("sandbox ")


def test_an_empty_inbox_says_what_would_stand_here(cast: Cast, visitor: Visitor) -> None:
    assert "Nothing here yet" in text(visitor("viewer"), "/inbox/")
