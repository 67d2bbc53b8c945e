"""The ledger as CSV: the same rows as the page, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        ("Ada = Bo", "Ada = Bo"), (3, "3"), (None, ""), ("", ""),
    ],
)  # fmt: skip
def test_what_could_begin_a_formula_is_text(cell: object, expected: str) -> None:
    from broadsheet.web.pages.deliveries.exporting import safe

    assert safe(cell) == expected


def test_the_export_holds_the_filtered_rows_and_is_journalled(
    finish: Callable[..., Any], shop: object, actor: Callable[[str], Any], visitor: Callable[[str], Any]
) -> None:
    from broadsheet.compliance.models import Entry
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.run_now import run_now

    finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    Delivery.unchecked.filter(recipient_name="Bo Reed").update(recipient_name="=HYPERLINK(1)", state="failed")
    answer = visitor("viewer").get("/deliveries.csv?state=failed")
    assert answer["Content-Disposition"] == 'attachment; filename="deliveries.csv"'
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["recipient"] == "'=HYPERLINK(1)"
    assert row["state"] == "failed"
    assert row["fired_at"] == "2026-11-24T09:00:00+00:00"
    assert Entry.objects.filter(action="deliveries.exported", detail__filters="state=failed").count() == 1
    assert visitor("outsider").get("/deliveries.csv").content.decode("utf-8-sig").count("\n") == 1
