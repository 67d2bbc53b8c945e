"""Leases: one holder at a time, and a holder that slept through its lease changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from tests.plugins.django import NOW

from broadsheet.delivery import claims as deliveries
from broadsheet.runs import claims
from broadsheet.runs.models import Occurrence

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
