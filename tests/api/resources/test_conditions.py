"""Conditions through the API: where they stand, what they say now, what a run waits for, and letting it go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.api.conftest import World
from tests.plugins.django import NOW

pytestmark = [pytest.mark.feature("SCH-16"), pytest.mark.feature("SCH-17")]
DEFINED = {
    "ready": {"probes": [{"rows": "orders", "at_least": 8, "period": "2026-10"}]},
    "only_if": {"dataset": "orders", "metric": "spent", "period": "2026-10", "above": 100},
}


@pytest.fixture
def waiting(world: World) -> Any:
    """The world's run, as it waits for its data, and its schedule with conditions."""
    from broadsheet.runs.models import Occurrence
    from broadsheet.schedules.models import Schedule, Wait

    schedule = Schedule.objects.get(name="buyers-monday")
    schedule.definition |= DEFINED
    schedule.save()
    Occurrence.unchecked.filter(pk=world.run).update(state="waiting", finished_at=None, owner="", wake_at=NOW)
    Wait.objects.create(
        schedule=schedule, run=world.run, since=NOW, until=NOW + timedelta(hours=2), looked_at=NOW, lacking=["Not yet."]
    )
    return schedule


def test_what_stands_and_what_they_say_now(waiting: Any, call: Callable[..., Any], token: Callable[..., str]) -> None:
    secret = token("editor")

    stands = call("GET", "/schedules/buyers-monday/conditions", token=secret).json()
    now = call("POST", "/schedules/buyers-monday/conditions/check", token=secret).json()

    assert (stands["ready"], stands["only_if"]) == (DEFINED["ready"], DEFINED["only_if"])
    assert stands["standing"] == {
        "status": "ok", "since": None, "in_a_row": 0, "fired_at": None, "figures": True, "evaluations": [],
    }  # fmt: skip
    assert now["would_fire"] is False
    assert now["ready"] == [{"holds": False, "text": "“orders” has not 8 rows for October 2026 yet."}]
    figure = now["only_if"]
    assert (figure["verdict"], figure["because"], figure["value"], len(figure["series"])) == ("fire", "met", 176.0, 30)
    assert figure["series"][-1] == {"start": "2026-10-01", "value": 176.0}
    rehearsed = call("POST", "/schedules/buyers-monday/dry-run", token=secret).json()
    assert rehearsed["conditions"]["would_fire"] is False


def test_a_run_says_what_it_waits_for_and_goes_without(
    waiting: Any, world: World, call: Callable[..., Any], token: Callable[..., str]
) -> None:
    secret = token("editor")

    found = call("GET", f"/runs/{world.run}/conditions", token=secret).json()
    assert found["evaluation"] is None
    assert (found["wait"]["outcome"], found["wait"]["lacking"]) == ("waiting", ["Not yet."])
    assert found["wait"]["until"] == "2026-11-24T11:00:00Z"

    answer = call("POST", f"/runs/{world.run}/go-ahead", token=secret)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert call("GET", f"/runs/{world.run}/conditions", token=secret).json()["wait"]["outcome"] == "stale"
    assert call("POST", f"/runs/{world.run}/go-ahead", token=secret).status_code == 409
    assert call("POST", f"/runs/{world.run}/go-ahead", token=token("outsider")).status_code == 404
