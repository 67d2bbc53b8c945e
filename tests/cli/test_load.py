"""`broadsheet simulate` and `spread` on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("BEY-08"), pytest.mark.usefixtures("shop")]


def call(*arguments: str):
    return CliRunner().invoke(app, [*arguments])


def test_a_simulation_says_what_waits() -> None:
    given = ("simulate", "--from", "2026-11-30", "--add", "buyers-monday=3", "--workers", "1")
    found = call(*given)
    assert found.exit_code == 0
    assert "buyers-monday +3 of Mon 30 Nov 08:00 would wait 1 min 30 s." in found.output
    told = json.loads(call(*given, "--json").output)
    assert (told["now"]["runs"], told["then"]["waited"], told["then"]["busiest"]) == (
        1, 3, {"day": "2026-11-30", "hour": 8},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--add", "buyers-monday"), "Write --add buyers-monday=20."),
        (("--closed", "Friday"), "“Friday” is not a date."),
        (("--move", "nightly=5"), "There is no schedule “nightly”"),
    ],
)
def test_what_cannot_be_read_is_said(given: tuple[str, ...], said: str) -> None:
    found = call("simulate", "--from", "2026-11-30", *given)
    assert found.exit_code == 2
    assert said in " ".join(found.output.split())


@pytest.mark.feature("SCH-10")
def test_a_dry_run_moves_nothing() -> None:
    one = Schedule.objects.get(name="buyers-monday")
    assert "Nothing moves" in call("spread").output
    one.pk, one.name, one.definition = None, "floating", {**one.definition, "policies": {"float": {"minutes": 30}}}
    one.save()
    assert "Nothing was moved yet." in call("spread", "--dry-run").output
    assert Schedule.objects.get(name="floating").offset_seconds == 0
    assert json.loads(call("spread", "--json").output)["moves"] == [{"schedule": "floating", "was": 0, "now": 5}]
    assert Schedule.objects.get(name="floating").offset_seconds == 300
