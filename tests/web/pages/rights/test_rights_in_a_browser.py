"""Pages of rights in a real browser: axe finds nothing, nothing scrolls sideways, in both themes on a phone and a desk; and a
role, a team and a switch of a workspace go by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.plugins.browser import axe
from tests.plugins.django import NOW, Cast

pytestmark = [pytest.mark.browser, pytest.mark.feature("COL-10")]
RIGHTS = """\
role: night-watch
label: Night watch
description: Looks after what goes out at night.
permissions: [report.read, schedule.read, delivery.read, delivery.resend]
conditions:
  - {for: [delivery.resend], hours: mon-fri 18:00-23:00, zone: America/New_York}
  - {networks: [10.0.0.0/8]}
---
contact: b1
label: Ada Ltd
address: ada@ada.example
attributes: {buyer_id: b1}
---
contact: bo-inc
label: Bo Inc
address: bo@bo.example
active: false
---
team: desk
label: The desk
members: [edda@harbour-books.example, vito@harbour-books.example]
contacts: [b1]
---
workspace: board
label: The board
open: false
reports: [purchases]
---
grants: report-purchases
on: report
thing: purchases
to: [{team: desk, role: editor}, {person: vito@harbour-books.example, role: night-watch}]
"""
PAGES = (
    "roles/", "roles/night-watch/", "roles/night-watch/text/", "roles/editor/", "new-role/", "teams/", "teams/desk/",
    "contacts/", "contacts/b1/", "new-contact/", "workspaces/", "workspaces/board/", "access/report/purchases/",
    "access/schedule/buyers-monday/", "people/", "people/{editor}/", "people/{viewer}/",
)  # fmt: skip


@pytest.fixture
def open_page(
    transactional_db: None, pages_of: Callable[[str], Callable[..., Page]], cast: Cast, shop: object, organization: Any
) -> Callable[..., Page]:
    """``open_page(width, scheme)`` is a page of the owner's; everything that pages of rights show is there."""
    from broadsheet.access.actions.add_person import add_service
    from broadsheet.access.actions.change_person import deactivate
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.schedules.models import Schedule

    system = system_actor(organization.pk)
    apply(system, {"a.yaml": RIGHTS}, now=NOW)
    add_service(system, name="Nightly export", role="viewer", now=NOW)
    Schedule.objects.update(owner=cast.editor)
    deactivate(system, cast.viewer.pk, now=NOW)
    return pages_of("owner")


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1440, "light")])
def test_pages_of_rights_pass_axe_and_keep_the_policy(
    open_page: Callable[..., Page], cast: Cast, faults: list[str], width: int, scheme: str
) -> None:
    page = open_page(width, scheme)
    for name in PAGES:
        address = f"/settings/{name.format(editor=cast.editor.pk, viewer=cast.viewer.pk)}"
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        for folded in page.query_selector_all("main details"):
            folded.evaluate("element => { element.open = true }")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert faults == [], address


def test_the_settings_read_in_german(open_page: Callable[..., Page], cast: Cast) -> None:
    cast.owner.language = "de"
    cast.owner.save()
    page = open_page(375, "light", "de")
    page.goto("/settings/workspaces/board/")
    page.get_by_role("heading", name="Geschlossen").wait_for()
    assert page.get_by_role("link", name="Arbeitsbereiche").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_role_is_made_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/settings/new-role/")
    page.get_by_label("Name").focus()
    page.keyboard.type("desk-lamp")
    page.get_by_label("report.read", exact=False).first.focus()
    page.keyboard.press("Space")
    page.get_by_label("From the networks").focus()
    page.keyboard.type("10.0.0.0/8")
    page.keyboard.press("Enter")  # saves, wherever it is pressed
    page.get_by_role("heading", name="desk-lamp", level=1).wait_for()
    assert page.get_by_label("From the networks").first.input_value() == "10.0.0.0/8"


def test_contacts_filter_as_it_is_typed(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/settings/contacts/")
    page.get_by_role("searchbox").fill("nobody like it")
    page.get_by_text("No contact matches").wait_for()
    page.get_by_role("searchbox").fill("ada@")
    page.get_by_role("link", name="Ada Ltd").wait_for()


def test_a_workspace_is_opened_by_keyboard_after_its_warning(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/settings/workspaces/board/")
    page.locator("summary", has_text="Open it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("sees 1 thing that they did not see before").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Open", exact=True).wait_for()
