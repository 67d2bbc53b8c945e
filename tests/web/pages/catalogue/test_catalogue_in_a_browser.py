"""The catalogue in a real browser: axe finds nothing, nothing scrolls sideways, and what is asked for late comes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.plugins.browser import axe
from tests.plugins.django import Cast

pytestmark = [pytest.mark.browser, pytest.mark.feature("COL-07")]
PAGES = (
    "/data/", "/data/?q=zzz", "/data/orders/", "/data/orders/explore/?metric=spent&by=item",
    "/data/orders/lineage/", "/data/orders/lineage/?field=item",
)  # fmt: skip


@pytest.fixture
def open_page(pages_of: Callable[[str], Callable[..., Page]], cast: Cast, shop: object) -> Callable[..., Page]:
    return pages_of("owner")


@pytest.mark.parametrize(("width", "scheme", "language"), [(375, "dark", "en"), (1440, "light", "de")])
def test_every_page_passes_axe_and_fits(
    transactional_db: None,
    open_page: Callable[..., Page],
    faults: list[str],
    cast: Cast,
    width: int,
    scheme: str,
    language: str,
) -> None:
    from broadsheet.access.models import User

    User.objects.filter(pk=cast.owner.pk).update(language=language)
    page = open_page(width, scheme, language)
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert faults == [], address


def test_sample_values_come_when_the_page_is_there(transactional_db: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/data/orders/")
    page.get_by_text("Atlas").wait_for()


def test_another_field_is_followed_without_leaving(transactional_db: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/data/orders/lineage/")
    page.get_by_label("Field", exact=True).select_option("spent")
    page.get_by_role("heading", name="Who uses Spent", level=1).wait_for()
    assert page.url.endswith("?field=spent")
