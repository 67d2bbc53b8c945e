"""`broadsheet audit`: list, verify, export; a file is verified without an installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner

from broadsheet.cli.main import app

pytestmark = pytest.mark.feature("SEC-17")


def ask(*words: str) -> Any:
    return CliRunner().invoke(app, ["audit", *words])


@pytest.fixture
def journal(shop: object) -> None:
    """The acts that applying the shop's definitions wrote."""


def test_it_is_listed_and_verified(journal: None) -> None:
    found = json.loads(ask("list", "--action", "schedule.", "--json").stdout)
    assert [one["action"] for one in found] == ["schedule.saved"]
    verdict = json.loads(ask("verify", "--json").stdout)
    assert verdict["whole"] and verdict["entries"] > 5
    assert ask("verify", "--head", verdict["head"]).exit_code == 0


def test_an_export_is_verified_and_a_changed_one_is_not(journal: None, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    assert ask("export", "--out", str(file)).exit_code == 0
    assert "as they were written" in ask("verify", str(file)).stdout
    file.write_text(file.read_text("utf-8").replace("schedule.saved", "schedule.paused"), "utf-8")
    answer = ask("verify", str(file))
    assert answer.exit_code == 4
    assert "does not fit" in answer.stdout


def test_a_chain_without_its_end_ends_with_its_status_and_is_exported(journal: None) -> None:
    ask("verify")
    with connection.cursor() as cursor:
        cursor.execute("delete from compliance_journalend")
    answer = ask("verify", "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["whole"]) == (4, False)
    exported = ask("export")
    assert (exported.exit_code, len(exported.stdout.splitlines())) == (0, json.loads(answer.stdout)["entries"])


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert "be read." in ask("verify", str(tmp_path / "nothing")).output
    file = tmp_path / "odd.jsonl"
    file.write_text("not json\n", "utf-8")
    assert "Line 1 is no entry" in ask("verify", str(file)).output


@pytest.mark.parametrize("record", ['{"share": NaN}', '{"deep": ' + "[" * 100_000 + "]" * 100_000 + "}"])
def test_a_hostile_file_is_said_without_a_traceback(tmp_path: Path, record: str) -> None:
    file = tmp_path / "hostile.jsonl"
    file.write_text(f'{{"seq": 1, "hash": "", "record": {record}}}\n', "utf-8")
    answer = ask("verify", str(file))
    assert isinstance(answer.exception, SystemExit)
    assert "Line 1 is no entry" in answer.output


def test_an_export_overwrites_nothing(journal: None, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_text("mine", "utf-8")
    assert "is there already" in ask("export", "--out", str(file)).output
    assert file.read_text("utf-8") == "mine"
