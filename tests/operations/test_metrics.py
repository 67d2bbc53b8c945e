"""The figures for monitoring: honest, of all organizations, and naming none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.plugins.django import NOW

from broadsheet.operations.metrics import exposition
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Occurrence
from broadsheet.runs.nodes import Presence

pytestmark = [pytest.mark.feature("SCH-25"), pytest.mark.usefixtures("shop")]
PAGE = Path(__file__).parents[2] / "docs/reference/metrics.md"


def figures() -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(exposition(now=NOW).decode()):
        for one in family.samples:
            found.setdefault(one.name, {})[tuple(value for _, value in sorted(one.labels.items()))] = one.value
    return found


@pytest.fixture
def ended(finish: Callable[..., Occurrence], actor: Callable[[str], Any]) -> Occurrence:
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    Occurrence.objects.update(
        kind="scheduled", fire_at=NOW - timedelta(seconds=40), begun_at=NOW - timedelta(seconds=20), finished_at=NOW
    )
    return run


def test_runs_deliveries_and_renders_of_the_last_hour(ended: Occurrence) -> None:
    found, place = figures(), str(ended.organization_id)
    assert found["broadsheet_runs_ended"] == {(place, "accepted"): 1}
    assert found["broadsheet_deliveries_settled"] == {("portal", place, "accepted"): 3}
    assert found["broadsheet_delivery_lateness_seconds_bucket"]["30", place] == 0
    assert found["broadsheet_delivery_lateness_seconds_bucket"]["60", place] == 3
    assert found["broadsheet_delivery_lateness_seconds_sum"] == {(place,): 120}
    assert found["broadsheet_run_seconds_sum"] == {(place,): 20}
    assert found["broadsheet_render_seconds_count"] == {(place,): 3}


def test_what_waits_by_priority_and_weight(actor: Callable[[str], Any]) -> None:
    run = run_now(actor("owner"), "buyers-monday", now=NOW - timedelta(minutes=1))
    Occurrence.objects.update(weight="heavy", priority=1, deaths=1)
    found, place = figures(), str(run.organization_id)
    assert found["broadsheet_queue_depth"] == {(place, "1", "heavy"): 1}
    assert found["broadsheet_queue_oldest_seconds"] == {(): 60}
    assert found["broadsheet_lease_takeovers"] == {(): 1}


def test_processes_with_their_age() -> None:
    Presence("host:1:a", "worker", 2).beat()
    assert list(figures()["broadsheet_node_age_seconds"]) == [("worker", "host:1:a")]


def test_nothing_in_it_names_an_organization_or_a_thing(ended: Occurrence) -> None:
    said = exposition(now=NOW).decode()
    for word in ("Harbour", "harbour", "buyers-monday", "purchases", "Ada", "shop"):
        assert word not in said


def test_each_figure_is_documented() -> None:
    page = PAGE.read_text("utf-8")
    for family in text_string_to_metric_families(exposition(now=NOW).decode()):
        assert f"`{family.name}`" in page, family.name


def test_it_asks_a_fixed_number_of_questions(ended: Occurrence, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(14):
        exposition(now=NOW)
