"""Coming firings on pages: their reasons in the language of the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from broadsheet.core.recurrence import firings as coming
from broadsheet.core.recurrence import timing_from
from broadsheet.schedules.calendars import READY_MADE
from broadsheet.web.pages.schedules import asking, firings

pytestmark = pytest.mark.feature("SCH-30")
RULE = {"every": "month", "on": 25, "roll": "following", "calendar": "de", "at": "08:00", "zone": "Europe/Berlin"}
AFTER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "reason", "answer"),
    [
        (
            "en",
            "25th of the month; moved from Friday 25 December 2026: Christmas Day (DE)",
            "it is no business day (Christmas Day (DE))",
        ),
        (
            "de",
            "Am 25. jedes Monats; verschoben von Freitag, 25. Dezember 2026 (Erster Weihnachtstag (DE))",
            "kein Geschäftstag (Erster Weihnachtstag (DE))",
        ),
    ],
)
def test_reasons_and_answers_are_in_the_language_of_the_page(language: str, reason: str, answer: str) -> None:
    timing = timing_from(RULE, default_zone="UTC", **READY_MADE.names())
    with translation.override(language), timezone.override("UTC"):
        found = list(coming(timing, after=AFTER, limit=1))
        shown = firings.coming(timing, found)["firings"][0]
        left_out = firings.coming(timing, found, skip_at=found[0].at)
        asked = asking.answer("25 Dec", timing, today=AFTER.date())
    assert (shown["reason"], shown["state"]) == (reason, "moved")
    assert reason[1:] in left_out["firings"][0]["reason"]
    assert answer in asked["reason"] and asked["fires"] is False
