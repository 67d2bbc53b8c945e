"""The self-contained file: nothing from outside, a policy that fits, and use by pointer, keyboard and reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request
from tests.adapters.formats.a_document import document
from tests.adapters.formats.documents import arabic_document, full_document, japanese_document
from tests.plugins.browser import axe

from broadsheet.adapters.formats.html import FORMAT
from broadsheet.adapters.formats.html.page import digest
from broadsheet.core.document.model import Document
from broadsheet.core.theme import DEFAULT, Logo, themed

FETCHING = {"src", "href", "srcset", "data", "poster", "action", "xlink:href"}
LARGEST_FONTS = 520_000  # bytes of the four cuts in base64


class Reader(HTMLParser):
    """Collects what a browser would fetch, run or obey."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.policy = ""
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in self.inline else ""
        pairs = dict(attrs)
        self.fetched += [value or "" for name, value in attrs if name in FETCHING and tag != "a"]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if pairs.get("http-equiv") == "Content-Security-Policy":
            self.policy = pairs["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline[self._inside].append(data)
            self._inside = ""


def read(report: Document) -> Reader:
    return Reader(FORMAT.render(report, theme=DEFAULT).decode())


@pytest.mark.feature("FMT-05")
@pytest.mark.parametrize("report", [document(), full_document(), arabic_document(), japanese_document()])
def test_nothing_is_fetched_from_anywhere(report: Document) -> None:
    reader = read(report)
    assert [address for address in reader.fetched if not address.startswith("data:image/")] == []
    (style,) = reader.inline["style"]
    assert re.findall(r"@import|url\((?!data:font/woff2)", style) == []


@pytest.mark.feature("FMT-05")
def test_the_policy_allows_exactly_what_is_inside() -> None:
    reader = read(full_document())
    (style,), (script,) = reader.inline["style"], reader.inline["script"]
    assert reader.policy == (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; script-src 'sha256-{digest(script)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert reader.handlers == []  # neither inline handlers nor style attributes, which the policy forbids


@pytest.mark.feature("FMT-05")
def test_equal_documents_give_equal_bytes() -> None:
    assert FORMAT.render(full_document(), theme=DEFAULT) == FORMAT.render(full_document(), theme=DEFAULT)


@pytest.mark.feature("FMT-05")
def test_the_file_stays_small() -> None:
    fonts = sum(map(len, re.findall(r"base64,[\w+/=]+", read(full_document()).inline["style"][0])))
    assert fonts <= LARGEST_FONTS
    assert len(FORMAT.render(full_document(), theme=DEFAULT)) < 700_000


@pytest.mark.feature("DLV-13")
def test_the_brand_is_carried() -> None:
    logo = Logo(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "Northlight")
    brand = themed("Northlight", accent="#7A1F5C", logo=logo, footer="1 Sample Street, Austin")
    text = FORMAT.render(full_document(), theme=brand).decode()
    assert "--bs-accent:#7A1F5C" in text
    assert 'alt="Northlight" class="bs-logo"' in text
    assert "<span>1 Sample Street, Austin</span>" in text


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The whole report in a page 1440 px wide; a request or an error in the console fails the test."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(5000)
    complaints: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            complaints.append(request.url)

    page.on("request", watch)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(written(full_document(), tmp_path))
    yield page
    page.close()
    assert complaints == []


def written(report: Document, folder: Path) -> str:
    path = folder / "report.html"
    path.write_bytes(FORMAT.render(report, theme=DEFAULT))
    return path.as_uri()


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_axe_finds_nothing(browser: Browser, tmp_path: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(written(full_document(), tmp_path))
    assert axe(page) == []
    page.close()


@pytest.mark.browser
@pytest.mark.feature("DLV-14")
def test_axe_finds_nothing_from_right_to_left(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 900})
    page.goto(written(arabic_document(), tmp_path))
    assert axe(page) == []
    page.close()


@pytest.mark.browser
@pytest.mark.feature("FMT-13")
@pytest.mark.parametrize("width", [320, 375, 768, 1024, 2560])
def test_the_page_never_scrolls_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(written(full_document(), tmp_path))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = "[...document.querySelectorAll('.bs-plot')].map(plot => [...plot.children].filter(one => one.getClientRects().length && one.matches('.bs-drawn')).length)"
    assert set(page.evaluate(shown)) == {1}
    page.close()


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
def test_points_are_told_by_keyboard(opened: Page) -> None:
    plot = opened.locator(".bs-plot").first
    plot.focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    lines = opened.locator(".bs-tip.bs-shown div").all_inner_texts()
    assert lines == ["Delivered, 2 Oct: 179", "Accepted, 2 Oct: 156"]
    assert plot.locator("[role=status]").inner_text() == "; ".join(lines)
    opened.keyboard.press("Escape")
    assert opened.locator(".bs-tip.bs-shown").count() == 0


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
def test_points_are_told_by_pointer(opened: Page) -> None:
    opened.locator(".bs-plot").nth(1).locator(".bs-drawn:visible .bs-pt").nth(1).hover()
    assert opened.locator(".bs-tip.bs-shown").inner_text() == "October, Paid search: 476.3"


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
def test_a_series_is_put_aside_by_its_name_and_by_its_switch(opened: Page) -> None:
    figure = opened.locator(".bs-figure").first
    line = figure.locator(".bs-drawn:visible .bs-series[data-s=accepted]")
    figure.locator(".bs-drawn:visible .bs-name[data-s=accepted]").click()
    assert not line.is_visible()
    switch = figure.locator(".bs-key button[data-s=accepted]")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.focus()
    opened.keyboard.press("Enter")
    assert line.is_visible()


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
def test_a_table_sorts(opened: Page) -> None:
    section = opened.locator(".bs-table", has_text="Three of ten sources")
    first = section.locator("tbody tr:visible th").first
    cost = section.locator(".bs-heads th", has_text="Cost $")
    cost.locator("button").click()
    assert (cost.get_attribute("aria-sort"), first.inner_text()) == ("descending", "Paid search")
    cost.locator("button").click()
    assert (cost.get_attribute("aria-sort"), first.inner_text()) == ("ascending", "Native display")
    cost.locator("button").click()
    assert (cost.get_attribute("aria-sort"), first.inner_text()) == (None, "SunCompare")
    assert section.locator("input").count() == 0  # ten rows are seen at a glance


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
def test_a_long_table_filters_as_one_types(opened: Page) -> None:
    section = opened.locator(".bs-table", has_text="Day by day")
    section.locator("input").fill("22 OCT")
    assert section.locator("tbody tr:visible th").all_inner_texts() == ["22 Oct"]
    assert section.locator("output").inner_text() == "1 / 31"


@pytest.mark.browser
@pytest.mark.feature("FMT-13")
def test_a_wide_table_keeps_five_columns_on_a_phone_until_asked(opened: Page) -> None:
    opened.set_viewport_size({"width": 375, "height": 900})
    section = opened.locator(".bs-table", has_text="Three of ten sources")
    heads = section.locator(".bs-heads > *:visible")
    assert heads.count() == 5
    section.get_by_role("button", name="All columns (11)").click()
    assert heads.count() == 11


@pytest.mark.browser
@pytest.mark.feature("FMT-05")
def test_everything_can_be_read_without_script(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 900})
    page = context.new_page()
    page.goto(written(replace(full_document(), contents=False), tmp_path))
    section = page.locator(".bs-table", has_text="Three of ten sources")
    assert section.locator(".bs-heads > *:visible").count() == 11
    assert page.locator(".bs-filter:visible, .bs-key:visible, .bs-widen:visible").count() == 0
    context.close()
