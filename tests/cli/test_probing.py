"""A scheduler or worker says whether it lives and whether it can work, and nothing else."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import typer
from tests.plugins.postgres import free_port

from broadsheet.cli.probing import probing
from broadsheet.operations import readiness

pytestmark = pytest.mark.feature("PRF-23")


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is wrong with each part; the tests say it."""
    wrong = {"database": "", "broker": ""}
    asked = {name: (lambda name=name: wrong[name]) for name in wrong}
    monkeypatch.setattr(readiness, "READINESS", readiness.Readiness(asked))
    return wrong


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()
    with probing("127.0.0.1", port):
        yield port


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_lives_and_can_work(port: int, parts: dict[str, str]) -> None:
    assert [ask(port, path) for path in ("/livez", "/readyz")] == [(200, '{"status": "ok"}')] * 2


def test_a_part_that_is_away_is_named_and_kills_nothing(port: int, parts: dict[str, str]) -> None:
    parts["broker"] = "amqp://user:secret@rabbit is away"
    assert ask(port, "/readyz") == (503, '{"status": "Not ready: broker."}')
    assert ask(port, "/livez")[0] == 200


def test_nothing_else_is_there(port: int, parts: dict[str, str]) -> None:
    assert [ask(port, path)[0] for path in ("/", "/metrics", "/api/v1/me")] == [404] * 3


def test_a_port_that_is_taken_ends_the_command(port: int) -> None:
    with pytest.raises(typer.Exit), probing("127.0.0.1", port):
        raise AssertionError("not reached")


def test_without_a_port_nothing_listens() -> None:
    with probing("127.0.0.1", 0):
        pass
