"""`broadsheet run` says who got nothing, when a retry comes and who makes it, and that a run's process has died."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.access.queries import system_actor
from broadsheet.cli import run as command
from broadsheet.cli.main import app
from broadsheet.cli.run import gone
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Occurrence

INVALID = {"row": 2, "who": "Bo Reed", "message": "There is no address.", "fix": "Fill the address."}


@pytest.fixture
def asked(organization, shop) -> Occurrence:
    return run_now(system_actor(organization.pk), "buyers-monday", now=NOW)


@pytest.mark.feature("SCH-20")
def test_invalid_rows_are_told_loudly_and_leave_the_exit_status(asked, capsys: pytest.CaptureFixture[str]) -> None:
    asked.state, asked.finished_at, asked.invalid = "accepted", NOW, [INVALID]
    command._answer(asked, seconds=1, as_json=False, served=True)
    told = capsys.readouterr().err
    assert "1 row of the audience got nothing; mend it:" in told
    assert "row 2 Bo Reed: There is no address. Fill the address." in told


@pytest.mark.feature("SCH-20")
@pytest.mark.parametrize(
    ("vendor", "served", "told"),
    [
        ("sqlite", True, "the server retries it then."),
        ("sqlite", False, "nothing will be retried until a server runs."),
        ("postgresql", False, "a server must run then to retry it."),
    ],
)
def test_a_run_that_sleeps_says_until_when_and_who_goes_on(
    asked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, vendor: str, served: bool, told: str
) -> None:
    from django.db import connection

    monkeypatch.setattr(connection, "vendor", vendor)
    assert command._sleeps(NOW + timedelta(hours=1), served=served).startswith("It sleeps until 24 Nov 10:00 UTC;")
    assert told in command._sleeps(NOW, served=served)


@pytest.mark.feature("SCH-20")
def test_a_sleeping_run_tells_the_retry_to_machines_too(asked) -> None:
    asked.wake_at = NOW
    assert command.facts(asked, seconds=1)["retry_at"] == NOW.isoformat()


@pytest.mark.feature("SCH-20")
def test_a_process_that_has_died_is_told_from_one_that_lives() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here = socket.gethostname()
    assert gone(f"{here}:{ended.pid}:abc")
    assert not gone(f"{here}:{os.getpid()}:abc")
    assert not gone(f"elsewhere:{ended.pid}:abc")
    assert not gone("")


@pytest.mark.feature("SCH-20")
def test_the_command_that_comes_next_stands_on_one_line(organization, shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_served", lambda folder: True)
    arguments = ["run", "buyers-monday", "--test-to", "me@shop.example", "--organization", organization.slug]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "60"})
    assert result.exit_code == 0, result.stderr
    run = Occurrence.objects.get()
    assert result.stdout.splitlines()[-1] == f"  broadsheet deliveries --run {run.pk}"
