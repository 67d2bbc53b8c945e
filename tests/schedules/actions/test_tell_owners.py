"""Owners are told what a calendar did to their schedules: one notification each, with every firing that moved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from tests.plugins.django import NOW
from tests.schedules.actions.test_save_calendar import BOARD, CALENDARS, CLOSED, ROLLED, WHEN, save

from broadsheet.access.models import Membership
from broadsheet.access.queries import system_actor
from broadsheet.collaboration.calendar_moved import calendar_moved
from broadsheet.collaboration.models import Mailing, Notification
from broadsheet.core.document.loading import load
from broadsheet.operations.definitions.apply import apply, plan
from broadsheet.schedules.actions.save_calendar import keep_events, remove_calendar, try_calendar
from broadsheet.schedules.actions.steer import pause
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("SCH-11"), pytest.mark.feature("SCH-06")]
MONDAY, TUESDAY = datetime(2026, 11, 30, 13, tzinfo=UTC), datetime(2026, 12, 1, 13, tzinfo=UTC)
DAILY = '{every: day, at: "08:00", zone: America/New_York, roll: following, calendar: both}'


@pytest.fixture
def system(organization):
    return system_actor(organization.pk)


@pytest.fixture
def rolled(system, shop, cast):
    """Two schedules of the editor's over a calendar that is joined from another."""
    text = shop["shop.yaml"].replace(WHEN, ROLLED)
    second = text.split("---\n")[-1].replace("buyers-monday", "second").replace("Purchases, Mondays", "Second")
    apply(system, {"shop.yaml": f"{text}---\n{second}", "calendars.yaml": CALENDARS}, now=NOW)
    Schedule.objects.update(owner=cast.editor)
    Notification.objects.all().delete()
    return Schedule.objects.get(name="buyers-monday")


def told(person=None):
    found = Notification.objects.order_by("pk")
    return [calendar_moved(one.data) for one in (found.filter(person=person) if person else found)]


def test_the_owner_is_told_once_of_all_their_schedules(rolled, actor, cast) -> None:
    save(actor("admin"), CLOSED)
    [one] = told(cast.editor)
    assert Notification.objects.count() == 1
    assert (one.name, one.label, one.act, one.by, one.more) == ("ours", "Ours", "changed", "Amir", 0)
    assert [schedule.name for schedule in one.schedules] == ["buyers-monday", "second"]
    [firing] = one.schedules[0].firings
    assert (firing.was, firing.now, one.schedules[0].more, one.schedules[0].zone) == (MONDAY, TUESDAY, 0, "America/New_York")  # fmt: skip
    assert "moved from Monday 30 November 2026: stocktaking" in firing.reasons["en"]
    assert "Montag" in firing.reasons["de"] and "stocktaking" in firing.reasons["de"]
    assert Notification.objects.get().link == "/settings/calendars/ours/"


def test_a_rule_that_counts_says_which_day_was_closed(system, rolled, actor, cast) -> None:
    """Third business day of the month: a closure of the second moves the third."""
    third = {"every": "month", "on": {"business_day": 3}, "at": "08:00", "zone": "America/New_York", "calendar": "both"}
    Schedule.objects.filter(name="second").update(definition={**rolled.definition, "when": third})
    save(actor("admin"), "calendar: ours\nclosed: [{date: 2026-12-02, name: Office move}]\n")
    [one] = told(cast.editor)
    second = next(schedule for schedule in one.schedules if schedule.name == "second")
    [firing] = second.firings
    assert (firing.was.date().isoformat(), firing.now.date().isoformat()) == ("2026-12-03", "2026-12-04")
    assert "2 December 2026 is closed: Office move" in firing.reasons["en"]
    assert "2. Dezember 2026" in firing.reasons["de"] and "Office move" in firing.reasons["de"]


def test_later_firings_than_the_next_are_told_too(rolled, actor, cast) -> None:
    save(actor("admin"), "calendar: ours\nclosed: [{date: 2027-01-11, name: inventory}]\n")
    [one] = told(cast.editor)
    [firing] = one.schedules[0].firings
    assert (firing.was.date().isoformat(), firing.now.date().isoformat()) == ("2027-01-11", "2027-01-12")


def test_ten_lines_of_each_and_the_rest_is_counted(system, rolled, actor, cast) -> None:
    Schedule.objects.filter(name="second").update(definition={**rolled.definition, "when": {"every": "day", "at": ["08:00", "09:00"], "roll": "skip", "calendar": "both"}})  # fmt: skip
    save(actor("admin"), "calendar: ours\nclosed: [{date: 2026-12-01, until: 2026-12-11}]\n")
    [one] = told(cast.editor)
    second = next(schedule for schedule in one.schedules if schedule.name == "second")
    assert (len(second.firings), second.more) == (10, 8)  # nine business days, twice a day
    assert all(firing.now is None for firing in second.firings)
    assert "does not fire" in second.firings[0].reasons["en"]


@pytest.mark.parametrize("gone", ["left", "inactive", "nobody"])
def test_where_the_owner_is_gone_the_organizations_owners_are_told(rolled, actor, cast, gone) -> None:
    if gone == "left":
        Membership.objects.filter(user=cast.editor).delete()
    elif gone == "inactive":
        cast.editor.is_active = False
        cast.editor.save()
    else:
        Schedule.objects.update(owner=None)
    save(actor("admin"), CLOSED)
    assert {one.person for one in Notification.objects.all()} == {cast.owner}
    assert len(told()[0].schedules) == 2


