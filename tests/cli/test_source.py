"""`broadsheet source`: copies listed and brought up to date, statistics, and the dataset to begin with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plugins.leadconduit import LeadConduit
from typer.testing import CliRunner

from broadsheet.cli.main import app

pytestmark = pytest.mark.feature("BEY-12")


def ask(*words: str) -> Any:
    return CliRunner().invoke(app, ["source", *words])


def test_a_source_is_synced_and_listed(leadconduit: LeadConduit, ads: object) -> None:
    leadconduit.fill(1002)
    assert ask("sync", "ads").stdout == "1,002 new, 1,002 in all.\n"
    [found] = json.loads(ask("list", "--json").stdout)
    assert (found["source"], found["rows"], found["said"]) == ("ads", 1002, "")
    assert "1,002" in ask("list").stdout


def test_what_goes_wrong_has_its_status(leadconduit: LeadConduit, ads: object) -> None:
    leadconduit.key = "another"
    answer = ask("sync", "ads", "--json")
    assert answer.exit_code == 4
    assert "API key" in json.loads(answer.stdout)["said"]


def test_a_name_that_is_misspelt_is_told(ads: object) -> None:
    answer = ask("sync", "ad")
    assert answer.exit_code == 2
    assert "Did you mean “ads”?" in answer.stderr


def test_statistics_are_asked_for(leadconduit: LeadConduit, ads: object) -> None:
    leadconduit.statistics = [{"source": "Sun", "source-success": 7}]
    answer = ask("stats", "ads", "--group-by", "source", "--column", "source-success", "--every-event", "--json")
    assert json.loads(answer.stdout) == {
        "columns": ["source", "source_success"],
        "rows": [{"source": "Sun", "source_success": 7}],
    }
    assert "Sun" in ask("stats", "ads", "--group-by", "source", "--column", "source-success").stdout
    wrong = ask("stats", "ads", "--interval", "now and then")
    assert (wrong.exit_code, "minutely" in wrong.stderr) == (2, True)


def test_the_dataset_to_begin_with_is_shown_and_made(ads: object) -> None:
    from broadsheet.sources.models import StoredDataset

    shown = ask("starter", "ads", "--show").stdout
    assert shown.startswith("dataset: ads-lead-events\nsource: ads\n")
    assert not StoredDataset.objects.exists()
    assert ask("starter", "ads").stdout == "The dataset “ads-lead-events” is made.\n"
    assert StoredDataset.objects.get().definition == shown
    assert "stays as it is" in ask("starter", "ads").stdout
