"""`broadsheet when` shows firings with reasons, as a table or as JSON, and says how to mend a bad rule."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from broadsheet.cli.main import app

pytestmark = pytest.mark.feature("SCH-30")
MONDAYS = '{every: week, on: [mon], at: "08:00"}'


def called(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["when", *arguments])


def test_firings_as_json() -> None:
    result = called(MONDAYS, "--zone", "America/New_York", "--from", "2026-11-23T09:00+00:00", "--count", "2", "--json")
    assert result.exit_code == 0
    got = json.loads(result.stdout)
    assert [one["at"] for one in got] == ["2026-11-23T13:00:00+00:00", "2026-11-30T13:00:00+00:00"]
    assert [one["local"] for one in got] == ["2026-11-23T08:00:00-05:00", "2026-11-30T08:00:00-05:00"]
    assert got[0]["moved_from"] is None
    assert got[0]["reason"]


def test_firings_for_people_name_the_rule_first() -> None:
    result = called(MONDAYS, "--zone", "Europe/London", "--from", "2026-11-23T09:00+00:00", "--count", "1")
    assert result.stdout.startswith("Every Monday at 08:00")
    assert "Mon 30 Nov 2026 08:00 GMT" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("every monday",), "is not a mapping"),
        (("{every: [",), "cannot be read as YAML"),
        (('{every: week, on: [mondy], at: "08:00"}',), "mon"),
        ((MONDAYS, "--zone", "America/New_Yrok"), "America/New_York"),
        ((MONDAYS, "--from", "yesterday"), "is not an instant"),
    ],
)
def test_bad_input_is_refused_with_the_fix(arguments: tuple[str, ...], said: str) -> None:
    result = called(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""
