"""Pictures of README and documentation: taken of the sample organization after its first burst.

With ``BROADSHEET_PICTURES=1`` they are taken anew. Otherwise it is only looked that they are there, that pages show them, and
that what they show can still be opened.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext
from tests.plugins.django import Cast
from tests.system.conftest import Installation, installation
from tests.system.test_up import serving

from .loading import DOCS, ROOT

__all__ = ["installation"]  # the fixture is used by its name

FOLDER = DOCS / "images"
LARGEST = 200_000  # bytes; they come along with every clone
WIDTH, HEIGHT, SCALE = 1280, 860, 1.5
# name: the page in the sample organization, and the like of it in the tests' small shop
PAGES = {
    "today": ("/", "/"),
    "schedule": ("/schedules/buyers-monday/", "/schedules/buyers-monday/"),
    "schedule-form": ("/schedules/buyers-monday/edit/#when", "/schedules/buyers-monday/edit/"),
    "deliveries": ("/deliveries/?schedule=buyers-monday", "/deliveries/"),
    "report": ("/reports/executive-briefing/", "/reports/purchases/?period=2026-10"),
}
TYPED = {"schedule-form": ("[name=words]", "third business day of each month at 07:00, rolled forward on us days")}
PAPER = "report-page"
HELD = "held-look"  # of held runs, which the sample organization has none of: taken by itself
TAKING = os.environ.get("BROADSHEET_PICTURES") == "1"


@pytest.mark.parametrize("name", [*PAGES, PAPER, HELD])
def test_a_picture_is_there_and_small_and_shown(name: str) -> None:
    file = FOLDER / f"{name}.png"
    assert file.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert file.stat().st_size <= LARGEST
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    assert [page for page in pages if f"images/{name}.png" in page.read_text("utf-8")]


def test_no_picture_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.png")} == {*PAGES, PAPER, HELD}


@pytest.mark.parametrize("name", PAGES)
def test_what_a_picture_shows_can_be_opened(name: str, cast: Cast, shop: object) -> None:
    from django.test import Client

    client = Client()
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(PAGES[name][1]).status_code == 200


if TAKING:  # nothing is skipped otherwise: there is nothing to prove

    @pytest.mark.browser
    def test_take_the_pictures(installation: Installation, browser: Browser, tmp_path: Path) -> None:
        FOLDER.mkdir(exist_ok=True)
        with serving(installation, "--sample") as (address, said, _):
            context = browser.new_context(
                base_url=address, viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, locale="en-GB"
            )
            _sign_in(context, said)
            for name, (path, _like) in PAGES.items():
                page = context.new_page()
                page.goto(path, wait_until="networkidle")
                if name in TYPED:
                    page.fill(*TYPED[name])
                    page.wait_for_selector("#preview .plus .g")
                    page.locator("#when").evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 90)")
                _keep(page.screenshot(), name)
            context.close()
        _keep(_first_page(installation, tmp_path), PAPER)


def _sign_in(context: BrowserContext, said: str) -> None:
    found: Any = re.search(r"Sign in as (\S+).*with the password (\S+)", said, re.S)
    page = context.new_page()
    page.goto("/sign-in/")
    assert page.locator("[name=email]").count() == 1, page.content()
    page.fill("[name=email]", found[1])
    page.fill("[name=password]", found[2])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    page.close()


def _first_page(installation: Installation, folder: Path) -> bytes:
    pdf = folder / "report.pdf"
    installation.run("render", "buyer-performance", "--as", "harbor-home-solar", "--out", str(pdf))
    subprocess.run(["pdftoppm", "-png", "-r", "110", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    return pdf.with_suffix(".png").read_bytes()


def _keep(picture: bytes, name: str) -> None:
    """With a palette of 128 colours, which text and flat colours don't miss."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)
