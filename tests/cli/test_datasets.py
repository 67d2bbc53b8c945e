"""`broadsheet dataset`: as tables, CSV and JSON."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app

pytestmark = [pytest.mark.feature("COL-07"), pytest.mark.usefixtures("shop"), pytest.mark.django_db]


def run(*arguments: str):
    return CliRunner().invoke(app, ["dataset", *arguments])


def test_datasets_are_listed_and_shown() -> None:
    assert [one["name"] for one in json.loads(run("list", "--json").stdout)] == ["buyers", "orders"]
    assert "orders" in run("list").stdout
    fields = {one["name"]: one["from"] for one in json.loads(run("show", "orders", "--json").stdout)["fields"]}
    assert fields["spent"] == "sum(price)"
    assert "sum(price)" in run("show", "orders").stdout


def test_a_dataset_is_asked() -> None:
    asked = ("ask", "orders", "--metric", "spent", "--by", "item", "--where", "item != Poems", "--order", "-spent")
    assert json.loads(run(*asked, "--format", "json").stdout)["rows"] == [["Atlas", 130], ["Novel", 32.5]]
    assert run(*asked, "--format", "csv").stdout_bytes == b"item,spent\r\nAtlas,130.0\r\nNovel,32.5\r\n"
    assert "32.5" in run(*asked).stdout
    assert "There are more rows" in run(*asked, "--limit", "1").stdout


def test_it_is_asked_with_somebodys_rights(cast) -> None:
    mine = run(
        "ask", "orders", "--metric", "bought", "--as", cast.viewer.email, "--json", "--organization", "harbour-books"
    )
    assert json.loads(mine.stdout)["rows"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "orders", "--metric", "spend"), "no metric “spend”"),
        (("ask", "order", "--metric", "spent"), "Did you mean “orders”?"),
        (("ask", "orders", "--metric", "spent", "--where", "item"), "is not a condition"),
        (("lineage", "orders", "--field", "colour"), "no dimension “colour”"),
        (("show", "order"), "Did you mean “orders”?"),
    ],
)
def test_mistakes_are_told(arguments, said) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert said in " ".join(refused.stderr.split())


def test_lineage_names_reports_lines_and_schedules() -> None:
    told = run("lineage", "orders", "--field", "item").stdout
    assert "source shop (duckdb): orders" in told
    assert "table By item shows item" in told
    assert "schedule buyers-monday sends purchases by inbox" in told
    assert json.loads(run("lineage", "orders", "--json").stdout)["reports"][0]["name"] == "purchases"


def test_a_file_that_breaks_a_report_is_applied_only_with_force(shop, tmp_path) -> None:
    [dataset] = [one for one in shop["shop.yaml"].split("---\n") if one.startswith("dataset: orders\n")]
    file = tmp_path / "orders.yaml"
    file.write_text(dataset.replace("spent:", "paid:"), "utf-8")
    refused = CliRunner().invoke(app, ["apply", str(file)])
    assert refused.exit_code == 2
    assert "Report “purchases”, line" in refused.stderr
    assert "add --force" in refused.stderr
    assert CliRunner().invoke(app, ["apply", str(file), "--force"]).exit_code == 0
