"""Calendars in a real browser: axe finds nothing and nothing scrolls sideways, on a phone and a desk, in both themes; a
calendar is made by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.plugins.browser import axe
from tests.plugins.django import Cast

from broadsheet.core.document.loading import load

pytestmark = [pytest.mark.browser, pytest.mark.feature("SCH-06")]
PAGES = (
    "/settings/calendars/", "/settings/calendars/?q=california", "/settings/calendars/?q=zzz",
    "/settings/calendars/our-days/", "/settings/calendars/our-days/?year=2025", "/settings/calendars/nyse/",
    "/settings/calendars/fairs/", "/settings/new-calendar/", "/settings/new-calendar/text/",
    "/settings/calendars/our-days/edit/", "/settings/calendars/our-days/text/",
)  # fmt: skip
CALENDARS = """calendar: our-days
label: Harbour office
countries: [US, GB-ENG]
closed: [{every: 12-24, name: Christmas Eve}, {date: 2026-12-28, until: 2026-12-31, name: Stocktaking}]
half_days: [{every: 12-23, closes: "13:00", name: Party}]
open: [{date: 2026-11-28, name: Book fair}]
fiscal: {pattern: months, start: 4}
---
calendar: fairs
events: {url: "https://fairs.example/a.ics"}
"""


@pytest.fixture
def open_page(
    pages_of: Callable[[str], Callable[..., Page]], cast: Cast, shop: object, actor: Callable[[str], Any]
) -> Callable[..., Page]:
    """``open_page(width, scheme)`` is a page signed in as the editor; what its console complains of goes to `faults`."""
    from django.utils import timezone

    from broadsheet.schedules.actions.save_calendar import save_calendar
    from broadsheet.schedules.models import Schedule

    for one in load(CALENDARS, file="calendars"):
        save_calendar(actor("editor"), one, now=timezone.now())
    schedule = Schedule.objects.get(name="buyers-monday")
    schedule.definition["when"] |= {"roll": "following", "calendar": "our-days"}
    schedule.save()
    return pages_of("editor")


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1440, "light")])
def test_every_page_passes_axe_and_keeps_the_policy(
    transactional_db: None, open_page: Callable[..., Page], faults: list[str], width: int, scheme: str
) -> None:
    page = open_page(width, scheme)
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert faults == [], address


def test_a_calendar_is_made_by_keyboard_alone(transactional_db: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/settings/new-calendar/")
    page.get_by_label("Label").focus()
    page.keyboard.type("Edinburgh office")
    page.keyboard.press("Tab")
    page.keyboard.type("edinburgh")
    page.keyboard.press("Tab")
    page.keyboard.type("scotl")
    page.get_by_label("United Kingdom, Scotland").wait_for()
    page.keyboard.press("Tab")  # “Find”
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("Closed too").focus()
    page.keyboard.type("2026-12-24 Hogmanay comes")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Edinburgh office", level=1).wait_for()
    page.get_by_role("listitem").filter(has_text="Hogmanay comes").first.wait_for()
    page.get_by_role("listitem").filter(has_text="Saint Andrew").first.wait_for()
