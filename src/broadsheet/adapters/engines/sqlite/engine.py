"""SQLite in process, read-only by its URI and by an authorizer that lets nothing but reading through.

SQLite has no instants: they are taken to be text or Unix seconds in UTC, as its own date functions do, and are cut in
the reader's zone by a function of ours, because SQLite knows no zones (sqlite.org/lang_datefunc.html).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pyarrow as pa

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, SourceError, UnknownName, Unreachable
from broadsheet.sources.files import checked_file
from broadsheet.sources.ports import Limits
from broadsheet.sources.rows import batches_of, gathered, table_of
from broadsheet.sources.writing import StandardSql

READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
CHECK_EVERY = 10_000  # virtual machine steps between two looks at the clock; about a millisecond
PATTERNS = {"hour": "%Y-%m-%d %H:00:00", "day": "%Y-%m-%d", "month": "%Y-%m-01", "year": "%Y-01-01"}


class SqliteConnection:
    """One connection to one file."""

    def __init__(self, path: Path, *, limits: Limits) -> None:
        self._limits = limits
        self._database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        self._database.create_function("local_cut", 3, _local_cut, deterministic=True)
        self._database.create_function("salted_hash", 2, _salted_hash, deterministic=True)
        self._names = tuple(
            row[0]
            for row in self._database.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        )
        self._database.set_authorizer(_only_reading)

    def tables(self) -> tuple[str, ...]:
        return self._names

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        end = monotonic() + self._limits.seconds
        self._database.set_progress_handler(lambda: monotonic() > end, CHECK_EVERY)
        bound = {str(number): _stored(value) for number, value in enumerate(parameters, start=1)}
        try:
            cursor = self._database.execute(sql, bound)
            rows = gathered(batches_of(cursor), limits=self._limits)
            names = [column[0] for column in cursor.description]
        except sqlite3.Error as error:
            raise _explained(error, limits=self._limits) from error
        except OverflowError as error:
            raise QueryRefused("A number is larger than SQLite can hold (64 bits). Use a smaller one.") from error
        finally:
            self._database.set_progress_handler(None, 0)
        return table_of(names, [tuple(map(_read, row)) for row in rows])

    def notes(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self._database.close()


class SqliteEngine(StandardSql):
    descriptor = Descriptor(
        id="sqlite",
        label="SQLite",
        summary="One SQLite file, opened read-only.",
        settings=(Setting("database", "File", required=True),),
    )
    dialect = "sqlite"

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> SqliteConnection:
        path = checked_file(Path(str(settings.get("database", ""))).expanduser())
        if not path.is_file():
            raise Unreachable(f"There is no file “{path}”. Check the path, and that the server may read it.")
        try:
            return SqliteConnection(path, limits=limits)
        except sqlite3.Error as error:
            raise Unreachable(f"“{path}” is not a SQLite database that can be read.", detail=str(error)) from error

    def stamp(self, settings: Mapping[str, object]) -> str:
        try:
            path = checked_file(Path(str(settings.get("database", ""))).expanduser())
            # Writers in WAL mode touch the log first; its absence is a state as well.
            found = [(one, one.stat() if one.exists() else None) for one in (path, Path(f"{path}-wal"))]
        except (OSError, QueryRefused):
            return ""
        return "|".join(
            f"{name} {facts.st_mtime_ns} {facts.st_size}" if facts else f"{name} none" for name, facts in found
        )

    def hashed(self, expression: str, *, salt: str) -> str:
        return f"salted_hash({expression}, {salt})"

    def exact(self, expression: str) -> str:
        """A column may be declared COLLATE NOCASE or RTRIM; types are compared as ever."""
        return f"({expression} COLLATE BINARY)"

    def cut(self, expression: str, grain: str, *, zone: str, instant: bool) -> str:
        zone_sql = zone if instant else "'UTC'"
        return f"local_cut({expression}, '{grain}', {zone_sql})"


def _only_reading(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY


def _stored(value: Value) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _read(value: object) -> object:
    """Dates that we cut come back marked, so that text which only looks like one stays text."""
    if not isinstance(value, str) or not value.startswith("\x02"):
        return value
    text = value[1:]
    return date.fromisoformat(text) if len(text) == len("2026-01-01") else datetime.fromisoformat(text)


def _salted_hash(value: str | int | float | None, salt: str) -> str | None:
    return None if value is None else hashlib.sha256(f"{salt}{value}".encode()).hexdigest()


def _local_cut(value: str | int | float | None, grain: str, zone: str) -> str | int | None:
    if value is None:
        return None
    moment = datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else datetime.fromisoformat(value)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    local = moment.astimezone(_zone(zone))
    if grain == "weekday":
        return local.weekday()
    if grain == "hour_of_day":
        return local.hour
    if grain == "week":
        return "\x02" + (local.date() - timedelta(days=local.weekday())).isoformat()
    if grain == "quarter":
        return "\x02" + local.strftime(f"%Y-{3 * ((local.month - 1) // 3) + 1:02d}-01")
    return "\x02" + local.strftime(PATTERNS[grain])


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _explained(error: sqlite3.Error, *, limits: Limits) -> SourceError:
    text = str(error)
    if text == "interrupted":
        return LimitExceeded(
            f"The query took longer than {limits.seconds:g} s and was stopped. Narrow it or {limits.seconds_fix}."
        )
    if "not authorized" in text or "readonly" in text or "prohibited" in text:
        return QueryRefused("Only reading is possible here.", detail=text)
    kind, _, name = text.removeprefix("no such ").partition(": ")
    if text.startswith(("no such column", "no such table")):
        return UnknownName(kind, name.rpartition(".")[2], detail=text)
    if text.startswith(("no such function", "ambiguous column")):
        return QueryRefused(f"The query does not fit its tables: {text}.", detail=text)
    return QueryFailed("SQLite could not run the query; its words are in the log.", detail=text)


ENGINE = SqliteEngine()
