"""A report that ends every process that works on it, as one does that drives its machine out of memory.

What reports do to the processes that draw them is in `test_limits`: the worker itself survives that.
"""

from __future__ import annotations

from typing import Any

import pytest

from .parts.house import House, Node, mail, schedule
from .parts.mailbox import Mailbox

ENDLESS = "select a.item from orders a, " + ", ".join(f"orders b{one}" for one in range(30))  # 3 to the 31st rows
POISON = f"""\
---
dataset: poison
source: shop
sql: "{ENDLESS}"
dimensions: {{item: text}}
metrics: {{spent: {{expression: count(*), kind: integer}}}}
---
report: poison
title: Poison
data: {{all: {{dataset: poison, by: [item], metrics: [spent]}}}}
blocks: [{{table: all, title: All, columns: [item, spent]}}]
"""
MINE = (
    "select o.owner, o.state, o.held_for from runs_occurrence o join schedules_schedule s on s.id = o.schedule_id"
    " where s.name = 'poison'"
)


@pytest.mark.feature("PRF-02")
@pytest.mark.feature("SCH-24")
def test_what_ends_its_worker_is_put_aside_and_its_neighbours_go_on(
    house: House, witness: Mailbox, figures: dict[str, Any]
) -> None:
    """A run that three processes in a row died of is held, its owner told; its neighbours get through."""
    first = house.node()
    house.until(first.serving, seconds=120, what="it served")
    for _ in range(3):
        house.node("worker")
    house.apply(mail(witness.port) + POISON + schedule("poison", report="poison") + schedule("neighbour", readers=3))
    house.due("poison", "neighbour")
    died: list[Node] = []
    while len(died) < 3:
        house.until(lambda: working(house), seconds=90, what="a process took it")
        for one in working(house):
            one.kill()  # as the kernel does to whom a report has driven out of memory
            died.append(one)
    house.until(lambda: house.ask(MINE)[0][2], seconds=90, what="it was put aside")
    house.until(lambda: house.ended(1), seconds=60, what="the neighbour ended")
    figures["deaths"] = len(died)
    assert house.ask(MINE) == [("", "held", "quarantine")]
    assert len(witness.readers()) == 3
    assert house.counts("runs_occurrence") == {"held": 1, "accepted": 1}
    assert house.only("select count(*) from collaboration_notification where kind = 'run.held'") == 1


def working(house: House) -> list[Node]:
    """Which of its nodes lives and has the poison."""
    owners = [str(owner) for owner, _, _ in house.ask(MINE)]
    return [one for one in house.nodes if not one.ended and any(f":{one.process.pid}:" in owner for owner in owners)]
