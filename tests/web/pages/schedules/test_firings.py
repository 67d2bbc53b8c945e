"""Coming firings on pages: their reasons in the language of the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from broadsheet.core.recurrence import firings as coming
from broadsheet.core.recurrence import timing_from
from broadsheet.schedules.calendars import READY_MADE
from broadsheet.schedules.models.override import Override
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
        left_out = firings.coming(timing, found, chosen=[Override("skip", found[0].at, found[0].at)])
        asked = asking.answer("25 Dec", timing, today=AFTER.date())
    assert (shown["reason"], shown["state"]) == (reason, "moved")
    assert reason[1:] in left_out["firings"][0]["reason"]
    assert answer in asked["reason"] and asked["fires"] is False


@pytest.mark.feature("SEC-08")
def test_a_draft_asks_no_dataset_that_is_out_of_reach(shop: Any, actor: Any, cast: Any) -> None:
    """Nor one that saving would refuse: the clocks of its recipients would tell of rows that are not to be seen."""
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.web.pages.schedules import clocks

    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    timing = timing_from({"every": "day", "at": "08:00", "zone": "recipient"}, default_zone="UTC")
    change_role(actor("owner"), cast.viewer.pk, role="publisher", now=now)

    def seen(dataset: str, **columns: str) -> int:
        found = clocks.recipients_clocks(actor("viewer"), timing, {"dataset": dataset, **columns}, None, now=now)
        return len(found)

    assert seen("buyers", key="buyer_id", zone="zone") == 3
    assert seen("orders", key="item") == 0
    room = "workspace: back\nopen: false\ndatasets: [buyers]\n"
    assert apply(actor("owner"), {"t.yaml": room}, now=now)
    assert seen("buyers", key="buyer_id", zone="zone") == 0
