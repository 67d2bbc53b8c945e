"""What is held, listed and decided by command."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from click.testing import Result
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.access.queries import system_actor
from broadsheet.cli.main import app
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Occurrence

pytestmark = pytest.mark.feature("SCH-20")


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--organization", "harbour-books"], env={"COLUMNS": "200"})


@pytest.fixture
def due(organization, shop, transactional_db) -> Occurrence:
    return run_now(system_actor(organization.pk), "buyers-monday", now=NOW)


def test_a_run_is_held_listed_and_released(due: Occurrence) -> None:
    assert said("hold", str(due.pk), "--why", "Wrong prices.").exit_code == 0
    [listed] = json.loads(said("release", "--json").stdout)
    assert listed["run"] == str(due.pk)
    assert listed["held_reason"].endswith(": Wrong prices.")
    assert json.loads(said("release", str(due.pk), "--json").stdout) == {"released": 1}
    due.refresh_from_db()
    assert due.state == "due"
    again = said("drop", str(due.pk))
    assert (again.exit_code, "is not held: it is due" in again.stderr) == (2, True)


def test_dropping_nothing_says_what_to_name(due: Occurrence) -> None:
    answer = said("drop")
    assert answer.exit_code == 2
    assert "Say what to drop." in answer.stderr


def test_a_firing_is_moved_held_and_taken_back(due: Occurrence) -> None:
    moved = said("move", "buyers-monday", "--to", "2099-01-01T08:00Z", "--why", "Holiday.", "--json")
    [one] = json.loads(moved.stdout)
    assert (one["kind"], one["to"], one["why"]) == ("move", "2099-01-01T08:00:00+00:00", "Holiday.")
    [held] = json.loads(said("hold", "buyers-monday", "--at", one["fire_at"], "--json").stdout)
    assert (held["kind"], held["to"]) == ("hold", one["to"])
    assert "All firings come as the rule says." in said("skip", "buyers-monday", "--undo").stdout
    wrong = said("skip", "buyers-monday", "--at", "2099-01-01T08:00Z")
    assert (wrong.exit_code, "does not fire at 2099-01-01 08:00:00 UTC" in wrong.stderr) == (2, True)


def test_a_schedule_is_paused_and_resumed(due: Occurrence) -> None:
    paused = json.loads(said("pause", "buyers-monday", "--json").stdout)
    assert paused["paused_at"] and paused["next_fire_at"] is None
    assert "is paused: it fires no more" in said("pause", "buyers-monday").stdout
    resumed = said("resume", "buyers-monday")
    assert (resumed.exit_code, "“buyers-monday” fires: next at " in resumed.stdout) == (0, True)
    wrong = said("pause", "buyers-mondya")
    assert (wrong.exit_code, "There is no schedule “buyers-mondya”" in wrong.stderr) == (2, True)


def test_a_run_is_stopped_once(due: Occurrence, finish) -> None:
    assert json.loads(said("stop", str(due.pk), "--json").stdout) == {"stopped": str(due.pk)}
    assert finish(due).state == "skipped"
    again = said("stop", str(due.pk))
    assert (again.exit_code, "The run has ended already." in again.stderr) == (2, True)
    for text, told in (("x", "is not an id"), (str(uuid4()), "There is no run")):
        assert told in said("stop", text).stderr


def test_a_backfill_is_only_told_of_until_it_is_started(due: Occurrence) -> None:
    span = ("buyers-monday", "--from", "2026-11-09", "--to", "2026-11-24T00:00Z")
    told = json.loads(said("backfill", *span, "--json").stdout)
    assert (told["runs"], told["deliveries"]) == (3, 9)
    assert "Nothing was done; add --start to do it." in said("backfill", *span).stdout
    assert Occurrence.objects.count() == 1
    made = json.loads(said("backfill", *span, "--keep", "--start", "--why", "Down.", "--json").stdout)
    assert made["runs"] == 3
    assert json.loads(said("backfill", "--stop", made["backfill"], "--json").stdout) == {"stopped": 3}
    assert said("backfill", "buyers-monday").exit_code == 2


def test_a_run_of_which_deliveries_are_held_is_released_by_its_id(due: Occurrence, finish) -> None:
    from broadsheet.delivery.models import Delivery

    finish(due)
    Delivery.unchecked.exclude(recipient_name="Ada Stone").update(state="held")
    Occurrence.unchecked.update(state="running", finished_at=None, held_at=NOW)
    assert json.loads(said("release", str(due.pk), "--json").stdout) == {"released": 2}
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["accepted", "due", "due"]
