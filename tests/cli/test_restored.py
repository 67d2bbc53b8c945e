"""`broadsheet restored`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.runs.models import LostTime

pytestmark = [pytest.mark.django_db, pytest.mark.feature("BEY-01")]
RUN = CliRunner()


def test_time_is_declared_lost() -> None:
    given = ["restored", "--from", "2026-11-23T09:00+00:00", "--to", "2026-11-23T10:00+00:00"]
    told = json.loads(RUN.invoke(app, [*given, "--json"]).stdout)
    assert told["held"] == 0
    assert LostTime.objects.get().told_by == "command line"
    assert "0 open runs are held" in RUN.invoke(app, given).stdout


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-23T10:00", "2026-11-23T09:00", "ends before it begins"),
        ("2026-11-23T10:00", "2099-01-01", "still to come"),
    ],
)
def test_times_that_cannot_be_are_refused(since: str, until: str, said: str) -> None:
    done = RUN.invoke(app, ["restored", "--from", since, "--to", until])
    assert done.exit_code == 2
    assert said in done.stderr
