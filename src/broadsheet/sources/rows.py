"""Rows as drivers give them, as one Arrow table."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from .errors import QueryFailed


def table_of(names: Sequence[str], rows: Sequence[Sequence[object]]) -> pa.Table:
    """The table of *rows*, its columns called *names*. Raises QueryFailed for a column that has no single type, as one
    of SQLite need not have."""
    return pa.Table.from_arrays(
        [_column(name, [row[index] for row in rows]) for index, name in enumerate(names)], names=list(names)
    )


def _column(name: str, values: list[object]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError) as error:
        raise QueryFailed(
            f"The column “{name}” holds values of several kinds, or numbers too large. Cast it in the dataset's query.",
            detail=str(error),
        ) from error
