"""Workers that are killed over and over: every run ends, and nobody is forgotten."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

import pytest

from .conftest import LEASE_SECONDS
from .parts.house import House, mail, schedule
from .parts.mailbox import Mailbox

SENDERS = 4  # messages that one run has on their way at once
ALL = "{misfire: all, catch_up_hours: 72}"


@pytest.mark.feature("PRF-21")
def test_a_worker_killed_every_three_seconds_through_many_runs(
    house: House, witness: Mailbox, figures: dict[str, Any], whole: bool
) -> None:
    """Killed every 3 s: all runs end, one artifact each, re-claimed within a lease and 5 s, nothing left over."""
    runs = 200 if whole else 16
    names = [f"s{one}" for one in range(10 if whole else 4)]
    witness.pause = 2.0
    house.environment["BROADSHEET_RUNS_AT_ONCE"] = "2"  # so that they are not all done before the second kill
    pair = [house.node(), house.node()]
    house.until(lambda: all(one.serving() for one in pair), seconds=120, what="both worked")
    house.apply(mail(witness.port) + "".join(schedule(name, policies=ALL) for name in names))
    house.due(*names, hours=runs // len(names))
    kills, longest = 0, 0.0
    begun = time.monotonic()
    house.until(lambda: house.ended(1), seconds=60, what="the first run ended")
    while not house.ended(runs):
        assert time.monotonic() - begun < (1800 if whole else 170), house.counts("runs_occurrence")
        struck = time.monotonic()
        pair.pop(0).kill()
        kills += 1
        pair.append(house.node())
        house.until(lambda: pair[-1].serving() or house.ended(runs), seconds=120, what="the next one worked")
        time.sleep(max(0.0, 3 - (time.monotonic() - struck)))
        overdue = house.only("select extract(epoch from max(now() - lease_until)) from runs_occurrence") or 0
        longest = max(longest, float(overdue))
    left = house.ask("select owner, lease_until from runs_occurrence where owner <> '' or lease_until is not null")
    files = house.ask("select count(*) from runs_slicefile f join runs_slice s on s.id = f.slice_id"
                      " where f.format = 'csv' group by s.occurrence_id")  # fmt: skip
    figures |= {
        "runs": runs,
        "kills": kills,
        "states": house.counts("runs_occurrence"),
        "longest unclaimed, s": longest,
    }
    assert left == []
    assert kills >= (20 if whole else 2)
    assert [count for (count,) in files] == [1] * runs
    assert set(house.counts("runs_occurrence")) <= {"accepted", "unconfirmed"}
    assert longest <= LEASE_SECONDS + 5
    assert house.only("select count(*) from delivery_delivery") == runs
    assert len(witness.taken) + house.counts("delivery_delivery").get("unconfirmed", 0) >= runs


@pytest.mark.feature("BEY-01")
@pytest.mark.feature("DLV-26")
def test_killed_after_the_kth_recipient(house: House, witness: Mailbox, figures: dict[str, Any], whole: bool) -> None:
    """Killed after the k-th recipient: each gets it at least once; repeats at most what was in flight; ids unchanged."""
    runs, readers = (20, 50) if whole else (2, 20)
    names = [f"s{one}" for one in range(runs)]
    witness.pause = 0.1
    for number, name in enumerate(names):
        node = house.node()
        house.until(node.serving, seconds=120, what="it worked")
        if not number:
            house.apply(mail(witness.port) + "".join(schedule(name, readers=readers) for name in names))
        house.due(name)
        goal = len(witness.taken) + 1 + (number * 7) % (readers - 6)
        house.until(lambda goal=goal: len(witness.taken) >= goal, seconds=60, what="the k-th had it", each=0.01)
        node.kill()
    last = house.node()
    house.until(lambda: house.ended(runs), seconds=LEASE_SECONDS * 2 + 90, what="all runs ended")
    unconfirmed = house.counts("delivery_delivery").get("unconfirmed", 0)
    repeats = len(witness.taken) - len({(one.to, one.message_id) for one in witness.taken})
    assert repeats == 0  # what may have arrived is never sent again by itself
    assert unconfirmed <= SENDERS * runs
    listed = [str(key) for (key,) in house.ask("select id from delivery_delivery where state = 'unconfirmed'")]
    if listed:
        house.asked(last, "POST", "deliveries/resend", {"ids": listed})  # as a person does who read the list
    house.until(
        lambda: house.counts("delivery_delivery") == {"accepted": runs * readers}, seconds=60, what="all had it"
    )
    ids = defaultdict(set)
    for one in witness.taken:
        ids[one.message_id].add(one.to)
    figures |= {"runs": runs, "recipients": readers, "unconfirmed": unconfirmed, "received": len(witness.taken)}
    assert len(ids) == runs * readers  # each delivery has one id, however often it came
    assert len(witness.taken) - runs * readers <= unconfirmed
