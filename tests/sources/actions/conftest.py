"""The shop with rules on its source's tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

RULES = "tables: {orders: {rows: [{column: buyer_id, equals: reader.buyer_id}]}}\n"


@pytest.fixture
def keep(shop: dict[str, str], organization: Any) -> Callable[..., None]:
    """Apply the shop again, with *rules* on its source and *old* replaced by *new*."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    def kept(rules: str = RULES, old: str = "", new: str = "") -> None:
        text = shop["shop.yaml"].replace("engine: duckdb\n", f"engine: duckdb\n{rules}", 1).replace(old, new)
        apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)

    return kept
