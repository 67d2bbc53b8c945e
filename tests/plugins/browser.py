"""A real browser for tests that look at pages: Debian's Chromium, headless, and axe to check access.

Skipped where Chromium is not installed; CI installs it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole session; take a new page of it, and close that."""
    if not CHROMIUM.is_file():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    # Playwright keeps an event loop in this thread until the session ends, and Django then takes every query, of all
    # tests that follow, for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def faults() -> list[str]:
    """What the consoles of `pages_of` complain of."""
    return []


@pytest.fixture
def pages_of(
    browser: Browser, live_server: Any, cast: Any, faults: list[str]
) -> Iterator[Callable[[str], Callable[..., Page]]]:
    """``pages_of("editor")(width, scheme, language)`` is a page signed in as that person."""
    from django.conf import settings
    from django.test import Client

    opened = []

    def of(role: str) -> Callable[..., Page]:
        def page(width: int = 1440, scheme: str = "light", language: str = "en") -> Page:
            client = Client()
            client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                base_url=live_server.url,
                locale=language,
                permissions=["clipboard-read", "clipboard-write"],
            )
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
            opened.append(context)
            made = context.new_page()
            made.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
            made.on("pageerror", lambda error: faults.append(str(error)))
            return made

        return page

    yield of
    for context in opened:
        context.close()


def axe(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, as “rule: target” lines; empty when all is well.

    *without* names rules that do not fit what is looked at.
    """
    page.evaluate(AXE.read_text("utf-8"))  # not a script element: the page's own policy may forbid those
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}"
        for violation in found["violations"]
        if violation["id"] not in without
        for node in violation["nodes"]
    ]
