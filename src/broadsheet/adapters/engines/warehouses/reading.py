"""What clients give, as values of Arrow columns: instants in UTC, what has no kind of its own as text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from decimal import Decimal

import pyarrow as pa

from broadsheet.sources.rows import table_of

HOUR = re.compile("\x02\\d{4}-\\d\\d-\\d\\d \\d\\d:00:00")  # a local hour that had to come as text


def read(names: Sequence[str], rows: Sequence[Sequence[object]]) -> pa.Table:
    """The table of *rows*. Raises QueryFailed for a column of several kinds."""
    return table_of(names, list(zip(*(_column([row[at] for row in rows]) for at in range(len(names))), strict=True)))


def _column(values: Sequence[object]) -> list[object]:
    plain = [_plain(value) for value in values]
    if any(isinstance(one, Decimal) for one in plain) and all(one is None or _is_whole(one) for one in plain):
        return [None if one is None else int(one) for one in plain]  # type: ignore[call-overload]
    return plain


def _is_whole(value: object) -> bool:
    """An integer that came as a decimal number, as sums of integers do."""
    if not isinstance(value, Decimal):
        return False
    exponent = value.as_tuple().exponent
    return exponent == 0 and abs(value) < 2**63


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, str):
        return datetime.fromisoformat(value[1:]) if HOUR.fullmatch(value) else value
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return value if hasattr(value, "toordinal") else _text(value)  # a date stays one


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, time) else str(value)
