"""`broadsheet conditions` and `go-ahead`: what they say, for people and for machines, and the exit status."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from broadsheet.cli.conditions import bars
from broadsheet.cli.main import app
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("SCH-16"), pytest.mark.feature("SCH-17")]


def ran(*arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--organization", "harbour-books"])


@pytest.fixture
def schedule(shop: object) -> Schedule:
    found = Schedule.objects.get(name="buyers-monday")
    found.definition |= {
        "ready": {"probes": [{"rows": "orders", "at_least": 7, "period": "2026-10"}]},
        "only_if": {"dataset": "orders", "metric": "spent", "period": "2026-10", "above": 200},
    }
    found.save()
    return found


def test_what_they_say_now(schedule: Schedule) -> None:
    found = ran("conditions", "buyers-monday")

    assert found.exit_code == 3
    lines = found.stdout.splitlines()
    assert lines[0] == "✓ “orders” has 7 rows or more for October 2026."
    assert lines[1] == "✗ Spent was €176.00 for October 2026, not above €200.00."
    assert lines[2].endswith("█  2024-05-01 to 2026-10-01")
    assert lines[3] == "A firing would not go on now."
    told = json.loads(ran("conditions", "buyers-monday", "--json").stdout)
    assert (told["would_fire"], told["only_if"]["value"], told["standing"]["status"]) == (False, 176.0, "ok")


def test_without_conditions_every_firing_goes_on(shop: object) -> None:
    found = ran("conditions", "buyers-monday")

    assert (found.exit_code, found.stdout) == (0, "It has no conditions: every firing goes on.\n")


def test_only_a_run_that_waits_goes_without(shop: object, organization: Any) -> None:
    assert "is not the id of a run" in ran("go-ahead", "buyers-monday").output
    assert "There is no run" in ran("go-ahead", "00000000-0000-4000-8000-000000000000").output


def test_bars_are_as_high_as_their_values() -> None:
    assert bars([0.0, None, 7.0, 3.5]) == "▁ █▅"
    assert bars([2.0, 2.0]) == "▁▁"
    assert bars([]) == ""
