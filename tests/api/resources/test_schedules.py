"""Schedules over HTTP: run once however often asked, steered, and taken away only without history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("shop")
PLACE = "/schedules/buyers-monday"


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    secret = token("editor")
    return lambda method, path, **more: call(method, path, token=secret, **more)


@pytest.mark.feature("SCH-30")
def test_one_instant_gives_one_run(ask: Callable[..., Any]) -> None:
    first, second = (ask("POST", f"{PLACE}/run", body={"at": at}) for at in ("2026-11-02T08:00:00Z", "2026-11-02T09:00:00+01:00"))  # fmt: skip
    other = ask("POST", f"{PLACE}/run", body={"at": "2026-11-02T08:00:01Z", "with": {"period": "last week"}})
    assert (first.status_code, first.json()["state"], first.json()["kind"]) == (202, "due", "manual")
    assert first.json()["run"] == second.json()["run"] != other.json()["run"]
    assert [one["run"] for one in ask("GET", "/runs").json()["items"]] == [other.json()["run"], first.json()["run"]]
    assert ask("GET", f"/runs/{other.json()['run']}").json()["with"] == {"period": "last week"}


def test_a_run_with_parameters_that_the_report_refuses(ask: Callable[..., Any]) -> None:
    answer = ask("POST", f"{PLACE}/run", body={"with": {"period": "soon"}})
    assert (answer.status_code, "period" in answer.json()["detail"]) == (422, True)


def test_a_run_is_stopped_once(ask: Callable[..., Any], finish: Callable[..., Any]) -> None:
    run = ask("POST", f"{PLACE}/run", body={"at": "2026-11-02T08:00:00Z"}).json()["run"]
    assert ask("POST", f"/runs/{run}/stop").status_code == 204
    from broadsheet.runs.models import Occurrence

    assert finish(Occurrence.objects.get(pk=run)).finished_at
    assert ask("POST", f"/runs/{run}/stop").status_code == 409


def test_steering(ask: Callable[..., Any]) -> None:
    assert ask("GET", PLACE).json()["next_fire_at"] == "2026-11-30T13:00:00Z"  # Monday, eight in New York
    assert ask("POST", f"{PLACE}/skip-next", body={}).json()["skip_at"] == "2026-11-30T13:00:00Z"
    assert ask("POST", f"{PLACE}/skip-next", body={"undo": True}).json()["skip_at"] is None
    paused = ask("POST", f"{PLACE}/pause").json()
    assert paused["paused_at"] and paused["next_fire_at"] is None
    assert ask("POST", f"{PLACE}/skip-next", body={}).status_code == 409
    assert ask("POST", f"{PLACE}/resume").json()["paused_at"] is None


@pytest.mark.feature("SCH-20")
def test_upcoming_and_a_rule_tried_tell_the_same(ask: Callable[..., Any]) -> None:
    after = "2026-10-26T00:00:00Z"
    coming = ask("GET", f"{PLACE}/upcoming", query={"after": after, "count": 2}).json()
    assert [(one["at"], one["local"]) for one in coming] == [
        ("2026-10-26T12:00:00Z", "2026-10-26T08:00:00-04:00"),
        ("2026-11-02T13:00:00Z", "2026-11-02T08:00:00-05:00"),  # summer time ended on 1 November
    ]
    when = {"every": "week", "on": ["mon"], "at": "08:00"}
    body = {"when": when, "zone": "America/New_York", "from": after, "count": 2}
    assert ask("POST", "/recurrence/preview", body=body).json()["firings"] == coming
    unzoned = {k: v for k, v in body.items() if k != "zone"}
    assert ask("POST", "/recurrence/preview", body=unzoned).json()["firings"] == coming


def test_a_schedule_with_history_stays(ask: Callable[..., Any]) -> None:
    ask("POST", f"{PLACE}/run", body={"at": "2026-11-02T08:00:00Z"})
    kept = ask("DELETE", PLACE)
    assert (kept.status_code, "Pause it" in kept.json()["detail"]) == (409, True)


def test_a_schedule_that_never_ran_goes(ask: Callable[..., Any]) -> None:
    definition = ask("GET", PLACE).json()["definition"]
    made = ask("PUT", "/schedules/second", body={"definition": definition})
    assert made.json() == {"kind": "schedule", "name": "second", "effect": "added"}
    assert ask("DELETE", "/schedules/second").status_code == 204
    assert [ask("GET", "/schedules/second").status_code, ask("DELETE", "/schedules/second").status_code] == [404, 404]
