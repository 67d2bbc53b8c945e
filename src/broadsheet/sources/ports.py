"""What a query engine must do. Engines live in ``adapters/engines``; each registers by entry point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Descriptor, Registry

WAREHOUSE = "warehouse"
"""The capability of engines whose client is an extra of its own."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one query: wall time in seconds, and rows and bytes of its result. ``fixes`` say what to raise where the
    rows, or the bytes, are too few, empty where nobody can; ``seconds_fix`` where the time is too short."""

    seconds: float = 30.0
    rows: int = 1_000_000
    bytes: int = 1_000_000_000  # of Arrow, or of what the driver gives, before it becomes that
    fixes: tuple[str, str] = ("", "")
    seconds_fix: str = "raise the limit"

    @property
    def fewer_rows(self) -> str:
        """What to do about too many rows, a sentence."""
        fix = self.fixes[0]
        return f"Narrow the period, group by less, or {fix}." if fix else "Narrow the period or group by less."

    @property
    def fewer_bytes(self) -> str:
        """What to do about too many bytes, a sentence."""
        fix = self.fixes[1]
        return f"Ask for fewer rows or columns, or {fix}." if fix else "Ask for fewer rows or columns."


class Connection(Protocol):
    """An open, read-only connection. Not shared between threads."""

    def tables(self) -> tuple[str, ...]:
        """Names that a dataset's query may select from."""

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        """Run one SELECT with positional parameters ($1, $2 …).

        Raises QueryFailed, LimitExceeded (time, rows or bytes; the query is cancelled) or Unreachable.
        """

    def notes(self) -> tuple[str, ...]:
        """Sentences on what of the database's own set-up is to be mended before everything works; shown when a source is
        tried."""

    def close(self) -> None: ...


class Engine(Protocol):
    """A kind of source. ``dialect`` is sqlglot's name; ``grains`` cut local time, see `compile`."""

    @property
    def descriptor(self) -> Descriptor: ...

    def __hash__(self) -> int:
        """By identity: secured queries are kept by engine."""

    dialect: str
    fence: int | None
    """A LIMIT that no table reaches, where one is needed for the database to finish a secured subquery before it works out what
    the author makes of its rows: else an error over a hidden row would tell of it. None where it does so anyway."""

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> Connection:
        """Open read-only. Raises Unreachable or QueryRefused (settings that cannot work), saying how to mend."""

    def stamp(self, settings: Mapping[str, object]) -> str:
        """A text that changes whenever the source's data does; empty where that cannot be told cheaply. Never raises."""

    def cut(self, expression: str, grain: str, *, zone: str, instant: bool) -> str:
        """SQL that cuts *expression* to *grain*; ``zone`` is SQL of a bound text, used when ``instant``.

        Results are typed as `core.document.tables.Grouping` says.
        """

    def hashed(self, expression: str, *, salt: str) -> str:
        """SQL of a text: SHA-256 in lower-case hex digits over *salt* (SQL of a bound text) and the value as text; NULL for
        NULL."""

    def exact(self, expression: str) -> str:
        """SQL of a value that differs wherever the values of *expression* do, even where the database takes texts for
        equal that differ in case, accents or trailing blanks. For rules on rows, see `writing.among`."""

    def ordered(self, expression: str, *, descending: bool) -> str:
        """SQL of an item of ORDER BY: *expression*, a result's column, with what is missing last in either direction."""


ENGINES: Registry[Engine] = Registry("broadsheet.engines", noun="engine")
