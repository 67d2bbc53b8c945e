"""`broadsheet sample` makes its data under the installation's folder, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app


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
