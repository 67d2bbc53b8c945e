"""DuckDB in process. Files are opened by us, by name; the user's SQL then runs without any access to outside.

What may be read is fixed before the first query: ``allowed_paths`` holds exactly the source's files,
``enable_external_access`` is off and the configuration is locked (DuckDB documentation, "Securing DuckDB").
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, UnknownName, Unreachable
from broadsheet.sources.files import checked_file
from broadsheet.sources.ports import Limits

READERS = {".parquet": "read_parquet", ".csv": "read_csv"}
NOT_THERE = (
    ("column", re.compile(r'Referenced column "(.+?)" not found')),
    ("column", re.compile(r'does not have a column named "(.+?)"')),
    ("table", re.compile(r"Table with name (\S+) does not exist")),
)
VALUE = re.compile(r"\$\d+")  # of a bound value, which a statement that is only looked at has none of
_TRUNCATED = {"day", "week", "month", "quarter", "year"}


class DuckDBConnection:
    """One in-memory database with a view a file. Cancels a query that passes its time."""

    def __init__(self, files: Sequence[Path], *, limits: Limits) -> None:
        self._limits = limits
        self._names = tuple(sorted(path.stem for path in files))
        self._folded = {name.casefold() for name in self._names}
        self._database = duckdb.connect(":memory:")
        self._database.execute("SET TimeZone = 'UTC'")
        self._database.execute("SET allowed_paths = [" + ", ".join(_literal(path) for path in files) + "]")
        self._database.execute("SET enable_external_access = false")
        for path in files:
            reader = READERS[path.suffix.lower()]
            self._database.execute(f'CREATE VIEW "{path.stem.replace(chr(34), "")}" AS FROM {reader}({_literal(path)})')
        self._database.execute("SET lock_configuration = true")

    def tables(self) -> tuple[str, ...]:
        return self._names

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        known = self._is_known(sql)
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._database.interrupt()

        alarm = threading.Timer(self._limits.seconds, stop)
        alarm.daemon = True
        alarm.start()
        try:
            # What DuckDB cannot look at is not run: asked to explain it, it says why.
            found = self._database.sql(sql if known else f"EXPLAIN {sql}", params=list(parameters)).to_arrow_table()
        except duckdb.Error as error:
            if late.is_set():
                raise LimitExceeded(
                    f"The query took longer than {self._limits.seconds:g} s and was stopped. Narrow it or raise the limit."
                ) from error
            raise _explained(error) from error
        finally:
            alarm.cancel()
        if not known:
            raise QueryRefused("DuckDB cannot tell which tables the query reads. Write it more plainly.")
        return found

    def close(self) -> None:
        self._database.close()

    def _is_known(self, sql: str) -> bool:
        """DuckDB's own reading of the statement, behind the guard's: one SELECT over the source's tables, whatever else
        the text looked like to another parser. False where DuckDB cannot say; then the query itself does not run well."""
        try:
            found = self._database.extract_statements(sql)
            if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:  # first: to look at several runs some
                raise QueryRefused("A query is one SELECT. Only reading is possible here.")
            tables = {name.casefold() for name in self._database.get_table_names(VALUE.sub("NULL", sql))}
        except duckdb.Error:
            return False
        for name in sorted(tables - self._folded):
            raise UnknownName("table", name, detail=f"no table of the source is called {name}")
        return True


class DuckDBEngine:
    descriptor = Descriptor(
        id="duckdb",
        label="Files through DuckDB",
        summary="Parquet and CSV files; each file is a table, called by its stem.",
        settings=(Setting("files", "Files, one pattern a line", kind="lines", required=True),),
    )
    dialect = "duckdb"

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> DuckDBConnection:
        files = _files(settings)
        if not files:
            raise Unreachable(
                f"No file matches {settings.get('files')!r}. Check the folder, and that the server may read it."
            )
        try:
            return DuckDBConnection(files, limits=limits)
        except duckdb.Error as error:
            raise Unreachable(
                "The files cannot be read as Parquet or CSV. Open one by hand to see.", detail=str(error)
            ) from error

    def stamp(self, settings: Mapping[str, object]) -> str:
        try:
            found = [(str(file), file.stat()) for file in _files(settings)]
        except (OSError, QueryRefused):
            return ""
        return "|".join(f"{name} {facts.st_mtime_ns} {facts.st_size}" for name, facts in found)

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


def _files(settings: Mapping[str, object]) -> list[Path]:
    patterns = settings.get("files") or ()
    return matching([patterns] if isinstance(patterns, str) else [str(pattern) for pattern in patterns])  # type: ignore[attr-defined]


def matching(patterns: Sequence[str]) -> list[Path]:
    """Files that the patterns name, absolute and sorted, of a kind that can be read; a folder means all in it.

    Raises QueryRefused for files of the installation itself."""
    found: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern).expanduser()
        candidates = path.iterdir() if path.is_dir() else path.parent.glob(path.name)
        found.update(checked_file(file) for file in candidates if file.suffix.lower() in READERS)
    return sorted(found)


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _explained(error: duckdb.Error) -> QueryFailed | QueryRefused:
    # DuckDB's messages may quote values (conversion errors do), so only those about names are passed on.
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        first = str(error).splitlines()[0]
        for kind, pattern in NOT_THERE:
            found = pattern.search(first)
            if found:
                return UnknownName(kind, found[1], detail=str(error))
        said = first.partition(": ")[2] or first
        return QueryRefused(f"The query does not fit its tables: {said}", detail=str(error))
    return QueryFailed("DuckDB could not run the query; its words are in the log.", detail=str(error))


ENGINE = DuckDBEngine()
