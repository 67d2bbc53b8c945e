"""A table of counts as rows for people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa


def rows_of(table: pa.Table) -> list[dict[str, object]]:
    """One dictionary a row, in the table's order: texts, whole numbers, fractions, and instants in ISO 8601 (UTC)."""
    return [{name: _plain(value) for name, value in row.items()} for row in _dictionaries(table)]


def _dictionaries(table: pa.Table) -> list[Mapping[str, object]]:
    return table.to_pylist()  # type: ignore[no-any-return]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value
