"""Rows become one table, or an error that names the column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from broadsheet.sources.errors import QueryFailed
from broadsheet.sources.rows import table_of


def test_rows_become_a_table_by_column() -> None:
    rows = [(1, "a", date(2026, 11, 2), Decimal("1.5")), (None, None, None, None)]
    table = table_of(["n", "t", "d", "m"], rows)
    assert list(zip(*(column.to_pylist() for column in table.columns), strict=True)) == rows
    assert table_of(["n"], []).num_rows == 0


@pytest.mark.parametrize("values", [[1, "a"], ["a", 1], [2**70]])
def test_a_column_without_one_type_is_named(values: list[object]) -> None:
    with pytest.raises(QueryFailed, match="The column “mixed” holds values of several kinds"):
        table_of(["fine", "mixed"], [(1, value) for value in values])
