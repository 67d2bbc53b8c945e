"""The code of the pages on events and on other systems does what they say. The flow and the operator were also run by Prefect
3.9 and Airflow 3.3 themselves, which are not installed here: stand-ins with the part of their interface that is used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest
import yaml

from broadsheet.core.document.loading import load
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.definition import schedule_from

from .loading import blocks, titled

OTHER, EVENT = "how-to/start-from-another-system.md", "how-to/start-by-an-event.md"
ENDED = {"run": "r1", "schedule": "s", "state": "accepted", "finished_at": "2026-11-24T09:00:00Z", "deliveries": {"accepted": 3}}  # fmt: skip


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """``code("flow.py", {"prefect": {…}})``: what the page's file defines, with stand-ins for modules."""

    def run(name: str, modules: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        for module, contents in modules.items():
            made = ModuleType(module)
            vars(made).update(contents)
            monkeypatch.setitem(sys.modules, module, made)
        found: dict[str, Any] = {"__name__": name.removesuffix(".py")}
        exec(compile(titled(OTHER)[name], name, "exec"), found)
        return found

    return run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What is asked of the server, where every run ends at once."""
    found: list[httpx.Request] = []

    def send(self: Any, request: httpx.Request) -> httpx.Response:
        found.append(request)
        return httpx.Response(202 if request.method == "POST" else 200, json=ENDED)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", send)
    return found


@pytest.mark.feature("SCH-19")
def test_the_flow_of_prefect(code, asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def task(**given: Any) -> Callable[[Any], Any]:
        assert set(given) == {"retries", "retry_delay_seconds"}
        return lambda function: function

    run = SimpleNamespace(id="flow-1")
    flow = code(
        "flow.py", {"prefect": {"flow": lambda function: function, "task": task}, "prefect.runtime": {"flow_run": run}}
    )
    monkeypatch.setenv("BROADSHEET_SERVER", "http://reports.example")
    monkeypatch.setenv("BROADSHEET_TOKEN", "bst_x")
    assert flow["nightly"]() == {"accepted": 3}
    assert asked[0].headers["Idempotency-Key"] == "buyers-monday-flow-1"


@pytest.mark.feature("SCH-19")
def test_the_operator_of_airflow(code, asked) -> None:
    class BaseOperator:
        def __init__(self, *, task_id: str) -> None:
            self.log = SimpleNamespace(info=lambda *given: None)

    class BaseHook:
        @staticmethod
        def get_connection(name: str) -> Any:
            return SimpleNamespace(host={"broadsheet": "http://reports.example"}[name], password="bst_x")

    modules = {"airflow": {}, "airflow.sdk": {"BaseOperator": BaseOperator}, "airflow.sdk.bases": {}, "airflow.sdk.bases.hook": {"BaseHook": BaseHook}}  # fmt: skip
    operator = code("broadsheet_operator.py", modules)["BroadsheetOperator"]
    made = operator(task_id="send", schedule="buyers-monday", given={"period": "last week"})
    assert all(hasattr(made, field) for field in operator.template_fields)
    assert made.execute({}) == {"run": "r1", "deliveries": {"accepted": 3}}
    assert asked[0].headers["Idempotency-Key"] == "{{ dag.dag_id }}-{{ task.task_id }}-{{ run_id }}"  # Airflow fills it


@pytest.mark.django_db
@pytest.mark.feature("SCH-19")
def test_the_signed_call(code, shop, actor, client: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.schedules.actions.hooks import make_hook
    from broadsheet.schedules.hook_urls import hook_url

    settings.ROOT_URLCONF = "tests.api.addresses"
    hook, secret = make_hook(actor("editor"), "buyers-monday", now=datetime.now(UTC))

    def send(self: Any, request: httpx.Request) -> httpx.Response:
        told = client.post(
            request.url.path, data=request.content, content_type="application/json",
            headers={name: value for name, value in request.headers.items() if name.startswith("webhook-")},
        )  # fmt: skip
        return httpx.Response(told.status_code, content=told.content, request=request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", send)
    call = code("call.py", {})["call"]
    assert call(hook_url(hook.pk), secret, {"with": {"period": "last week"}}, name="msg_1")["new"] is True
    assert Occurrence.objects.get().given == {"period": "last week"}


@pytest.mark.feature("SCH-18")
def test_the_definitions_are_schedules() -> None:
    whole = blocks(EVENT, "yaml")
    assert [schedule_from(load(text, file="s.yaml")[0]).when for text in whole] == [{}, {}]
    [part] = blocks(OTHER, "yaml")
    data = {**yaml.safe_load(whole[0]), **yaml.safe_load(part)}
    on_call = schedule_from(load(yaml.safe_dump(data, sort_keys=False), file="s.yaml")[0]).on_call
    assert on_call is not None and on_call.cool_down_seconds == 600
