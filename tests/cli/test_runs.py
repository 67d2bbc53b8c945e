"""`broadsheet runs`."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.access.queries import system_actor
from broadsheet.cli.main import app
from broadsheet.runs.actions.run_now import run_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("BEY-02")]


def run(*arguments: str) -> object:
    return CliRunner().invoke(app, ["runs", *arguments, "--organization", "harbour-books"])


def test_runs_are_listed_with_how_they_ended(shop, finish, organization) -> None:
    assert "There are no such runs." in run().output
    ended = finish(run_now(system_actor(organization.pk), "buyers-monday", now=NOW))
    [told] = json.loads(run("--json").stdout)
    assert (told["run"], told["state"], told["deliveries"]) == (str(ended.pk), "accepted", {"accepted": 3})
    assert "There are no such runs." not in run("--state", "accepted,failed").output
    assert "There are no such runs." in run("--state", "failed").output
    assert "There are no such runs." in run("--schedule", "another").output


@pytest.mark.feature("SCH-24")
def test_one_is_shown_with_what_it_used(shop, finish, organization) -> None:
    ended = finish(run_now(system_actor(organization.pk), "buyers-monday", now=NOW))
    told = json.loads(run(str(ended.pk), "--json").stdout)
    assert told["used"]["rows"] > 0
    shown = run(str(ended.pk)).output
    assert "state: accepted" in shown
    assert f"rows: {told['used']['rows']}" in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--state", "accpted"), "There is no state “accpted”"),
        (("no-id",), "is not an id"),
        ((str(uuid4()),), "There is no run"),
    ],
)
def test_what_is_not_there_is_said(shop, given: tuple[str, ...], said: str) -> None:
    told = run(*given)
    assert told.exit_code == 2
    assert said in told.output
