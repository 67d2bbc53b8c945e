"""What is held goes on, or is dropped, by one person's word, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.runs.actions.release import (
    drop,
    drop_deliveries,
    hold_run,
    release,
    release_deliveries,
    release_many,
)
from broadsheet.runs.errors import NotHeld, UnknownRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-20"), pytest.mark.feature("BEY-03")]
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def asker(organization):
    return system_actor(organization.pk)


@pytest.fixture
def held(change, run, finish):
    """A run whose three files are too large, so that all of it is held."""
    change("policies:", "checks: {size: {megabytes: 0.00001}}\npolicies:")
    found = finish(run())
    assert found.state == "held"
    return found


def states(run) -> dict[str, str]:
    return {one.recipient_key: one.state for one in run.deliveries.all()}


def journal() -> list[tuple[str, str]]:
    from broadsheet.compliance.models import Entry

    rows = Entry.objects.filter(action__regex=r"^(run|delivery)\.").order_by("pk").values_list("action", "detail")
    return [(action, detail.get("why", "")) for action, detail in rows]


def test_a_released_run_sends_all_of_it_and_is_not_held_again(held, finish, memory, asker) -> None:
    go = release(asker, held.pk, now=LATER, why="I looked, they are fine.")
    assert (go.state, go.waived, go.held_for, set(states(go).values())) == ("due", ["content"], "", {"due"})
    ended = finish(go, now=LATER)
    assert (ended.state, len(memory.taken)) == ("accepted", 3)
    assert set(ended.slices.values_list("verdict", flat=True)) == {"released"}
    assert journal() == [("run.released", "I looked, they are fine.")]


def test_a_dropped_run_ends_as_skipped_with_who_and_why(held, finish, memory, asker) -> None:
    gone = drop(asker, held.pk, now=LATER, why="Yesterday's data.")
    assert (gone.state, gone.reason) == ("skipped", "Dropped by Broadsheet: Yesterday's data.")
    assert gone.finished_at == LATER
    assert set(states(gone).values()) == {"skipped"}
    assert finish(gone, now=LATER).state == "skipped"
    assert (memory.taken, journal()) == ([], [("run.dropped", "Yesterday's data.")])


def test_the_second_of_two_who_press_is_told(held, asker) -> None:
    release(asker, held.pk, now=LATER)
    with pytest.raises(NotHeld, match="is not held: it is due"):
        release(asker, held.pk, now=LATER)
    with pytest.raises(NotHeld, match="is not held: it is due"):
        drop(asker, held.pk, now=LATER)


def test_a_hold_that_outlived_its_deadline_gets_a_new_one(held, finish, memory, asker) -> None:
    late = NOW + timedelta(days=3)
    held.deadline_at = NOW + timedelta(hours=24)
    held.save(update_fields=["deadline_at"])
    ended = finish(release(asker, held.pk, now=late), now=late)
    assert (ended.state, ended.deadline_at) == ("accepted", late + timedelta(hours=24))


def test_who_left_the_audience_during_the_hold_gets_nothing(held, finish, memory, asker, tmp_path) -> None:
    buyers = tmp_path / "shop" / "buyers.csv"
    lines = buyers.read_text("utf-8").splitlines(keepends=True)
    buyers.write_text("".join(one for one in lines if not one.startswith("b2,")), "utf-8")
    ended = finish(release(asker, held.pk, now=LATER), now=LATER)
    assert states(ended) == {"b1": "accepted", "b2": "skipped", "b3": "accepted"}


def test_one_delivery_goes_and_the_others_stay_held_then_the_rest_is_dropped(held, finish, memory, asker) -> None:
    keys = {one.recipient_key: one.pk for one in held.deliveries.all()}
    assert release_deliveries(asker, [keys["b1"]], now=LATER, why="Ada asked for it.") == 1
    partly = finish(held, now=LATER)
    assert (partly.state, states(partly)) == ("held", {"b1": "accepted", "b2": "held", "b3": "held"})
    assert [one.recipient_key for one in memory.taken] == ["b1"]
    assert drop_deliveries(asker, [keys["b2"], keys["b3"]], now=LATER) == 2
    ended = finish(held, now=LATER)
    assert (ended.state, states(ended)) == ("partial", {"b1": "accepted", "b2": "skipped", "b3": "skipped"})
    with pytest.raises(DeliveryError, match="is accepted, not held"):
        release_deliveries(asker, [keys["b1"]], now=LATER)


def test_a_run_that_has_not_begun_is_held_by_hand_and_released(run, finish, memory, asker) -> None:
    waits = hold_run(asker, run().pk, now=NOW, why="The price list is wrong.")
    assert (waits.state, waits.held_reason) == ("held", "Held by Broadsheet: The price list is wrong.")
    assert finish(waits).state == "held"
    assert finish(release(asker, waits.pk, now=LATER), now=LATER).state == "accepted"
    with pytest.raises(NotHeld, match="only one that has not begun"):
        hold_run(asker, waits.pk, now=LATER)


def test_many_are_released_or_none(run, asker) -> None:
    first, second = run(), run()
    hold_run(asker, first.pk, now=NOW)
    with pytest.raises(NotHeld):
        release_many(asker, [first.pk, second.pk], now=LATER)
    first.refresh_from_db()
    assert first.state == "held"
    hold_run(asker, second.pk, now=NOW)
    assert release_many(asker, [first.pk, second.pk], now=LATER) == 2


def test_stopping_a_held_run_drops_it(held, asker) -> None:
    from broadsheet.runs.actions.run_now import stop

    assert stop(asker, held.pk, now=LATER)
    held.refresh_from_db()
    assert (held.state, set(states(held).values())) == ("skipped", {"skipped"})


@pytest.mark.parametrize(("role", "error"), [("viewer", Refused), ("outsider", UnknownRun)])
def test_only_who_may_run_the_schedule_decides(held, actor, role: str, error: type[Exception]) -> None:
    for act in (release, drop, hold_run):
        with pytest.raises(error):
            act(actor(role), held.pk, now=LATER)
    with pytest.raises((Refused, UnknownDelivery)):
        release_deliveries(actor(role), [held.deliveries.first().pk], now=LATER)
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.feature("SCH-25")
def test_the_time_that_a_person_lets_it_wait_is_not_the_time_that_it_takes(change, run, finish, organization) -> None:
    from broadsheet.operations.health import health
    from broadsheet.schedules.planning.history import making_seconds, usual_seconds

    change("policies:", "checks: {size: {megabytes: 0.00001}}\npolicies:")
    held, later = finish(run()), NOW + timedelta(minutes=7)
    release(system_actor(organization.pk), held.pk, now=later)
    ended = finish(held, now=later)
    assert ended.made_in() == timedelta()
    assert ended.held_within(NOW, later) == timedelta(minutes=7)
    [mine] = [one for one in health(system_actor(organization.pk)) if one.schedule.name == "by-memory"]
    assert mine.duration.p95 == timedelta()
    assert making_seconds(ended.schedule_id) == []
    assert usual_seconds(organization.pk, now=later) == {}
    ended.schedule.refresh_from_db()
    assert ended.schedule.weight == "light"
