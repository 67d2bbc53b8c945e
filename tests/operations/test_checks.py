"""`broadsheet doctor` tries every dataset, not its source alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.plugins.django import NOW

from broadsheet.operations.checks import check_all


@pytest.mark.feature("PRF-23")
def test_a_dataset_whose_source_has_changed_is_found(shop, tmp_path: Path) -> None:
    def found() -> dict[str, tuple[str, str]]:
        return {one.check: (one.verdict, one.message) for one in check_all(now=NOW)}

    before = found()
    assert (before["dataset orders"], before["dataset buyers"]) == (("ok", "It answers."), ("ok", "It answers."))
    orders = tmp_path / "shop" / "orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("day,buyer_id,item,price", "day,buyer_id,item,cost"), "utf-8")
    after = found()
    assert after["dataset orders"][0] == "bad"
    assert after["dataset orders"][1].startswith("There is no column “price”.")
    assert (after["source shop"][0], after["dataset buyers"][0]) == ("ok", "ok")
