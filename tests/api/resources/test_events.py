"""Telling of events, and looking at what they started."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet.core.document.loading import load
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SCH-18")]
BODY = {"name": "import.finished", "payload": {"rows": 3}, "key": "batch-7"}


@pytest.fixture
def listening(shop, actor) -> None:
    from tests.plugins.django import NOW

    text = shop["shop.yaml"].split("---\n")[-1] + "on_event: {event: import.finished, with: {least: rows}}\n"
    save_schedule(actor("editor"), load(text, file="s.yaml")[0], now=NOW)


def test_an_event_is_told_once_and_says_what_it_started(listening, call, token) -> None:
    secret = token("editor", ["schedule.run"])
    first = call("POST", "/events", token=secret, body=BODY)
    assert first.status_code == 202 and first.headers.get("Idempotency-Replayed") is None
    run = Occurrence.objects.get()
    told = first.json()
    assert told["started"] == [
        {
            "schedule": "buyers-monday",
            "run": str(run.pk),
            "state": "due",
            "reason": "The event “import.finished” happened",
        }
    ]
    assert (told["payload"], told["key"], told["sent_by"]) == ({"rows": 3}, "batch-7", "Edda (editor's script)")
    again = call("POST", "/events", token=secret, body={**BODY, "key": ""}, headers={"Idempotency-Key": "batch-7"})
    assert again["Idempotency-Replayed"] == "true" and again.json() == told
    assert call("GET", f"/events/{told['event']}", token=secret).json() == told


def test_lists_are_filtered(listening, call, token) -> None:
    secret = token("editor")
    for number, name in enumerate(("import.finished", "import.finished", "day.closed")):
        call("POST", "/events", token=secret, body={"name": name, "payload": {"rows": number}})

    def rows(**query: str) -> list[int]:
        return [one["payload"]["rows"] for one in call("GET", "/events", token=secret, query=query).json()["items"]]

    assert rows() == [2, 1, 0]
    assert rows(name="import.finished") == [1, 0]
    assert rows(schedule="buyers-monday") == [1, 0]
    first = call("GET", "/events", token=secret, query={"limit": "2"}).json()
    rest = call("GET", "/events", token=secret, query={"limit": "2", "cursor": first["next"]}).json()
    assert [one["payload"]["rows"] for one in rest["items"]] == [0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": "Import Finished"}, "is no name of an event"),
        ({"name": "a", "payload": {"a": "x" * 40_000}}, "bytes; at most 32,768 are taken"),
        ({"name": "a", "payload": {"a": [[[[[[[[[[[]]]]]]]]]]]}}, "nested over 10 levels"),
        ({"name": "a", "at": "2199-01-01T00:00:00Z"}, "lies in the future"),
    ],
)
def test_what_is_no_event_is_refused(shop, call, token, body: Any, said: str) -> None:
    answer = call("POST", "/events", token=token("editor"), body=body)
    assert answer.status_code == 422 and said in answer.json()["detail"]
    assert not Event.objects.exists()


def test_events_of_another_tenant_are_not_here(listening, call, token) -> None:
    told = call("POST", "/events", token=token("editor"), body=BODY).json()
    other = token("outsider")
    assert call("GET", f"/events/{told['event']}", token=other).status_code == 404
    assert call("GET", "/events", token=other).json()["items"] == []
    assert call("POST", "/events", token=other, body=BODY).json()["started"] == []
    assert Occurrence.objects.count() == 1


def test_payloads_are_not_for_viewers(listening, call, token) -> None:
    told = call("POST", "/events", token=token("editor"), body=BODY).json()
    viewer = token("viewer")
    for method, path, body in (
        ("GET", "/events", None),
        ("GET", f"/events/{told['event']}", None),
        ("POST", "/events", BODY),
    ):
        assert call(method, path, token=viewer, body=body).status_code == 403
