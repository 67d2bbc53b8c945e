"""Rows of a sheet as typed columns: the first row that holds anything is the head, empty rows and columns are none.

Leaves to others: reading the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import pyarrow as pa

Cell = object
EXACT = 2**53  # whole numbers beyond are not told apart by Excel
MOST_CELLS = 20_000_000


class TooMany(ValueError):
    """The sheet holds more than `MOST_CELLS`."""


def table_of(rows: Iterable[Sequence[Cell]]) -> pa.Table | None:
    """The sheet's table; None for one without a row below its head."""
    head: list[str] = []
    columns: list[list[Cell]] = []
    seen = 0
    for row in rows:
        seen += len(row)
        if seen > MOST_CELLS:
            raise TooMany
        if all(cell in ("", None) for cell in row):
            continue
        if not head:
            head = [said(cell) for cell in row]
            columns = [[] for _ in head]
            continue
        for column, cell in zip(columns, row, strict=True):
            column.append(None if cell == "" else cell)
    kept = [
        (index, values)
        for index, values in enumerate(columns)
        if head[index] or any(cell is not None for cell in values)
    ]
    if not kept or not kept[0][1]:
        return None
    names = names_of([head[index] or f"column_{index + 1}" for index, _ in kept])
    return pa.table({name: typed(values) for name, (_, values) in zip(names, kept, strict=True)})


def names_of(heads: Sequence[str]) -> list[str]:
    """*heads*, each once whatever its case: “id”, “id_2”."""
    found: list[str] = []
    used: set[str] = set()
    for head in heads:
        name, number = head, 1
        while name.casefold() in used:
            number += 1
            name = f"{head}_{number}"
        used.add(name.casefold())
        found.append(name)
    return found


def typed(values: Sequence[Cell]) -> pa.Array:
    """Numbers, dates, instants without a zone, truth values; text as soon as a column mixes them."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and kinds:
        return pa.array(_numbers(values))
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds and kinds <= {date, datetime}:
        return _days(values)
    return pa.array([None if value is None else said(value) for value in values], pa.string())


def said(value: Cell) -> str:
    """A cell as text: 3 and not 3.0, days as 2026-01-31, lengths of time in hours as 30:00:00."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
        return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(value).strip()


def _numbers(values: Sequence[Cell]) -> list[int | float | None]:
    numbers = [value for value in values if isinstance(value, int | float)]
    if all(float(number).is_integer() and abs(number) < EXACT for number in numbers):
        return [int(value) if isinstance(value, int | float) else None for value in values]
    return [float(value) if isinstance(value, int | float) else None for value in values]


def _days(values: Sequence[Cell]) -> pa.Array:
    whole = all(not isinstance(value, datetime) or value.time() == time() for value in values)
    if whole:
        return pa.array([value.date() if isinstance(value, datetime) else value for value in values], pa.date32())
    moments = [
        value if isinstance(value, datetime) or value is None else datetime.combine(value, time())  # type: ignore[arg-type]
        for value in values
    ]
    return pa.array(moments, pa.timestamp("us"))
