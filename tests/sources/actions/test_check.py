"""Trying a source says, too, whether the rules on its tables still hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.plugins.django import NOW
from tests.sources.actions.conftest import RULES

from broadsheet.sources.actions.check import check_source

pytestmark = pytest.mark.feature("SEC-07")


def test_a_source_with_rules_that_hold_is_well(keep: Any, actor: Any) -> None:
    keep(RULES)
    assert check_source(actor("editor"), "shop", now=NOW).ok is True


def test_a_rule_whose_table_has_gone_is_told(keep: Any, actor: Any, tmp_path: Path) -> None:
    keep(RULES)
    (tmp_path / "shop" / "orders.csv").rename(tmp_path / "shop" / "sales.csv")
    found = check_source(actor("editor"), "shop", now=NOW)
    assert found.ok is False
    assert "its rules on tables do not hold. There is no table “orders”" in found.verdict


def test_a_rule_with_a_schema_from_before_is_told(keep: Any, actor: Any) -> None:
    from broadsheet.sources.models import Source

    keep(RULES)
    kept = Source.objects.get(name="shop")
    Source.objects.update(definition=kept.definition.replace("orders:", "main.orders:"))
    found = check_source(actor("editor"), "shop", now=NOW)
    assert found.ok is False and "without its schema" in found.verdict
