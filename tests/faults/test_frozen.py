"""A process that slept through its lease, and a connection that broke at the worst moment."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LEASE_SECONDS
from .parts.house import House, mail, schedule
from .parts.mailbox import CUT, Mailbox

REFUSED = ("is another process's now", "is not ours any more", "settled by another")


@pytest.mark.feature("PRF-21")
def test_a_worker_frozen_past_its_lease_sends_nothing_when_it_wakes(
    house: House, witness: Mailbox, figures: dict[str, Any], whole: bool
) -> None:
    """Frozen for three leases, then woken: its stale claim is refused, and nobody gets anything twice."""
    readers = 30
    witness.pause = 0.4
    sleeper = house.node()
    house.until(sleeper.serving, seconds=120, what="it worked")
    house.apply(mail(witness.port) + schedule("slow", readers=readers))
    house.due("slow")
    house.until(lambda: len(witness.taken) >= 3, seconds=60, what="three had it")
    sleeper.freeze()
    house.node()
    house.until(lambda: house.ended(1), seconds=LEASE_SECONDS * 3 + 60, what="another process ended the run")
    if whole:
        spent = house.until(lambda: house.only("select now() - min(begun) > interval '180 s' from (select min(started_at)"
                      " begun from delivery_attempt) one"), seconds=200, what="180 s had passed", each=1)  # fmt: skip
        figures["waited, s"] = round(spent)
    before = len(witness.taken)
    sleeper.wake()
    house.until(lambda: any(one in sleeper.said() for one in REFUSED), seconds=30, what="the sleeper noticed")
    sleeper.end()  # what it had in hand is over by then
    counts = house.counts("delivery_delivery")
    figures |= {"states": counts, "after waking": len(witness.taken) - before}
    assert set(witness.by_reader().values()) == {1}
    assert counts.get("accepted", 0) + counts.get("unconfirmed", 0) == readers
    assert len(witness.taken) >= counts.get("accepted", 0)


@pytest.mark.feature("DLV-26")
def test_a_connection_cut_after_the_final_dot(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """Cut after the final dot: unconfirmed, listed, and not sent again by itself."""
    witness.takes = lambda address, call: CUT if address.startswith("r1@") else ""
    node = house.node()
    house.until(node.serving, seconds=120, what="it worked")
    house.apply(mail(witness.port) + schedule("cut", readers=3, policies="{retry: {tries: 3, first_seconds: 1}}"))
    house.due("cut")
    house.until(lambda: house.ended(1), seconds=60, what="the run ended")
    [listed] = house.asked(node, "GET", "deliveries?state=unconfirmed")["items"]
    figures["states"] = house.counts("delivery_delivery")
    assert listed["recipient"]["key"] == "r1"
    assert house.counts("delivery_delivery") == {"accepted": 2, "unconfirmed": 1}
    assert house.counts("runs_occurrence") == {"partial": 1}
    assert witness.by_reader() == {"r0@readers.example": 1, "r1@readers.example": 1, "r2@readers.example": 1}
