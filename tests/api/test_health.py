"""Whether a process lives and can serve, told to whoever probes it; and the figures, for who may have them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from broadsheet.api import health
from broadsheet.operations.readiness import SILENT, Readiness

ANYWHERE = {"HTTP_HOST": "10.3.2.1:8000"}  # a probe names a process by its own address


@pytest.fixture
def hangs(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A database that takes connections and does not answer, until the event is set."""
    let_go = threading.Event()

    def database() -> str:
        let_go.wait(20)
        return ""

    monkeypatch.setattr(health, "READINESS", Readiness({"database": database, "store": lambda: ""}, seconds=0.3))
    yield let_go
    let_go.set()


@pytest.mark.feature("PRF-23")
def test_it_lives_without_a_database_and_by_any_name(client: Client) -> None:
    for path in ("/livez", "/api/livez"):
        answer = client.get(path, **ANYWHERE)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.post("/livez").status_code == 405


@pytest.mark.feature("PRF-23")
@pytest.mark.django_db(transaction=True)
def test_it_is_ready_when_every_part_answers(client: Client) -> None:
    for path in ("/readyz", "/api/readyz"):
        assert client.get(path, **ANYWHERE).json() == {"status": "ok"}


@pytest.mark.feature("PRF-23")
def test_a_part_that_hangs_is_named_within_time_and_asked_once(client: Client, hangs: threading.Event) -> None:
    begun, threads = time.monotonic(), threading.active_count()
    answers = [client.get("/readyz", **ANYWHERE) for _ in range(3)]
    assert time.monotonic() - begun < 3
    assert [one.status_code for one in answers] == [503] * 3
    assert answers[0].json()["detail"] == "Not ready: database."
    assert client.get("/livez").status_code == 200
    assert threading.active_count() - threads <= 2
    hangs.set()
    time.sleep(0.1)
    assert client.get("/readyz").status_code == 200


@pytest.mark.feature("PRF-23")
def test_what_raises_is_wrong_and_tells_no_secret() -> None:
    def broken() -> str:
        raise RuntimeError("password=hunter2")

    assert Readiness({"broker": broken}).wrong() == {"broker": "It does not answer: RuntimeError."}
    assert "2.5" in SILENT


@pytest.mark.feature("SCH-25")
@pytest.mark.django_db
def test_the_figures_are_off_until_somebody_may_have_them(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("/metrics", headers={"authorization": "Bearer s3cret"}, **ANYWHERE)
    assert answer.status_code == 200
    assert "broadsheet_queue_oldest_seconds 0.0" in answer.content.decode()


@pytest.mark.feature("SCH-25")
@pytest.mark.django_db
def test_addresses_are_those_of_the_connection_itself(client: Client, settings: Any) -> None:
    settings.METRICS_ADDRESSES = ["10.0.0.0/8"]
    assert client.get("/metrics", REMOTE_ADDR="10.1.1.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 401
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": "10.1.1.1"}).status_code == 401
