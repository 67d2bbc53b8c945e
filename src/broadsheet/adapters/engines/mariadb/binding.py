"""Bound values, written into a statement in a way that no mode, character set or quote can read differently.

PyMySQL sends text alone, no values beside it. So texts travel as hexadecimal digits, and what stands in for a value ($1) is
looked for outside of literals, quoted names and comments only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import QueryRefused

PARTS = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `(?:[^`]|``)*` | /\*.*?\*/ | --(?=\s)[^\n]* | \#[^\n]* | 
    (?<![\w$])\$(\d+)(?![\w$]) | (;|(?<![\w$])into(?![\w$]))""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def bound(sql: str, values: Sequence[Value]) -> str:
    """*sql* with each $n replaced by the literal of its value. Raises QueryRefused for a value that has none, and for a
    second statement and INTO, since a read-only transaction does not keep an account that may write files from it."""

    def part(found: re.Match[str]) -> str:
        if found[2] is not None:
            raise QueryRefused(f"“{found[2].upper()}” has no place in a query that only reads.")
        return found[0] if found[1] is None else literal(values[int(found[1]) - 1])

    return PARTS.sub(part, sql)


def literal(value: Value) -> str:
    """SQL of *value*. Instants are written in UTC, without a zone, as the database keeps them."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            raise QueryRefused(f"{value} is no number that MariaDB knows. Filter by a finite one.")
        return f"{value:f}" if isinstance(value, Decimal) else f"{value:.17e}"  # with an exponent it is no DECIMAL
    return _text(_written(value))


def _written(value: str | date) -> str:
    if isinstance(value, datetime):
        plain = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return plain.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value


def _text(value: str) -> str:
    try:
        return f"_utf8mb4 X'{value.encode().hex()}'"
    except UnicodeEncodeError as error:
        raise QueryRefused("A text holds a sign that is none in Unicode. Take it out.") from error
