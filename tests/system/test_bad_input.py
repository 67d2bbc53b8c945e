"""Bad input, from the command line as a person meets it: what, where and how to mend it; nothing is lost."""

from __future__ import annotations

import json

import pytest
from tests.plugins.postgres import free_port

from .conftest import Installation, Witness

AT = "2026-11-23T13:00:00+00:00"
PEOPLE = """\
schedule: two-people
report: executive-briefing
when: {every: day, at: "06:00", zone: UTC}
audience:
  people:
    - {name: Ada, address: ada@good.example}
    - {name: Bo, address: bo@refused.example}
    - {name: Cy, address: ""}
channels: [{channel: mail, formats: [csv]}]
"""
ABSENT = """\
source: warehouse
engine: postgresql
settings: {host: 127.0.0.1, port: PORT, database: leads, user: reader, sslmode: disable}
---
dataset: orders
source: warehouse
sql: select day, price from orders
time: day
dimensions: {day: date}
metrics: {spent: {expression: sum(price), kind: money}}
---
report: spending
title: Spending
parameters: {period: {kind: period, default: last month}}
data: {month: {dataset: orders, metrics: [spent]}}
blocks: [{metrics: month, show: [spent]}]
---
schedule: spending
report: spending
when: {every: day, at: "06:00", zone: UTC}
audience: {people: [{name: Ada, address: ada@good.example}]}
channels: [{channel: mail, formats: [pdf]}]
policies: {retry: {tries: 1}}
"""


@pytest.mark.feature("DLV-16")
@pytest.mark.feature("DLV-07")
def test_a_refused_address_fails_alone_and_one_without_is_listed(installation: Installation, witness: Witness) -> None:
    witness.refuse = "refused.example"
    installation.apply(f"{witness.channel()}---\n{PEOPLE}")
    told = installation.json("run", "two-people", "--at", AT, "--wait", status=3)
    assert (told["state"], told["deliveries"]) == ("partial", {"accepted": 1, "failed": 1})
    assert [(one["who"], one["message"]) for one in told["invalid"]] == [("Cy", "There is no address.")]
    [failed] = installation.json("deliveries", "--state", "failed")
    assert failed["proof"] == "550 5.1.1 no such user here"
    assert witness.recipients() == ["ada@good.example"]
    witness.refuse = ""
    assert installation.json("resend", "--run", told["run"]) == {"due": 1}
    again = installation.json("run", "two-people", "--at", AT, "--wait")
    assert again["deliveries"] == {"accepted": 2}
    assert witness.recipients() == ["ada@good.example", "bo@refused.example"]


@pytest.mark.feature("SCH-08")
def test_an_unreachable_database_ends_the_run_in_words_without_its_password(installation: Installation) -> None:
    installation.apply(ABSENT.replace("PORT", str(free_port())))
    told = installation.json("run", "spending", "--at", AT, "--wait", status=3)
    assert told["state"] == "failed"
    assert "did not let us in. Check host, port, database, user, password" in told["error"]
    found = json.loads(installation.run("doctor", "--json", status=4))
    [source] = [one for one in found if one["check"] == "source warehouse"]
    assert source["verdict"] == "bad"


@pytest.mark.feature("DLV-11")
def test_a_period_without_rows_gives_a_report_that_says_so(installation: Installation) -> None:
    out = installation.folder / "empty.csv"
    told = installation.json(
        "render", "buyer-performance", "--as", "harbor-home-solar", "--format", "csv", "--out", str(out),
        "-p", "period=2019-01",
    )  # fmt: skip
    assert told["bytes"] > 0
    assert "Source" in out.read_text("utf-8-sig")


@pytest.mark.feature("BEY-09")
def test_what_is_wrong_with_a_file_is_said_with_its_line(installation: Installation) -> None:
    file = installation.folder / "bad.yaml"
    file.write_text(
        "dataset: x\nsource: leads\nsql: |\n  select 1;\n  drop table events\ndimensions: {a: text}\n", "utf-8"
    )
    told = json.loads(installation.run("apply", str(file), "--json", status=2))
    [problem] = told["problems"]
    assert (problem["file"], problem["path"]) == (str(file), "sql")
    assert "one statement" in problem["message"] + problem["fix"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "buyers-munday"), "Did you mean “buyers-monday”?"),
        (("run", "buyers-monday", "-p", "period=lost month"), "last month"),
        (
            ("render", "buyer-performance", "--out", "x.docx", "--format", "docx"),
            "Installed are: csv, html, pdf, xlsx.",
        ),
        (("render", "buyer-performance", "--out", "x.pdf", "--as", "nobody"), "has a recipient “nobody”"),
        (("resend", "1234"), "is not an id"),
        (("resend",), "Say what to send again"),
        (("deliveries", "--organization", "nowhere"), "There are: northlight"),
    ],
)
def test_a_wrong_command_says_what_is_right(installation: Installation, arguments: tuple[str, ...], said: str) -> None:
    assert said in " ".join(installation.refused(*arguments).split())
