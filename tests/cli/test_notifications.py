"""What people were told, by command: of everybody or one person, marked read for one alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.calendar_moved import KIND, CalendarMoved, MovedSchedule
from broadsheet.collaboration.models import Notification

pytestmark = pytest.mark.feature("SCH-11")
STOPPED = CalendarMoved("ours", "Ours", "changed", "Amir", (MovedSchedule("a", "A [b]", "UTC", trouble="when: gone"),))


def ran(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["notifications", *arguments, "--organization", "harbour-books"])


@pytest.fixture
def told(organization: Any, other_organization: Any, cast: Any) -> None:
    for place, person in (
        (organization, cast.editor),
        (organization, cast.viewer),
        (other_organization, cast.outsider),
    ):
        notify(place.pk, [person.pk], kind=KIND, data=STOPPED.stored(), link="/x/", now=NOW)


def test_of_everybody_in_the_organization_or_of_one(told: None, cast: Any) -> None:
    found = json.loads(ran("--json").stdout)
    assert [one["person"] for one in found] == [cast.viewer.email, cast.editor.email]
    assert found[0]["subject"] == "Calendar “Ours” stopped 1 schedule"
    assert found[0]["mail"] == {"state": "due", "proof": ""}
    [mine] = json.loads(ran("--as", cast.editor.email, "--json").stdout)
    assert mine["person"] == cast.editor.email and "when: gone" in mine["text"]


def test_people_read_it_as_it_stands(told: None) -> None:
    text = ran().stdout
    assert "24 Nov 09:00 UTC to edda@harbour-books.example, not read" in text
    assert "A [b]\n  Its rule can be read no more, so it does not fire. when: gone" in text


def test_read_is_for_one_person(told: None, cast: Any) -> None:
    assert ran("--mark-read").exit_code == 2
    assert json.loads(ran("--as", cast.editor.email, "--unread", "--mark-read", "--json").stdout)[0]["read_at"] is None
    assert json.loads(ran("--as", cast.editor.email, "--unread", "--json").stdout) == []
    assert "All is read." in ran("--as", cast.editor.email, "--unread").stdout
    assert Notification.objects.filter(read_at__isnull=True).count() == 2
    assert ran("--as", cast.outsider.email).exit_code == 2
