"""Starting runs by token and idempotency key, waiting for their end, and making trigger addresses."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Timer
from time import monotonic
from typing import Any

import pytest
from django.db import connection, connections
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.api import waiting
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.steer import pause
from broadsheet.schedules.models import Hook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-19")]
RUNS = "/schedules/buyers-monday/runs"


@pytest.fixture
def start(shop, call, token) -> Callable[..., Any]:
    """``start("key", {"least": 5})`` by a machine that may run schedules and nothing else."""
    secret = token("editor", ["schedule.read", "schedule.run", "delivery.read"])

    def asked(key: str = "", given: Any = None, **more: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return call("POST", RUNS, token=secret, body={"with": given or {}}, headers=headers, **more)

    return asked


def test_a_key_is_one_run(start) -> None:
    first, again = start("batch-7", {"least": 5}), start("batch-7", {"least": 5})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["run"] == again.json()["run"] and first.json()["kind"] == "call"
    assert (first.headers.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert first["Location"] == f"/api/v1/runs/{first.json()['run']}"
    assert start().json()["run"] != start().json()["run"]
    assert Occurrence.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"least": 6}, "The key “batch-7” stands for another request"),
        ({"lest": 5}, "The key “batch-7” stands for another request"),
    ],
)
def test_a_key_stands_for_one_request(start, given: dict[str, Any], said: str) -> None:
    start("batch-7", {"least": 5})
    answer = start("batch-7", given)
    assert answer.status_code == 422 and said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"least": "5"}, "“least” is a number, and a text came"),
        ({"least": True}, "“least” is a number, and yes or no came"),
        ({"period": 7}, "“period” is a text, and a number came"),
        ({"lest": 5}, "The report has no parameter “lest”"),
        ({"period": "last moon"}, "last moon"),
    ],
)
def test_parameters_are_strict(start, given: dict[str, Any], said: str) -> None:
    answer = start("batch-7", given)
    assert answer.status_code == 422 and said in answer.json()["detail"]
    assert not Occurrence.objects.exists()
    assert start("batch-7", {"least": 5}).status_code == 202  # what was refused has not used the key


def test_fifty_of_one_key_at_once_are_one_run(start) -> None:
    def one(_: int) -> str:
        try:
            return str(start("batch-7").json()["run"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as callers:
        assert len(set(callers.map(one, range(50)))) == 1
    assert Occurrence.objects.count() == 1


def test_a_paused_schedule_is_skipped(start, organization) -> None:
    pause(system_actor(organization.pk), "buyers-monday", now=NOW)
    answer = start("batch-7").json()
    assert (answer["state"], answer["reason"]) == ("skipped", "The schedule was paused")


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("outsider", 404)])
def test_who_may_not_run_it_starts_nothing(shop, call, token, who: str, status: int) -> None:
    assert call("POST", RUNS, token=token(who), body={}).status_code == status
    assert call("POST", RUNS, body={}).status_code == 401
    assert not Occurrence.objects.exists()


def test_waiting_ends_with_the_run_and_not_before(start, call, token, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.05)
    run = start().json()["run"]
    secret, begun = token("viewer"), monotonic()
    assert call("GET", f"/runs/{run}", token=secret, query={"wait": 0.2}).json()["finished_at"] is None
    assert monotonic() - begun >= 0.2

    def end() -> None:
        Occurrence.unchecked.filter(pk=run).update(state="accepted", finished_at=NOW)
        connections.close_all()

    timer = Timer(0.3, end)
    timer.start()
    answer = call("GET", f"/runs/{run}", token=secret, query={"wait": 30}).json()
    timer.join()
    assert answer["state"] == "accepted" and monotonic() - begun < 10
    assert call("GET", f"/runs/{run}", token=secret, query={"wait": 31}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_who_waits_holds_no_connection_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    Occurrence.objects.exists()
    monkeypatch.setattr(waiting.time, "sleep", lambda _: seen.append(connection.connection is not None))
    asked = iter([False, False, True])

    def done() -> bool:
        Occurrence.objects.exists()
        return next(asked)

    assert waiting.wait_until(done, seconds=30) is True
    assert seen == [False, False]


def test_when_too_many_wait_others_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import BoundedSemaphore

    monkeypatch.setattr(waiting, "_places", BoundedSemaphore(1))
    waiting._places.acquire()
    begun = monotonic()
    assert waiting.wait_until(lambda: False, seconds=30) is False
    assert monotonic() - begun < 1


HOOK = "/schedules/buyers-monday/hook"


def test_an_address_is_made_shown_and_ended(shop, call, token) -> None:
    owner = token("owner")
    assert call("GET", HOOK, token=owner).status_code == 404
    made = call("POST", HOOK, token=owner, body={}).json()
    assert made["url"].endswith(f"/api/v1/hooks/{Hook.objects.get().pk}") and made["secret"].startswith("whsec_")
    shown = call("GET", HOOK, token=owner).json()
    assert "secret" not in shown and shown["url"] == made["url"]
    renewed = call("POST", HOOK, token=owner, body={}).json()
    assert renewed["url"] == made["url"] and renewed["secret"] != made["secret"] and renewed["before_until"]
    assert call("DELETE", HOOK, token=owner).status_code == 204
    assert call("DELETE", HOOK, token=owner).status_code == 404


@pytest.mark.parametrize(
    ("who", "scopes", "status"),
    [
        ("viewer", None, 403),
        ("outsider", None, 404),
        ("editor", None, 403),  # a token makes what outlives it only where it may make tokens
        ("owner", ["schedule.read", "schedule.edit", "token.edit"], 403),
    ],
)
def test_who_may_not_let_others_run_it_makes_no_address(shop, call, token, who: str, scopes: Any, status: int) -> None:
    secret = token(who, scopes)
    assert call("POST", HOOK, token=secret, body={}).status_code == status
    assert not Hook.objects.exists()
    assert call("DELETE", HOOK, token=secret).status_code == status


def test_instants_of_runs_by_one_caller_are_their_own(start) -> None:
    for _ in range(3):
        start()
    found = list(Occurrence.objects.values_list("fire_at", flat=True))
    assert len(set(found)) == 3 and max(found) - min(found) < timedelta(minutes=1)
