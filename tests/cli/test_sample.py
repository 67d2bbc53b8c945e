"""`broadsheet sample` makes its data under the installation's folder, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadsheet.access.queries import system_actor
from broadsheet.cli.main import app
from broadsheet.core.document.loading import dump
from broadsheet.delivery.models import StoredChannel
from broadsheet.operations.definitions.apply import apply
from broadsheet.sample.organization import make_organization
from broadsheet.schedules.models import Schedule


@pytest.mark.django_db
def test_sample_data_is_made_once_and_told_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path))
    first = CliRunner().invoke(app, ["sample", "--today", "2026-11-23", "--json"])
    made = (tmp_path / "sample" / "events.parquet").stat().st_mtime_ns
    second = CliRunner().invoke(app, ["sample", "--today", "2026-11-23", "--json"])
    assert first.exit_code == second.exit_code == 0
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert {fact["name"]: fact["rows"] for fact in json.loads(first.stdout)["files"]}["buyers.parquet"] == 40
    assert (tmp_path / "sample" / "events.parquet").stat().st_mtime_ns == made


def test_a_day_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, ["sample", "--today", "23.11.2026"])
    assert result.exit_code == 2
    assert "Write it as 2026-11-23." in result.stderr


@pytest.mark.django_db
def test_changed_definitions_stay_until_they_are_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path))
    command = ["sample", "--today", "2026-11-23", "--json"]
    assert CliRunner().invoke(app, command).exit_code == 0
    schedule = Schedule.objects.get(name="buyers-monday")
    actor = system_actor(schedule.organization_id)
    mine = {
        "title": "Mine",
        "report": schedule.report.name,
        **{k: v for k, v in schedule.definition.items() if k != "title"},
    }
    apply(actor, {"mine.yaml": dump("schedule", "buyers-monday", mine)}, now=datetime(2026, 11, 23, 9, tzinfo=UTC))
    assert CliRunner().invoke(app, command).exit_code == 0
    assert Schedule.objects.get(name="buyers-monday").title == "Mine"
    renewed = CliRunner().invoke(app, [*command, "--renew"])
    assert json.loads(renewed.stdout)["renewed"] == ["schedule buyers-monday"]
    assert Schedule.objects.get(name="buyers-monday").title == schedule.title


@pytest.mark.django_db
def test_the_mail_channel_follows_the_catcher_unless_it_was_changed(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def port(catcher_port: int) -> int:
        made = make_organization(tmp_path, now=now, catcher_port=catcher_port)
        return StoredChannel.objects.get(organization=made.organization, name="mail").settings["port"]

    assert [port(8025), port(8026)] == [8025, 8026]
    mail = StoredChannel.objects.get(name="mail")
    mail.settings |= {"host": "mail.example"}
    mail.save()
    assert port(8027) == 8026
