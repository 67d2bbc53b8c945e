"""Files on the server's disk, each a table, and patterns in an object store. What the user's SQL may then do is the
business of `adapters.duck`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath

import duckdb

from broadsheet.adapters.duck import Dialect, DuckDBConnection, Files, Table
from broadsheet.adapters.sheets.reading import sheets_of, table_names
from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.errors import QueryRefused, SourceError, Unreachable
from broadsheet.sources.listing import LISTED, Arrived
from broadsheet.sources.ports import Limits
from broadsheet.sources.stamping import SEALED

from .objects import ACCESS_KEY, ENDPOINT, REGION, SECRET_KEY, listed, tables_in
from .patterns import PACKED, kind_of, matching, once, patterns_of, stem_of

READERS = {"parquet": ("read_parquet", ""), "csv": ("read_csv", ""), "json": ("read_json", ", maximum_depth = 4")}
MOST_JSON_BYTES = 2_000_000_000
MOST_PACKED_BYTES = 200_000_000


FILE = re.compile(r'file "(?P<file>[^"]+)"(?:,(?P<where> at [^.:\n]+))?')


class DuckDBEngine(Dialect):
    descriptor = Descriptor(
        id="duckdb",
        label="Files through DuckDB",
        summary="Parquet, CSV, JSON and Excel files, each a table called by its stem; folders of an object store.",
        settings=(
            Setting(
                "files",
                "Files, one pattern a line",
                kind="lines",
                required=True,
                help="Such as /srv/leads/*.parquet, or s3://bucket/leads/*.parquet for an object store.",
            ),
            Setting(ENDPOINT, "Object store: endpoint", help="Such as https://s3.example.com; empty: Amazon’s."),
            Setting(REGION, "Object store: region", help="Such as eu-central-1."),
            Setting(ACCESS_KEY, "Object store: access key", help="Empty: what anybody may read."),
            Setting(SECRET_KEY, "Object store: secret key", secret=True),
        ),
        capabilities=frozenset({SEALED, LISTED}),
    )

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> DuckDBConnection:
        here, there = patterns_of(settings)
        tables: dict[str, Table] = {}
        if here:
            tables |= _tables(matching(here))
        if there:
            stored = tables_in(there, settings, secrets)
            once([*((name, "a file") for name in tables), *((name, "the object store") for name in stored)])
            tables |= stored
        if not tables:
            raise Unreachable(
                f"No file matches {settings.get('files')!r}. Check the folder, and that the server may read it."
            )
        try:
            return DuckDBConnection(tables, limits=limits)
        except duckdb.Error as error:
            raise Unreachable(f"{_unreadable(error)} Open it by hand to see.", detail=str(error)) from error

    def stamp(self, settings: Mapping[str, object]) -> str:
        return self.sealed_stamp(settings, secrets={})

    def sealed_stamp(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> str:
        here, there = patterns_of(settings)
        try:
            found = [(str(file), file.stat()) for file in matching(here)]
            lines = [f"{name} {facts.st_mtime_ns} {facts.st_size}" for name, facts in found]
            stored = listed(there, settings, secrets) if there else ()
        except (OSError, SourceError):
            return ""
        return "|".join([*lines, *(f"{name} {at} {size}" for one in stored for name, size, at in one.files)])

    def arrived(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> tuple[Arrived, ...]:
        here, there = patterns_of(settings)
        try:
            found = [(file.name, file.stat()) for file in matching(here)]
        except OSError as error:
            raise Unreachable(f"The files cannot be looked at. {error.strerror}.", detail=str(error)) from error
        files = [Arrived(name, _moment(facts.st_mtime_ns), facts.st_size) for name, facts in found]
        for one in listed(there, settings, secrets) if there else ():
            files += [Arrived(PurePath(path).name, _moment(at), size) for path, size, at in one.files]
        return tuple(files)


def _moment(nanoseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)


def _tables(files: list[Path]) -> dict[str, Table]:
    """Each file by its stem; a book of several sheets by file and sheet."""
    named: list[tuple[str, str]] = []
    tables: dict[str, Table] = {}
    for file in files:
        stem, kind = stem_of(file.name), kind_of(file.name)
        if kind == "sheets":
            found: dict[str, Table] = {
                name: Files("read_parquet", (path,)) for name, path in table_names(stem, sheets_of(file)).items()
            }
        else:
            _weighed(file, kind)
            reader, options = READERS[kind]
            found = {stem: Files(reader, (file,), options)}
        named += [(name, file.name) for name in found]
        tables |= found
    once(named)
    return tables


def _weighed(file: Path, kind: str) -> None:
    size = file.stat().st_size
    most = MOST_PACKED_BYTES if file.suffix.lower() == PACKED else MOST_JSON_BYTES if kind == "json" else size
    if size > most:
        raise QueryRefused(f"“{file.name}” is larger than {most // 1_000_000:,} MB. Save it as Parquet.")


def _unreadable(error: Exception) -> str:
    """Which file it is, and where in it, as far as DuckDB says it."""
    found = FILE.search(str(error))
    if found is None:
        return "A file cannot be read as Parquet, CSV or JSON."
    where = f" ({found['where'].strip()})" if found["where"] else ""
    return f"“{PurePath(found['file']).name}” cannot be read as Parquet, CSV or JSON{where}."


ENGINE = DuckDBEngine()
