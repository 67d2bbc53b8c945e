"""Choosing something for single firings through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import World

pytestmark = pytest.mark.feature("SCH-20")
PLACE = "/schedules/buyers-monday"


def test_a_firing_is_moved_then_held_there_and_taken_back(
    world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    secret = token("editor")
    to = "2099-01-01T08:00:00Z"
    [one] = call("POST", f"{PLACE}/move", token=secret, body={"to": to, "why": "Holiday."}).json()
    assert (one["what"], one["to"], one["by"][:4], one["why"]) == ("move", to, "Edda", "Holiday.")
    [held] = call("POST", f"{PLACE}/hold", token=secret, body={"at": one["fire_at"]}).json()
    assert (held["what"], held["to"]) == ("hold", to)
    assert call("GET", f"{PLACE}/overrides", token=token("viewer")).json() == [held]
    assert call("POST", f"{PLACE}/undo", token=secret, body={}).json() == []
    assert call("POST", f"{PLACE}/undo", token=secret, body={}).status_code == 409


def test_skipping_shows_in_the_field_of_old(world: World, call: Callable[..., Any], token: Callable[..., str]) -> None:
    secret = token("editor")
    [one] = call("POST", f"{PLACE}/skip", token=secret, body={}).json()
    assert call("GET", PLACE, token=secret).json()["skip_at"] == one["fire_at"]


def test_a_viewer_and_another_tenant_change_nothing(
    world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    for act, body in (("skip", {}), ("hold", {}), ("move", {"to": "2099-01-01T08:00:00Z"}), ("undo", {})):
        assert call("POST", f"{PLACE}/{act}", token=token("viewer"), body=body).status_code == 403
        assert call("POST", f"{PLACE}/{act}", token=token("outsider"), body=body).status_code == 404
