"""The vendor's statistics as a table: its columns are known from the question, whatever the answer holds besides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from broadsheet.sources.copying import Statistics

from .rows import INSTANT, MONEY, amount, instant, text, whole
from .vocabulary import COUNTS, DEFAULT_COLUMNS
from .vocabulary import MONEY as MONEYED

PERIOD = (("period_start", "start"), ("period_end", "end"))


def name_of(field: str) -> str:
    """A column's name in SQL: ``lead.state`` becomes ``lead_state``, ``source-success`` ``source_success``."""
    return "".join(sign if sign.isalnum() else "_" for sign in field.lower())


def schema_of(asked: Statistics) -> pa.Schema:
    """Groupings as text, counts whole, money in decimals, rates as fractions; with an interval, where it starts and ends."""
    fields: dict[str, pa.DataType] = {}
    if asked.interval:
        fields |= {name: INSTANT for name, _ in PERIOD}
    fields |= {name_of(field): pa.string() for field in asked.group_by}
    fields |= {name_of(column): _type(column) for column in asked.columns or DEFAULT_COLUMNS}
    return pa.schema(list(fields.items()))


def counts_of(found: Sequence[Mapping[str, object]], asked: Statistics) -> pa.Table:
    """*found* as rows of `schema_of`; what a row lacks is null."""
    return pa.Table.from_pylist([_row(row, asked) for row in found], schema=schema_of(asked))


def _type(column: str) -> pa.DataType:
    if column in COUNTS:
        return pa.int64()
    return MONEY if column in MONEYED else pa.float64()


def _row(row: Mapping[str, object], asked: Statistics) -> dict[str, object]:
    shaped: dict[str, object] = {}
    if asked.interval:
        shaped |= {name: instant(row.get(field)) for name, field in PERIOD}
    shaped |= {name_of(field): _group(_found(row, field)) for field in asked.group_by}
    return shaped | {
        name_of(column): _value(column, _found(row, column)) for column in asked.columns or DEFAULT_COLUMNS
    }


def _found(row: Mapping[str, object], field: str) -> object:
    """The field by its name, or by its path through objects."""
    if field in row:
        return row[field]
    value: object = row
    for step in field.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _group(value: object) -> str | None:
    if isinstance(value, Mapping):
        named = value.get("name", value.get("id"))
        return text(named) if named is not None else json.dumps(value, ensure_ascii=False)
    return text(value)


def _value(column: str, value: object) -> object:
    if column in COUNTS:
        return whole(value)
    found = amount(value)
    if found is None or column in MONEYED:
        return found
    return float(Decimal(found))
