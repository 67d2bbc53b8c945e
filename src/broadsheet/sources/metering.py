"""How much a run's queries give, in sum, and where that ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from broadsheet.core.document.tables import Value

from .errors import LimitExceeded
from .ports import Connection, Limits


@dataclass(slots=True)
class Meter:
    """Rows and bytes that the queries of one run may give together, and seconds that each may take (None: no bound), and
    what they gave so far. ``fixes`` say what to do where the rows, or the bytes, are too few.

    An answer that was kept from an earlier query counts like one that was asked for, so that a run ends the same however
    fresh the cache is; asked for twice by the same run, it counts once. Not shared between threads.
    """

    most_rows: int | None = None
    most_bytes: int | None = None
    most_seconds: float | None = None
    fixes: tuple[str, str] = ("raise the limit of rows", "raise the limit of megabytes")
    seconds_fix: str = "raise the limit of seconds"
    queries: int = 0
    rows: int = 0
    bytes: int = 0
    _known: set[str] = field(default_factory=set)

    def narrowed(self, limits: Limits) -> Limits:
        """*limits* of one query, no wider than the run's own."""
        rows = self.most_rows is not None and self.most_rows <= limits.rows
        bytes = self.most_bytes is not None and self.most_bytes <= limits.bytes
        seconds = self.most_seconds is not None and self.most_seconds <= limits.seconds
        return replace(
            limits,
            seconds_fix=self.seconds_fix if seconds else limits.seconds_fix,
            seconds=limits.seconds if self.most_seconds is None else min(limits.seconds, self.most_seconds),
            rows=limits.rows if self.most_rows is None else min(limits.rows, self.most_rows),
            bytes=limits.bytes if self.most_bytes is None else min(limits.bytes, self.most_bytes),
            fixes=(self.fixes[0] if rows else "", self.fixes[1] if bytes else ""),
        )

    def count(self, *, rows: int, bytes: int, key: str = "") -> None:
        """One answer; *key* tells it from the others where it is kept. Raises LimitExceeded past the run's bounds."""
        if key:
            if key in self._known:
                return
            self._known.add(key)
        self.queries, self.rows, self.bytes = self.queries + 1, self.rows + rows, self.bytes + bytes
        if self.most_rows is not None and self.rows > self.most_rows:
            raise LimitExceeded(
                f"The queries of this run gave more than {self.most_rows:,} rows together. Narrow the period, group by "
                f"less, or {self.fixes[0]}."
            )
        if self.most_bytes is not None and self.bytes > self.most_bytes:
            raise LimitExceeded(
                f"The queries of this run gave more than {self.most_bytes / 1e6:g} MB together. Ask for fewer columns, "
                f"group by less, or {self.fixes[1]}."
            )


class Counting:
    """A connection that counts what its queries give: ``rows``, and ``bytes`` of Arrow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.rows = 0
        self.bytes = 0

    def tables(self) -> tuple[str, ...]:
        return self._connection.tables()

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        table = self._connection.query(sql, parameters)
        self.rows += table.num_rows
        self.bytes += table.nbytes
        return table

    def notes(self) -> tuple[str, ...]:
        return self._connection.notes()

    def close(self) -> None:
        self._connection.close()
