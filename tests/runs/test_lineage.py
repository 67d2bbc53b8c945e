"""From the source's tables to the schedules, of a dataset and of one field; limited to what the asker may read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.lineage import lineage
from broadsheet.sources.errors import QueryRefused, UnknownSource

pytestmark = [pytest.mark.feature("COL-07"), pytest.mark.django_db]


@pytest.fixture
def system(shop, organization):
    return system_actor(organization.pk)


def test_a_dataset_is_followed_from_its_tables_to_its_schedules(shop, system):
    found = lineage(system, "orders")
    assert (found.source, found.engine, found.tables) == ("shop", "duckdb", ("orders",))
    [report] = found.reports
    assert [(one.name, one.used) for one in report.requests] == [
        ("month", ("bought", "spent", "day")), ("items", ("bought", "spent", "item", "day"))
    ]  # fmt: skip
    [month, items] = [one.blocks for one in report.requests]
    assert [(one.kind, one.used) for one in month] == [("metrics", ("bought", "spent"))]
    assert [(one.kind, one.title, one.used) for one in items] == [("table", "By item", ("bought", "item", "spent"))]
    assert [(one.name, one.report, one.audience, one.channels) for one in found.schedules] == [
        ("buyers-monday", "purchases", (), ("inbox",))
    ]
    assert found.unseen == 0


def test_lines_are_those_of_the_reports_text(shop, system):
    from broadsheet.reports.models import ReportVersion

    lines = ReportVersion.objects.get().definition.splitlines()
    [report] = lineage(system, "orders").reports
    for request in report.requests:
        assert lines[request.line - 1].strip().startswith(f"{request.name}:")
        assert all("table:" in lines[one.line - 1] or "metrics:" in lines[one.line - 1] for one in request.blocks)


def test_what_conditions_ask_is_a_use(shop, system):
    from broadsheet.schedules.models import Schedule

    found = Schedule.objects.get(name="buyers-monday")
    where = [{"dimension": "contact", "equals": "Ada Stone"}]
    found.definition |= {
        "ready": {"probes": [{"fresh": "orders"}, {"rows": "buyers", "at_least": 1, "where": where}]},
        "only_if": {"dataset": "orders", "metric": "spent", "above": 1},
    }
    found.save()

    assert [one.conditions for one in lineage(system, "buyers").schedules] == [("contact",)]
    assert [one.conditions for one in lineage(system, "orders").schedules] == [("spent",)]
    assert [one.conditions for one in lineage(system, "orders", "item").schedules] == [()]


def test_an_audiences_columns_are_a_use(shop, system):
    [schedule] = lineage(system, "buyers").schedules
    assert "email" in schedule.audience
    assert lineage(system, "buyers", "email").schedules == (replace(schedule, audience=("email",)),)
    assert lineage(system, "buyers", "buyers").schedules == ()


def test_a_field_is_followed_through_what_is_made_of_it(shop, system):
    more = shop["shop.yaml"].replace(
        "metrics:\n  bought:", "metrics:\n  mean: {ratio: [spent, bought]}\n  grown: {of: mean}\n  bought:"
    )
    more = more.replace("metrics: [bought, spent]}\n", "metrics: [grown]}\n").replace(
        "show: [bought, spent]", "show: [grown]"
    )
    apply(system, {"shop.yaml": more}, now=NOW)
    found = lineage(system, "orders", "spent")
    assert (found.makes, found.made_of) == (("grown", "mean"), ())
    assert [one.used for one in found.reports[0].requests] == [("grown",), ("spent",)]
    assert lineage(system, "orders", "mean").made_of == ("spent", "bought")


def test_a_field_is_followed_over_joins(shop, system):
    joined = shop["shop.yaml"].replace(
        "time: day\n", "time: day\njoins: {who: {dataset: buyers, on: {buyer_id: buyer_id}}}\n"
    )
    joined = joined.replace("by: [item], metrics", "by: [who.buyer], metrics").replace(
        "columns: [item,", "columns: [who.buyer,"
    )
    apply(system, {"shop.yaml": joined}, now=NOW)
    found = lineage(system, "buyers", "buyer")
    assert [one.used for one in found.reports[0].requests] == [("who.buyer",)]
    assert found.joined_by == ("orders",)
    assert lineage(system, "orders").joins == ("buyers",)
    assert lineage(system, "buyers", "zone").reports == ()


@pytest.mark.feature("DLV-22")
def test_what_the_asker_may_not_read_is_only_counted(shop, actor):
    blind = replace(actor("editor"), scopes=frozenset({"source.read", "report.read"}))
    found = lineage(blind, "orders")
    assert (len(found.reports), len(found.schedules), found.unseen) == (1, 0, 1)


def test_what_is_not_there_is_told(shop, system, actor):
    with pytest.raises(QueryRefused, match="no dimension “colour”"):
        lineage(system, "orders", "colour")
    with pytest.raises(UnknownSource):
        lineage(actor("outsider"), "orders")
