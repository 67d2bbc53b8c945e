"""What changes between the making of a report and its sending."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from .parts.house import House, mail, schedule
from .parts.mailbox import Mailbox

READER = "r0@readers.example"


@pytest.mark.feature("DLV-26")
def test_unsubscribed_between_render_and_send(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """Made, tried once, and unsubscribed before the next try: not sent."""
    house.apply(mail(witness.port) + schedule("news", readers=2, policies="{retry: {tries: 5, first_seconds: 5}}"))
    house.due("news")
    node = house.node()
    house.until(lambda: house.ended(1), seconds=60, what="the first run ended")
    [link] = [one.unsubscribe.strip("<> ").split(">")[0] for one in witness.taken if one.to == READER]
    witness.greets = lambda address, call: "451 4.3.0 try again later" if (address, call) == (READER, 2) else ""
    house.run("run", "news", "--at", "2026-11-01T09:00+00:00", "--wait", status=3)  # one is still to be tried again
    house.until(lambda: house.counts("delivery_delivery").get("retrying"), seconds=60, what="one was to be tried again")
    answer = httpx.post(f"{node.address}{urlsplit(link).path}", data={"List-Unsubscribe": "One-Click"}, timeout=30)
    assert answer.is_success
    house.until(lambda: house.ended(2), seconds=90, what="the second run ended")
    figures["states"] = house.counts("delivery_delivery")
    assert house.counts("delivery_delivery") == {"accepted": 3, "suppressed": 1}
    assert witness.by_reader()[READER] == 1
