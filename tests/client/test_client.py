"""The client against the real API, and against servers that stumble: nothing is started twice, and every refusal is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.plugins.django import NOW

from broadsheet.client import TRY_SECONDS, BroadsheetError, Client, NotDelivered, NotEnded, Run, Unanswered

pytestmark = pytest.mark.feature("SCH-19")
ENDED = {"run": "r1", "schedule": "s", "state": "accepted", "finished_at": "2026-11-24T09:00:00Z", "deliveries": {"accepted": 3}}  # fmt: skip
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def asked() -> list[httpx.Request]:
    return []


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def against(asked: list[httpx.Request], slept: list[float]) -> Callable[..., Client]:
    """``against(answer, answer)`` gives a client whose server answers so, one after the other; an exception is raised."""

    def made(*answers: httpx.Response | Exception) -> Client:
        left: Iterator[httpx.Response | Exception] = iter(answers)

        def handle(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            found = next(left)
            if isinstance(found, Exception):
                raise found
            return found

        return Client("https://reports.example/", "bst_x", transport=httpx.MockTransport(handle), sleep=slept.append)

    return made


def answer(status: int = 200, headers: dict[str, str] | None = None, **facts: Any) -> httpx.Response:
    return httpx.Response(status, json=facts or ENDED, headers=headers)


def test_a_start_is_one_run_through_every_stumble(against, asked, slept) -> None:
    client = against(
        httpx.ConnectError("refused"), answer(503, {"Retry-After": "7"}), httpx.ReadTimeout("cut"),
        answer(502), answer(202, {"Idempotency-Replayed": "true"}),
    )  # fmt: skip
    run = client.start("s", given={"least": 5})
    assert (run.id, run.new, run.ended) == ("r1", False, True)
    assert len({one.headers["Idempotency-Key"] for one in asked}) == 1 and len(asked) == 5
    assert slept == [0.5, 7, 2, 4]
    assert str(asked[0].url) == "https://reports.example/api/v1/schedules/s/runs"
    assert asked[0].headers["Authorization"] == "Bearer bst_x" and json.loads(asked[0].content) == {
        "with": {"least": 5}
    }


def test_two_starts_without_a_key_are_two(against, asked) -> None:
    client = against(answer(202), answer(202))
    client.start("s")
    client.start("s")
    assert len({one.headers["Idempotency-Key"] for one in asked}) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_what_is_refused_is_told_and_not_tried_again(against, asked, status: int) -> None:
    told = {
        "detail": "There is no schedule “s”.",
        "fix": "Did you mean “t”?",
        "problems": [{"path": "a", "message": "b"}],
    }
    with pytest.raises(BroadsheetError) as caught:
        against(answer(status, **told)).start("s")
    assert str(caught.value) == "There is no schedule “s”. Did you mean “t”?\na: b"
    assert (caught.value.status, len(asked)) == (status, 1) and not isinstance(caught.value, Unanswered)


@pytest.mark.parametrize("page", ["<html>", "[1]", '{"detail": 7, "problems": ["x"]}'])
def test_a_page_of_some_proxy_is_told_by_its_status(against, page: str) -> None:
    with pytest.raises(BroadsheetError, match=r"404 Not Found|7"):
        against(httpx.Response(404, text=page)).run("r1")


def test_who_never_answers_is_told(against, asked, slept) -> None:
    with pytest.raises(Unanswered, match="does not answer: refused"):
        against(*[httpx.ConnectError("refused")] * 9).start("s")
    assert len(asked) == 9 and slept == list(TRY_SECONDS)
    with pytest.raises(Unanswered, match="answered 503"):
        against(*[httpx.Response(503, text="away")] * 9).start("s")


def test_waiting_asks_until_the_run_has_ended(against, asked) -> None:
    going = {**ENDED, "state": "running", "finished_at": None}
    seen: list[str] = []
    client = against(answer(**going), answer(**going), answer(**{**ENDED, "artifacts": 2}))
    run = client.wait("r1", told=lambda one: seen.append(one.state))
    assert (run.state, run.artifacts, seen) == ("accepted", 2, ["running", "accepted"])
    assert {one.url.params["wait"] for one in asked} == {"30.0"}


def test_a_crowded_server_is_asked_less_often(against, asked, slept) -> None:
    going = {**ENDED, "state": "running", "finished_at": None}
    against(answer(**going), answer(**going), answer(**ENDED)).wait("r1")  # each is answered at once
    assert slept == [2.0, 2.0]


def test_waiting_ends_when_its_time_is_over(asked) -> None:
    now = iter(range(0, 1000, 20))
    going = httpx.MockTransport(lambda request: answer(**{**ENDED, "state": "held", "finished_at": None}))
    client = Client("http://x", "t", transport=going, sleep=lambda _: None, clock=lambda: float(next(now)))
    with pytest.raises(NotEnded, match=r"is still held after 60 s. It goes on."):
        client.wait("r1", seconds=60)


def test_a_run_that_did_not_deliver_all_is_an_error_on_demand() -> None:
    run = Run("r1", "s", "partial", True, deliveries={"accepted": 2, "failed": 1}, problems=("No route.",))
    with pytest.raises(NotDelivered, match=r"ended as partial: 2 accepted, 1 failed No route."):
        run.check()
    with pytest.raises(NotEnded):
        Run("r1", "s", "running", False).check()
    assert Run("r1", "s", "accepted", True).check().accepted


def test_names_stay_one_step_of_the_path(against, asked) -> None:
    against(answer(202)).start("../tokens")
    assert asked[0].url.raw_path == b"/api/v1/schedules/..%2Ftokens/runs"


def test_it_needs_nothing_of_the_server() -> None:
    code = "import sys, broadsheet.client; assert not [m for m in sys.modules if m.startswith('django')], sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def real(client: Any, settings: Any) -> Callable[[str], Client]:
    """A client of the API itself, through Django's own handler."""
    settings.ROOT_URLCONF = "tests.api.addresses"

    def made(token: str) -> Client:
        def handle(request: httpx.Request) -> httpx.Response:
            told = client.generic(
                request.method, request.url.raw_path.decode(), data=request.content, content_type="application/json",
                headers={name: value for name, value in request.headers.items() if name not in ("content-length", "host")},
            )  # fmt: skip
            return httpx.Response(told.status_code, content=told.content, headers=dict(told.items()))

        return Client("http://testserver", token, transport=httpx.MockTransport(handle), sleep=lambda _: None)

    return made


