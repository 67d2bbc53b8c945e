"""The load to come in a real browser: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.plugins.browser import axe
from tests.plugins.django import Cast

pytestmark = [pytest.mark.browser, pytest.mark.feature("BEY-08")]
ADDRESSES = (
    "/operations/load/?from=2026-11-30",
    "/operations/load/?from=2026-11-30&days=31&add=daily-01&add_number=90&workers=1",
)


@pytest.fixture
def busy(transactional_db: None, cast: Cast, shop: object) -> None:
    from broadsheet.schedules.models import Schedule

    one = Schedule.objects.get(name="buyers-monday")
    for number in range(30):
        more = copy.copy(one)
        more._state = copy.copy(one._state)
        more.pk, more.name, more.title = None, f"daily-{number:02}", f"Buyers, desk {number}"
        more._state.adding = True
        at = f"{(8, 8, 8, 9, 14)[number % 5]:02}:{(0, 0, 30)[number % 3]:02}"
        floats = {"policies": {"float": {"minutes": 60}}} if number % 2 else {}
        more.definition = {**one.definition, "when": {"every": "day", "at": at}, **floats}
        more.save()


@pytest.mark.parametrize(("width", "scheme", "language"), [(375, "dark", "en"), (1440, "light", "de")])
def test_the_page_passes_axe_and_fits(
    busy: None, pages_of: Callable[[str], Callable[..., Page]], cast: Cast, faults: list[str], width: int, scheme: str,
    language: str,
) -> None:  # fmt: skip
    from broadsheet.access.models import User

    User.objects.filter(pk=cast.owner.pk).update(language=language)
    page = pages_of("owner")(width, scheme, language)
    for address in ADDRESSES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert faults == [], address
