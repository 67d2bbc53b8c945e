"""Several schedulers that see the same schedules come due at one moment."""

from __future__ import annotations

from typing import Any

import pytest

from .parts.house import House, last_firing, mail, schedule

COPIED = (
    "insert into schedules_schedule ({columns}, name) select {columns}, 'copy-' || one from schedules_schedule,"
    " generate_series(1, %s) one where name = 'first'"
)


@pytest.mark.feature("PRF-02")
@pytest.mark.feature("PRF-12")
@pytest.mark.feature("SCH-06")
def test_two_schedulers_and_one_barrier(house: House, figures: dict[str, Any], whole: bool) -> None:
    """Two schedulers, all due at once: exactly one row a schedule and round."""
    many, rounds = (10_000, 20) if whole else (1_000, 3)
    house.apply(mail(1) + schedule("first"))
    columns = house.only(
        "select string_agg(quote_ident(column_name), ', ') from information_schema.columns"
        " where table_name = 'schedules_schedule' and column_name not in ('id', 'name')"
    )
    house.ask(COPIED.format(columns=columns), many - 1)
    house.node("scheduler")
    house.node("scheduler")
    present = "select count(*) from runs_beat"
    house.until(lambda: house.only(present), seconds=60, what="the first looked")
    slowest = 0.0

    def written() -> int:
        return int(house.only("select count(*) from runs_occurrence"))

    for _ in range(rounds):
        at = last_firing()
        house.ask("update schedules_schedule set next_fire_at = %s, begin_at = %s", at, at)  # the barrier
        spent = house.until(lambda: written() >= many, seconds=120, what="all had their row")
        slowest = max(slowest, spent)
        assert written() == house.only("select count(distinct schedule_id) from runs_occurrence") == many
        house.ask("delete from runs_occurrence")
    figures |= {"due": many, "rounds": rounds, "slowest round, s": round(slowest, 2)}
