"""What a run used stands on its page, beside what it may, and in REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.feature("SCH-24"), pytest.mark.feature("PRF-02")]


@pytest.fixture
def ended(finish: Callable[..., Any], shop: dict[str, str], organization: Any, actor: Callable[[str], Any]) -> Any:
    """A run within its limits, of which one slice was measured at 84 MB."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.models import RunUse, SliceUse

    text = shop["shop.yaml"] + "policies: {limits: {rows: 200000, megabytes: 50, cpu_seconds: 120}}\n"
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)
    run = finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    RunUse.objects.filter(occurrence=run).update(rows=1204, bytes=2_300_000, seconds=9.5)
    SliceUse.objects.filter(slice__occurrence=run).update(cpu_seconds=0.5, peak_megabytes=40)
    SliceUse.objects.filter(slice=run.slices.first()).update(cpu_seconds=1.5, peak_megabytes=84)
    return run


def test_the_page_tells_it_in_sum_and_of_each_slice(ended: Any, visitor: Visitor) -> None:
    page = str(visitor("viewer").get(f"/runs/{ended.pk}/").content.decode())
    assert "What it used" in page
    for told in ("1,204 of 200,000", "2.3 MB of 50 MB", "9.5 s", "2.5 s of 120 s", "84 MB for a slice"):
        assert f"<dd>{told}</dd>" in page
    assert "1.5 s, 84 MB" in page
    assert page.count("0.5 s, 40 MB") == 2


def test_a_run_of_which_nothing_was_made_tells_nothing(ended: Any, visitor: Visitor) -> None:
    from broadsheet.runs.models import RunUse, SliceUse

    RunUse.objects.all().delete()
    SliceUse.objects.all().delete()
    page = str(visitor("viewer").get(f"/runs/{ended.pk}/").content.decode())
    assert "What it used" not in page


def test_rest_tells_the_same(ended: Any, token: Callable[..., str]) -> None:
    secret = token("viewer")
    answer = Client().get(f"/api/v1/runs/{ended.pk}", headers={"authorization": f"Bearer {secret}"}).json()
    assert answer["used"] == {
        "queries": 6, "rows": 1204, "bytes": 2_300_000, "seconds": 9.5, "cpu_seconds": 2.5, "peak_megabytes": 84.0,
    }  # fmt: skip
