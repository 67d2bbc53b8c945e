"""`broadsheet import crontab` prints definitions that can be planned, and says what it left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from broadsheet.cli.main import app
from broadsheet.core.document.loading import load
from broadsheet.schedules.definition import schedule_from

pytestmark = pytest.mark.feature("SCH-09")
TEXT = """MAILTO=ops@shop.example
# Sales of the week
0 8 * * 1 /opt/weekly_sales.sh --password=hunter2
@reboot start-me
CRON_TZ=Asia/Tokyo
@daily stock.sh
"""


def called(folder: Path, *arguments: str, text: str = TEXT) -> Result:
    (folder / "crontab").write_text(text, "utf-8")
    return CliRunner().invoke(app, ["import", "crontab", str(folder / "crontab"), *arguments])


def test_what_is_printed_can_be_planned(tmp_path: Path) -> None:
    arguments = ("--report", "sales", "--channel", "inbox", "--channel", "hook", "--to", "ada@x.example")
    result = called(tmp_path, *arguments, "--zone", "Europe/London")
    assert result.exit_code == 0
    first, second = map(schedule_from, load(result.stdout, file="x.yaml"))
    assert (first.name, first.title, first.report) == ("weekly-sales", "Sales of the week", "sales")
    assert first.when == {"cron": "0 8 * * 1", "zone": "Europe/London"}
    assert second.when == {"cron": "@daily", "zone": "Asia/Tokyo"}
    assert [one.address for one in first.audience.people] == ["ada@x.example"]
    assert [one.channel for one in first.channels] == ["inbox", "hook"]
    assert "crontab:4: cron: @reboot is no time" in result.stderr
    assert "2 of 3 jobs read; nothing was applied." in result.stderr
    assert "hunter2" not in result.stdout + result.stderr


def test_people_and_jobs_have_names_of_their_own(tmp_path: Path) -> None:
    addresses = ("ops@shop.example", "ada.king@shop.example", "ada.king@x.example")
    arguments = [part for one in addresses for part in ("--to", one)]
    result = called(tmp_path, "--report", "sales", "--channel", "mail", *arguments)
    first, second = map(schedule_from, load(result.stdout, file="x.yaml"))
    assert (first.title, second.title) == ("Sales of the week", "Stock")
    told = [(one.key, one.name, one.address) for one in first.audience.people]
    assert told == [
        ("ops", "Ops", "ops@shop.example"),
        ("ada.king@shop.example", "Ada King", "ada.king@shop.example"),
        ("ada.king@x.example", "Ada King", "ada.king@x.example"),
    ]


def test_a_day_of_the_month_with_a_weekday_is_warned_of(tmp_path: Path) -> None:
    told = called(tmp_path, text="0 8 * * 1 a\n0 8 */2 * 1 b\n30 6 1,15 * 1-5 c\n0 8 1-7 * 1 d\n").stderr
    assert "crontab:1:" not in told
    assert "crontab:2:" not in told
    means = "on the 1st of every month and on the 15th of every month and every weekday at 06:30"
    assert (
        f"crontab:3: “30 6 1,15 * 1-5” has a day of the month and a weekday, and cron fires on either: {means}." in told
    )
    assert "crontab:4: “0 8 1-7 * 1” has a day of the month and a weekday, and cron fires on either. Where" in told
    assert "add “cron_days: both”" in told


def test_what_nobody_gave_is_told(tmp_path: Path) -> None:
    result = called(tmp_path)
    assert result.exit_code == 0
    assert "Still to be written into each: report, channels." in result.stderr
    assert "ops@shop.example" in result.stdout  # MAILTO's


def test_a_file_is_written_once(tmp_path: Path) -> None:
    out = tmp_path / "schedules.yaml"
    result = called(tmp_path, "--out", str(out))
    assert (result.exit_code, result.stdout, len(load(out.read_text("utf-8"), file="x"))) == (0, "", 2)
    again = called(tmp_path, "--out", str(out))
    assert (again.exit_code, "is there already" in " ".join(again.stderr.split())) == (2, True)


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("# nothing\n", (), "There is no job in crontab"),
        (TEXT, ("--zone", "Europe/Londn"), "Europe/London"),
    ],
)
def test_what_cannot_be(text: str, arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = called(tmp_path, *arguments, text=text)
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (2, True)


def test_a_file_that_is_not_there() -> None:
    result = CliRunner().invoke(app, ["import", "crontab", "/nowhere/crontab"])
    assert (result.exit_code, "cannot be read" in " ".join(result.stderr.split())) == (2, True)
