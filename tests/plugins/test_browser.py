"""The browser of the tests sees, and axe complains when there is something to complain about."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.plugins.browser import axe


@pytest.mark.browser
def test_axe_names_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><img src='data:,'></main></html>")
    assert axe(page) == ["image-alt: img"]
    page.close()
