"""Events are fetched once an hour by one process, and trouble leaves those before in use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import load
from broadsheet.schedules.actions.refresh_calendars import refresh_due, refresh_now
from broadsheet.schedules.actions.save_calendar import save_calendar
from broadsheet.schedules.calendars.kept import shelf_of
from broadsheet.schedules.errors import NotFetched
from broadsheet.schedules.models import Calendar

pytestmark = pytest.mark.feature("SCH-13")
URL = "https://board.example/a.ics"
FILE = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261210\nSUMMARY:Board\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.fixture
def board(organization):
    [loaded] = load(f"calendar: board\nevents: {{url: '{URL}'}}\n", file="board.yaml")
    save_calendar(system_actor(organization.pk), loaded, now=NOW)
    return Calendar.objects.get(name="board")


def titles(organization):
    return [one.title for one in shelf_of(organization.pk, around=NOW.date()).events("board").items]


def test_events_are_fetched_at_once_and_then_every_hour(board, organization) -> None:
    asked = []

    def fetch(url):
        asked.append(url)
        return FILE

    moments = [timedelta(0), timedelta(minutes=5), timedelta(minutes=59), timedelta(minutes=61)]
    assert [refresh_due(fetch, now=NOW + later) for later in moments] == [1, 0, 0, 1]
    assert asked == [URL, URL]
    assert titles(organization) == ["Board"]


def test_what_fails_is_noted_and_tried_again_and_the_events_stay(board, organization) -> None:
    def fail(url):
        raise NotFetched("The address answers with status 503. Check it in a browser.")

    assert [refresh_due(fail, now=NOW), refresh_due(fail, now=NOW + timedelta(minutes=2))] == [
        1,
        1,
    ]  # nothing yet: soon
    refresh_now(board, lambda url: FILE, now=NOW + timedelta(minutes=3))
    assert refresh_due(fail, now=NOW + timedelta(hours=2)) == 1
    board.refresh_from_db()
    assert board.trouble == "The address answers with status 503. Check it in a browser."
    assert titles(organization) == ["Board"]


def test_files_are_looked_at_too_and_plain_calendars_never(organization, tmp_path) -> None:
    file = tmp_path / "board.ics"
    file.write_text(FILE)
    for loaded in load(f"calendar: board\nevents: {{file: {file}}}\n---\ncalendar: plain\n", file="board.yaml"):
        save_calendar(system_actor(organization.pk), loaded, now=NOW)
    file.write_text(FILE.replace("SUMMARY:Board", "SUMMARY:Moved"))

    def never(url):
        raise AssertionError(url)

    assert refresh_due(never, now=NOW + timedelta(hours=2)) == 1
    assert titles(organization) == ["Moved"]
