"""What the server gives, as values of Arrow columns.

DATETIME has no zone; it is taken to be in UTC, as TIMESTAMP is in our sessions. Hours that we cut are local and come as
text with a mark in front, so that they are told apart from instants. Dates that no calendar has, such as 0000-00-00, are
missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
from pymysql.constants import FIELD_TYPE

from broadsheet.sources.errors import QueryFailed

MARK = "\x02"
HOUR = re.compile(rf"{MARK}\d{{4}}-\d\d-\d\d \d\d:00:00")
FLAG_WIDTH = 1  # the width of BOOLEAN, which is TINYINT(1)
INTEGERS = {FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG, FIELD_TYPE.YEAR}
DECIMALS = {FIELD_TYPE.DECIMAL, FIELD_TYPE.NEWDECIMAL}
FLOATS = {FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE}
INSTANTS = {FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP}
DATES = {FIELD_TYPE.DATE, FIELD_TYPE.NEWDATE}
LONG = (-(2**63), 2**63)

Raw = str | bytes | None
Described = tuple[str, int, int, int]
"""A column's name, type, width and digits after the point."""


def table_of(columns: Sequence[Described], rows: Sequence[Sequence[Raw]]) -> pa.Table:
    """The typed table of *rows* as the server wrote them. Raises QueryFailed for a value that is not of its type."""
    arrays = []
    for number, column in enumerate(columns):
        try:
            arrays.append(_array(column, [row[number] for row in rows]))
        except (ValueError, ArithmeticError, pa.ArrowException) as error:
            message = f"The column “{column[0]}” holds what cannot be read. Cast it in the dataset's query."
            raise QueryFailed(message, detail=str(error)) from error
    return pa.Table.from_arrays(arrays, names=[column[0] for column in columns])


def _array(column: Described, raw: Sequence[Raw]) -> pa.Array:
    _name, kind, width, digits = column
    if kind in DECIMALS:
        return _decimals(raw, digits)
    if kind == FIELD_TYPE.BIT:
        return _bits(raw, width)
    if kind in INTEGERS:
        numbers = _each(raw, int)
        if kind == FIELD_TYPE.TINY and width == FLAG_WIDTH and {*numbers} <= {0, 1, None}:
            return pa.array([None if one is None else bool(one) for one in numbers], pa.bool_())
        return _integers(numbers)
    if kind in FLOATS:
        return pa.array(_each(raw, float), pa.float64())
    if kind in DATES:
        return pa.array(_each(raw, _date), pa.date32())
    if kind in INSTANTS:
        return pa.array(_each(raw, _instant), pa.timestamp("us", tz="UTC"))
    return _texts(raw)


def _each(raw: Sequence[Raw], read: Callable[[str], object]) -> list[object]:
    return [None if one is None else read(_as_text(one)) for one in raw]


def _as_text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


def _integers(numbers: Sequence[object]) -> pa.Array:
    """Signed where they fit: the sum over unsigned numbers is seldom larger."""
    fits = all(one is None or LONG[0] <= one < LONG[1] for one in numbers)  # type: ignore[operator]
    return pa.array(numbers, pa.int64() if fits else pa.uint64())


def _decimals(raw: Sequence[Raw], digits: int) -> pa.Array:
    """Without digits after the point they are sums of integers, and integers."""
    numbers = _each(raw, Decimal)
    if digits == 0 and all(one is None or LONG[0] <= one < LONG[1] for one in numbers):  # type: ignore[operator]
        return pa.array(_each(raw, int), pa.int64())
    most = max((len(one.as_tuple().digits) for one in numbers if isinstance(one, Decimal)), default=1)
    wide = max(most, digits) + 1
    return pa.array(numbers, pa.decimal128(wide, digits) if wide <= 38 else pa.decimal256(min(wide, 76), digits))


def _bits(raw: Sequence[Raw], width: int) -> pa.Array:
    numbers = [None if one is None else int.from_bytes(one if isinstance(one, bytes) else one.encode()) for one in raw]
    if width == 1:
        return pa.array([None if one is None else bool(one) for one in numbers], pa.bool_())
    return _integers(numbers)


def _texts(raw: Sequence[Raw]) -> pa.Array:
    """Bytes are shown in hexadecimal digits; hours that we cut are what they were."""
    texts = [one.hex() if isinstance(one, bytes) else one for one in raw]
    if any(one is not None for one in texts) and all(one is None or HOUR.fullmatch(one) for one in texts):
        return pa.array([None if one is None else datetime.fromisoformat(one[1:]) for one in texts])
    return pa.array(texts, pa.string())


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
