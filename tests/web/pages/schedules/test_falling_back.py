"""What takes over, in the schedule's form: read, filled, kept where the form shows nothing of it."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.http import QueryDict

from broadsheet.schedules.retrying import FallbackDefinition
from broadsheet.web.pages.schedules.falling_back import fallback_from, fallback_posted, fallback_words

pytestmark = pytest.mark.feature("SCH-08")


@pytest.mark.parametrize(
    ("typed", "before", "kept"),
    [
        ("fallback-channel=inbox&fallback-at=", None, {"channel": "inbox"}),
        ("fallback-channel=&fallback-at=07:00", {"channel": "inbox", "hours": 2}, {"at": "07:00", "hours": 2}),
        ("fallback-channel=&fallback-at=", {"channel": "inbox"}, None),
        ("fallback-channel=:rows&fallback-at=", {"hours": 2}, {"hours": 2}),
        ("fallback-channel=:rows&fallback-at=", {"channel": "inbox"}, {}),
        ("fallback-channel=:same&fallback-at=07:00", None, {"at": "07:00"}),
        (
            "fallback-channel=inbox&fallback-hours=4&fallback-after=5",
            {"hours": 2},
            {"channel": "inbox", "after_minutes": 5},
        ),
        ("fallback-channel=&fallback-at=", None, None),
        ("title=x", {"channel": "inbox"}, {"channel": "inbox"}),  # of a form that does not ask for it
    ],
)
def test_what_was_typed_becomes_the_definition(typed: str, before: dict | None, kept: dict | None) -> None:
    assert fallback_from(QueryDict(typed), before, defaultdict(list)) == kept


def test_the_form_shows_what_it_would_send() -> None:
    usual = {"fallback-hours": "4", "fallback-after": "30"}
    both = {"fallback-channel": "inbox", "fallback-at": "07:00"}
    assert fallback_posted({"channel": "inbox", "at": "07:00"}) == {**both, **usual}
    assert fallback_posted(None) == {"fallback-channel": "", "fallback-at": "", **usual}
    assert fallback_posted({"hours": 2})["fallback-channel"] == ":rows"
    assert fallback_posted({"at": "07:00"})["fallback-channel"] == ":same"


def test_it_is_told_in_a_sentence() -> None:
    channels = {"inbox": "Portal"}
    both = FallbackDefinition(channel="inbox", at="07:00")
    assert fallback_words(both, channels) == "What fails goes by Portal, when their clock shows 07:00."
    assert (
        fallback_words(FallbackDefinition(at="07:00"), {}) == "What fails goes once more, when their clock shows 07:00."
    )
    assert fallback_words(None, channels) == ""