def test_who_owns_one_and_is_an_owner_of_the_organization_is_told_once(rolled, actor, cast) -> None:
    Schedule.objects.filter(name="second").update(owner=None)
    Schedule.objects.filter(name="buyers-monday").update(owner=cast.owner)
    save(actor("admin"), CLOSED)
    [one] = told()
    assert [schedule.name for schedule in one.schedules] == ["buyers-monday", "second"]


def test_a_person_of_another_organization_is_never_told(rolled, actor, cast) -> None:
    """Somebody who owned a schedule here, and is a member elsewhere now."""
    Schedule.objects.update(owner=cast.outsider)
    save(actor("admin"), CLOSED)
    assert {one.person for one in Notification.objects.all()} == {cast.owner}
    save(system_actor(actor("outsider").organization_id), CLOSED)
    assert Notification.objects.count() == 1


def test_a_rule_that_can_be_read_no_more_is_told_with_the_reason(system, rolled, cast, monkeypatch) -> None:
    from broadsheet.core.recurrence import RuleError
    from broadsheet.schedules import moves

    read = moves.queries.timing_of
    broken = []

    def timing(schedule, **given):
        if broken and schedule.name == "second":
            raise RuleError("calendar", "there is no event list", "Give it events.")
        return read(schedule, **given)

    monkeypatch.setattr(moves.queries, "timing_of", timing)
    monkeypatch.setattr("broadsheet.schedules.actions.save_calendar.record", lambda *a, **b: broken.append(1))
    save(system, CLOSED)
    [one] = told(cast.editor)
    assert [(schedule.name, schedule.number, bool(schedule.trouble)) for schedule in one.schedules] == [
        ("buyers-monday", 1, False), ("second", 0, True),
    ]  # fmt: skip
    assert "there is no event list" in one.schedules[1].trouble
    assert Schedule.objects.get(name="second").next_fire_at is None


def test_events_read_anew_are_told_by_the_product(system, rolled, cast) -> None:
    save(system, "calendar: ours\nevents: {url: 'https://board.example/a.ics', closed: true}\n")
    keep_events(system, "ours", BOARD.format(day=20261130), now=NOW)
    unfetched, fetched = told(cast.editor)
    assert "not been fetched yet" in unfetched.schedules[0].trouble
    assert (fetched.act, fetched.by, fetched.schedules[0].again) == ("refreshed", "Broadsheet", True)
    assert [firing.now for firing in fetched.schedules[0].firings] == [TUESDAY]
    keep_events(system, "ours", BOARD.format(day=20261130), now=NOW)
    keep_events(system, "ours", "<html>", now=NOW)
    assert len(told()) == 2
    keep_events(system, "ours", BOARD.format(day=20261202), now=NOW)
    [firing] = told(cast.editor)[-1].schedules[0].firings
    assert (firing.was, firing.now) == (TUESDAY, MONDAY)


def test_nothing_is_told_where_nothing_moves_or_nothing_is_kept(system, rolled, actor) -> None:
    [loaded] = load(CLOSED, file="calendar.yaml")
    try_calendar(system, loaded, now=NOW)
    plan(system, {"calendars.yaml": CLOSED}, now=NOW)
    save(system, "calendar: ours\nlabel: Renamed\n")
    save(system, "calendar: ours\nclosed: [{date: 2027-07-05}]\n")  # beyond 90 days
    save(system, "calendar: spare\nclosed: [{date: 2026-11-30}]\n")
    remove_calendar(system, "spare", now=NOW)
    pause(system, "buyers-monday", now=NOW)
    pause(system, "second", now=NOW)
    save(system, CLOSED)
    assert not Notification.objects.exists() and not Mailing.objects.exists()


def test_applied_files_tell_as_pages_do(rolled, actor, cast) -> None:
    apply(actor("owner"), {"calendars.yaml": CLOSED}, now=NOW)
    assert [one.by for one in told(cast.editor)] == ["Olga"]


def test_mail_is_for_those_who_want_it(rolled, actor, cast) -> None:
    cast.editor.mail_notices = False
    cast.editor.save()
    Schedule.objects.filter(name="second").update(owner=cast.viewer)
    save(actor("admin"), CLOSED)
    assert {one.person for one in Notification.objects.all()} == {cast.editor, cast.viewer}
    assert [one.notification.person for one in Mailing.objects.all()] == [cast.viewer]


def test_a_personal_rule_is_told_by_its_wall_time(rolled, actor, cast) -> None:
    when = {"every": "week", "on": ["mon"], "at": "08:00", "zone": "recipient", "roll": "following", "calendar": "both"}
    Schedule.objects.filter(name="second").update(
        definition={**rolled.definition, "when": when}, clocks=[["Asia/Tokyo", ""], ["America/New_York", ""]]
    )
    Schedule.objects.filter(name="buyers-monday").update(paused_at=NOW)
    with time_machine.travel(NOW, tick=False):
        save(actor("admin"), CLOSED)
    [one] = told(cast.editor)
    [firing] = one.schedules[0].firings
    assert (firing.was, firing.now) == (datetime(2026, 11, 30, 8), datetime(2026, 12, 1, 8))
    # it begins with the first of the clocks, in Tokyo
    assert Schedule.objects.get(name="second").next_fire_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
