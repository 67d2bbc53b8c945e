"""Runs past what they may use: each ends alone, says in a sentence which bound it was, and its neighbours go on."""

from __future__ import annotations

from typing import Any

import pytest

from .parts.house import mail, schedule
from .parts.mailbox import Mailbox
from .parts.town import RENDER_SECONDS, Town

REPORT = """\
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
MANY = (
    "select "
    + " || ".join(f"b{one}.item || b{one}.reader" for one in range(9))
    + " as item from "
    + ", ".join(f"orders b{one}" for one in range(9))
)  # 19,683 lines, each another
ONCE = "retry: {tries: 1}"
# name: its limits, its report, its format, and what it is told to have gone beyond
OVER = {
    "rows-over": ("rows: 1000", "many", "csv", "more than 1,000 rows"),
    "bytes-over": ("megabytes: 1", "many", "csv", "more than 1 MB"),
    "time-over": ("seconds: 4", "endless", "csv", "4 s"),
    "cpu-over": ("cpu_seconds: 1", "purchases", "endless", "more than 1 s of processor time"),
    "memory-over": ("memory_megabytes: 100", "purchases", "filling", "more than 100 MB of memory"),
}
# And beyond what the installation allows, without a word in the schedule
POISONS = {
    "crashing": "ended its process 3 times (SIGSEGV)",
    "endless": f"longer than {RENDER_SECONDS} s",
    "filling": "more than 500 MB of memory",
}
FIXES = ("policies.limits", "Narrow the period", "Show fewer rows", "Take out blocks")


@pytest.mark.feature("SCH-24")
@pytest.mark.feature("PRF-02")
def test_each_bound_ends_its_run_alone(town: Town, witness: Mailbox, figures: dict[str, Any], whole: bool) -> None:
    """Rows, bytes, time, processor time, memory; a crash, 8 GB, an endless loop: each ends by its bound, alone, and says so."""
    poisons = {
        name: told for name, told in POISONS.items() if whole or name != "endless"
    }  # as long as cpu-over is short
    schedules = [mail(witness.port, name="bounds"), REPORT.format(name="many", sql=MANY)]
    schedules.append(REPORT.format(name="endless", sql=ENDLESS))
    for name, (limits, report, form, _) in OVER.items():
        policies = f"{{limits: {{{limits}}}, {ONCE}}}"
        schedules.append(schedule(name, channel="bounds", report=report, formats=form, policies=policies))
    schedules += [schedule(f"all-{one}", channel="bounds", formats=one, policies=f"{{{ONCE}}}") for one in poisons]
    schedules.append(schedule("beside", readers=6, languages=3, channel="bounds"))
    town.apply("".join(schedules))
    town.run(*OVER, *(f"all-{one}" for one in poisons), "beside")
    told = town.ended(seconds=150)
    said = {name: reason(town, name, one) for name, one in told.items()}
    figures |= {"told": said, "neighbour": told["beside"]["deliveries"]}
    wanted = {name: one[3] for name, one in OVER.items()} | {f"all-{name}": one for name, one in poisons.items()}
    assert {name: told[name]["state"] for name in wanted} == dict.fromkeys(wanted, "failed")
    assert {name: said[name] for name, words in wanted.items() if words not in said[name]} == {}
    assert [one for name, one in said.items() if name in wanted and not any(fix in one for fix in FIXES)] == []
    assert (told["beside"]["state"], told["beside"]["deliveries"]) == ("accepted", {"accepted": 6})
    assert len(witness.readers()) == 6
    assert town.node.alive()


@pytest.mark.feature("SCH-24")
def test_the_command_line_says_which_bound_it_was(town: Town, witness: Mailbox, figures: dict[str, Any]) -> None:
    """`broadsheet run` of a report past its bound ends with the reason and a status that programs see."""
    policies = f"{{limits: {{rows: 1}}, {ONCE}}}"
    text = schedule("said-here", channel="said", policies=policies, report="months")
    months = "---\nreport: months\ntitle: Months\ndata: {all: {dataset: orders, by: [item], metrics: [spent]}}\n"
    town.apply(
        mail(witness.port, name="said") + months + "blocks: [{table: all, title: All, columns: [item, spent]}]\n" + text
    )
    said = " ".join(town.house.run("run", "said-here", "--wait", status=3).split())
    figures["said"] = said
    assert "failed" in said
    assert "more than 1 rows" in said
    assert "raise policies.limits.rows" in said
    assert witness.readers() == []


def reason(town: Town, name: str, told: dict[str, Any]) -> str:
    """What a person reads: why the run, or its only slice, failed."""
    return str(told["error"] or " ".join({one["reason"] for one in town.deliveries(name) if one["reason"]}))
