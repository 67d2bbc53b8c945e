"""A broker that is down, that forgets, and that says everything three times: it is a doorbell, and costs time alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.plugins.brokers import BROKERS, Broker

from .parts.house import House, mail, schedule
from .parts.mailbox import Mailbox

RUNS = 6
DRAINED_SECONDS = 120
RUNG_AGAIN_SECONDS = 60
NAMES = [f"s{one}" for one in range(RUNS)]


@pytest.fixture(scope="module", params=list(BROKERS))
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Each kind in turn."""
    with BROKERS[request.param]() as made:
        yield made


@pytest.fixture
def due(house: House, witness: Mailbox, broker: Broker) -> House:
    """An installation whose schedules have a firing to come, and a broker that is there and empty."""
    house.environment["BROADSHEET_BROKER_URL"] = broker.url
    broker.empty()
    house.apply(mail(witness.port) + "".join(schedule(name) for name in NAMES))
    return house


def written(house: House) -> bool:
    return bool(house.only("select count(*) from runs_occurrence") == RUNS)


def once_each(house: House, witness: Mailbox) -> None:
    assert house.counts("delivery_delivery") == {"accepted": RUNS}
    assert len({one.message_id for one in witness.taken}) == len(witness.taken) == RUNS


@pytest.mark.feature("PRF-03")
@pytest.mark.feature("PRF-21")
def test_a_broker_that_is_down(
    due: House, witness: Mailbox, broker: Broker, figures: dict[str, Any], whole: bool
) -> None:
    """Down: firings are written on time all the same; when it is back, all is done within 2 minutes."""
    due.node("scheduler")
    due.node("worker")
    broker.kill()
    try:
        due.due(*NAMES)
        figures["written, s"] = due.until(lambda: written(due), seconds=15, what="each firing had its row")
        time.sleep(600 if whole else 2)  # the broker is away so long
    finally:
        broker.start()
    figures["drained, s"] = due.until(lambda: due.ended(RUNS), seconds=DRAINED_SECONDS, what="all runs ended")
    once_each(due, witness)


@pytest.mark.feature("PRF-03")
def test_a_broker_that_forgot_everything(due: House, witness: Mailbox, broker: Broker, figures: dict[str, Any]) -> None:
    """Emptied: what was rung for is rung for again within a minute."""
    due.node("scheduler")
    due.due(*NAMES)
    rung = "select count(*) from runs_occurrence where rung_at is not null"
    due.until(lambda: due.only(rung) == RUNS, seconds=30, what="it was rung for each")
    broker.empty()
    due.node("worker")
    figures["done, s"] = due.until(lambda: due.ended(RUNS), seconds=RUNG_AGAIN_SECONDS + 30, what="all runs ended")
    once_each(due, witness)


@pytest.mark.feature("PRF-03")
def test_each_message_thrice(due: House, witness: Mailbox, broker: Broker, figures: dict[str, Any]) -> None:
    """Each message three times, to two workers: one effect each."""
    due.node("scheduler")
    due.due(*NAMES)
    rung = "select count(*) from runs_occurrence where rung_at is not null"
    due.until(lambda: due.only(rung) == RUNS, seconds=30, what="it was rung for each")
    figures["messages"] = 3 * _again(broker.url, times=2)
    assert figures["messages"]
    workers = [due.node("worker"), due.node("worker")]
    due.until(lambda: due.ended(RUNS), seconds=90, what="all runs ended")
    for one in workers:
        one.end()  # what they still heard is over by then
    once_each(due, witness)


def _again(url: str, *, times: int) -> int:
    """Put each waiting message into its queue so many times more; how many there were."""
    from kombu import Connection, Producer, Queue

    name = "broadsheet.light"
    with Connection(url) as connection, connection.channel() as channel:
        found, queue = [], Queue(name)(channel)
        end = time.monotonic() + 20  # what is noted as rung for is on its way
        while len(found) < RUNS and time.monotonic() < end:
            message = queue.get(no_ack=True)
            if message is not None:
                found.append(message)
            else:
                time.sleep(0.1)
        with Producer(channel) as producer:
            for message in found:
                for _ in range(times + 1):
                    producer.publish(
                        message.payload, routing_key=name, serializer="json", headers=message.headers,
                        correlation_id=message.properties.get("correlation_id"),
                    )  # fmt: skip
        return len(found)
