"""What is wrong with a run's content is found before any of it leaves: held, with what it was compared with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.plugins.django import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("BEY-03")]
WEEK = timedelta(weeks=1)
MORE = "".join(
    f"2026-10-{1 + number % 28:02},{buyer},Pen {number},1\n" for buyer in ("b1", "b2") for number in range(30)
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "orders.csv"


@pytest.fixture
def fired(change, organization):
    """``fired(weeks)`` is the firing of so many weeks ago, of the schedule by memory, due."""
    from broadsheet.runs.models import Occurrence
    from broadsheet.schedules.models import Schedule

    def made(weeks: float = 0, **more: object) -> Occurrence:
        schedule = Schedule.objects.get(name="by-memory")
        return Occurrence.objects.create(
            organization=organization, schedule=schedule, fire_at=NOW - weeks * WEEK, created_at=NOW,
            definition=schedule.definition, deadline_at=NOW + timedelta(hours=24),
            **{"kind": "scheduled", "given": {"period": "2026-10"}, **more},
        )  # fmt: skip

    return made


@pytest.fixture
def usual(fired, finish, orders, memory):
    """Three runs that went out, with some thirty rows for Ada and Bo."""
    orders.write_text(orders.read_text("utf-8") + MORE, "utf-8")
    for weeks in (3, 2, 1):
        assert finish(fired(weeks)).state == "accepted"
    memory.taken.clear()


def verdicts(run) -> dict[str, str]:
    return {one.reader["key"]: one.verdict for one in run.slices.all()}


def states(run) -> dict[str, str]:
    return {one.recipient_key: one.state for one in run.deliveries.all()}


def cut(orders: Path, *buyers: str) -> None:
    lines = orders.read_text("utf-8").splitlines(keepends=True)
    orders.write_text("".join(one for one in lines if not any(f",{key},Pen" in one for key in buyers)), "utf-8")


def test_first_runs_have_no_history_and_pass(fired, finish, memory) -> None:
    ended = finish(fired())
    assert (ended.state, ended.findings, len(memory.taken)) == ("accepted", [], 3)
    assert set(verdicts(ended).values()) == {"passed"}
    assert {one.counts["items"] for one in ended.slices.all()} == {3, 2}


def test_the_slice_that_collapsed_is_held_and_the_others_go(usual, fired, finish, orders, memory) -> None:
    cut(orders, "b2")
    ended = finish(fired())
    assert states(ended) == {"b1": "accepted", "b2": "held", "b3": "accepted"}
    assert (ended.state, ended.held_for) == ("held", "content")
    assert ended.held_reason == "3 rows; the median of the last 3 runs was 33."
    assert verdicts(ended) == {"b1": "passed", "b2": "held", "b3": "passed"}
    assert sorted(one.recipient_key for one in memory.taken) == ["b1", "b3"]
    held = ended.slices.get(verdict="held")
    assert held.files.filter(format="csv").count() == 1  # the very file that would go can be looked at
    assert held.findings[0]["figures"] == {"rows": 3, "usual": 33, "runs": 3, "weekday": None}


def test_the_run_is_held_when_its_rows_collapse_over_all(usual, fired, finish, orders, memory) -> None:
    cut(orders, "b1", "b2")
    ended = finish(fired())
    assert (ended.state, memory.taken) == ("held", [])
    assert set(states(ended).values()) == {"held"}
    assert [one["check"] for one in ended.findings] == ["collapse", "share"]
    assert ended.held_reason.startswith("10 rows; the median of the last 3 runs was 70.")


@pytest.fixture
def in_batches(monkeypatch):
    """Each slice is asked for, and drawn, in a batch of its own."""
    from broadsheet.runs.actions import make

    monkeypatch.setattr(make, "BATCH", 1)


def test_nothing_leaves_before_the_last_batch_is_judged(usual, in_batches, fired, finish, orders, memory) -> None:
    cut(orders, "b1", "b2")
    ended = finish(fired())
    assert (ended.state, ended.held_for, memory.taken) == ("held", "content", [])
    assert ended.held_reason.startswith("10 rows; the median of the last 3 runs was 70.")
    assert ended.slices.filter(state="made").count() == 1  # one batch, to be looked at


def test_what_is_wrong_in_one_batch_is_a_share_of_the_whole_run(
    usual, in_batches, fired, finish, orders, memory
) -> None:
    cut(orders, "b2")
    ended = finish(fired())
    assert states(ended) == {"b1": "accepted", "b2": "held", "b3": "accepted"}
    assert ended.findings == []


def test_what_was_made_before_a_crash_counts_when_the_run_goes_on(usual, fired, finish, orders, memory) -> None:
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.models import Occurrence, Slice

    run = finish(fired())  # as it stands when two of its slices had gone
    Slice.unchecked.filter(occurrence=run, reader__key="b2").update(state="due", verdict="")
    Delivery.unchecked.filter(occurrence=run, recipient_key="b2").update(state="due", settled_at=None)
    Occurrence.unchecked.filter(pk=run.pk).update(
        state="running", finished_at=None, made_at=None, owner="", lease_until=None
    )
    cut(orders, "b2")
    ended = finish(run)
    assert states(ended) == {"b1": "accepted", "b2": "held", "b3": "accepted"}
    assert ended.findings == []  # one of three, and not all that is left


def test_it_only_warns_or_is_off_where_the_schedule_says_so(usual, change, fired, finish, orders, memory) -> None:
    cut(orders, "b1", "b2")
    change("policies:", "checks: {collapse: warn}\npolicies:")
    warned = finish(fired())
    assert (warned.state, set(verdicts(warned).values())) == ("accepted", {"warned", "passed"})
    change("policies:", "checks: {collapse: off}\npolicies:")
    passed = finish(fired(0.1))
    assert (passed.state, set(verdicts(passed).values())) == ("accepted", {"passed"})


def test_one_broken_block_holds_the_run_and_the_rest_of_the_file_is_made(
    fired, finish, shop, change, orders, memory
) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.schedules.models import Schedule

    data = "  items: {dataset: orders, by: [item], metrics: [bought, spent], order: [-spent]}"
    text = shop["shop.yaml"].replace(data, "  items: {dataset: orders, by: [item], metrics: [bought]}")
    text = text.replace("columns: [item, bought, spent]", "columns: [item, bought]")
    apply(system_actor(Schedule.objects.get(name="by-memory").organization_id), {"shop.yaml": text}, now=NOW)
    orders.write_text(orders.read_text("utf-8").replace("price", "cost"), "utf-8")
    held = finish(fired())
    assert (held.state, held.held_for, memory.taken) == ("held", "content", [])
    assert "Data “month” of “Month” could not be read." in held.held_reason
    assert held.slices.filter(state="made", verdict="held").count() == 3
    change("policies:", "checks: {failed_block: warn}\npolicies:")
    warned = finish(fired(0.1))
    assert (warned.state, len(memory.taken)) == ("accepted", 3)


def test_data_that_is_older_than_allowed_holds_the_run(change, fired, finish, memory) -> None:
    change("policies:", "checks: {stale: {hours: 48}}\npolicies:")
    held = finish(fired())
    assert (held.state, memory.taken) == ("held", [])
    assert held.newest == {"orders": "2026-11-01T00:00:00+00:00"}
    age = 23 * 24 + 9  # from the end of 31 October to 24 November, 09:00
    assert held.held_reason == f"The newest row of “orders” was {age} hours old; up to 48 hours are allowed."


def test_files_above_the_limit_are_held(change, fired, finish, memory) -> None:
    change("policies:", "checks: {size: {megabytes: 0.00001}}\npolicies:")
    held = finish(fired())
    assert (held.state, set(states(held).values()), memory.taken) == ("held", {"held"}, [])
    assert "MB may go" in held.deliveries.first().reason


def test_files_that_the_channel_does_not_take_are_held_before_they_are_sent(change, fired, finish, memory) -> None:
    change("kind: memory", "kind: memory\nlimits: {megabytes: 0.00001}")
    held = finish(fired())
    assert (held.state, set(states(held).values()), memory.taken) == ("held", {"held"}, [])
    assert held.deliveries.first().reason == "The files are 0.0 MB; 1e-05 MB may go by “memory”."


def test_tests_are_never_held(change, fired, finish, memory) -> None:
    change("policies:", "checks: {size: {megabytes: 0.00001}, stale: {hours: 1}}\npolicies:")
    assert finish(fired(kind="test")).state == "accepted"


def test_what_was_held_is_not_what_is_usual(usual, fired, finish, orders) -> None:
    from broadsheet.runs.history import earlier_runs

    cut(orders, "b1", "b2")
    finish(fired(0.1))
    assert len(earlier_runs(fired()).keys) == 3


def test_its_owner_is_told_once(usual, fired, finish, orders, cast) -> None:
    from broadsheet.collaboration.models import Notification
    from broadsheet.collaboration.wording import said

    cut(orders, "b2")
    finish(fired())
    [told] = Notification.objects.all()
    assert (told.person, told.kind) == (cast.owner, "run.held")
    words = said(told, zone="UTC")
    assert words.subject == "Purchases by memory: 1 delivery is held"
    assert "the median of the last 3 runs was 33" in words.text()


def test_a_crash_before_the_hold_is_written_lets_nothing_go(usual, fired, finish, orders, memory, monkeypatch) -> None:
    from broadsheet.runs.actions import work

    cut(orders, "b1", "b2")

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    run = fired()
    with monkeypatch.context() as patched:
        patched.setattr(work, "hold", dies)
        with pytest.raises(KeyboardInterrupt):
            finish(run)
    assert (memory.taken, set(states(run).values())) == ([], {"held"})
    from broadsheet.runs.models import Occurrence

    Occurrence.objects.filter(pk=run.pk).update(owner="", lease_until=None)  # its lease has run out
    ended = finish(run)
    assert (ended.state, memory.taken) == ("held", [])
