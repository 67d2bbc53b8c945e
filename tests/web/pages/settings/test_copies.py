"""A source that is a copy, on the page: added with its first dataset, synced by hand, its state told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.leadconduit import KEY, LeadConduit

pytestmark = pytest.mark.feature("BEY-12")
Visitor = Callable[[str], Client]
PAGE = "/settings/sources/"


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


def test_who_adds_it_has_a_dataset_at_once(leadconduit: LeadConduit, visitor: Visitor) -> None:
    form = {
        "name": "ads", "label": "Our leads", "setting-api_key": KEY, "setting-base_address": leadconduit.base,
        "setting-statistics": "daily: {interval: daily}",
    }  # fmt: skip
    shown = text(visitor("owner").post("/settings/new-source/leadconduit/", form, follow=True))
    assert "The dataset “ads-lead-events” is there" in shown
    assert "none yet; they are fetched within a minute" in shown
    assert KEY not in shown
    assert "daily: {interval: daily}" in shown


def test_sync_now_fetches_and_the_page_says_what_is_held(
    leadconduit: LeadConduit, ads: object, visitor: Visitor
) -> None:
    leadconduit.fill(1003)
    shown = text(visitor("editor").post(f"{PAGE}ads/sync/", follow=True))
    assert "ads: 1,003 new events." in shown
    assert "1,003 (" in shown
    assert "It is up to date: 1,003 events." in shown
    leadconduit.key = "another"
    shown = text(visitor("editor").post(f"{PAGE}ads/sync/", follow=True))
    assert "does not answer" in shown
    assert shown.count("does not take the API key") == 2  # the message, and the state that stays
    assert "1,003 (" in shown


def test_the_first_dataset_is_offered_until_it_is_there(ads: object, visitor: Visitor) -> None:
    assert "Make a dataset to begin with" in text(visitor("editor").get(PAGE))
    answer = visitor("editor").post(f"{PAGE}ads/starter/")
    assert answer.headers["Location"] == "/settings/datasets/ads-lead-events/"
    assert "Make a dataset to begin with" not in text(visitor("editor").get(PAGE))


@pytest.mark.parametrize("act", ["sync", "starter"])
def test_only_who_may_edit_sources_finds_and_does_it(
    leadconduit: LeadConduit, ads: object, visitor: Visitor, act: str
) -> None:
    assert "Sync now" not in text(visitor("viewer").get(PAGE))
    assert visitor("viewer").post(f"{PAGE}ads/{act}/").status_code == 403
    assert visitor("outsider").post(f"{PAGE}ads/{act}/").status_code == 404
    assert not leadconduit.calls


def test_a_source_that_is_no_copy_has_no_such_button(shop: object, visitor: Visitor) -> None:
    assert "Sync now" not in text(visitor("editor").get(PAGE))
    shown = text(visitor("editor").post(f"{PAGE}shop/sync/", follow=True))
    assert "nothing to bring up to date" in shown


def test_tables_that_a_file_gave_are_shown_as_lines(
    leadconduit: LeadConduit, organization: Any, visitor: Visitor
) -> None:
    from tests.plugins.leadconduit import keep_source

    keep_source(organization, leadconduit, statistics={"daily": {"interval": "daily"}})
    assert "daily: {&quot;interval&quot;: &quot;daily&quot;}" in text(visitor("owner").get(PAGE))
