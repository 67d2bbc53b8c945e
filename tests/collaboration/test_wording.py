"""A notification in words: in the reader's language, on the schedule's clock, with the reader's beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import default

import pytest
from django.utils import translation
from tests.collaboration.conftest import MOVED, REASONS

from broadsheet.adapters.channels.message import written
from broadsheet.collaboration.calendar_moved import MovedFiring, calendar_moved
from broadsheet.collaboration.letter import letter
from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.wording import in_language_of, said

pytestmark = pytest.mark.feature("SCH-11")


def test_what_is_kept_is_read_back() -> None:
    assert calendar_moved(MOVED.stored()) == MOVED


def test_english(tell) -> None:
    found = said(tell(), zone="America/New_York")
    assert found.subject == "Calendar “Our <days>” moved 7 coming firings"
    assert found.lead == "Amir changed the calendar “Our <days>”."
    assert found.rest == "And 2 more schedules."
    first, second = found.parts
    assert (first.title, first.path, first.clock, first.rest) == (
        "Purchases, Mondays", "/schedules/buyers-monday/", "New York", "and 4 more within 90 days",
    )  # fmt: skip
    assert [(line.state, line.text, line.yours, line.reason) for line in first.lines] == [
        ("moved", "Mon 30 Nov 08:00 → Tue 1 Dec 08:00", "", REASONS["en"]),
        ("skipped", "Tue 1 Dec 08:00 is left out", "", "closed"),
        ("new", "Mon 30 Nov 08:00 is new", "", ""),
    ]
    assert (second.title, second.lines) == ("second", ())
    assert second.trouble == "Its rule can be read no more, so it does not fire. calendar: there is no such calendar."


def test_the_readers_clock_stands_beside_the_schedules(tell) -> None:
    assert said(tell(), zone="Asia/Tokyo").parts[0].lines[0].yours == "Mon 30 Nov 22:00 → Tue 1 Dec 22:00"


def test_german(tell) -> None:
    with translation.override("de"):
        found = said(tell(), zone="America/New_York")
    assert found.subject == "Kalender „Our <days>“ hat 7 kommende Termine verschoben"
    assert found.parts[0].lines[0].text == "Mo 30 Nov 08:00 → Di 1 Dez 08:00"
    assert [line.reason for line in found.parts[0].lines] == [REASONS["de"], "closed", ""]


def test_another_year_is_named_and_a_wall_time_is_everybodys_own(tell) -> None:
    walls = MovedFiring(datetime(2026, 12, 31, 8), datetime(2027, 1, 4, 8), {})
    moved = replace(MOVED, schedules=(replace(MOVED.schedules[0], firings=(walls,), more=0),), more=0)
    found = said(tell(moved=moved), zone="Asia/Tokyo")
    [part] = found.parts
    assert found.subject == "Calendar “Our <days>” moved 1 coming firing"
    assert part.clock == "each recipient’s own clock"
    assert [(line.text, line.yours) for line in part.lines] == [("Thu 31 Dec 08:00 → Mon 4 Jan 2027 08:00", "")]


@pytest.mark.parametrize(
    ("trouble", "again", "subject"),
    [
        ("calendar: gone", False, "Calendar “Our <days>” stopped 1 schedule"),
        ("", True, "Calendar “Our <days>” lets 1 schedule fire again"),
    ],
)
def test_subjects_of_rules_that_are_read_no_more_or_again(tell, trouble, again, subject) -> None:
    firings = (MovedFiring(None, datetime(2026, 12, 1, 13, tzinfo=UTC), {}),) if again else ()
    one = replace(MOVED.schedules[0], firings=firings, more=0, trouble=trouble, again=again)
    assert said(tell(moved=replace(MOVED, schedules=(one,))), zone="UTC").subject == subject


def test_a_kind_of_a_later_release_has_its_name() -> None:
    assert said(Notification(kind="comment.made", data={}), zone="UTC").subject == "comment.made"


@pytest.mark.parametrize(
    ("own", "organizations", "language"),
    [("de", "en", "de"), ("", "de", "de"), ("de-AT", "en", "de"), ("tlh", "de", "en"), ("", "en", "en")],
)
def test_whose_language(cast, organization, own, organizations, language) -> None:
    cast.editor.language, organization.language = own, organizations
    with in_language_of(cast.editor, organization) as found:
        assert (found, translation.get_language()) == (language, language)


def test_the_mail_says_the_same_in_both_of_its_parts(tell, settings) -> None:
    settings.BASE_URL = "https://reports.example"
    told = tell()
    mail = BytesParser(policy=default).parsebytes(written(letter(told, message_id="x@y"), sender="a@b.example"))
    assert mail["Subject"] == "Calendar “Our <days>” moved 7 coming firings"
    assert mail["To"] == "Edda <edda@harbour-books.example>"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in (
        "Mon 30 Nov 08:00 → Tue 1 Dec 08:00",
        REASONS["en"],
        "and 4 more within 90 days",
        "And 2 more schedules.",
    ):
        assert words in text and words in html
    assert f"https://reports.example/notifications/#n{told.pk}" in text
    assert f'href="https://reports.example/notifications/#n{told.pk}"' in html
    assert 'href="https://reports.example/schedules/buyers-monday/"' in html
    assert "Our &lt;days&gt;" in html and "<days>" not in html
    assert "https://reports.example/settings/account/" in text


def test_the_mail_is_in_the_persons_language(tell, cast) -> None:
    cast.editor.language = "de"
    cast.editor.save()
    message = letter(tell(), message_id="x@y")
    assert message.language == "de" and 'lang="de"' in message.html
    assert message.subject.startswith("Kalender „Our <days>“")
    assert translation.get_language() != "de"
