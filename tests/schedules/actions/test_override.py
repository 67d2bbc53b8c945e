"""A single firing is left out, held or moved by a person, and all else stays by the rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.policy.roles import Refused
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.models import Occurrence
from broadsheet.schedules import queries
from broadsheet.schedules.actions.override import hold, move, skip, undo
from broadsheet.schedules.actions.steer import pause, resume
from broadsheet.schedules.errors import NotNow, UnknownSchedule
from broadsheet.schedules.feed import feed
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SCH-20")]
NAME = "buyers-monday"
FIRST, SECOND, THIRD = (datetime(2026, 11, 30, 13, tzinfo=UTC) + timedelta(weeks=week) for week in range(3))
TUESDAY = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
BEAT = timedelta(seconds=2)


@pytest.fixture
def asker(shop, organization):
    return system_actor(organization.pk)


def schedule() -> Schedule:
    return Schedule.objects.get(name=NAME)


def coming(number: int = 3, *, after: datetime = NOW) -> list[datetime]:
    return [one.at for one in queries.coming(schedule(), after=after, limit=number)]


def rows() -> list[tuple[datetime, str, str]]:
    return list(Occurrence.objects.order_by("fire_at").values_list("fire_at", "state", "reason"))


def test_a_later_firing_is_left_out_and_the_next_is_not(asker) -> None:
    skip(asker, NAME, at=SECOND, why="Stocktaking.", now=NOW)
    for at in (FIRST, SECOND, THIRD):
        fire_due(now=at + BEAT)
    assert rows() == [
        (FIRST, "due", "every Monday"),
        (SECOND, "skipped", "Skipped by Broadsheet: Stocktaking."),
        (THIRD, "due", "every Monday"),
    ]
    assert schedule().overrides == []  # over, and forgotten


def test_a_held_firing_is_written_as_held_at_its_time_however_late(asker) -> None:
    hold(asker, NAME, why="New prices.", now=NOW)
    fire_due(now=FIRST + timedelta(hours=5))
    [run] = Occurrence.objects.all()
    assert (run.state, run.held_for, run.held_reason) == ("held", "hand", "Held by Broadsheet: New prices.")
    assert (run.finished_at, run.deadline_at) == (None, FIRST + timedelta(hours=29))


@pytest.mark.parametrize(
    "to", [TUESDAY, FIRST - timedelta(days=2), SECOND + timedelta(days=3)], ids=["later", "earlier", "far"]
)
def test_a_moved_firing_comes_once_at_its_new_time(asker, to: datetime) -> None:
    move(asker, NAME, to=to, why="Holiday.", now=NOW)
    expected = sorted([to, SECOND, THIRD])
    assert coming() == expected
    assert schedule().next_fire_at == expected[0]
    for at in sorted([to, FIRST, SECOND, THIRD]):
        fire_due(now=at + BEAT)
    found = {one.fire_at: (one.state, one.moved_from, one.reason) for one in Occurrence.objects.all()}
    assert found == {
        to: ("due", FIRST, "Moved by Broadsheet: Holiday."),
        SECOND: ("due", None, "every Monday"),
        THIRD: ("due", None, "every Monday"),
    }
    assert schedule().overrides == []


def test_a_move_is_made_up_for_when_nothing_ran_meanwhile(asker) -> None:
    move(asker, NAME, to=TUESDAY, now=NOW)
    fire_due(now=TUESDAY + timedelta(hours=3))
    [(at, state, reason)] = rows()
    assert (at, state) == (TUESDAY, "due")
    assert reason.endswith("made up for, since nothing ran then")


def test_what_was_moved_is_moved_again_held_or_taken_back(asker) -> None:
    move(asker, NAME, to=TUESDAY, now=NOW)
    move(asker, NAME, at=TUESDAY, to=TUESDAY + timedelta(hours=1), now=NOW)
    assert coming(1) == [TUESDAY + timedelta(hours=1)]
    hold(asker, NAME, at=FIRST, why="Wait.", now=NOW)  # named by the time of its rule
    [one] = schedule().overrides
    assert (one["kind"], one["to"]) == ("hold", (TUESDAY + timedelta(hours=1)).isoformat())
    undo(asker, NAME, now=NOW)
    assert (coming(1), schedule().overrides, schedule().next_fire_at) == ([FIRST], [], FIRST)


def test_a_move_whose_own_time_has_passed_cannot_be_taken_back(asker) -> None:
    move(asker, NAME, to=TUESDAY, now=NOW)
    with pytest.raises(NotNow, match="Its own time has passed"):
        undo(asker, NAME, now=FIRST + timedelta(hours=1))


def test_it_says_what_cannot_be(asker) -> None:
    with pytest.raises(
        NotNow, match=r"does not fire at 2026-11-30 12:00:00 UTC. The next after that is at 2026-11-30 13:00:00 UTC"
    ):
        skip(asker, NAME, at=FIRST - timedelta(hours=1), now=NOW)
    with pytest.raises(NotNow, match="fires at that time already"):
        move(asker, NAME, to=SECOND, now=NOW)
    with pytest.raises(NotNow, match="a time to come"):
        move(asker, NAME, to=NOW, now=NOW)
    with pytest.raises(NotNow, match="Nothing was chosen"):
        undo(asker, NAME, now=NOW)
    pause(asker, NAME, now=NOW)
    with pytest.raises(NotNow, match="no next firing to hold"):
        hold(asker, NAME, now=NOW)


def test_a_pause_lets_a_moved_firing_pass_like_any_other(asker) -> None:
    move(asker, NAME, to=TUESDAY, now=NOW)
    pause(asker, NAME, now=NOW)
    fire_due(now=TUESDAY + BEAT)
    resume(asker, NAME, now=TUESDAY + timedelta(hours=1))
    assert rows() == []
    assert schedule().next_fire_at == SECOND


def test_what_was_chosen_stays_when_the_title_changes_and_goes_with_the_rule(asker, shop) -> None:
    from broadsheet.operations.definitions.apply import apply

    skip(asker, NAME, at=SECOND, now=NOW)
    text = shop["shop.yaml"].replace("title: Purchases, Mondays", "title: Mondays")
    apply(asker, {"shop.yaml": text}, now=NOW)
    assert len(schedule().overrides) == 1
    apply(asker, {"shop.yaml": text.replace('at: "08:00"', 'at: "09:00"')}, now=NOW)
    assert schedule().overrides == []


def test_the_feed_shows_it_under_the_same_identity(asker) -> None:
    def events() -> dict[str, str]:
        text = feed([schedule()], title="x", now=NOW, address=lambda one: "https://x.example/").decode()
        parts = text.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
        fields = [dict(line.split(":", 1) for line in part.splitlines() if ":" in line) for part in parts]
        return {one["UID"]: f"{one['DTSTART']} {one['STATUS']}" for one in fields}

    before = events()
    move(asker, NAME, to=TUESDAY, now=NOW)
    skip(asker, NAME, at=SECOND, now=NOW)
    hold(asker, NAME, at=THIRD, now=NOW)
    after = events()
    assert set(after) == set(before)
    assert sorted(set(after.values()) - set(before.values())) == [
        "20261201T093000Z CONFIRMED", "20261207T130000Z CANCELLED", "20261214T130000Z TENTATIVE",
    ]  # fmt: skip


@pytest.mark.parametrize(("role", "error"), [("viewer", Refused), ("outsider", UnknownSchedule)])
def test_only_who_may_change_the_schedule(asker, actor, role: str, error: type[Exception]) -> None:
    for act in (skip, hold, undo):
        with pytest.raises(error):
            act(actor(role), NAME, now=NOW)
    with pytest.raises(error):
        move(actor(role), NAME, to=TUESDAY, now=NOW)
    assert schedule().overrides == []
