"""Operations, held and waiting runs, events, backfill and trigger addresses in a real browser: axe finds nothing, nothing
scrolls sideways; many are chosen and decided on by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.plugins.browser import axe
from tests.plugins.django import Cast

pytestmark = pytest.mark.browser
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen, Mondays"


@pytest.fixture
def world(
    transactional_db: None, cast: Cast, shop: object, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> dict[str, Any]:
    """A run of each kind that waits, more than a page of them, limits that are full, maintenance, an event, a trigger."""
    from broadsheet.core.document.loading import Loaded
    from broadsheet.operations.actions import maintenance
    from broadsheet.runs import claims
    from broadsheet.runs.actions.limit import save_limits
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.models import Occurrence
    from broadsheet.runs.nodes import Presence
    from broadsheet.schedules.actions.send_event import send_event
    from broadsheet.schedules.models import Schedule

    owner, now = actor("owner"), datetime.now(UTC)
    Schedule.objects.update(title=LONG)
    done = finish(run_now(owner, "buyers-monday", now=now, at=now - timedelta(hours=1)))
    made = [run_now(owner, "buyers-monday", now=now, at=now - timedelta(minutes=n)) for n in range(1, 5)]
    for one, kind in zip(made, ("hand", "restored", "quarantine"), strict=False):
        Occurrence.unchecked.filter(pk=one.pk).update(
            state="held",
            held_for=kind,
            held_at=now,
            held_reason="Held by Olga: the exchange rates of Friday are wrong.",
        )
    more = [
        Occurrence(
            organization_id=done.organization_id, schedule_id=done.schedule_id, fire_at=now - timedelta(days=1, seconds=n),
            definition=done.definition, created_at=now, priority=1 + n % 5, kind="manual",
        )
        for n in range(60)
    ]  # fmt: skip
    Occurrence.objects.bulk_create(more)
    save_limits(owner, Loaded("limits", "organization", {"runs": 1, "sources": {"shop": 1}}, {}, "x"), now=now)
    claims.claim(owner="one", now=now)
    Presence("host:1:a", "worker", 2).beat()
    maintenance.plan(
        owner, starts_at=now + timedelta(hours=3), ends_at=now + timedelta(days=9), reason="New disks for the warehouse",
        source="", drain=timedelta(minutes=5), now=now,
    )  # fmt: skip
    send_event(owner, "import.finished", payload={"rows": 1200, "source": "shop"}, key="2026-11-24", now=now)
    return {"done": done, "held": made[:3], "waits": more[0]}


def addresses(world: dict[str, Any]) -> list[str]:
    return [
        "/operations/", "/operations/?part=waiting&page=2", "/operations/held/", "/operations/limits/", "/operations/health/",
        "/operations/maintenance/", "/operations/checks/", "/events/", "/schedules/buyers-monday/backfill/",
        "/schedules/buyers-monday/trigger/", f"/runs/{world['waits'].pk}/", f"/runs/{world['held'][1].pk}/",
        f"/runs/{world['done'].pk}/",
    ]  # fmt: skip


@pytest.mark.feature("PRF-01")
@pytest.mark.parametrize(("width", "scheme", "language"), [(375, "dark", "de"), (1440, "light", "en")])
def test_every_page_passes_axe_and_fits(
    world: dict[str, Any], pages_of: Callable[[str], Callable[..., Page]], cast: Cast, faults: list[str], width: int,
    scheme: str, language: str,
) -> None:  # fmt: skip
    from broadsheet.access.models import User

    User.objects.filter(pk=cast.owner.pk).update(language=language)
    page = pages_of("owner")(width, scheme, language)
    found = {}
    for address in addresses(world):
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        wide = page.evaluate("document.documentElement.scrollWidth") - width
        said = [*axe(page), *([f"{wide} px too wide"] if wide > 0 else []), *faults]
        found |= {address: said} if said else {}
    assert found == {}


@pytest.mark.feature("BEY-03")
def test_many_are_chosen_looked_at_and_released_by_keys_alone(
    world: dict[str, Any], pages_of: Callable[[str], Callable[..., Page]], faults: list[str]
) -> None:
    page = pages_of("owner")()
    page.goto("/operations/held/")
    expect(page.locator("[data-bar]")).to_be_hidden()
    page.locator("[data-box-all]").focus()
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="Look at these 3")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Release what is held of these 3 runs?")
    assert axe(page) == []
    page.keyboard.press("Tab")
    page.get_by_label("Why").focus()
    page.keyboard.type("Looked at.")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Release")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Released: 3 runs.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is held")
    assert axe(page) == []
    assert [one for one in faults if "Content Security Policy" not in one] == []


@pytest.mark.feature("PRF-01")
def test_after_steering_keys_go_on_from_the_row(
    world: dict[str, Any], pages_of: Callable[[str], Callable[..., Page]]
) -> None:
    page = pages_of("owner")()
    key = world["waits"].pk
    page.goto("/operations/?part=waiting")
    row = page.locator(f"#run-{key}")
    row.get_by_role("button", name="Lower").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/operations/#run-{key}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tr')?.id") == f"run-{key}"
