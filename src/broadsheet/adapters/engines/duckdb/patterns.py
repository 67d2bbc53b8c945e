"""Which files the settings name, and what kind each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.files import checked_file

BUCKET = "s3://"
SHEETS = ".xlsx"
PACKED = ".gz"
KINDS = {
    ".parquet": "parquet", ".csv": "csv", ".json": "json", ".ndjson": "json", ".jsonl": "json", SHEETS: "sheets",
}  # fmt: skip


def patterns_of(settings: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """The patterns of files on this machine, and those of an object store."""
    given = settings.get("files") or ()
    found = [given] if isinstance(given, str) else [str(pattern) for pattern in given]  # type: ignore[attr-defined]
    return [one for one in found if not one.startswith(BUCKET)], [one for one in found if one.startswith(BUCKET)]


def kind_of(name: str) -> str:
    """“parquet”, “csv”, “json” or “sheets”; empty for what cannot be read. CSV and JSON may be packed (.gz)."""
    path = PurePosixPath(name.lower())
    if path.suffix == PACKED:
        inner = KINDS.get(PurePosixPath(path.stem).suffix, "")
        return inner if inner in ("csv", "json") else ""
    return KINDS.get(path.suffix, "")


def stem_of(name: str) -> str:
    """The name without what tells its kind: ``events`` of ``events.json.gz``."""
    path = PurePosixPath(name)
    return PurePosixPath(path.stem).stem if path.suffix.lower() == PACKED else path.stem


def matching(patterns: Sequence[str]) -> list[Path]:
    """Files that the patterns name, absolute and sorted, of a kind that can be read; a folder means all in it.

    Raises QueryRefused for files of the installation itself."""
    found: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern).expanduser()
        candidates = path.iterdir() if path.is_dir() else path.parent.glob(path.name)
        found.update(checked_file(file) for file in candidates if kind_of(file.name) and not _is_a_lock(file.name))
    return sorted(found)


def _is_a_lock(name: str) -> bool:
    """What Excel puts beside a file that is open."""
    return name.startswith("~$")


def once(names: Sequence[tuple[str, str]]) -> None:
    """Raise QueryRefused where two (table, file) are one table, whatever its case."""
    seen: dict[str, str] = {}
    for table, file in names:
        other = seen.setdefault(table.casefold(), file)
        if other != file:
            raise QueryRefused(
                f"“{other}” and “{file}” would both be the table “{table}”. Rename one, or leave it out."
            )
