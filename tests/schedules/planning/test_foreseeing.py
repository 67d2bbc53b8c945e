"""The load to come, of what somebody may see: as things are, and as they would be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.compliance.models import Entry
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.spread_out import spread_out
from broadsheet.schedules.errors import UnknownSchedule
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.planning.foreseeing import TooMuch, WhatIf, foresee
from broadsheet.schedules.planning.history import usual_seconds

MONDAY = date(2026, 11, 30)


@pytest.fixture
def system(organization):
    return system_actor(organization.pk)


@pytest.fixture
def many(shop, system):
    """Twelve schedules at eight each morning, of which all but two may float for an hour."""
    text = shop["shop.yaml"]
    one = text[text.index("schedule: buyers-monday") :]
    one = one.replace("every: week, on: [mon]", "every: day")
    parts = []
    for number in range(12):
        part = one.replace("buyers-monday", f"daily-{number:02}").replace("Purchases, Mondays", f"Daily {number}")
        parts.append(part + ("policies: {float: {minutes: 60}}\n" if number >= 2 else ""))
    apply(system, {"many.yaml": "---\n".join(parts)}, now=NOW)


def look(actor, *, days: int = 7, since: date = MONDAY, **what_if):
    return foresee(actor, since=since, days=days, what_if=WhatIf(**what_if), now=NOW)


@pytest.mark.feature("BEY-08")
def test_every_firing_of_every_schedule_is_a_run(many, actor) -> None:
    found = look(actor("viewer"))
    assert found.now.facts() == {
        "runs": 12 * 7 + 1, "busy_seconds": 30 * 85, "most_at_once": 2, "workers": 2, "waited": 7 * 10 + 1,
        "longest_wait_seconds": 180, "busiest": {"day": MONDAY, "hour": 8},
    }  # fmt: skip
    assert found.then is None
    assert {key: cell.runs for key, cell in found.now.cells.items() if key[0] == MONDAY} == {(MONDAY, 8): 13}


@pytest.mark.feature("BEY-08")
def test_eight_stays_eight_over_a_clock_change(many, actor) -> None:
    found = look(actor("viewer"), since=date(2027, 3, 13), days=3)
    assert {hour for _, hour in found.now.cells} == {8}


@pytest.mark.feature("BEY-08")
@pytest.mark.parametrize(
    ("what_if", "waited", "longest"),
    [
        ({"workers": 13}, 0, 0),
        ({"spread": True}, 1, 30),
        ({"add": (("daily-00", 13),)}, 162, 360),
        ({"move": (("buyers-monday", 60),)}, 70, 150),
    ],
    ids=["more workers", "spread", "as many again", "one moved"],
)
def test_what_would_be_if(many, actor, what_if, waited, longest) -> None:
    then = look(actor("viewer"), **what_if).then.facts()
    assert (then["waited"], then["longest_wait_seconds"]) == (waited, longest)


@pytest.mark.feature("BEY-08")
def test_a_day_that_would_be_closed(shop, system, actor) -> None:
    when = '{every: week, on: [mon], at: "08:00", zone: America/New_York'
    rolled = shop["shop.yaml"].replace(when, when + ", roll: following, calendar: us")
    apply(system, {"shop.yaml": rolled}, now=NOW)
    found = look(actor("viewer"), closed=(MONDAY,))
    assert [key[0] for key in found.now.cells] == [MONDAY]
    assert [key[0] for key in found.then.cells] == [MONDAY + timedelta(days=1)]


@pytest.mark.feature("BEY-08")
def test_how_long_runs_take_is_what_they_took(shop, system, organization) -> None:
    schedule = Schedule.objects.get(name="buyers-monday")
    for days, seconds in ((7, 100), (14, 300), (100, 9_999)):
        at = NOW - timedelta(days=days)
        Occurrence.objects.create(
            organization=organization, schedule=schedule, fire_at=at, created_at=at, planned_at=at,
            made_at=at + timedelta(seconds=seconds),
        )  # fmt: skip
    assert usual_seconds(organization.pk, now=NOW) == {schedule.pk: 200.0}
    assert look(system).now.facts()["busy_seconds"] == 200


@pytest.mark.feature("BEY-08")
def test_what_is_paused_or_elsewhere_is_no_load(many, system, other_organization) -> None:
    Schedule.objects.exclude(name="daily-00").update(paused_at=NOW)
    assert look(system).now.facts()["runs"] == 7
    assert look(system_actor(other_organization.pk)).now.facts()["runs"] == 0


@pytest.mark.feature("BEY-08")
def test_what_is_too_much_or_unknown_is_refused(many, actor) -> None:
    viewer = actor("viewer")
    with pytest.raises(TooMuch, match="1 to 92 days"):
        look(viewer, days=93)
    with pytest.raises(TooMuch, match="too many to add"):
        look(viewer, add=(("daily-00", 30_000),))
    with pytest.raises(UnknownSchedule, match="nightly"):
        look(viewer, move=(("nightly", 5),))
    with pytest.raises(ValueError, match="At least one worker"):
        look(viewer, workers=-1)


@pytest.mark.feature("SCH-10")
def test_pressed_each_begins_in_its_place_and_the_journal_says_so(many, actor) -> None:
    editor = actor("editor")
    tried = spread_out(editor, now=NOW, dry_run=True)
    assert not Schedule.objects.exclude(offset_seconds=0).exists()
    found = spread_out(editor, now=NOW)
    assert found.moves == tried.moves
    offsets = dict(Schedule.objects.filter(name__startswith="daily").values_list("name", "offset_seconds"))
    assert (offsets["daily-00"], offsets["daily-01"]) == (0, 0)
    assert sorted(offsets.values())[2:] == [300 * step for step in range(1, 11)]
    entry = Entry.objects.get(action="schedule.spread")
    assert (entry.object, entry.detail["minutes_after"]["daily-02"]) == ("10 schedules", offsets["daily-02"] // 60)
    assert spread_out(editor, now=NOW).moves == ()


@pytest.mark.feature("SCH-10")
def test_who_may_change_none_moves_none(many, actor) -> None:
    with pytest.raises(Refused):
        spread_out(actor("viewer"), now=NOW)
    assert not Schedule.objects.exclude(offset_seconds=0).exists()


@pytest.mark.feature("SCH-10")
def test_made_ahead_the_load_comes_before_the_firing(shop, system) -> None:
    Schedule.objects.update(ahead_seconds=1800)
    [ran] = look(system).now.ran
    assert datetime.fromtimestamp(ran.began, UTC) == datetime(2026, 11, 30, 12, 30, tzinfo=UTC)
