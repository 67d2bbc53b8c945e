"""How a grouping is said in DuckDB's SQL: the part of the engines' contract that is about text alone."""

from __future__ import annotations

from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.writing import StandardSql

_TRUNCATED = {"day", "week", "month", "quarter", "year"}


class Dialect(StandardSql):
    """What an engine that answers through DuckDB inherits."""

    dialect = "duckdb"

    def hashed(self, expression: str, *, salt: str) -> str:
        return f"sha256({salt}::VARCHAR || CAST({expression} AS VARCHAR))"

    def cut(self, expression: str, grain: str, *, zone: str, instant: bool) -> str:
        local = f"timezone({zone}, ({expression})::TIMESTAMPTZ)" if instant else f"({expression})"
        if grain == "hour":
            return f"date_trunc('hour', {local})"
        if grain == "weekday":
            return f"(isodow({local}) - 1)::INTEGER"
        if grain == "hour_of_day":
            return f"hour({local})::INTEGER"
        if grain in _TRUNCATED:
            return f"date_trunc('{grain}', {local})::DATE"
        raise QueryRefused(
            f"“{grain}” is not a grain; use hour, {', '.join(sorted(_TRUNCATED))}, weekday or hour_of_day."
        )
