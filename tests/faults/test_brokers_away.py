"""A broker that forgets, that says everything three times, and that is down: it is a doorbell, and costs time alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.plugins.brokers import BROKERS, Broker

from .parts.house import House, mail, schedule, until
from .parts.mailbox import Mailbox

RUNS = 4
DRAINED_SECONDS = 120
RUNG_AGAIN_SECONDS = 60
START_SECONDS = 60  # two workers, on a busy machine
NAMES = {part: [f"{part}{one}" for one in range(RUNS)] for part in ("forgotten", "thrice", "down")}
RUNG = "select count(*) from runs_occurrence where rung_at is not null"


@pytest.fixture(scope="module", params=list(BROKERS))
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Each kind in turn."""
    with BROKERS[request.param]() as made:
        yield made


@pytest.fixture
def office(house: House, witness: Mailbox, broker: Broker) -> House:
    """An installation whose schedules have a firing to come, and a scheduler that rings a broker which is empty."""
    house.environment["BROADSHEET_BROKER_URL"] = broker.url
    broker.empty()
    house.apply(mail(witness.port) + "".join(schedule(name) for names in NAMES.values() for name in names))
    house.node("scheduler")
    return house


@pytest.mark.feature("PRF-03")
@pytest.mark.feature("PRF-21")
def test_a_broker_that_forgets_that_repeats_and_that_is_down(
    office: House, witness: Mailbox, broker: Broker, figures: dict[str, Any], whole: bool
) -> None:
    """Emptied: rung again within a minute. Each message thrice: one effect. Down: written on time, drained in 2 minutes."""
    office.due(*NAMES["forgotten"])
    office.until(lambda: office.only(RUNG) == RUNS, seconds=60, what="it was rung for each")
    broker.empty()
    workers = [office.node("worker"), office.node("worker")]
    figures["rung again and done, s"] = office.until(
        lambda: office.ended(RUNS), seconds=RUNG_AGAIN_SECONDS + START_SECONDS, what="what was forgotten was done"
    )
    witness.pause = 0.3
    office.due(*NAMES["thrice"])
    office.until(lambda: written(office) == 2 * RUNS, seconds=30, what="each firing had its row")
    ring_again(office, broker.url, times=2)
    office.until(lambda: office.ended(2 * RUNS), seconds=90, what="what was told three times was done")
    broker.kill()
    try:
        office.due(*NAMES["down"])
        spent = office.until(lambda: written(office) == 3 * RUNS, seconds=15, what="each firing had its row")
        figures["down: written, s"] = round(spent, 1)
        time.sleep(600 if whole else 2)  # the broker is away so long
    finally:
        broker.start()
    spent = office.until(lambda: office.ended(3 * RUNS), seconds=DRAINED_SECONDS, what="what came meanwhile was done")
    figures["back: drained, s"] = round(spent, 1)
    for one in workers:
        one.end()  # what they still heard is over by then
    assert office.counts("delivery_delivery") == {"accepted": 3 * RUNS}
    assert len({one.message_id for one in witness.taken}) == len(witness.taken) == 3 * RUNS


@pytest.mark.feature("PRF-03")
def test_who_listens_hears_a_broker_that_is_back(
    broker: Broker, figures: dict[str, Any], whole: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gone while a message was in hand, and back: who listens hears what is rung then, with no look of its own, within 30 s."""
    from broadsheet.adapters.dispatchers import celery
    from broadsheet.runs.ports import Ring

    settings.BROKER_URL = broker.url
    monkeypatch.setattr(celery, "LOOK_SECONDS", 3_600.0)
    broker.empty()
    heard, go = threading.Event(), threading.Event()

    def turn() -> None:
        heard.set()
        go.wait(200)

    with celery.DISPATCHER.listen(turn, weights=["light"], places=1):
        bell = celery.DISPATCHER.bell()
        until(lambda: rings(bell, Ring("before", "light")), seconds=30, what="it could be rung", each=1)
        assert heard.wait(30)
        broker.kill()
        time.sleep(90 if whole else 6)  # the broker is away so long
        broker.start()
        heard.clear()
        go.set()  # only now it is acknowledged, to a broker that knows nothing of it
        until(lambda: rings(bell, Ring("after", "light")), seconds=30, what="it could be rung again", each=1)
        figures["heard after, s"] = round(until(heard.is_set, seconds=30, what="it was heard"), 1)


def written(house: House) -> int:
    return int(house.only("select count(*) from runs_occurrence"))


def rings(bell: Any, ring: Any) -> bool:
    try:
        bell.ring([ring])
    except Exception:  # as the scheduler's loop does, which rings with its next beat
        return False
    return True


def ring_again(house: House, url: str, *, times: int) -> None:
    """For each run that has not ended, so many times more."""
    from broadsheet.adapters.dispatchers.celery import CeleryBell, application
    from broadsheet.runs.ports import Ring

    keys = [str(key) for (key,) in house.ask("select id from runs_occurrence where finished_at is null")]
    assert keys
    CeleryBell(application(url)).ring([Ring(key, "light") for key in keys * times])
