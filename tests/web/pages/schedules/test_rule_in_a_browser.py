"""The schedule form in a real browser: words become firings while they are typed, parts and words keep step, all by
keyboard; axe finds nothing and nothing scrolls sideways, on a phone and a desk, in both themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.plugins.browser import axe
from tests.plugins.django import Cast

from broadsheet.core.document.loading import load

pytestmark = [pytest.mark.browser, pytest.mark.feature("SCH-30")]
EDIT, PAGE = "/schedules/buyers-monday/edit/", "/schedules/buyers-monday/"
OUR_DAYS = """calendar: our-days
label: Harbour office
countries: [US]
closed: [{every: 12-24, name: Christmas Eve}]
weekend: [fri, sat]
"""


@pytest.fixture
def open_page(
    pages_of: Callable[[str], Callable[..., Page]], cast: Cast, shop: object, actor: Callable[[str], Any]
) -> Callable[..., Page]:
    """``open_page(width, scheme)`` is a page signed in as the editor; what its console complains of goes to `faults`."""
    from django.utils import timezone

    from broadsheet.schedules.actions.save_calendar import save_calendar

    [loaded] = load(OUR_DAYS, file="calendars")
    save_calendar(actor("editor"), loaded, now=timezone.now())
    return pages_of("editor")


def say(page: Page, words: str) -> None:
    page.get_by_label("In words", exact=True).fill(words)


RULES = (
    "every Monday at 08:00",
    "third business day of each month at 07:00, rolled forward on our-days days",
    "on the last Friday of every fiscal quarter by April at 17:00",
    "every 90 minutes, counted from 2026-01-05 08:00",
    "15 minutes before market close on nyse days",
    'cron "0 8 * * 1-5"',
    "every Monday at 08:00 in each recipient's zone",
    "every day at 08:00 and also every Monday at 17:00",
    "every tusday at 08:00",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_every_kind_passes_axe_and_fits(
    transactional_db: None, open_page: Callable[..., Page], faults: list[str], width: int, scheme: str
) -> None:
    page = open_page(width, scheme)
    page.goto(EDIT)
    for summary in page.locator(".editor summary").all():
        summary.click()
    for words in RULES:
        with page.expect_response("**/schedule-preview/**"):
            say(page, words)
        expect(page.locator("#preview:not([aria-busy])")).to_be_attached()
        assert axe(page) == [], words
        assert page.evaluate("document.documentElement.scrollWidth") <= width, words
    page.goto(f"{PAGE}?on=2026-12-25")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []


@pytest.mark.feature("SCH-18")
@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1440, "light")])
def test_folds_open_by_keyboard_say_what_is_typed_and_pass_axe(
    transactional_db: None, open_page: Callable[..., Page], faults: list[str], width: int, scheme: str
) -> None:
    page = open_page(width, scheme)
    page.goto(f"{EDIT}#fold-checks")
    expect(page.locator("details.fold:has(#fold-checks)")).to_have_attribute("open", "")  # where the page's link led
    page.locator("summary:has(#said-starts)").press("Enter")
    page.get_by_label("When this event happens").fill("import.finished")
    expect(page.locator("#said-starts")).to_have_text("When the event “import.finished” happens")
    page.get_by_role("button", name="Another event").press("Enter")
    expect(page.get_by_role("group", name="Event 2")).to_be_visible()
    page.evaluate("document.querySelectorAll('details.fold').forEach((one) => { one.open = true; })")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("At most so many minutes").press("Enter")  # saves: it presses no button of a fold
    page.wait_for_url(f"**{PAGE}*")
    expect(page.locator(".glance .is-set dd")).to_have_text("When the event “import.finished” happens")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []


@pytest.mark.feature("SCH-11")
@pytest.mark.feature("SCH-03")
def test_words_become_parts_and_firings_while_they_are_typed_and_are_saved_by_keyboard(
    transactional_db: None, open_page: Callable[..., Page]
) -> None:
    from broadsheet.schedules.models import Schedule

    page = open_page()
    page.goto(EDIT)
    page.get_by_label("In words", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("third business day of each month at 07:00, rolled forward on our-days days")
    expect(page.locator("#preview")).to_contain_text("Third business day of the month")
    expect(page.locator("#preview tbody th:not(.gone)")).to_have_count(20)
    expect(page.get_by_role("radio", name="month", exact=True)).to_be_checked()
    expect(page.get_by_label("Which, counted")).to_have_value("3")
    expect(page.get_by_label("Business days of", exact=True)).to_have_value("our-days")
    expect(page.locator("#understood").get_by_role("link", name="Harbour office")).to_be_visible()
    page.get_by_label("Business days of", exact=True).press("Enter")
    page.wait_for_url(f"**{PAGE}")
    assert Schedule.objects.get().definition["when"] == {
        "every": "month", "on": {"business_day": 3}, "at": "07:00", "roll": "following", "calendar": "our-days",
        "zone": "America/New_York",
    }  # fmt: skip
    expect(page.locator(".facts").get_by_role("link", name="Harbour office")).to_be_visible()


def test_parts_that_are_pressed_by_keyboard_rewrite_the_words(
    transactional_db: None, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(EDIT)
    page.get_by_role("radio", name="week", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="quarter", exact=True)).to_be_checked()
    page.get_by_label("What is counted").focus()
    page.keyboard.type("business")
    page.get_by_label("Which, counted").fill("2")
    expect(page.get_by_label("In words", exact=True)).to_have_value(
        "on the second last business day of every quarter at 08:00"
    )


def test_a_near_miss_is_mended_by_one_press_without_leaving(
    transactional_db: None, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(EDIT)
    say(page, "every tusday at 08:00")
    page.locator("#understood").get_by_role("button", name="Use “tuesday”").press("Enter")
    expect(page.get_by_label("In words", exact=True)).to_have_value("every tuesday at 08:00")
    expect(page.locator("#preview")).to_contain_text("Every Tuesday")
    expect(page.get_by_role("checkbox", name="Tue")).to_be_checked()


@pytest.mark.feature("SCH-15")
def test_a_rule_that_parts_cannot_show_is_said_to_be_kept(
    transactional_db: None, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(EDIT)
    say(page, "every day at 08:00 and also every Monday at 17:00")
    expect(page.locator("#understood")).to_contain_text("This rule has parts that the form does not show")
    expect(page.get_by_role("radio", name="in words alone")).to_be_checked()
    expect(page.get_by_label("At", exact=True)).to_be_hidden()


def test_a_day_is_asked_about_on_form_and_page(transactional_db: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(EDIT)
    page.get_by_label("Ask about a day").fill("8 Dec 2026")
    expect(page.locator("#answered")).to_contain_text("It does not fire on Tue 8 Dec 2026.")
    page.goto(PAGE)
    page.get_by_label("Ask about a day").fill("2026-12-07")
    page.keyboard.press("Enter")
    expect(page.locator("#answered")).to_contain_text("It fires on Mon 7 Dec 2026.")


@pytest.mark.feature("SCH-06")
def test_on_each_recipients_own_clock_a_firing_is_a_stretch_of_mine(
    transactional_db: None, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(EDIT)
    page.get_by_role("radio", name="each recipient’s own").focus()
    page.keyboard.press("Space")
    expect(page.locator("#id_zone")).to_be_hidden()
    expect(page.locator("#preview thead")).to_contain_text("Recipient, 08:00")
    expect(page.locator("#preview")).to_contain_text("On your clock Berlin is first and Chicago last.")
    page.get_by_role("button", name="Save as version 2").press("Enter")
    page.wait_for_url(f"**{PAGE}")
    expect(page.locator(".firings thead")).to_contain_text("You, New York: from … to …")
    expect(page.locator(".firings tbody tr").first).to_contain_text("02:00 to 09:00")


@pytest.mark.feature("SCH-02")
def test_another_report_brings_its_parameters(transactional_db: None, open_page: Callable[..., Page]) -> None:
    from broadsheet.reports.models import Report, ReportVersion

    report, version = Report.objects.get(name="purchases"), ReportVersion.objects.get()
    report.pk, report.name, report.title = None, "returns", "Returns"
    report.save()
    version.pk, version.report = None, report
    version.definition = version.definition.replace("purchases", "returns", 1).replace("least", "most")
    version.save()
    page = open_page()
    page.goto(EDIT)
    page.get_by_label("Report", exact=True).select_option("returns")
    expect(page.locator("#id_with-most")).to_be_visible()
    expect(page.locator("#id_with-least")).to_have_count(0)
    page.locator("#id_with-most").fill("12")
    page.get_by_label("At", exact=True).fill("09:00")
    expect(page.locator("#preview")).to_contain_text("09:00")
    expect(page.locator("#id_with-most")).to_have_value("12")
