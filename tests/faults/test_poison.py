"""Reports that end the processes that work on them, that never end, and that want all the memory there is."""

from __future__ import annotations

from typing import Any

import pytest

from .parts.house import House, Node, mail, schedule
from .parts.mailbox import Mailbox

POISON = """\
---
dataset: {name}
source: shop
sql: "{sql}"
dimensions: {{item: text}}
metrics: {{spent: {{expression: count(*), kind: integer}}}}
---
report: {name}
title: Poison
data: {{all: {{dataset: {name}, by: [item], metrics: [spent]}}}}
blocks: [{{table: all, title: All, columns: [item, spent]}}]
"""
ENDLESS = "select a.item from orders a, " + ", ".join(f"orders b{one}" for one in range(30))  # 3 to the 31st rows
HUGE = (
    "select "
    + " || ".join(f"b{one}.item || b{one}.reader" for one in range(11))
    + " as item from "
    + ", ".join(f"orders b{one}" for one in range(11))
)  # 177,147 lines, each another


def poison(name: str, sql: str, *, policies: str) -> str:
    return POISON.format(name=name, sql=sql) + schedule(name, policies=policies).replace(
        "report: purchases", f"report: {name}"
    )


@pytest.mark.feature("PRF-02")
@pytest.mark.feature("SCH-24")
def test_what_ends_its_worker_is_put_aside_and_its_neighbours_go_on(
    house: House, witness: Mailbox, figures: dict[str, Any]
) -> None:
    """A run that three processes in a row died of is held, its owner told; its neighbours get through."""
    house.apply(mail(witness.port) + poison("poison", ENDLESS, policies="{}") + schedule("neighbour", readers=3))
    house.due("poison")
    deaths = 0
    mine = "select owner, state, held_for from runs_occurrence o join schedules_schedule s on s.id = o.schedule_id where s.name = 'poison'"
    node: Node = house.node()
    while True:
        house.until(lambda: any(owner or held for owner, _, held in house.ask(mine)), seconds=60, what="it was taken")
        [(owner, _, held)] = house.ask(mine)
        if held:
            break
        assert deaths < 4, "it was not put aside"
        assert f":{node.process.pid}:" in owner or deaths
        if f":{node.process.pid}:" not in owner:  # the lease of the one before has not run out
            house.until(
                lambda pid=node.process.pid: any(f":{pid}:" in owner or held for owner, _, held in house.ask(mine)),
                seconds=60, what="the next one took it or left it",
            )  # fmt: skip
            continue
        node.kill()  # as the kernel does to whom a report has driven out of memory
        deaths += 1
        node = house.node()
    house.due("neighbour")
    house.until(lambda: house.ended(1), seconds=60, what="the neighbour ended")
    figures["deaths"] = deaths
    assert (deaths, house.ask(mine)) == (3, [("", "held", "quarantine")])
    assert len(witness.readers()) == 3
    assert house.only("select count(*) from collaboration_notification where kind = 'run.held'") == 1


@pytest.mark.feature("PRF-02")
def test_endless_and_huge_reports_end_by_their_limits(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """A query without end and one of more than it may hold end by their limits, alone, and say which."""
    house.apply(
        mail(witness.port)
        + poison("endless", ENDLESS, policies="{limits: {seconds: 4}, retry: {tries: 1}}")
        + poison("huge", HUGE, policies="{limits: {megabytes: 5}, retry: {tries: 1}}")
        + schedule("neighbour", readers=3)
    )
    house.due("endless", "huge", "neighbour")
    house.node()
    house.until(lambda: house.ended(3), seconds=120, what="all three ended")
    told = {
        name: (state, error)
        for name, state, error in house.ask(
            "select s.name, o.state, o.error from runs_occurrence o join schedules_schedule s on s.id = o.schedule_id"
        )
    }
    figures["told"] = told
    assert told["neighbour"] == ("accepted", "")
    assert [told[name][0] for name in ("endless", "huge")] == ["failed", "failed"]
    assert all(told[name][1] for name in ("endless", "huge"))
    assert len(witness.readers()) == 3
