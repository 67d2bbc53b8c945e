"""Every page, fed with plain dictionaries, in a real browser: seen by axe, under the strict policy, at every width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Browser, Page
from tests.plugins.browser import axe
from tests.web.gallery.pages import PAGES
from tests.web.gallery.rendering import STATIC, render
from tests.web.gallery.serving import serve

if not (STATIC / "broadsheet/manifest.json").is_file():
    pytest.skip("The styles are not built: scripts/npm run build", allow_module_level=True)

FIRST_VISIT = 60_000  # bytes of script, before compression; the promise is 200 kB
LOOKS = {"light": (1440, "light", ""), "dark": (375, "dark", ""), "contrast": (1024, "light", "more")}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve() as address:
        yield address


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    width, ground, contrast = LOOKS[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=ground, reduced_motion="reduce"
    )
    if contrast:
        context.add_init_script("try { localStorage.setItem('broadsheet.contrast', 'more') } catch {}")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, said
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("names", [sorted(PAGES)[at::3] for at in range(3)], ids=["1", "2", "3"])
@pytest.mark.feature("PER-14")
def test_pages_are_accessible_fit_their_width_and_keep_the_policy(
    names: list[str], look: tuple[Page, list[str]], address: str
) -> None:
    page, said = look
    wrong = []
    for name in names:
        page.goto(f"{address}/{name}")
        wrong += [f"{name}: {line}" for line in (*axe(page), *said)]
        said.clear()
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{name}: scrolls sideways")
    assert wrong == []


@pytest.mark.browser
def test_nothing_scrolls_sideways_on_the_smallest_screen(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    wide = []
    for name in PAGES:
        page.goto(f"{address}/{name}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(name)
    page.close()
    assert wide == []


@pytest.mark.browser
def test_choosing_rows_opening_one_and_going_elsewhere_by_keys(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/deliveries")
    assert not page.locator("[data-bar]").is_visible()
    page.locator("[data-box]").nth(0).check()
    page.locator("[data-box]").nth(1).check()
    assert page.get_by_role("button", name="Resend these 2").is_visible()
    page.get_by_role("button", name="Proof and files of Lakeshore Mortgage").press("Enter")
    page.get_by_text("A part of a page.").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("buyers-mon")
    page.locator("[data-results]").get_by_role("option", name="buyers-monday").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedule")
    page.close()


@pytest.mark.browser
def test_typing_in_a_filter_asks_the_server_and_keeps_the_address(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/schedules")
    page.get_by_role("searchbox").fill("monday")
    page.wait_for_url("**/schedules?q=monday")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("fault", ["cut", "broken"])
def test_a_list_that_could_not_be_refreshed_stays_and_says_so(fault: str, browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/schedules")
    answer = {"status": 500, "body": "<h1>Something broke</h1>", "content_type": "text/html"}
    page.route("**/schedules?q=*", lambda route: route.abort() if fault == "cut" else route.fulfill(**answer))
    page.get_by_role("searchbox").fill("monday")
    page.get_by_text("could not be asked for").wait_for(timeout=5000)
    assert page.get_by_role("link", name="buyers-monday").is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.feature("PER-14")
def test_the_chosen_ground_is_there_before_the_first_paint(browser: Browser, address: str) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(f"{address}/today")
    page.locator(".me summary").first.click()
    page.get_by_label("Dark").first.check()
    page.route("**/main-*.js", lambda route: route.abort())  # the head's own small script has to do it
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    page.close()


@pytest.mark.browser
def test_pages_work_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/deliveries")
    assert page.get_by_role("button", name="Resend the chosen").is_visible()
    assert page.get_by_role("button", name="Filter").is_visible()
    assert not page.get_by_role("button", name="Go to, or do").is_visible()
    context.close()


class Nesting(HTMLParser):
    """Counts forms that stand within forms, which browsers silently drop."""

    depth = nested = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.nested += self.depth
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "form"


@pytest.mark.parametrize("name", PAGES)
def test_no_inline_script_or_style_no_nested_form_and_no_template_left_in_the_page(name: str) -> None:
    html = render(*PAGES[name])
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html) == []
    assert re.findall(r"\{[{%#]|[%#}]\}", html) == []
    parser = Nesting()
    parser.feed(html)
    assert (parser.nested, parser.depth) == (0, 0)


def test_ids_are_unique() -> None:
    for name, (template, context) in PAGES.items():
        ids = re.findall(r'\sid="([^"]+)"', render(template, context))
        assert (name, sorted({each for each in ids if ids.count(each) > 1})) == (name, [])


def test_a_first_visit_loads_little_script() -> None:
    assert sum(file.stat().st_size for file in (STATIC / "broadsheet").rglob("*.js")) < FIRST_VISIT
