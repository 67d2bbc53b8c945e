"""Leases: one holder at a time, and a holder that slept through its lease changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from tests.plugins.django import NOW

from broadsheet.core.lifecycle.ageing import turn_at
from broadsheet.delivery import claims as deliveries
from broadsheet.runs import claims, suspects
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.models import Limits, Occurrence

pytestmark = pytest.mark.django_db(transaction=True)
EXPIRED = Now() - timedelta(seconds=1)


def let_expire(run: Occurrence) -> None:
    Occurrence.objects.filter(pk=run.pk).update(lease_until=EXPIRED)


@pytest.mark.feature("PRF-21")
def test_a_run_is_claimed_by_one(run) -> None:
    asked = run()
    assert claims.claim(owner="one", now=NOW).pk == asked.pk
    assert claims.claim(owner="two", now=NOW) is None


@pytest.mark.feature("PRF-21")
def test_a_frozen_worker_that_wakes_can_write_nothing(run) -> None:
    asked = run()
    frozen = claims.claim(owner="frozen", now=NOW)
    let_expire(asked)
    fresh = claims.claim(owner="fresh", now=NOW)
    assert fresh.fence == frozen.fence + 1
    for act in (
        lambda: claims.hold(frozen),
        lambda: claims.write(frozen, state="failed"),
        lambda: claims.release(frozen, wake_at=None),
    ):
        with pytest.raises(claims.LostLease):
            act()
    claims.hold(fresh)
    assert Occurrence.objects.get(pk=asked.pk).state == "running"


@pytest.mark.feature("PRF-21")
def test_leases_of_the_dead_end_at_once_where_one_process_owns_the_database(run) -> None:
    run()
    assert claims.claim(owner="dead", now=NOW) is not None
    assert claims.free_the_dead(owner="alive") == 1
    assert claims.claim(owner="alive", now=NOW) is not None


@pytest.mark.feature("SCH-23")
@pytest.mark.parametrize(("overlap", "state"), [("queue", "due"), ("skip", "skipped"), ("cancel", "due")])
def test_a_second_run_waits_is_skipped_or_stops_the_first(change, run, overlap: str, state: str) -> None:
    change("policies: {", f"policies: {{overlap: {overlap}, ")
    first = run()
    claims.claim(owner="one", now=NOW)
    second = run()
    assert claims.claim(owner="two", now=NOW) is None
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.state == state
    assert (first.stop_asked_at is not None) == (overlap == "cancel")


@pytest.mark.feature("BEY-01")
@pytest.mark.parametrize(
    ("handed_over", "deduplicates", "state"),
    [(False, False, "due"), (True, False, "unconfirmed"), (True, True, "due"), (False, True, "due")],
)
def test_a_dead_sender_s_delivery_is_repeated_only_when_it_cannot_arrive_twice(
    run, finish, memory, handed_over: bool, deduplicates: bool, state: str
) -> None:
    from broadsheet.delivery.models import Delivery, StoredChannel
    from broadsheet.delivery.ports import Receipt

    memory.ends = [Receipt("retry", "451 later")] * 3
    ended = finish(run())
    StoredChannel.objects.update(settings={"deduplicates": deduplicates})
    one = ended.deliveries.first()
    dead = Occurrence(pk=ended.pk, owner="dead", fence=ended.fence)
    claimed = deliveries.claim(one.pk, dead, now=NOW + timedelta(hours=1))
    if handed_over:
        deliveries.write(claimed, handed_over_at=NOW)
    Delivery.objects.filter(pk=one.pk).update(lease_until=EXPIRED)
    deliveries.recover(Occurrence(pk=ended.pk, owner="alive", fence=ended.fence + 1), now=NOW)
    one.refresh_from_db()
    assert one.state == state
    with pytest.raises(deliveries.LostClaim):  # the dead one wakes, and may neither hand over nor settle
        deliveries.write(claimed, handed_over_at=NOW)


def order(runs: list[Occurrence]) -> list[int]:
    """The positions in *runs* of those that are claimed, one after another, each ended before the next."""
    found = []
    while (one := claims.claim(owner="one", now=NOW)) is not None:
        found.append([run.pk for run in runs].index(one.pk))
        Occurrence.unchecked.filter(pk=one.pk).update(finished_at=NOW, state="accepted", lease_until=None, owner="")
    return found


@pytest.mark.feature("SCH-21")
@pytest.mark.feature("PRF-01")
def test_the_higher_priority_is_first_and_the_one_that_waited_long_before_all(run) -> None:
    asked = [run(), run(), run(), run()]
    long_ago = NOW - timedelta(minutes=41)
    for one, priority, created in zip(asked, (5, 3, 1, 5), (NOW, NOW, NOW, long_ago), strict=True):
        Occurrence.objects.filter(pk=one.pk).update(turn_at=turn_at(created, priority=priority))
    assert order(asked) == [3, 2, 1, 0]


@pytest.mark.feature("SCH-21")
def test_a_run_takes_its_turn_by_the_priority_of_its_schedule(change) -> None:
    change("policies: {", "policies: {priority: highest, ")
    fire_due(now=NOW + timedelta(days=7))
    one = Occurrence.objects.filter(schedule__name="by-memory", state="due").get()
    assert (one.priority, one.turn_at) == (1, one.created_at)


@pytest.mark.feature("SCH-22")
@pytest.mark.feature("PRF-05")
def test_a_worker_of_light_runs_leaves_the_heavy_to_others(beside, run) -> None:
    light, heavy = run(), run()
    Occurrence.objects.filter(pk=heavy.pk).update(weight="heavy")
    assert claims.claim(owner="one", now=NOW, weights=["light"]).pk == light.pk
    assert claims.claim(owner="one", now=NOW, weights=["light"]) is None
    Occurrence.objects.filter(pk=light.pk).update(finished_at=NOW)
    assert claims.claim(owner="two", now=NOW, weights=["heavy"]).pk == heavy.pk


@pytest.fixture
def beside(change) -> None:
    """Three runs of the schedule may go on side by side."""
    change("policies: {", "policies: {at_once: 3, ")


def many(number: int) -> int:
    """How many of *number* workers that look one after another find something."""
    return sum(claims.claim(owner=f"worker-{one}", now=NOW) is not None for one in range(number))


@pytest.mark.feature("SCH-23")
def test_as_many_of_a_schedule_as_it_says_go_on_side_by_side(beside, run) -> None:
    _ = [run() for _ in range(5)]
    assert many(5) == 3


@pytest.mark.feature("SCH-23")
@pytest.mark.parametrize("whose", ["installation", "organization", "source", "other source"])
def test_no_more_run_at_once_than_the_limit_says(beside, run, organization, whose: str) -> None:
    _ = [run() for _ in range(3)]
    mine = None if whose == "installation" else organization
    limits = {"sources": {"shop" if whose == "source" else "elsewhere": 2}} if "source" in whose else {"runs": 2}
    Limits.objects.create(organization=mine, **limits)
    assert many(3) == (3 if whose == "other source" else 2)


@pytest.mark.feature("SCH-23")
def test_what_sleeps_takes_no_place(beside, run, organization) -> None:
    _ = [run(), run()]
    Limits.objects.create(organization=organization, runs=1)
    first = claims.claim(owner="one", now=NOW)
    assert claims.claim(owner="two", now=NOW) is None
    claims.release(first, wake_at=NOW + timedelta(hours=1))
    assert claims.claim(owner="two", now=NOW) is not None


@pytest.mark.feature("PRF-21")
def test_a_run_that_ends_its_worker_three_times_waits_for_a_person_and_others_go_on(beside, run) -> None:
    other, poison = run(), run()
    for number in range(suspects.DEATHS):
        assert claims.claim(owner=f"worker-{number}", now=NOW).pk == poison.pk
        let_expire(poison)
    assert claims.claim(owner="last", now=NOW).pk == other.pk
    poison.refresh_from_db()
    assert (poison.state, poison.held_for, poison.owner) == ("held", "quarantine", "")
    assert "3 processes in a row died" in poison.held_reason
    assert claims.claim(owner="last", now=NOW) is None


@pytest.mark.feature("PRF-21")
def test_a_run_that_gets_further_each_time_is_no_poison(run) -> None:
    asked = run()
    for number in range(2 * suspects.DEATHS):
        held = claims.claim(owner=f"worker-{number}", now=NOW)
        assert held.pk == asked.pk
        claims.get_on(held)
        let_expire(asked)


@pytest.mark.feature("PRF-21")
def test_a_worker_that_is_told_to_end_gives_no_death(run) -> None:
    asked = run()
    for number in range(2 * suspects.DEATHS):
        claims.release(claims.claim(owner=f"worker-{number}", now=NOW), wake_at=None)
    assert Occurrence.objects.get(pk=asked.pk).deaths == 0


@pytest.mark.feature("PRF-21")
def test_one_that_was_asked_to_stop_ends_and_is_not_put_aside(run) -> None:
    asked = run()
    Occurrence.objects.filter(pk=asked.pk).update(stop_asked_at=NOW)
    for number in range(suspects.DEATHS + 1):
        assert claims.claim(owner=f"worker-{number}", now=NOW).pk == asked.pk
        let_expire(asked)


@pytest.mark.feature("SCH-21")
@pytest.mark.feature("SCH-20")
def test_a_run_by_hand_has_its_schedules_place_in_the_queue(change, run) -> None:
    change("policies: {", "policies: {priority: high, weight: heavy, ")
    asked = run()
    assert (asked.priority, asked.weight) == (2, "heavy")


@pytest.mark.feature("PRF-21")
def test_a_claim_asks_little_and_an_empty_queue_once(run, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(1):
        assert claims.claim(owner="one", now=NOW) is None
    run()
    told = connection.vendor == "postgresql"  # how to look for the first
    with django_assert_max_num_queries(6 + told):  # with those that begin and end its transaction
        assert claims.claim(owner="one", now=NOW) is not None
