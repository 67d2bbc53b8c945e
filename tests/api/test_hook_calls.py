"""Signed calls to a trigger address: what is genuine starts one run for each id; what is not starts nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from tests.plugins.django import NOW

from broadsheet.api import hook_calls
from broadsheet.core.document.loading import load
from broadsheet.core.signing.webhooks import headers as signed
from broadsheet.core.signing.webhooks import key
from broadsheet.runs.actions import call
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.hooks import end_hook, forget_calls, make_hook
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.steer import pause
from broadsheet.schedules.models import Hook, HookCall, Schedule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-19")]
NAME = "buyers-monday"


@pytest.fixture
def hook(shop, actor) -> tuple[UUID, str]:
    made, secret = make_hook(actor("editor"), NAME, now=NOW)
    return made.pk, secret


@pytest.fixture
def ring(hook: tuple[UUID, str]) -> Callable[..., Any]:
    """``ring({"with": …})`` is a genuine call; what is given makes it another one."""

    def call(body: Any = None, *, name: str = "", at: datetime | None = None, secret: str = "", **given: Any) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        made = signed(
            raw,
            event=name or f"msg_{uuid4().hex}",
            at=(at or datetime.now(UTC)) - given.get("late", timedelta()),
            keys=(key(secret or hook[1]),),
        )
        for header, value in given.get("change", {}).items():
            made[header] = value
        sent = {one: value for one, value in made.items() if value is not None}
        where = f"/api/v1/hooks/{given.get('hook', hook[0])}"
        return Client(REMOTE_ADDR=given.get("address", "127.0.0.1")).post(
            where, data=given.get("sent", raw), content_type="application/json", headers=sent
        )

    return call


def test_a_genuine_call_starts_a_run(ring, hook: tuple[UUID, str]) -> None:
    answer = ring({"with": {"period": "last week", "least": 5}})
    run = Occurrence.objects.get()
    assert answer.status_code == 202
    assert answer.json() == {"run": str(run.pk), "state": "due", "reason": "Called by another system", "new": True}
    assert (run.kind, run.given, run.schedule.name) == ("call", {"period": "last week", "least": "5"}, NAME)
    assert Hook.objects.get().used_at is not None


def test_a_call_without_a_body_is_one(ring) -> None:
    assert ring().status_code == 202
    assert Occurrence.objects.get().given == {}


def test_a_try_that_is_signed_anew_gives_the_run_of_the_first(ring) -> None:
    now = datetime.now(UTC)
    first = ring({"with": {}}, name="msg_1", at=now - timedelta(seconds=20))
    again = ring({"with": {}}, name="msg_1", at=now)
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == {**first.json(), "new": False}
    assert Occurrence.objects.count() == 1


def test_the_very_same_call_again_is_a_replay(ring) -> None:
    at = datetime.now(UTC)
    ring(name="msg_1", at=at)
    answer = ring(name="msg_1", at=at)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("This very call came before. Sign each try anew")
    assert Occurrence.objects.count() == 1


def test_an_id_does_not_stand_for_two_bodies(ring) -> None:
    now = datetime.now(UTC)
    ring({"with": {}}, name="msg_1", at=now - timedelta(seconds=20))
    answer = ring({"with": {"least": 3}}, name="msg_1", at=now)
    assert answer.status_code == 422
    assert "The key “msg_1” stands for another request" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"change": {"webhook-signature": None}}, "The call has no webhook-signature."),
        ({"change": {"webhook-id": None, "webhook-timestamp": None}}, "The call has no webhook-id and no webhook-timestamp."),
        ({"change": {"webhook-id": "msg_other"}}, "No signature of the call fits."),
        ({"change": {"webhook-signature": "v1,AAAA"}}, "No signature of the call fits."),
        ({"change": {"webhook-signature": "v2,AAAA ünd"}}, "No signature of the call fits."),
        ({"change": {"webhook-timestamp": "soon"}}, "webhook-timestamp must be whole seconds since 1970."),
        ({"change": {"webhook-id": "a.b"}}, "webhook-id must be at most 200 printable characters"),
        ({"sent": b'{"with": {"least": 1}}'}, "No signature of the call fits."),
        ({"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "No signature of the call fits."),
        ({"hook": str(uuid4())}, "No signature of the call fits."),
        ({"late": timedelta(minutes=10)}, "behind this clock. Sign each try anew"),
        ({"late": timedelta(minutes=-10)}, "ahead of this clock. Sign each try anew"),
    ],
)  # fmt: skip
def test_what_is_not_genuine_starts_nothing(ring, given: dict[str, Any], said: str) -> None:
    answer = ring(**given)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Webhook")
    assert said in answer.json()["detail"] and answer.json()["fix"].startswith("Sign “id.timestamp.body”")
    assert not Occurrence.objects.exists() and not HookCall.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 422, "not JSON that can be read"),
        (b"[1]", 422, "not a JSON object"),
        ({"with": {"a": [[[[[[[[[[[1]]]]]]]]]]]}}, 422, "nested over 10 levels"),
        ({"with": "x"}, 422, "“with” is no object"),
        ({"with": {"lest": 1}}, 422, "The report has no parameter “lest”. Did you mean “least”?"),
        ({"with": {"least": "1"}}, 422, "“least” is a number, and a text came"),
        ({"with": {"period": "last moon"}}, 422, "last moon"),
        ({"note": "x" * 40_000}, 413, "too large"),
        (b"x" * 1_900_000, 413, "too large"),
    ],
)
def test_a_body_that_does_not_fit_starts_nothing(ring, body: Any, status: int, said: str) -> None:
    answer = ring(body)
    assert answer.status_code == status and said in answer.json()["detail"]
    assert not Occurrence.objects.exists()


def test_a_schedule_says_itself_what_of_a_call_counts(ring, shop, actor) -> None:
    text = shop["shop.yaml"].split("---\n")[-1] + "on_call: {where: {status: done}, with: {least: stats.rows}}\n"
    save_schedule(actor("editor"), load(text, file="s.yaml")[0], now=NOW)
    left = ring({"status": "failed"})
    assert (left.status_code, left.json()["run"]) == (200, None)
    assert left.json()["reason"] == "The schedule’s conditions on calls do not hold for this one."
    assert ring({"status": "done", "stats": {}}).status_code == 422
    assert ring({"status": "done", "stats": {"rows": 4}, "with": {"period": "last week"}}).status_code == 202
    assert Occurrence.objects.get().given == {"least": "4"}  # and nothing that its mapping does not name


def test_a_paused_schedule_is_skipped(ring, actor) -> None:
    pause(actor("editor"), NAME, now=NOW)
    answer = ring()
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (
        202,
        "skipped",
        "The schedule was paused",
    )


def test_a_renewed_secret_holds_beside_the_one_before_for_a_day(ring, actor, hook: tuple[UUID, str]) -> None:
    now = datetime.now(UTC)
    again, secret = make_hook(actor("editor"), NAME, now=now)
    assert again.pk == hook[0] and secret != hook[1]
    assert (ring().status_code, ring(secret=secret).status_code) == (202, 202)
    Hook.objects.update(before_until=now - timedelta(seconds=1))
    assert (ring().status_code, ring(secret=secret).status_code) == (401, 202)
    _, third = make_hook(actor("editor"), NAME, now=now, at_once=True)
    assert (ring(secret=secret).status_code, ring(secret=third).status_code) == (401, 202)


def test_an_address_that_ended_opens_nothing_and_is_not_made_again(ring, actor, hook: tuple[UUID, str]) -> None:
    end_hook(actor("editor"), NAME, now=NOW)
    assert ring().status_code == 401
    made, _ = make_hook(actor("editor"), NAME, now=NOW)
    assert made.pk != hook[0] and ring().status_code == 401


def test_the_secret_is_kept_sealed(hook: tuple[UUID, str]) -> None:
    kept = Hook.objects.get()
    assert hook[1] not in kept.sealed and hook[1].removeprefix("whsec_") not in kept.sealed


def test_fifty_calls_of_one_id_are_one_run(ring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of them the very same call: one of these counts at most, and no more than one of all begins a run."""
    monkeypatch.setattr(hook_calls, "WRONG_CALLS", 100)
    now = datetime.now(UTC)

    def one(number: int) -> Any:
        try:
            return ring({"with": {}}, name="msg_1", at=now - timedelta(seconds=0 if number % 2 else number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as callers:
        answers = list(callers.map(one, range(50)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(202), statuses.count(401)) == (
        1,
        25,
    )  # number 0 is signed at the same second as the odd ones
    assert statuses.count(200) == 24
    assert len({answer.json()["run"] for answer in answers if answer.status_code < 300}) == 1
    assert Occurrence.objects.count() == 1


def test_guesses_are_slowed_down_and_others_are_not(ring) -> None:
    for _ in range(hook_calls.WRONG_CALLS):
        assert ring(name="a", change={"webhook-id": "b"}, address="192.0.2.7").status_code == 401
    answer = ring(address="192.0.2.7")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert ring(address="198.51.100.7").status_code == 202


def test_a_flood_of_genuine_calls_is_slowed_down(ring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "CALLS", 2)
    assert [ring().status_code for _ in range(3)] == [202, 202, 429]
    cache.clear()  # another web process remembers nothing, and the database does
    assert ring()["Retry-After"] == "60"
    HookCall.objects.update(received_at=datetime.now(UTC) - timedelta(seconds=61))
    assert ring().status_code == 202


def test_guesses_at_several_web_processes_add_up(ring) -> None:
    statuses = []
    for _ in range(hook_calls.WRONG_CALLS + 3):
        statuses.append(ring(name="a", change={"webhook-id": "b"}, address="192.0.2.7").status_code)
        cache.clear()  # each call comes to a process that has seen none before
    assert statuses == [401] * hook_calls.WRONG_CALLS + [429] * 3


def test_only_post_is_a_call(client: Any, hook: tuple[UUID, str]) -> None:
    assert client.get(f"/api/v1/hooks/{hook[0]}").status_code == 405


def test_calls_are_forgotten_and_what_they_started_is_not(ring) -> None:
    ring(name="msg_1")
    assert forget_calls(now=datetime.now(UTC) + timedelta(days=1)) == 0
    assert forget_calls(now=datetime.now(UTC) + timedelta(days=4)) == 1
    assert ring(name="msg_1", at=datetime.now(UTC) + timedelta(seconds=2)).json()["new"] is False


def test_no_secret_reaches_the_log(hook: tuple[UUID, str]) -> None:
    import logging

    from broadsheet.config.masking import Masking

    line = Masking("%(message)s").format(logging.makeLogRecord({"msg": f"secret {hook[1]} came"}))
    assert line == "secret whsec_… came"


def test_the_schedule_of_another_tenant_has_an_address_of_its_own(ring, hook: tuple[UUID, str], actor) -> None:
    """Whoever has one secret opens one schedule: the address says which, and no body does."""
    assert ring({"schedule": "another", "organization": 2}).status_code == 202
    assert Occurrence.objects.get().schedule == Schedule.objects.get(name=NAME)


def test_a_body_that_no_caller_of_ours_sends_is_too_large_and_no_fault(client) -> None:
    answer = client.post(f"/api/v1/hooks/{uuid4()}", data=b"x" * 2_700_000, content_type="application/json")
    assert answer.status_code == 413
