"""The load over HTTP: simulated with what-ifs, and spread by who may change schedules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("BEY-08"), pytest.mark.usefixtures("shop")]
MONDAYS = {"since": "2026-11-30", "days": 14}


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    return lambda path, body, role="viewer": call("POST", path, token=token(role), body=body)


def test_as_it_is_and_as_it_would_be(ask: Callable[..., Any]) -> None:
    found = ask("/load", {**MONDAYS, "add": {"buyers-monday": 3}, "workers": 1}).json()
    assert (found["zone"], found["since"], found["unread"]) == ("America/New_York", "2026-11-30T05:00:00Z", [])
    now, then = found["now"], found["then"]
    assert (now["runs"], now["waited"], [one["hour"] for one in now["hours"]]) == (2, 0, [8, 8])
    assert (then["runs"], then["waited"], then["longest_wait_seconds"]) == (8, 6, 90)
    assert then["waits"][0] == {"schedule": "buyers-monday +3", "at": "2026-11-30T13:00:00Z", "waits_seconds": 90}
    assert ask("/load", MONDAYS).json()["then"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [({"days": 93}, 422), ({"workers": 0}, 422), ({"add": {"nightly": 1}}, 404), ({"add": {"buyers-monday": 99_999}}, 422)],
)  # fmt: skip
def test_what_cannot_be_simulated(ask: Callable[..., Any], body: dict[str, Any], status: int) -> None:
    assert ask("/load", {**MONDAYS, **body}).status_code == status


@pytest.mark.feature("SCH-10")
def test_floating_schedules_are_spread(ask: Callable[..., Any]) -> None:
    one = Schedule.objects.get(name="buyers-monday")
    one.pk, one.name, one.definition = None, "floating", {**one.definition, "policies": {"float": {"minutes": 30}}}
    one.save()
    moves = [{"schedule": "floating", "was_minutes": 0, "now_minutes": 5}]
    told = {"peak_before": 2, "peak_after": 1, "moves": moves}
    assert ask("/load/spread", {"dry_run": True}, "editor").json() == told
    assert Schedule.objects.get(name="floating").offset_seconds == 0
    assert ask("/load/spread", {}, "editor").json() == told
    assert Schedule.objects.get(name="floating").offset_seconds == 300
    assert ask("/load/spread", {}, "viewer").status_code == 403
