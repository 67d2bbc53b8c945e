"""Calendars are kept, and what depends on them moves with them, journaled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.compliance.models import Entry
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply, export
from broadsheet.schedules import queries
from broadsheet.schedules.actions.save_calendar import keep_events, remove_calendar, save_calendar
from broadsheet.schedules.actions.steer import pause, skip_next
from broadsheet.schedules.calendars.kept import calendar, shelf_of
from broadsheet.schedules.errors import NotNow, UnknownCalendar
from broadsheet.schedules.firing import left_out_at
from broadsheet.schedules.models import Calendar, Schedule

WHEN = '{every: week, on: [mon], at: "08:00", zone: America/New_York}'
ROLLED = '{every: week, on: [mon], at: "08:00", zone: America/New_York, roll: following, calendar: both}'
MONDAY, TUESDAY = datetime(2026, 11, 30, 13, tzinfo=UTC), datetime(2026, 12, 1, 13, tzinfo=UTC)
CALENDARS = """\
calendar: both
all_of: [ours, us]
---
calendar: ours
label: Ours
"""
CLOSED = "calendar: ours\nlabel: Ours\nclosed: [{date: 2026-11-30, name: stocktaking}]\n"


@pytest.fixture
def system(organization):
    return system_actor(organization.pk)


@pytest.fixture
def rolled(system, shop):
    """The shop's schedule, over a calendar that is joined from another."""
    text = shop["shop.yaml"].replace(WHEN, ROLLED)
    apply(system, {"shop.yaml": text, "calendars.yaml": CALENDARS}, now=NOW)
    return Schedule.objects.get(name="buyers-monday")


def save(system, text, *, now=NOW):
    [loaded] = load(text, file="calendar.yaml")
    return save_calendar(system, loaded, now=now)


@pytest.mark.feature("SCH-11")
def test_a_calendar_is_added_kept_and_changed(system) -> None:
    assert [save(system, text) for text in (CALENDARS.split("---\n")[1], CLOSED, CLOSED)] == [
        "added",
        "changed",
        "same",
    ]
    assert (calendar(system, "ours").version, calendar(system, "ours").label) == (2, "Ours")
    assert [one.action for one in Entry.objects.exclude(action="organization.opened")] == [
        "calendar.saved",
        "calendar.saved",
    ]


@pytest.mark.feature("SCH-11")
def test_a_change_moves_the_next_firing_and_the_journal_says_from_where(system, rolled) -> None:
    assert rolled.next_fire_at == MONDAY
    save(system, CLOSED)
    rolled.refresh_from_db()
    assert rolled.next_fire_at == TUESDAY
    [entry] = Entry.objects.filter(action="schedule.moved")
    assert (entry.object, entry.detail) == (
        "buyers-monday",
        {"calendar": "ours", "was": MONDAY.isoformat(), "next": TUESDAY.isoformat()},
    )
    [firing] = queries.coming(rolled, after=NOW, limit=1)
    assert "moved from Monday 30 November 2026: stocktaking" in firing.reason


def test_nothing_is_journaled_where_nothing_moves(system, rolled) -> None:
    save(system, "calendar: ours\nlabel: Ours\nclosed: [2027-03-01]\n".replace("[2027-03-01]", "[{date: 2027-03-02}]"))
    assert not Entry.objects.filter(action="schedule.moved").exists()


def test_a_firing_left_out_by_a_person_is_left_out_at_its_new_time(system, rolled) -> None:
    skip_next(system, "buyers-monday", now=NOW)
    save(system, CLOSED)
    rolled.refresh_from_db()
    assert left_out_at(rolled) == TUESDAY


def test_what_is_paused_stays_as_it_is(system, rolled) -> None:
    pause(system, "buyers-monday", now=NOW)
    save(system, CLOSED)
    assert Schedule.objects.get(pk=rolled.pk).next_fire_at is None


@pytest.mark.feature("BEY-02")
def test_what_is_due_is_written_by_the_calendar_as_it_was(system, rolled) -> None:
    """The calendar closes Monday a minute after Monday's firing, before anything looked."""
    save(system, CLOSED, now=MONDAY + timedelta(minutes=1))
    [row] = rolled.occurrences.all()
    assert (row.fire_at, row.state) == (MONDAY, "due")
    rolled.refresh_from_db()
    assert rolled.next_fire_at > MONDAY


