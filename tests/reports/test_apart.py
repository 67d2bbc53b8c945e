"""Which metrics of a report may not be added up."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.operations.definitions.apply import apply
from broadsheet.reports import queries
from broadsheet.reports.models import ReportVersion
from broadsheet.runs.actions.preview import as_reader, show

pytestmark = [pytest.mark.feature("EXT-19"), pytest.mark.django_db]


def test_a_pivot_of_distinct_counts_has_edges_that_are_asked(shop, organization, actor):
    text = shop["shop.yaml"].replace(
        "metrics:\n  bought:", "metrics:\n  buyers: {expression: count(distinct buyer_id), kind: integer}\n  bought:"
    )
    text = text.replace("by: [item], metrics: [bought, spent], order: [-spent]", "by: [item, month], metrics: [buyers]")
    text = text.replace(
        "columns: [item, bought, spent]", "columns: [item, buyers]\n    pivot: month\n    across: All\n    total: All"
    )
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)
    definition = queries.definition_of(ReportVersion.objects.latest("number"))
    assert queries.apart(organization.pk, definition) == {("orders", "buyers")}
    shown = show(actor("editor"), "purchases", reader=as_reader(actor("editor")), given={"period": "2026"}, now=NOW)
    table = shown.document.blocks[-1]
    assert [row.cells[-1].value for row in table.rows] == [2, 2, 3, 3]  # Atlas, Novel, Poems, and everybody once
