"""Clocks that are wrong, and time that passed while nothing ran."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import WHOLE
from .parts.house import House, last_firing, mail, schedule
from .parts.mailbox import Mailbox

OUTAGE_HOURS = 26


@pytest.mark.feature("SCH-06")
def test_an_outage_of_26_hours_under_each_policy(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """26 h away: each firing has a row with its decision, and only what the policy plans is sent."""
    names = {"skip": 0, "once": 1, "all": OUTAGE_HOURS}
    node = house.node()
    house.until(node.serving, seconds=120, what="it served")
    house.apply(
        mail(witness.port)
        + "".join(schedule(name, policies=f"{{misfire: {name}, catch_up_hours: 72}}") for name in names)
    )
    house.due(*names, hours=OUTAGE_HOURS)
    house.until(lambda: house.ended(3 * OUTAGE_HOURS), seconds=120, what="each firing was decided")
    rows = house.ask(
        "select s.name, o.state, count(*), count(*) filter (where o.reason = '') from runs_occurrence o"
        " join schedules_schedule s on s.id = o.schedule_id group by s.name, o.state"
    )
    told = {(name, state): count for name, state, count, _ in rows}
    figures["rows"] = {f"{name} {state}": count for (name, state), count in told.items()}
    assert told == {
        ("skip", "missed"): OUTAGE_HOURS,
        ("once", "missed"): OUTAGE_HOURS - 1,
        ("once", "accepted"): 1,
        ("all", "accepted"): OUTAGE_HOURS,
    }
    assert sum(without for *_, without in rows) == 0
    assert len(witness.taken) == sum(names.values())


@pytest.mark.feature("PRF-21")
@pytest.mark.parametrize("off", ["-2h", "+2h", *(["-30s", "+30s"] if WHOLE else [])])
def test_one_node_whose_clock_is_wrong(house: House, witness: Mailbox, figures: dict[str, Any], off: str) -> None:
    """One node's clock is off: nothing fires twice, no lease is taken early, and each firing keeps its one row."""
    witness.pause = 0.3
    right = house.node()
    house.until(right.serving, seconds=120, what="the right one worked")
    house.apply(mail(witness.port) + schedule("hourly", readers=15))
    house.due("hourly")
    house.until(lambda: len(witness.taken) >= 2, seconds=60, what="the right one was sending")
    wrong = house.node(clock=off)
    house.until(wrong.serving, seconds=120, what="the wrong one worked")
    house.until(lambda: house.ended(1), seconds=60, what="the run ended")
    right.end()
    first = house.ask("select fence, state, fire_at from runs_occurrence order by fire_at")
    early = house.only("select count(*) from runs_occurrence where fire_at > now()")
    figures |= {"off": off, "rows": len(first), "ahead of time": early}
    assert first[0] == (1, "accepted", last_firing())  # claimed once
    assert set(witness.by_reader().values()) <= {1, 1 + early}
    assert early >= int(off == "+2h")  # it took them for due, and their policy decided
    assert len(first) == len({at for *_, at in first})
    if off.startswith("-"):
        assert len(first) == 1
