"""A source that is a copy, over REST: synced, looked at, counted, begun with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.leadconduit import LeadConduit

pytestmark = pytest.mark.feature("BEY-12")
Call = Callable[..., Any]


def test_it_is_synced_and_tells_how_it_stands(
    leadconduit: LeadConduit, ads: object, call: Call, token: Callable[..., str]
) -> None:
    secret = token("editor")
    assert call("GET", "/sources/ads", token=secret).json()["copy"] is None
    leadconduit.fill(3)
    answer = call("POST", "/sources/ads/sync", token=secret).json()
    assert (answer["new"], answer["whole"], answer["copy"]["rows"]) == (3, True, 3)
    copy = call("GET", "/sources/ads", token=secret).json()["copy"]
    assert (copy["rows"], copy["last_at"], copy["said"]) == (3, "2026-11-20T09:02:00Z", "")
    leadconduit.key = "another"
    assert "API key" in call("POST", "/sources/ads/sync", token=secret).json()["copy"]["said"]


def test_statistics_come_as_rows(leadconduit: LeadConduit, ads: object, call: Call, token: Callable[..., str]) -> None:
    leadconduit.statistics = [{"source": "Sun", "source-success": 7}]
    query = {"group_by": "source", "column": "source-success"}
    answer = call("GET", "/sources/ads/statistics", token=token("viewer"), query=query)
    assert answer.json() == {
        "columns": ["source", "source_success"],
        "rows": [{"source": "Sun", "source_success": 7}],
    }
    query = {"group_by": "lead.email"}
    assert call("GET", "/sources/ads/statistics", token=token("viewer"), query=query).status_code == 403


def test_the_dataset_to_begin_with_is_shown_and_made(ads: object, call: Call, token: Callable[..., str]) -> None:
    secret = token("editor")
    shown = call("GET", "/sources/ads/starter", token=secret).json()
    assert shown["definition"].startswith("dataset: ads-lead-events\n")
    made = {"kind": "dataset", "name": "ads-lead-events", "effect": "added"}
    assert call("POST", "/sources/ads/starter", token=secret).json() == made
    assert call("GET", "/datasets/ads-lead-events", token=secret).json()["definition"] == shown["definition"]
    assert call("POST", "/sources/ads/starter", token=secret).json()["effect"] == "same"


def test_a_source_that_is_no_copy_says_so(shop: object, call: Call, token: Callable[..., str]) -> None:
    answer = call("POST", "/sources/shop/sync", token=token("editor"))
    assert (answer.status_code, "nothing to bring up to date" in answer.json()["detail"]) == (422, True)
