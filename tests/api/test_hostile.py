"""Whatever is sent, the answer is a problem that says so: never a fault of ours, never our insides."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.feature("SEC-03")
BODIES = {
    "nothing": (b"", 422),
    "no JSON": (b"{", 400),
    "not UTF-8": (b'{"name": "\xff"}', 400),
    "a list": (b"[]", 400),
    "NaN": (b'{"name": "x", "scopes": ["report.read"], "days": NaN}', 400),
    "infinity": (b'{"name": "x", "scopes": ["report.read"], "days": 1e999}', 400),
    "an endless number": (b'{"days": ' + b"9" * 10_000 + b"}", 400),
    "NUL": (b'{"name": "a\\u0000b", "scopes": ["report.read"]}', 400),
    "half a character": (b'{"name": "a\\ud800b", "scopes": ["report.read"]}', 400),
    "deep lists": (b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "deep objects": (b'{"a":' * 500 + b"1" + b"}" * 500, 400),
    "too much": (b'{"name": "' + b"x" * 2_000_001 + b'"}', 413),
    "wrong types": (b'{"name": {}, "scopes": "report.read", "days": "x"}', 422),
    "an unknown key": (b'{"name": "x", "scopes": ["report.read"], "admin": true}', 422),
    "a name that is too long": (json.dumps({"name": "x" * 101, "scopes": ["report.read"]}).encode(), 422),
    "an unknown scope": (b'{"name": "x", "scopes": ["everything"]}', 422),
}


@pytest.mark.parametrize("kind", list(BODIES))
def test_a_body_that_cannot_be_taken(kind: str, client: Any, token: Callable[..., str], shop: object) -> None:
    body, status = BODIES[kind]
    answer = client.generic(
        "POST", "/api/v1/tokens", data=body, content_type="application/json",
        headers={"authorization": f"Bearer {token('admin')}"},
    )  # fmt: skip
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/people", {"limit": "0"}, 422),
        ("/people", {"limit": "501"}, 422),
        ("/people", {"limit": "9" * 5000}, 422),
        ("/people", {"cursor": "nonsense"}, 422),
        ("/people", {"cursor": "WyJhIl0"}, 422),  # ["a"]: too few keys
        ("/people", {"cursor": "WyJhIiwgIjk5OTk5OTk5OTk5OTk5OTk5OTk5OSJd"}, 422),  # a number that no column holds
        ("/people", {"cursor": "W" * 1999}, 422),
        ("/deliveries", {"text": "a\0b"}, 422),
        ("/deliveries", {"text": "%' or 1=1 --"}, 200),
        ("/deliveries", {"state": "',;--"}, 200),
        ("/deliveries", {"run": "x"}, 422),
        ("/runs", {"since": "yesterday"}, 422),
        ("/runs", {"since": "2026-01-01T00:00:00"}, 422),  # no offset
        ("/runs", {"since": "0001-01-01T00:00:00+14:00"}, 422),
        ("/runs", {"since": "9999-12-31T23:59:59-14:00"}, 422),
        ("/reports/purchases/render", {"format": "exe"}, 422),
        ("/reports/purchases/render", {"format": "csv", "as": "nobody"}, 422),
        ("/reports/purchases/render", {"format": "csv", "brand": "none"}, 422),
        ("/reports/purchases/data/items", {"p.period": "since the flood"}, 422),
        ("/reports/purchases/data/items", {"p.period": "0001-01"}, None),
        ("/reports/purchases/data/items", {"p.period": "9999-12"}, None),
        ("/reports/purchases/data/items", {"p.nothing": "x"}, 422),
        ("/reports/purchases/data/items'--", {}, 404),
        ("/reports/purchases/versions/99999999999999999999999", {}, 404),
        ("/schedules/buyers-monday/upcoming", {"after": "1980-01-01T00:00:00Z"}, 200),
        ("/schedules/buyers-monday/upcoming", {"after": "1764000000"}, 422),
        ("/journal", {"until": "9999-12-31T23:59:59Z"}, 422),
    ],
)
def test_a_query_that_cannot_be_taken(
    path: str,
    query: dict[str, str],
    status: int | None,
    call: Callable[..., Any],
    token: Callable[..., str],
    shop: object,
) -> None:
    answer = call("GET", path, token=token("owner"), query=query)
    assert answer.status_code == status or (status is None and answer.status_code in {200, 422}), answer.content


@pytest.mark.parametrize(
    "at",
    ["0001-01-01T00:00:00Z", "1979-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "2999-01-01T00:00:00Z", "soon", 5, None],
)
def test_a_run_for_an_instant_that_cannot_be(
    at: object, call: Callable[..., Any], token: Callable[..., str], shop: object
) -> None:
    answer = call("POST", "/schedules/buyers-monday/run", token=token("editor"), body={"at": at})
    assert answer.status_code == (202 if at is None else 422), answer.content


@pytest.mark.parametrize("number", ["0", "999999999", "9223372036854775808", "9" * 30])
@pytest.mark.parametrize("path", ["/people/{}", "/tokens/{}"])
def test_a_number_that_nothing_has(number: str, path: str, call: Callable[..., Any], token: Callable[..., str]) -> None:
    assert call("DELETE", path.format(number), token=token("owner")).status_code == 404


RULES: list[object] = [
    {}, {"every": "month", "on": {"day": 31}, "at": "25:00"}, {"every": "never"}, {"every": ["day"]}, {"every": {"x": {}}},
    {"every": "day", "at": None}, {"every": "week", "on": [{}]}, {"every": "day", "at": "08:00", "zone": "Mars/Base"},
    {"every": "day", "at": "08:00", "zone": "../../etc/passwd"}, {"every": 10**400},
]  # fmt: skip


@pytest.mark.parametrize("when", RULES)
def test_a_rule_that_cannot_be(when: object, call: Callable[..., Any], token: Callable[..., str]) -> None:
    answer = call("POST", "/recurrence/preview", token=token("viewer"), body={"when": when})
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["detail"]


DEFINITIONS: list[object] = [
    "", "x", "[]", "report: other", "report: purchases\n---\nreport: purchases", "a: &a [1]\nb: *a", "{" * 500, "report: !!python/object:os.system x",
    "report: purchases\ntitle: \"\\0\"", "\ud7ff\ufffe", {"title": 5}, {"report": 7}, {"report": None}, {"blocks": [[[[]]]]}, {"data": {"x": {"dataset": "orders", "by": [{}]}}},
    {"title": "x" * 300, "blocks": [{"text": "x"}]},
]  # fmt: skip


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_definition_that_cannot_be(
    definition: object, call: Callable[..., Any], token: Callable[..., str], shop: object
) -> None:
    answer = call("PUT", "/reports/purchases", token=token("owner"), body={"definition": definition})
    assert answer.status_code == 422 or (answer.status_code == 200 and isinstance(definition, dict)), answer.content
    if isinstance(definition, str):
        assert answer.json()["problems"]


def test_a_fault_of_ours_tells_a_reference_and_nothing_else(
    call: Callable[..., Any],
    token: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from broadsheet.api.resources import journal

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("password=hunter2 at /srv/secret")

    monkeypatch.setattr(journal.queries, "entries", broken)
    answer = call("GET", "/journal", token=token("owner"))
    told = answer.json()
    assert answer.status_code == 500 and "hunter2" not in answer.content.decode()
    reference = told["detail"].removeprefix("The log has it under ").removesuffix(".")
    assert len(reference) == 8 and f"reference={reference}" in caplog.text and "hunter2" in caplog.text
