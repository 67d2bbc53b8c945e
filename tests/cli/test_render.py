"""`broadsheet render` writes the format that the file's name ends with."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.runs.readers import nearest

pytestmark = [pytest.mark.django_db, pytest.mark.feature("FMT-01")]


def rendered(out: Path, *options: str) -> Result:
    command = ["render", "purchases", "--out", str(out), "--as", "b1", "--organization", "harbour-books"]
    return CliRunner().invoke(app, [*command, *options])


@pytest.mark.parametrize(("name", "begins"), [("x.xlsx", b"PK"), ("x.HTML", b"<!"), ("x.pdf", b"%PDF"), ("x", b"%PDF")])
def test_the_suffix_says_the_format(shop, tmp_path: Path, name: str, begins: bytes) -> None:
    result = rendered(tmp_path / name)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / name).read_bytes().lower().startswith(begins.lower())


def test_a_format_of_one_s_own_needs_no_suffix_that_fits(shop, tmp_path: Path) -> None:
    assert rendered(tmp_path / "x.part", "--format", "html").exit_code == 0
    assert (tmp_path / "x.part").read_bytes().lower().startswith(b"<!")


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("x.xlsx", ["--format", "pdf"], "x.xlsx is named as xlsx, and --format asks for pdf."),
        ("x.docx", [], "“.docx” is not a format."),
    ],
)
def test_what_does_not_fit_is_refused(shop, tmp_path: Path, name: str, options: list[str], told: str) -> None:
    result = rendered(tmp_path / name, *options)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / name).exists()


def test_a_recipient_that_is_none_is_told_which_there_are(shop, tmp_path: Path) -> None:
    result = rendered(tmp_path / "x.pdf", "--as", "B02")
    assert result.exit_code == 2
    assert "has a recipient “B02”" in " ".join(result.stderr.split())
    assert "There are: b2, " in result.stderr


def test_the_nearest_keys_come_first_and_ten_at_most() -> None:
    keys = [f"a{number}" for number in range(20)] + ["b7"]
    told = nearest("B07", keys)
    assert told.startswith("There are: b7, ")
    assert told.endswith(" and 11 more.")
    assert nearest("B07", ["b7"]) == "There is: b7."
    assert nearest("B07", []) == ""
