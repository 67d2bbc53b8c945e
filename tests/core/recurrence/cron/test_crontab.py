"""Whole crontabs: settings, comments, users, percent signs; and what cannot be read, with its line."""

from __future__ import annotations

import pytest

from broadsheet.core.recurrence.cron.crontab import crontab_from

pytestmark = pytest.mark.feature("SCH-09")
TEXT = r"""# Reports of the shop
SHELL=/bin/sh
0 5 * * * early
MAILTO="ops@shop.example"
CRON_TZ = Europe/London

# Sales of the week
0 8 * * 1 /opt/reports/weekly_sales.sh --format pdf
*/15   8-17 * * mon-fri cd /opt && python3 stock.py > /tmp/x 2>&1
@daily  backup-report
@reboot start-me
0 25 * * * wrong
0 7 1 * * mail -s "Total \% of" boss%hello%there
0 7 1 *
0 6 * * * /opt/reports/weekly_sales.sh
0 6 * * *
"""


def test_jobs_with_what_stands_above_them() -> None:
    jobs = {job.line: job for job in crontab_from(TEXT).jobs}
    assert list(jobs) == [3, 8, 9, 10, 13, 15]
    assert (jobs[3].zone, jobs[3].mailto) == ("", "")
    sales = jobs[8]
    assert (sales.cron, sales.zone, sales.mailto) == ("0 8 * * 1", "Europe/London", "ops@shop.example")
    assert (sales.comment, sales.name, sales.user) == ("Sales of the week", "weekly-sales", "")
    assert (jobs[9].cron, jobs[9].name, jobs[9].comment) == ("*/15 8-17 * * mon-fri", "stock", "")
    assert (jobs[10].cron, jobs[15].name) == ("@daily", "weekly-sales-2")


def test_a_percent_sign_ends_the_command_unless_it_is_escaped() -> None:
    assert crontab_from(TEXT).jobs[4].command == 'mail -s "Total % of" boss'


def test_what_cannot_be_read_is_told_with_line_and_reason() -> None:
    told = {one.line: one.reason for one in crontab_from(TEXT).unread}
    assert set(told) == {11, 12, 14, 16}
    assert "@reboot is no time" in told[11]
    assert told[12] == "hour: 25 is out of range"
    assert "fewer than five fields" in told[14]
    assert "no command follows" in told[16]


@pytest.mark.parametrize(
    "head",
    [
        "# m h dom mon dow user  command\n",
        "# |  |  |  |  |\n# *  *  *  *  * user-name command to be executed\n",
        "",
    ],
)
def test_a_column_of_users_is_found(head: str) -> None:
    [job] = crontab_from(f"{head}17 * * * * root cd / && run-parts /etc/cron.hourly\n").jobs
    assert (job.user, job.command, job.name) == ("root", "cd / && run-parts /etc/cron.hourly", "run-parts")


def test_a_column_of_users_as_said() -> None:
    text = "0 8 * * 1 reports send-sales\n"
    assert [job.user for job in crontab_from(text).jobs] == [""]
    [job] = crontab_from(text, users=True).jobs
    assert (job.user, job.name) == ("reports", "send-sales")


def test_a_zone_that_there_is_not_leaves_its_jobs_out() -> None:
    found = crontab_from("CRON_TZ=Mars/Base\n0 8 * * 1 send\n")
    assert found.jobs == ()
    assert "Mars/Base" in found.unread[0].reason


@pytest.mark.parametrize("text", ["", "\n\n# nothing\n", "A=b\n", "\ufeff# x\n"])
def test_files_without_jobs(text: str) -> None:
    assert (crontab_from(text).jobs, crontab_from(text).unread) == ((), ())


@pytest.mark.parametrize("command", ["!!! ???", "--only -o", "/", "é", "python3 -c 'x'", "sh"])
def test_every_command_gets_a_name(command: str) -> None:
    [job] = crontab_from(f"0 8 * * 1 {command}\n").jobs
    assert job.name and job.name.strip("-") == job.name
