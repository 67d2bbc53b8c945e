"""Files on the server's disk, each a table. What the user's SQL may then do is the business of `adapters.duck`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from broadsheet.adapters.duck import Dialect, DuckDBConnection, Files
from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.errors import QueryRefused, Unreachable
from broadsheet.sources.files import checked_file
from broadsheet.sources.ports import Limits

READERS = {".parquet": "read_parquet", ".csv": "read_csv"}


class DuckDBEngine(Dialect):
    descriptor = Descriptor(
        id="duckdb",
        label="Files through DuckDB",
        summary="Parquet and CSV files; each file is a table, called by its stem.",
        settings=(Setting("files", "Files, one pattern a line", kind="lines", required=True),),
    )

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> DuckDBConnection:
        files = _files(settings)
        if not files:
            raise Unreachable(
                f"No file matches {settings.get('files')!r}. Check the folder, and that the server may read it."
            )
        try:
            return DuckDBConnection(
                {path.stem: Files(READERS[path.suffix.lower()], (path,)) for path in files}, limits=limits
            )
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


ENGINE = DuckDBEngine()
