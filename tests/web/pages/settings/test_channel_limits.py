"""A channel's limits and breaker on its page: seen, changed, refused at their field, and let through."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest

from broadsheet.clock import database_now
from broadsheet.delivery.models import Gate, Meter, StoredChannel

pytestmark = [pytest.mark.django_db, pytest.mark.feature("BEY-07"), pytest.mark.feature("DLV-26")]
FORM = {
    "label": "Out", "limit-per_hour": "100", "limit-at_once": "2", "limit-failures": "3",
    "limit-domains": "Ada.example: 5/day, 1 at once\n*: 20 / minute",
}  # fmt: skip


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def channel() -> StoredChannel:
    return StoredChannel.objects.get(name="outbox")


def test_limits_are_kept_shown_again_and_taken_away(shop: Any, visitor: Any) -> None:
    client = visitor("admin")
    client.post("/settings/channels/outbox/", FORM)
    kept = channel()
    assert kept.limits == {
        "at_once": 2, "per_hour": 100,
        "domains": {"ada.example": {"at_once": 1, "per_day": 5}, "*": {"per_minute": 20}},
    }  # fmt: skip
    assert kept.breaker == {"failures": 3}
    page = text(client.get("/settings/channels/"))
    assert "ada.example: 5/day, 1 at once" in page and "*: 20/minute" in page
    assert "0 of 100 used, 100 left" in page
    client.post("/settings/channels/outbox/", {"label": "Out"})
    assert channel().limits == {}


def test_what_cannot_be_is_told_at_its_field(shop: Any, visitor: Any) -> None:
    wrong = {"label": "Out", "limit-per_hour": "0", "limit-domains": "nowhere: 5/day"}
    answer = visitor("admin").post("/settings/channels/outbox/", wrong)
    assert answer.status_code == 422
    page = text(answer)
    assert "“nowhere” is not a domain" in page and "nowhere: 5/day" in page
    assert channel().limits == {}


def test_a_channel_that_is_left_alone_says_so_and_is_let_through(shop: Any, visitor: Any) -> None:
    now = database_now()
    Gate.objects.create(
        channel=channel(), recent="-----", opened_at=now, trial_at=now + timedelta(minutes=9), last_word="421 too busy"
    )
    assert "fails and is left alone" in text(visitor("viewer").get("/settings/channels/"))
    assert "Let it through now" not in text(visitor("viewer").get("/settings/channels/"))
    assert visitor("viewer").post("/settings/channels/outbox/let-through/").status_code == 403
    page = text(visitor("admin").get("/settings/channels/"))
    assert "421 too busy" in page and "Let it through now" in page
    done = visitor("admin").post("/settings/channels/outbox/let-through/", follow=True)
    assert "is let through: what waited is tried now." in text(done)
    assert Gate.objects.get().opened_at is None


def test_used_is_shown_by_domain(shop: Any, visitor: Any) -> None:
    client = visitor("admin")
    client.post("/settings/channels/outbox/", FORM)
    slot = int(database_now().timestamp() // 1)
    Meter.objects.create(channel=channel(), domain="bo.example", seconds=60, used={str(slot): 7})
    page = text(client.get("/settings/channels/"))
    assert "In a minute, bo.example" in page and "7 of 20 used, 13 left" in page
