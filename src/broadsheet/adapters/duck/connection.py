"""One in-memory database with a view a table. The user's SQL runs without any access to outside.

What may be read is fixed before the first query: ``allowed_paths`` holds exactly the named files,
``enable_external_access`` is off and the configuration is locked (DuckDB documentation, "Securing DuckDB").
Leaves to others: which files those are, and what is in them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, UnknownName
from broadsheet.sources.ports import Limits

NOT_THERE = (
    ("column", re.compile(r'Referenced column "(.+?)" not found')),
    ("column", re.compile(r'does not have a column named "(.+?)"')),
    ("table", re.compile(r"Table with name (\S+) does not exist")),
)
BATCH = 100_000  # rows that come at once
VALUE = re.compile(r"\$\d+")  # of a bound value, which a statement that is only looked at has none of


@dataclass(frozen=True, slots=True)
class Files:
    """A table that is read from ``paths``, which have equal columns, by DuckDB's function ``reader``; ``options`` are its
    further arguments, as SQL."""

    reader: str
    paths: tuple[Path, ...]
    options: str = ""


Table = Files | Any
"""Files, or anything of Arrow that DuckDB can scan: a table, or a data set that is read as it is asked for."""


class DuckDBConnection:
    """Cancels a query that passes its time. Not shared between threads.

    Making one raises duckdb.Error where a file is not what its reader expects.
    """

    def __init__(self, tables: Mapping[str, Table], *, limits: Limits) -> None:
        self._limits = limits
        self._names = tuple(sorted(tables))
        self._folded = {name.casefold() for name in self._names}
        self._database = duckdb.connect(":memory:")
        paths = [path for table in tables.values() if isinstance(table, Files) for path in table.paths]
        self._database.execute("SET TimeZone = 'UTC'")
        self._database.execute("SET python_enable_replacements = false")  # a name is a table, never a variable of ours
        self._database.execute("SET allowed_paths = [" + ", ".join(map(_literal, paths)) + "]")
        self._database.execute("SET enable_external_access = false")
        with self._in_time():  # to look into a file takes a while, too
            for name, table in tables.items():
                self._add(name, table)
        self._database.execute("SET lock_configuration = true")

    def _add(self, name: str, table: Table) -> None:
        if not isinstance(table, Files):
            self._database.register(name, table)
            return
        # One call a file: with a list of files in a view, DuckDB cannot tell the tables of a query (2.0, "NULL list").
        calls = [f"FROM {table.reader}({_literal(path)}{table.options})" for path in table.paths]
        named = name.replace('"', "")
        self._database.execute(f'CREATE VIEW "{named}" AS {" UNION ALL ".join(calls)}')

    def tables(self) -> tuple[str, ...]:
        return self._names

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        known = self._is_known(sql)
        try:
            with self._in_time():
                # What DuckDB cannot look at is not run: asked to explain it, it says why.
                found = self._fetched(sql if known else f"EXPLAIN {sql}", parameters)
        except duckdb.Error as error:
            raise _explained(error) from error
        except (pa.ArrowException, OSError) as error:  # what happens while rows come
            raise QueryFailed("DuckDB could not run the query; its words are in the log.", detail=str(error)) from error
        if not known:
            raise QueryRefused("DuckDB cannot tell which tables the query reads. Write it more plainly.")
        return found

    def _fetched(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        reader = self._database.sql(sql, params=list(parameters)).to_arrow_reader(BATCH)
        batches, size = [], 0
        for batch in reader:
            size += batch.nbytes
            if size > self._limits.bytes:
                self._database.interrupt()
                raise LimitExceeded(
                    f"The query gave more than {self._limits.bytes / 1e6:g} MB. {self._limits.fewer_bytes}"
                )
            batches.append(batch)
        return pa.Table.from_batches(batches, reader.schema)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Whatever is done in the block is broken off when it passes the limit. Raises LimitExceeded then."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._database.interrupt()

        alarm = threading.Timer(self._limits.seconds, stop)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            if late.is_set():
                raise LimitExceeded(
                    f"The query took longer than {self._limits.seconds:g} s and was stopped. Narrow it or {self._limits.seconds_fix}."
                ) from error
            raise
        finally:
            alarm.cancel()

    def notes(self) -> tuple[str, ...]:
        return ()

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
