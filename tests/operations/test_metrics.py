"""The figures for monitoring: honest, of all organizations, and naming none of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.plugins.django import NOW

from broadsheet.delivery.models import Gate, StoredChannel
from broadsheet.operations import counting
from broadsheet.operations.metrics import exposition
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import CountedUntil, Node, Occurrence, Total
from broadsheet.runs.nodes import Presence

pytestmark = [pytest.mark.feature("SCH-25"), pytest.mark.usefixtures("shop")]
PAGE = Path(__file__).parents[2] / "docs/reference/metrics.md"
READY = Path(__file__).parents[2] / "docs/deploy/monitoring"
MAY_BE_ABSENT = {
    "broadsheet_node_runs",
    "broadsheet_channels_left_alone",
    "broadsheet_node_age_seconds",
    "broadsheet_queue_depth",
    "broadsheet_open_runs",
}  # nothing to tell


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


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Count what has ended, so long after NOW by the database's clock."""

    def at(after: timedelta) -> None:
        monkeypatch.setattr(counting, "database_now", lambda: NOW + after)
        counting.count_all()

    at(timedelta(0))  # the totals begin a minute before
    return at


def test_what_ended_is_counted_once(counted: Callable[[timedelta], None], ended: Occurrence) -> None:
    counted(timedelta(seconds=59))
    place = str(ended.organization_id)
    assert "broadsheet_runs_total" not in figures()  # it may still be written
    for after in (timedelta(seconds=60), timedelta(seconds=90), timedelta(days=3)):
        counted(after)
        found = figures()
        assert found["broadsheet_runs_total"] == {(place, "accepted"): 1}
        assert found["broadsheet_deliveries_total"] == {("portal", place, "accepted"): 3}
        assert found["broadsheet_delivery_lateness_seconds_bucket"]["30", place] == 0
        assert found["broadsheet_delivery_lateness_seconds_bucket"]["60", place] == 3
        assert found["broadsheet_delivery_lateness_seconds_bucket"]["+Inf", place] == 3
        assert found["broadsheet_delivery_lateness_seconds_sum"] == {(place,): 120}
        assert found["broadsheet_run_duration_seconds_sum"] == {(place,): 20}
        assert found["broadsheet_render_duration_seconds_count"] == {(place,): 3}
    assert found["broadsheet_counted_until_timestamp_seconds"] == {
        (): (NOW + timedelta(days=3, minutes=-1)).timestamp()
    }


def test_what_is_sent_again_takes_nothing_back(counted: Callable[[timedelta], None], ended: Occurrence) -> None:
    counted(timedelta(minutes=2))
    later = NOW + timedelta(minutes=3)
    Occurrence.unchecked.filter(pk=ended.pk).update(state="running", finished_at=None)
    counted(timedelta(minutes=5))
    place = str(ended.organization_id)
    assert figures()["broadsheet_runs_total"] == {(place, "accepted"): 1}
    Occurrence.unchecked.filter(pk=ended.pk).update(state="partial", finished_at=later)
    CountedUntil.objects.update(at=NOW + timedelta(minutes=2))
    counted(timedelta(minutes=5))
    assert figures()["broadsheet_runs_total"] == {(place, "accepted"): 1, (place, "partial"): 1}


def test_two_that_count_at_once_count_each_end_once(counted: Callable[[timedelta], None], ended: Occurrence) -> None:
    """The second finds nothing: who counts moves the mark under its lock."""
    counted(timedelta(minutes=2))
    assert counting.count_ended() is False
    assert Total.objects.get(name="runs").number == 1


def test_a_channel_that_is_out(ended: Occurrence) -> None:
    Gate.objects.create(channel=StoredChannel.objects.get(kind="portal"), opened_at=NOW)
    assert figures()["broadsheet_channels_left_alone"] == {("portal", str(ended.organization_id)): 1}


def test_what_waits_by_priority_and_weight(actor: Callable[[str], Any]) -> None:
    run = run_now(actor("owner"), "buyers-monday", now=NOW - timedelta(minutes=1))
    Occurrence.objects.update(weight="heavy", priority=1, deaths=1)
    found, place = figures(), str(run.organization_id)
    assert found["broadsheet_queue_depth"] == {(place, "1", "heavy"): 1}
    assert found["broadsheet_queue_oldest_seconds"] == {(): 60}
    assert found["broadsheet_open_runs_taken_over"] == {(): 1}
    Occurrence.objects.update(wake_at=NOW - timedelta(seconds=20))
    assert figures()["broadsheet_queue_oldest_seconds"] == {(): 20}  # it slept until then


def test_processes_with_their_age() -> None:
    Node.objects.all().delete()  # of a process that an earlier test started
    Presence("host:1:a", "worker", 2).beat()
    assert list(figures()["broadsheet_node_age_seconds"]) == [("worker", "host:1:a")]


def test_nothing_in_it_names_an_organization_or_a_thing(
    ended: Occurrence, counted: Callable[[timedelta], None]
) -> None:
    counted(timedelta(minutes=2))
    said = exposition(now=NOW).decode()
    for word in ("Harbour", "harbour", "buyers-monday", "purchases", "Ada", "shop"):
        assert word not in said


def test_each_figure_is_documented_and_well_named(ended: Occurrence, counted: Callable[[timedelta], None]) -> None:
    counted(timedelta(minutes=2))
    page, said = PAGE.read_text("utf-8"), exposition(now=NOW).decode()
    for family in text_string_to_metric_families(said):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        assert f"`{name}`" in page, name
        assert family.type in {"counter", "gauge", "histogram"} and family.documentation.endswith("."), name
        assert f"# HELP {name} " in said and f"# TYPE {name} {family.type}" in said
        assert family.type != "histogram" or name.endswith("_seconds")


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "alerts.yaml"])
def test_dashboard_and_alerts_ask_for_figures_that_there_are(
    name: str, ended: Occurrence, counted: Callable[[timedelta], None]
) -> None:
    counted(timedelta(minutes=2))
    known = {
        one.name for family in text_string_to_metric_families(exposition(now=NOW).decode()) for one in family.samples
    }
    text = (READY / name).read_text("utf-8")
    asked = set(re.findall(r"\bbroadsheet_\w+", text))
    assert asked and asked - known - MAY_BE_ABSENT == set()


def test_dashboard_and_alerts_can_be_read() -> None:
    board = json.loads((READY / "grafana-dashboard.json").read_text("utf-8"))
    assert all(panel["targets"][0]["expr"] for panel in board["panels"] if panel["type"] != "row")
    rules = [
        one for group in yaml.safe_load((READY / "alerts.yaml").read_text("utf-8"))["groups"] for one in group["rules"]
    ]
    assert all({"alert", "expr", "labels", "annotations"} <= set(one) for one in rules)


def test_a_hundred_thousand_runs_cost_no_more_questions(
    ended: Occurrence, counted: Callable[[timedelta], None], django_assert_max_num_queries: Any
) -> None:
    counted(timedelta(minutes=2))
    with django_assert_max_num_queries(10):
        exposition(now=NOW)
