"""Data that did not come, told to whose schedule it is: in words, in German, and as a mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from tests.plugins.django import NOW

from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.data_late import KIND, DataLate, data_late
from broadsheet.collaboration.letter import letter
from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.wording import said

pytestmark = pytest.mark.feature("SCH-16")
LATE = DataLate(
    "daily", "Daily <sales>", "0b", datetime(2026, 11, 23, 13, tzinfo=UTC), datetime(2026, 11, 23, 14, 30, tzinfo=UTC),
    ("“orders” has not a row for 22 Nov 2026 yet.", "No file “a.csv” has come to “shop” yet."),
)  # fmt: skip


@pytest.fixture
def told(cast: Any, organization: Any) -> Notification:
    notify(organization.pk, [cast.editor.pk], kind=KIND, data=LATE.stored(), link="/runs/0b/", now=NOW)
    return Notification.objects.select_related("person", "organization").get()


def test_what_is_kept_is_read_back() -> None:
    assert data_late(LATE.stored()) == LATE


def test_it_says_what_was_lacking_and_leads_to_the_run(told: Notification) -> None:
    found = said(told, zone="America/New_York")

    assert found.subject == "Daily <sales> was left out: its data had not come"
    assert found.lead == "The run of Mon 23 Nov 08:00 waited for its data until Mon 23 Nov 09:30, and was skipped then."
    assert [(one.path, one.rest) for one in found.parts] == [("/runs/0b/", " ".join(LATE.lacking))]
    with translation.override("de"):
        assert said(told, zone="UTC").subject == "Daily <sales> fiel aus: Die Daten waren nicht da"


def test_it_goes_by_mail(told: Notification) -> None:
    message = letter(told, message_id="x@y")

    assert message.subject == "Daily <sales> was left out: its data had not come"
    assert "No file “a.csv” has come to “shop” yet." in message.text
    assert "Daily &lt;sales&gt;" in message.html
