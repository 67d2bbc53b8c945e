"""Notifications and the feed's address in a real browser: axe finds nothing and nothing scrolls sideways, on a phone and a
desk, in both themes; all of it goes by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.plugins.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.feature("SCH-11")]
FEED = "/settings/account/calendar/"
PAGES = (
    "/", "/notifications/", "/notifications/?show=unread", "/settings/account/", FEED, f"{FEED}?schedule=buyers-monday",
    "/schedules/", "/schedules/buyers-monday/",
)  # fmt: skip


@pytest.fixture
def open_page(
    transactional_db: None, pages_of: Callable[[str], Callable[..., Page]], faults: list[str], shop: object, tell: Callable[..., Any],
    actor: Callable[[str], Any],
) -> Iterator[Callable[..., Page]]:  # fmt: skip
    """``open_page(width, scheme)`` is a page signed in as the editor, who was told twice and has an address."""
    from django.utils import timezone

    from broadsheet.access.actions.feed_address import make_feed_address
    from broadsheet.collaboration.models import Mailing

    tell("editor", now=timezone.now()), tell("editor", now=timezone.now())
    failed = Mailing.objects.latest("pk")
    Mailing.objects.filter(pk=failed.pk).update(state="failed", proof="550 5.1.1 no such person", tries=3)
    make_feed_address(actor("editor"), now=timezone.now())
    yield pages_of("editor")
    assert faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1440, "light")])
def test_every_page_passes_axe_and_keeps_the_policy(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = open_page(width, scheme)
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_from_the_bell_to_all_read_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/schedules/")
    bell = page.get_by_role("link", name="Notifications 2 not read")
    bell.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Notifications, 2 not read").wait_for()
    page.get_by_role("button", name="Mark read", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Notifications, 1 not read").wait_for()
    page.get_by_role("button", name="Mark all read").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Notifications", exact=True).wait_for()
    expect(page.locator(".bell .count")).to_have_count(0)


def test_the_palette_finds_them(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/schedules/")
    page.keyboard.press("Control+K")
    page.keyboard.type("notific")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Notifications, 2 not read").wait_for()


@pytest.mark.feature("SCH-30")
def test_an_address_is_copied_made_anew_and_ended_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/schedules/buyers-monday/")
    page.get_by_role("link", name="Follow in your calendar").focus()
    page.keyboard.press("Enter")
    first = page.locator("#feed-one").text_content()
    assert first and first.endswith("/buyers-monday.ics")
    page.get_by_role("button", name="Copy").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == first
    page.get_by_role("button", name="Make a new address").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your address is made").wait_for()
    assert page.locator("#feed-one").text_content() != first
    page.get_by_role("button", name="End this address").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your address has ended").wait_for()
    expect(page.locator(".secret")).to_have_count(0)
