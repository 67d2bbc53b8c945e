"""`broadsheet event`, `hook` and `trigger`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.core.document.loading import load
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.models import Event, Hook

db = pytest.mark.django_db(transaction=True)


def run(*arguments: str, **more: Any) -> Any:
    return CliRunner().invoke(app, list(arguments), **more)


@pytest.fixture
def listening(shop, actor, other_organization) -> tuple[str, str]:
    text = shop["shop.yaml"].split("---\n")[-1] + "on_event: {event: import.finished, with: {least: rows}}\n"
    save_schedule(actor("editor"), load(text, file="s.yaml")[0], now=NOW)
    return ("--organization", "harbour-books")


@db
@pytest.mark.feature("SCH-18")
def test_an_event_is_told_by_file_text_or_pipe_and_once_by_key(listening, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text('{"rows": 3}', "utf-8")
    for given, more in (('{"rows": 3}', {}), (f"@{file}", {}), ("-", {"input": b'{"rows": 3}'})):
        told = run(
            "event", "send", "import.finished", "--payload", given, "--key", "batch-7", "--json", *listening, **more
        )
        assert told.exit_code == 0, told.output
        found = json.loads(told.stdout)
        assert (found["payload"], [one["state"] for one in found["started"]]) == ({"rows": 3}, ["due"])
    assert Event.objects.count() == 1 and found["new"] is False
    said = run("event", "send", "import.finished", "--payload", '{"rows": 3}', *listening)
    assert "buyers-monday: due" in said.stdout
    assert "It started nothing" in run("event", "send", "day.closed", *listening).stdout
    assert "failed, The payload has no “rows”" in run("event", "send", "import.finished", *listening).stdout
    assert [one["name"] for one in json.loads(run("event", "list", "--json", *listening).stdout)] == [
        "import.finished", "day.closed", "import.finished", "import.finished",
    ]  # fmt: skip
    shown = run("event", "show", str(Event.objects.get(key="batch-7").pk), *listening)
    assert "key batch-7" in shown.stdout and '"rows": 3' in shown.stdout


@db
@pytest.mark.feature("SCH-18")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["Import"], "is no name of an event"),
        (["a", "--payload", "{"], "not JSON"),
        (["a", "--payload", "@/nowhere/x.json"], "The file “/nowhere/x.json” cannot be read"),
        (["a", "--at", "soon"], "“soon” is not an instant."),
    ],
)
def test_what_is_no_event_is_refused(listening, given: list[str], said: str) -> None:
    told = run("event", "send", *given, *listening)
    assert told.exit_code == 2 and said in told.stderr.replace("\n", " ")


@db
@pytest.mark.feature("SCH-19")
def test_an_address_is_made_renewed_shown_and_ended(listening) -> None:
    assert run("hook", "show", "buyers-monday", *listening).exit_code == 2
    made = run("hook", "make", "buyers-monday", *listening)
    url, secret, _ = made.stdout.splitlines()
    assert url.endswith(str(Hook.objects.get().pk)) and secret.startswith("whsec_")
    again = json.loads(run("hook", "make", "buyers-monday", "--at-once", "--json", *listening).stdout)
    assert again["url"] == url and again["secret"] != secret and again["before_until"] is None
    shown = run("hook", "show", "buyers-monday", *listening)
    assert url in shown.stdout and "whsec_" not in shown.stdout
    assert run("hook", "end", "buyers-monday", *listening).exit_code == 0
    ended = run("hook", "end", "buyers-monday", *listening)
    assert ended.exit_code == 2 and "“buyers-monday” has no trigger address." in ended.stderr


ENDED = {"run": "r1", "schedule": "s", "state": "accepted", "finished_at": "2026-11-24T09:00:00Z", "deliveries": {"accepted": 3}}  # fmt: skip


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``answering(status, …)`` lets every request be answered so; gives the requests."""

    def answers(status: int, **facts: Any) -> list[httpx.Request]:
        asked: list[httpx.Request] = []

        def send(self: Any, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return httpx.Response(202 if request.method == "POST" and status == 200 else status, json=facts)

        monkeypatch.setattr(httpx.HTTPTransport, "handle_request", send)
        monkeypatch.setenv("BROADSHEET_SERVER", "http://reports.example")
        monkeypatch.setenv("BROADSHEET_TOKEN", "bst_x")
        monkeypatch.setattr("broadsheet.client.TRY_SECONDS", (0,))
        return asked

    return answers


@pytest.mark.feature("SCH-19")
def test_a_trigger_starts_waits_and_says_how_it_went(answering) -> None:
    asked = answering(200, **ENDED)
    told = run(
        "trigger",
        "s",
        "--key",
        "batch-7",
        "-p",
        "least=5",
        "-p",
        "period=last week",
        "-p",
        "all=true",
        "-p",
        'code="5"',
    )
    assert (told.exit_code, told.stdout) == (0, "r1  accepted: 3 accepted\n")
    assert json.loads(asked[0].content) == {"with": {"least": 5, "period": "last week", "all": True, "code": "5"}}
    assert asked[0].headers["Idempotency-Key"] == "batch-7" and asked[1].url.params["wait"] == "30.0"
    assert json.loads(run("trigger", "s", "--json").stdout)["run"] == "r1"
    asked.clear()
    assert run("trigger", "s", "--wait", "0").exit_code == 0 and len(asked) == 1


@pytest.mark.feature("SCH-19")
@pytest.mark.parametrize(
    ("status", "facts", "code", "said"),
    [
        (200, {**ENDED, "state": "partial", "error": "No route."}, 3, "No route."),
        (200, {**ENDED, "state": "held", "finished_at": None}, 4, "is still held after"),
        (422, {"detail": "“least” is a number.", "fix": "Send 5."}, 2, "“least” is a number. Send 5."),
        (503, {"detail": "Away."}, 5, "Away."),
    ],
)
def test_its_exit_status_says_how_it_ended(answering, status: int, facts: Any, code: int, said: str) -> None:
    answering(status, **facts)
    told = run("trigger", "s", "--wait", "0.1")
    assert told.exit_code == code and said in told.stderr


def test_a_parameter_is_a_name_and_a_value(answering) -> None:
    answering(200, **ENDED)
    told = run("trigger", "s", "-p", "least")
    assert told.exit_code == 2 and "“least” is not a parameter." in told.stderr
