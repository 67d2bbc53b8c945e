"""What every dispatcher does, over real brokers: whoever listens hears, as many at once as it has places for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.brokers import Broker

from broadsheet.runs.ports import DISPATCHERS, Dispatcher, Ring

pytestmark = [pytest.mark.feature("PRF-11"), pytest.mark.feature("SCH-22")]
SECONDS = 20.0
LIGHT = [Ring("a", "light")]


class Turns:
    """Counts its calls and how many there were at once; each lasts until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.most = 0
        self._now = 0
        self._guard = threading.Lock()
        self.go = threading.Event()

    def __call__(self) -> None:
        with self._guard:
            self.begun += 1
            self._now += 1
            self.most = max(self.most, self._now)
        self.go.wait(SECONDS)
        with self._guard:
            self._now -= 1


def until(true: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.02)


Over = Callable[[str], Dispatcher]


@pytest.fixture
def over(brokers: Callable[[str], Broker], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Over:
    """Celery's dispatcher over an empty broker of a kind."""
    from broadsheet.adapters.dispatchers import celery as module

    monkeypatch.setattr(module, "LOOK_SECONDS", 3_600.0)  # what is heard is the bell
    monkeypatch.setattr(module, "LEAVE_SECONDS", 15.0)  # or the last one would hear too

    def found(kind: str) -> Dispatcher:
        settings.BROKER_URL = brokers(kind).url
        brokers(kind).empty()
        return DISPATCHERS.get("celery")

    return found


@pytest.fixture(params=["redis", "rabbitmq"])
def celery(request: pytest.FixtureRequest, over: Over) -> Dispatcher:
    return over(request.param)


@pytest.fixture(params=["local", "redis", "rabbitmq"])
def dispatcher(request: pytest.FixtureRequest, over: Over) -> Dispatcher:
    return DISPATCHERS.get("local") if request.param == "local" else over(request.param)


def test_who_listens_hears_and_has_no_more_in_hand_than_places(dispatcher: Dispatcher) -> None:
    turns = Turns()
    bell = dispatcher.bell()
    with dispatcher.listen(turns, weights=["light", "heavy"], places=2):
        for _ in range(5):
            bell.ring(LIGHT)
        until(lambda: turns.begun == 2)
        time.sleep(0.3)
        assert turns.begun == 2
        turns.go.set()
        until(lambda: turns.begun >= 3)
    assert turns.most == 2


def test_it_works(dispatcher: Dispatcher) -> None:
    assert dispatcher.check() == ""


def test_what_was_rung_while_nobody_listened_is_heard_and_what_is_told_thrice_harms_nobody(celery: Dispatcher) -> None:
    turns = Turns()
    turns.go.set()
    for _ in range(3):
        celery.bell().ring(LIGHT)
    with celery.listen(turns, weights=["light"], places=1):
        until(lambda: turns.begun == 3)


def test_each_weight_is_heard_by_who_takes_it(celery: Dispatcher) -> None:
    celery.bell().ring([Ring("a", "heavy"), Ring("b", "light"), Ring("c", "heavy")])
    for weight, rung in (("light", 1), ("heavy", 2)):
        turns = Turns()
        turns.go.set()
        with celery.listen(turns, weights=[weight], places=1):
            until(lambda turns=turns, rung=rung: turns.begun == rung)


def test_it_looks_by_itself_where_nobody_rings(celery: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.adapters.dispatchers import celery as module

    monkeypatch.setattr(module, "LOOK_SECONDS", 0.1)
    turns = Turns()
    turns.go.set()
    with celery.listen(turns, weights=["light"], places=1):
        until(lambda: turns.begun >= 2)
