"""Rows as drivers give them, as one Arrow table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

import pyarrow as pa

from .errors import LimitExceeded, QueryFailed
from .ports import Limits

Row = TypeVar("Row", bound=Sequence[object])
BATCH = 1000  # rows between two looks at their size
PLAIN_BYTES = 8  # of a value that is no text


class Fetching(Protocol):
    """A cursor of PEP 249, of which this is needed."""

    def fetchmany(self, size: int, /) -> Sequence[Sequence[object]]: ...


def batches_of(cursor: Fetching) -> Iterator[Sequence[Sequence[object]]]:
    """The rows of *cursor*, which has executed, some at a time."""
    while batch := cursor.fetchmany(BATCH):
        yield batch


def gathered(batches: Iterable[Sequence[Row]], *, limits: Limits) -> list[Row]:
    """The rows of *batches*, one more than the limit at most: the asker sees that there are too many, and nothing more is fetched.
    Raises LimitExceeded for rows that are larger together than the limit."""
    rows: list[Row] = []
    size = 0
    for batch in batches:
        size += sum(_size(value) for row in batch for value in row)
        if size > limits.bytes:
            raise LimitExceeded(f"The query gave more than {limits.bytes / 1e6:g} MB. {limits.fewer_bytes}")
        rows += batch
        if len(rows) > limits.rows:
            break
    return rows[: limits.rows + 1]


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else PLAIN_BYTES


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
