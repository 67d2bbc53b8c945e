"""The pages in a real browser, with the sample's kinds of trouble: narrow and wide, light and dark, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.plugins.browser import axe
from tests.plugins.django import NOW, PASSWORD, Cast

pytestmark = pytest.mark.browser
WIDTHS = (375, 1440)


@pytest.fixture
def run(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any]) -> Any:
    """One delivery failed, one is unconfirmed, one was accepted; a row of the audience was invalid."""
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.models import Occurrence

    made = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    Delivery.unchecked.filter(recipient_name="Ada Stone").update(state="failed", reason="550 5.1.1 user unknown")
    Delivery.unchecked.filter(recipient_name="Bo Reed").update(state="unconfirmed", reason="cut after the last byte")
    invalid = [{"row": 4, "who": "Di", "message": "There is no address.", "fix": "Fill the address."}]
    Occurrence.unchecked.filter(pk=made.pk).update(invalid=invalid, state="partial")
    return made


@pytest.fixture
def page(browser: Browser, live_server: Any, visitor: Callable[[str], Any]) -> Iterator[Page]:
    """Signed in as the editor; whatever the browser complains of fails the test."""
    context = browser.new_context(base_url=live_server.url)
    cookie = visitor("editor").cookies["broadsheet_session"].value
    context.add_cookies([{"name": "broadsheet_session", "value": cookie, "url": live_server.url}])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    # axe itself puts a style into the page, which the policy rightly refuses
    assert [one for one in complaints if "Content Security Policy" not in one] == []


def addresses(run: Any) -> dict[str, str]:
    delivery = run.deliveries.get(recipient_name="Ada Stone")
    return {
        "today": "/",
        "schedules": "/schedules/",
        "schedule": "/schedules/buyers-monday/",
        "form": "/schedules/buyers-monday/edit/",
        "text": "/schedules/buyers-monday/text/",
        "new": "/new-schedule/",
        "run": f"/runs/{run.pk}/",
        "ledger": "/deliveries/",
        "delivery": f"/deliveries/{delivery.pk}/",
        "nothing": "/deliveries/?q=nobody-of-that-name",
    }


def test_a_title_of_one_long_word_widens_no_page(run: Any, page: Page) -> None:
    from broadsheet.schedules.models import Schedule

    long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
    Schedule.objects.update(title=f"{long} und {long}")
    page.set_viewport_size({"width": 375, "height": 800})
    wide = {}
    for name, address in addresses(run).items():
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wide |= {name: over} if over else {}
    assert wide == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_hard_to_reach_or_wider_than_the_screen(run: Any, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found: list[str] = []
    for name, address in addresses(run).items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            if name == "ledger" and width == WIDTHS[-1]:
                page.locator("[data-opens]").first.click()
                expect(page.get_by_text(re.compile("byte for byte|would be sent")).first).to_be_visible()
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{name} {width}: {over} px too wide"] if over else []
            found += [f"{name} {width}: {one}" for one in axe(page)]
    assert found == []


def test_pages_without_an_account_are_reachable_too(cast: Cast, browser: Browser, live_server: Any) -> None:
    page = browser.new_page(base_url=live_server.url, viewport={"width": 375, "height": 800})
    try:
        page.goto("/schedules/")
        assert axe(page) == []
        page.get_by_label("E-mail").fill(cast.viewer.email)
        page.keyboard.press("Tab")
        page.keyboard.type("not-the-password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("do not fit together")
        assert axe(page) == []
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Schedules", level=1)).to_be_visible()  # and not Today
        page.goto("/nowhere/")
        assert axe(page) == []
    finally:
        page.close()


@pytest.mark.feature("DLV-26")
def test_by_keyboard_alone_one_row_is_chosen_and_resent(run: Any, page: Page) -> None:
    page.goto("/deliveries/")
    page.get_by_label("Choose Ada Stone").focus()
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="Resend this one")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 delivery is on its way again")).to_be_visible()
    assert dict(run.deliveries.values_list("recipient_name", "state")) == {
        "Ada Stone": "due", "Bo Reed": "unconfirmed", "Cy Blum": "accepted",
    }  # fmt: skip


def test_the_ledger_is_filtered_while_one_types(run: Any, page: Page) -> None:
    page.goto("/deliveries/")
    page.keyboard.press("/")
    page.keyboard.type("cy@cy")
    expect(page.locator("tr.row")).to_have_count(1)
    assert "q=cy%40cy" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("tr.row")).to_have_count(3)


def test_the_palette_goes_to_a_schedule(run: Any, page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("purchases, mondays schedule")
    expect(page.get_by_role("option", name="Purchases, Mondays schedule", exact=True)).to_be_attached(timeout=10_000)
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedules/buyers-monday/")


@pytest.mark.feature("SCH-30")
def test_the_firings_follow_while_the_rule_is_pressed_and_the_rule_is_saved(run: Any, page: Page) -> None:
    from broadsheet.schedules.models import Schedule

    page.goto("/schedules/buyers-monday/edit/")
    page.get_by_role("checkbox", name="Thu").focus()
    page.keyboard.press("Space")
    expect(page.locator("#preview")).to_contain_text("Every Thursday")
    expect(page.locator("#draft-state")).to_have_text("Draft, not saved")
    page.get_by_label("At", exact=True).fill("26:00")
    expect(page.locator("#preview")).to_contain_text("No firings to show yet")
    page.get_by_label("At", exact=True).fill("09:30")
    expect(page.locator("#preview")).to_contain_text("New York, 09:30")
    page.get_by_label("At", exact=True).press("Enter")
    page.wait_for_url("**/schedules/buyers-monday/")
    when = Schedule.objects.get().definition["when"]
    assert (when["on"], when["at"]) == (["mon", "thu"], "09:30")


def test_only_the_chosen_kind_of_audience_is_asked_for(run: Any, page: Page) -> None:
    page.goto("/schedules/buyers-monday/edit/")
    expect(page.get_by_label("People", exact=True)).to_be_hidden()
    page.get_by_label("Audience", exact=True).select_option(":people")
    expect(page.get_by_label("People", exact=True)).to_be_visible()
    expect(page.get_by_label("Address", exact=True)).to_be_hidden()


def test_a_run_under_way_renews_itself(
    shop: object, actor: Callable[[str], Any], page: Page, transactional_db: None
) -> None:
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("editor"), "buyers-monday", now=NOW)
    page.goto(f"/runs/{run.pk}/")
    expect(page.get_by_text("It waits for its turn.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop it")).to_be_visible()
    type(run).unchecked.filter(pk=run.pk).update(state="failed", error="The source is gone.", finished_at=NOW)
    expect(page.get_by_text("It could not be made")).to_be_visible(timeout=6000)
    expect(page.get_by_role("button", name="Stop it")).to_have_count(0)  # there is nothing left to stop
