"""Backfills through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import World

pytestmark = pytest.mark.feature("SCH-20")
PLACE = "/schedules/buyers-monday/backfill"
RANGE = {"from": "2026-11-09T00:00:00Z", "to": "2026-11-24T00:00:00Z"}


def test_it_is_seen_started_looked_at_and_stopped(
    world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    secret = token("editor")
    plan = call("POST", f"{PLACE}/plan", token=secret, body=RANGE).json()
    assert (plan["runs"], plan["recipients"], plan["deliveries"]) == (3, 3, 9)
    assert plan["firings"][0] == {
        "fire_at": "2026-11-09T13:00:00Z", "reason": "every Monday", "was": "", "runs": True,
    }  # fmt: skip
    started = call("POST", PLACE, token=secret, body={**RANGE, "sending": "nobody", "at_once": 2, "why": "Down."})
    assert started.status_code == 202
    made = started.json()
    assert (made["runs"], made["at_once"], made["sending"], made["why"]) == ({"due": 3}, 2, "nobody", "Down.")
    address = f"/backfills/{made['backfill']}"
    assert call("GET", address, token=secret).json() == made
    assert call("GET", address, token=token("outsider")).status_code == 404
    assert call("POST", f"{address}/stop", token=secret).json() == {"stopped": 3}


def test_a_range_that_cannot_be_is_said(world: World, call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call("POST", f"{PLACE}/plan", token=token("editor"), body={"from": "2001-01-01T00:00:00Z"})
    assert (answer.status_code, "more than 400 firings" in answer.json()["detail"]) == (422, True)
