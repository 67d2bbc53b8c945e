"""A mark that is reached starts its schedule once, ever: also under two that look, and after a restart."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections
from tests.plugins.django import NOW
from tests.runs.conftest import MEMORY

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.actions import watch_milestones as watching
from broadsheet.runs.actions.watch_milestones import look, watch_milestones
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.steer import pause, resume
from broadsheet.schedules.models import Milestone, Schedule
from broadsheet.schedules.queries import definition_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-18")]
MARK = """\
schedule: million
title: The first 200
report: purchases
milestone: {dataset: orders, metric: spent, reaches: 200, every_minutes: 10}
audience: {people: [{name: Ada, address: ada@ada.example, attributes: {buyer_id: b1}}]}
channels: [{channel: memory, formats: [csv]}]
"""
SPENT = 176.0  # what all buyers together have spent


@pytest.fixture
def kept(shop, memory, organization) -> Callable[..., None]:
    """``kept()`` keeps the schedule, with some texts of it replaced."""

    def keep(**replaced: str) -> None:
        text = MARK
        for old, new in replaced.items():
            text = text.replace(old, new)
        apply(system_actor(organization.pk), {"c.yaml": MEMORY.split("---\n")[0], "m.yaml": text}, now=NOW)

    keep()
    return keep


@pytest.fixture
def sell(tmp_path: Path) -> Callable[[str], None]:
    def sold(price: str, day: str = "2026-11-24") -> None:
        with (tmp_path / "shop" / "orders.csv").open("a", encoding="utf-8") as orders:
            orders.write(f"{day},b1,Atlas,{price}\n")

    return sold


def watch(minutes: int) -> int:
    return watch_milestones(now=NOW + timedelta(minutes=minutes))


def test_a_mark_is_looked_at_as_often_as_it_says_and_fires_once(kept, sell, finish) -> None:
    assert watch(0) == 0
    mark = Milestone.objects.get()
    assert (mark.value, mark.looked_at, mark.look_at) == (SPENT, NOW, NOW + timedelta(minutes=10))
    sell("24")
    assert watch(9) == 0  # not due yet
    assert watch(10) == 1
    run = Occurrence.objects.get()
    assert (run.kind, run.state, run.reason) == ("milestone", "due", "spent of orders reached 200: 200")
    sell("1000")
    assert [watch(minutes) for minutes in (20, 30, 5000)] == [0, 0, 0]
    mark.refresh_from_db()
    assert (mark.value, mark.reached_at, mark.before) == (200.0, NOW + timedelta(minutes=10), False)
    assert finish(run, now=NOW + timedelta(hours=1)).state == "accepted"


def test_a_mark_that_was_reached_before_it_was_set_is_no_news(kept) -> None:
    kept(**{"reaches: 200": "reaches: 176"})
    assert watch(0) == 0
    mark = Milestone.objects.get(current=True)
    assert mark.before and mark.reached_at == NOW and not Occurrence.objects.exists()


def test_what_was_reached_once_stays_reached_when_it_is_taken_out_and_put_back(kept, sell) -> None:
    watch(0)
    sell("24")
    assert watch(10) == 1
    kept(**{"reaches: 200": "reaches: 300"})
    kept()
    assert watch(20) == 0
    assert Occurrence.objects.count() == 1
    assert Milestone.objects.filter(current=True).get().reached_at is not None


def test_two_that_look_at_one_moment_start_one_run(kept, sell) -> None:
    watch(0)
    sell("24")
    mark, asked = Milestone.objects.get(), definition_of(Schedule.objects.get(name="million")).milestone
    barrier = Barrier(2)

    def one(number: int) -> bool:
        try:
            barrier.wait(timeout=10)
            return look(mark, asked, now=NOW + timedelta(minutes=10, microseconds=number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as lookers:
        assert sorted(lookers.map(one, range(2))) == [False, True]
    assert Occurrence.objects.count() == 1


def test_one_that_dies_before_the_run_is_written_leaves_the_mark_as_it_was(kept, sell, monkeypatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*given: object, **more: object) -> None:
        raise Killed

    watch(0)
    sell("24")
    monkeypatch.setattr(watching, "begin", killed)
    with pytest.raises(Killed):
        watch(10)
    monkeypatch.undo()
    assert Milestone.objects.get().reached_at is None
    assert watch(20) == 1
    assert Occurrence.objects.count() == 1


def test_a_figure_of_a_period_counts_from_its_beginning(kept, sell) -> None:
    kept(**{"reaches: 200": "reaches: 50, over: this month"})
    assert watch(0) == 0
    assert Milestone.objects.get(current=True).value == 0.0  # all was bought in October
    sell("30", day="2026-11-02")
    sell("25")
    assert watch(10) == 1


def test_a_figure_may_count_from_a_day_and_for_some_alone(kept) -> None:
    kept(**{"reaches: 200": "reaches: 200, since: 2026-10-15, where: {buyer_id: b3}"})
    watch(0)
    assert Milestone.objects.get(current=True).value == 101.0


def test_a_source_that_does_not_answer_is_told_and_asked_again(kept, sell, tmp_path: Path) -> None:
    orders = tmp_path / "shop" / "orders.csv"
    away = orders.rename(tmp_path / "away.csv")
    assert watch(0) == 0
    mark = Milestone.objects.get()
    assert mark.error and mark.looked_at is None and mark.look_at == NOW + timedelta(minutes=5)
    away.rename(orders)
    assert watch(5) == 0
    mark.refresh_from_db()
    assert (mark.error, mark.value) == ("", SPENT)


def test_a_pause_loses_no_mark(kept, sell, organization) -> None:
    watch(0)
    actor = system_actor(organization.pk)
    pause(actor, "million", now=NOW)
    sell("24")
    assert watch(10) == 0
    resume(actor, "million", now=NOW + timedelta(minutes=20))
    assert watch(21) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dataset: orders", "dataset: order", "milestone.dataset: There is no dataset “order”. Did you mean “orders”?"),
        ("metric: spent", "metric: spend", "milestone.metric: Dataset “orders” has no metric “spend”. Did you mean “spent”?"),
        ("reaches: 200", "reaches: 200, where: {colour: red}", "milestone.where.colour: Dataset “orders” has no dimension “colour”."),
        ("reaches: 200", "reaches: 200, over: this moon", "milestone.over: “this moon” is not a period."),
        ("dataset: orders, metric: spent", "dataset: buyers, metric: buyers, over: this year", "milestone.over: Dataset “buyers” has no time"),
    ],
)  # fmt: skip
def test_what_a_mark_names_must_be_there(kept, organization, old: str, new: str, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        save_schedule(system_actor(organization.pk), load(MARK.replace(old, new), file="m.yaml")[0], now=NOW)
    assert said in str(caught.value)


@pytest.mark.feature("SEC-01")
def test_who_may_not_see_all_rows_learns_no_total_by_a_mark(kept, organization, cast, actor) -> None:
    from broadsheet.access.actions.change_person import change_role

    change_role(system_actor(organization.pk), cast.viewer.pk, role="publisher", now=NOW)
    text = MARK.replace("reaches: 200", "reaches: 150")
    with pytest.raises(DefinitionError, match="shows everybody their own rows, and you may not see all rows"):
        save_schedule(actor("viewer"), load(text, file="m.yaml")[0], now=NOW)