@pytest.mark.feature("BEY-09")
def test_what_is_exported_can_be_applied_to_an_empty_organization_in_any_order(
    system, rolled, other_organization
) -> None:
    texts = export(system)
    assert {"calendars/both.yaml", "calendars/ours.yaml"} <= set(texts)
    assert {one.effect for one in apply(system, texts, now=NOW)} == {"same"}
    elsewhere = system_actor(other_organization.pk)
    backwards = dict(sorted(texts.items(), reverse=True))
    assert {one.effect for one in apply(elsewhere, backwards, now=NOW)} == {"added"}
    assert Calendar.objects.filter(organization=other_organization).count() == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("calendar: x\nall_of:\n  - us\n  - ourz\n", "calendar.yaml:4: all_of.1: There is no calendar “ourz”. Did you mean “ours”?"),
        ("calendar: ours\nunion: [both]\n", "calendar.yaml:2: union.0: The calendars go in a circle: ours → both → ours. Take one of the names out."),
        ("calendar: x\ncountries: [Germny]\n", "calendar.yaml:2: countries.0.country: There are no holidays for “Germny”. Did you mean “DE” (Germany)?"),
        ("calendar: x\nevents: {file: /nowhere/x.ics}\n", "calendar.yaml:2: events.file: “/nowhere/x.ics” cannot be read. Write its whole path on the server."),
        ("calendar: x\nevents: {text: hello}\n", "calendar.yaml:2: events: This is not an iCalendar file. It must begin with “BEGIN:VCALENDAR”."),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_line(system, rolled, text, problem) -> None:
    with pytest.raises(DefinitionError) as caught:
        save(system, text)
    assert str(caught.value) == problem
    assert not Entry.objects.filter(action="schedule.moved").exists()


def test_a_schedule_that_names_no_such_calendar_is_refused_with_its_line(system, shop) -> None:
    text = shop["shop.yaml"].replace(WHEN, ROLLED.replace("both", "ourz"))
    with pytest.raises(DefinitionError, match=r"when\.calendar: there is no calendar \"ourz\""):
        apply(system, {"shop.yaml": text}, now=NOW)


def test_a_calendar_in_use_stays(system, rolled) -> None:
    with pytest.raises(NotNow, match="in use by both, buyers-monday"):
        remove_calendar(system, "ours", now=NOW)
    save(system, "calendar: spare\n")
    remove_calendar(system, "spare", now=NOW)
    with pytest.raises(UnknownCalendar, match="Did you mean “ours”"):
        calendar(system, "our")


BOARD = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:{day}\nSUMMARY:Board\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.feature("SCH-13")
def test_events_from_a_file_close_days_and_move_what_depends_on_them(system, rolled, tmp_path) -> None:
    file = tmp_path / "board.ics"
    file.write_text(BOARD.format(day=20261130))
    text = f"calendar: ours\nevents: {{file: {file}, closed: true}}\n"
    assert save(system, text) == "changed"
    assert Schedule.objects.get(pk=rolled.pk).next_fire_at == TUESDAY
    assert save(system, text) == "same"
    moves = keep_events(system, "ours", BOARD.format(day=20261202), now=NOW)
    assert [(one.schedule, one.was, one.now) for one in moves] == [("buyers-monday", TUESDAY, MONDAY)]


@pytest.mark.feature("SCH-13")
def test_events_that_cannot_be_read_leave_those_before_in_use(system, rolled) -> None:
    save(system, "calendar: ours\nevents: {url: 'https://board.example/a.ics', closed: true}\n")
    assert keep_events(system, "ours", BOARD.format(day=20261130), now=NOW) != []
    assert keep_events(system, "ours", "<html>", now=NOW) == []
    kept = calendar(system, "ours")
    assert "not an iCalendar file" in kept.trouble
    events = shelf_of(system.organization_id, around=NOW.date()).events("ours")
    assert [one.title for one in events.items] == ["Board"]


def test_another_organization_sees_and_moves_nothing(system, rolled, other_organization) -> None:
    elsewhere = system_actor(other_organization.pk)
    with pytest.raises(UnknownCalendar):
        calendar(elsewhere, "ours")
    assert save(elsewhere, CLOSED) == "added"
    assert Schedule.objects.get(pk=rolled.pk).next_fire_at == MONDAY


def test_viewers_may_not_change_calendars(actor) -> None:
    [loaded] = load(CLOSED, file="calendar.yaml")
    with pytest.raises(Refused):
        save_calendar(actor("viewer"), loaded, now=NOW)


@pytest.mark.feature("SEC-10")
def test_who_edits_their_own_schedules_alone_moves_nobody_elses(shop, actor, cast) -> None:
    """A calendar moves all schedules that name it, whoever owns them."""
    from broadsheet.access.actions.change_person import change_role

    own = "role: own\npermissions: [schedule.read, schedule.edit]\nconditions: [{for: [schedule.edit], own: true}]\n"
    apply(actor("owner"), {"own.yaml": own}, now=NOW)
    change_role(actor("owner"), cast.editor.pk, role="own", now=NOW)
    [shut] = load("calendar: shut\nlabel: Shut\nclosed: [{date: 2026-12-24, name: Eve}]\n", file="t")
    with pytest.raises(Refused, match="everybody's"):
        save_calendar(actor("editor"), shut, now=NOW)
