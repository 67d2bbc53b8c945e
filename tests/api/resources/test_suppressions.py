"""Addresses that are not sent to, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import World
from tests.plugins.django import NOW

pytestmark = pytest.mark.feature("DLV-16")


def test_they_are_listed_and_what_bounced_is_lifted(
    call: Callable[..., Any], token: Callable[..., str], world: World
) -> None:
    from broadsheet.delivery.models import Delivery, Suppression

    bo = Delivery.objects.get(pk=world.failed)
    told = {"organization": bo.organization, "at": NOW}
    Suppression.objects.create(address="bo@bo.example", reason="No such mailbox: gone", **told)
    left = {"address": "ada@ada.example", "reason": "Unsubscribed", "schedule": bo.occurrence.schedule}
    Suppression.objects.create(**left, **told)
    secret = token("editor")
    assert call("GET", "/suppressions", token=secret).json()["items"] == [
        {"address": "ada@ada.example", "schedule": "buyers-monday", "bounced": False, "reason": "Unsubscribed", "since": "2026-11-24T09:00:00Z"},
        {"address": "bo@bo.example", "schedule": None, "bounced": True, "reason": "No such mailbox: gone", "since": "2026-11-24T09:00:00Z"},
    ]  # fmt: skip
    first = call("GET", "/suppressions", token=secret, query={"limit": 1}).json()
    after = call("GET", "/suppressions", token=secret, query={"cursor": first["next"]}).json()
    assert [one["address"] for one in (*first["items"], *after["items"])] == ["ada@ada.example", "bo@bo.example"]
    lift = {"method": "POST", "path": "/suppressions/lift", "token": secret}
    assert call(**lift, body={"addresses": ["bo@bo.example", "ada@ada.example"]}).status_code == 409
    assert call(**lift, body={"addresses": ["bo@bo.example"]}).json() == {"lifted": 1}
    assert call(**lift, body={"addresses": ["bo@bo.example"]}).status_code == 404