@pytest.mark.django_db(transaction=True)
def test_start_wait_result_against_the_server(shop, finish, token, real) -> None:
    broadsheet = real(token("editor", ["schedule.read", "schedule.run", "delivery.read"]))
    run = broadsheet.start("buyers-monday", given={"least": 5}, key="batch-7")
    assert (run.state, run.ended, run.new) == ("due", False, True)
    assert broadsheet.start("buyers-monday", given={"least": 5}, key="batch-7").id == run.id
    from broadsheet.runs.models import Occurrence

    finish(Occurrence.objects.get(), now=datetime.now(UTC))
    result = broadsheet.wait(run).check()
    assert (result.deliveries, result.artifacts) == ({"accepted": 3}, 4)
    with pytest.raises(BroadsheetError, match="“least” is a number, and a text came"):
        broadsheet.start("buyers-monday", given={"least": "5"})
    with pytest.raises(BroadsheetError, match="There is no schedule “buyers-sunday”"):
        broadsheet.start("buyers-sunday")


@pytest.mark.django_db
@pytest.mark.feature("SCH-18")
def test_events_against_the_server(shop, token, real) -> None:
    assert real(token("editor")).send_event("import.finished", {"rows": 3}, key="batch-7", at=NOW) == ()
    with pytest.raises(BroadsheetError, match="No token or session that is valid"):
        real("bst_wrong").send_event("import.finished")
