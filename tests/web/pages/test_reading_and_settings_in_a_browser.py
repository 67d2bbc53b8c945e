"""Reports, mail, inbox, settings and unsubscribing in a real browser: axe finds nothing, nothing breaks the policy,
nothing scrolls sideways, in both themes on a phone and a desk; and the main acts go by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.plugins.browser import axe
from tests.plugins.django import NOW, Cast

pytestmark = pytest.mark.browser
PAGES = (
    "/reports/", "/reports/?q=zzz", "/reports/purchases/?period=2026-10", "/reports/purchases/?period=never",
    "/reports/purchases/edit/", "/reports/purchases/versions/", "/reports/purchases/versions/1/", "/new-report/",
    "/mail/", "/inbox/", "/settings/", "/settings/sources/", "/settings/datasets/orders/",
    "/settings/datasets/orders/edit/", "/settings/channels/", "/settings/brand/", "/settings/people/",
    "/settings/tokens/", "/settings/journal/", "/settings/account/",
)  # fmt: skip


@pytest.fixture
def open_page(pages_of: Callable[[str], Callable[..., Page]], cast: Cast, shop: object) -> Callable[..., Page]:
    """``open_page(width, scheme)`` is a page signed in as the owner; what its console complains of goes to `faults`."""
    return pages_of("owner")


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


def test_a_report_is_changed_by_keyboard_alone(transactional_db: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/reports/purchases/edit/")
    page.get_by_label("Definition").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(" of Harbour")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past “Keep” to “Check”
    page.keyboard.press("Enter")
    page.get_by_text("+title: Purchases of Harbour").wait_for()
    page.get_by_label("Definition").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Purchases of Harbour", level=1).wait_for()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Purchases", exact=True, level=1).wait_for()


def test_the_library_filters_as_it_is_typed(transactional_db: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/reports/")
    page.get_by_role("searchbox").fill("nothing like it")
    page.get_by_text("No report matches").wait_for()
    page.get_by_role("searchbox").fill("orders")
    page.get_by_role("link", name="Purchases").wait_for()


def test_hostile_mail_does_nothing(
    transactional_db: None, open_page: Callable[..., Page], organization: Any, faults: list[str]
) -> None:
    from broadsheet.delivery.models import CaughtMail

    html = (
        "<script>parent.document.title='owned'</script><img src=x onerror=\"parent.document.title='owned'\">"
        '<meta http-equiv="refresh" content="0;url=/settings/"><p>Hello</p><a href="/sign-out/">a link</a>'
    )
    content = f"Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
    mail = CaughtMail.objects.create(
        organization=organization, message_id="m", sender="a@b.example", recipient="c@d.example", subject="x",
        content=content, received_at=NOW,
    )  # fmt: skip
    asked: list[str] = []
    page = open_page()
    page.on("response", lambda answer: asked.append(answer.url))
    page.goto(f"/mail/{mail.pk}/")
    page.frame_locator("iframe").get_by_text("Hello").wait_for()
    page.wait_for_timeout(200)
    assert page.title().startswith("x ·")
    assert not [one for one in asked if one.endswith(("/x", "/settings/"))]


def test_leaving_by_the_mails_link_needs_no_account(
    transactional_db: None, browser: Browser, live_server: Any, shop: object, actor: Callable
) -> None:
    from broadsheet.delivery.models import Delivery, StoredChannel, Suppression
    from broadsheet.delivery.unsubscribing import unsubscribe_url
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("editor"), "buyers-monday", now=NOW)
    delivery = Delivery.objects.create(
        organization_id=run.organization_id, occurrence=run, channel=StoredChannel.objects.get(name="inbox"),
        recipient_key="b1", recipient_name="Ada", address="ada@ada.example", language="en", zone="UTC", message_id="x@y",
    )  # fmt: skip
    url = unsubscribe_url(delivery.pk)
    page = browser.new_page(base_url=live_server.url, viewport={"width": 375, "height": 800})
    page.goto(url[url.index("/unsubscribe/") :])
    assert axe(page) == []
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Unsubscribe").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You have unsubscribed").wait_for()
    assert Suppression.objects.count() == 1 and axe(page) == []
    page.get_by_role("button", name="Subscribe again").click()
    page.get_by_role("heading", name="Stop getting").wait_for()
    assert not Suppression.objects.exists()
    page.close()
