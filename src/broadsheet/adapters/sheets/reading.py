"""The sheets of an Excel file as Parquet files, made once for each state of it and kept in the installation's folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock

from broadsheet.home import home
from broadsheet.sources.errors import QueryRefused

KEPT = ("cache", "sheets")  # below the installation's folder
FORM = "1"  # of what is kept; another one is made anew
MOST_BYTES = 100_000_000  # of an Excel file
MEGABYTES = 1500
SECONDS = 60
REFUSED = 3  # as `convert` ends
UNUSED_SECONDS = 7 * 86_400.0
AGAIN_SECONDS = 600.0
MOST_FAILED = 1000
_failed: dict[str, tuple[float, QueryRefused]] = {}
_one = Lock()  # a file's conversion takes much memory; two at once would take twice


def sheets_of(file: Path) -> dict[str, Path]:
    """Parquet files by the sheet's name, in the book's order: visible sheets that hold a row.

    Raises QueryRefused for a file that is too large, protected, or no Excel file.
    """
    try:
        facts = file.stat()
    except OSError as error:
        raise QueryRefused(f"“{file.name}” cannot be read. Check that the server may.") from error
    if facts.st_size > MOST_BYTES:
        raise QueryRefused(f"“{file.name}” is larger than {MOST_BYTES // 1_000_000} MB. Save it as Parquet or CSV.")
    key = hashlib.sha256(f"{FORM} {file} {facts.st_mtime_ns} {facts.st_size} {facts.st_ino}".encode()).hexdigest()
    folder = home().joinpath(*KEPT) / key
    with _one:
        if not (folder / "sheets.json").is_file():
            _convert_once(file, folder)
    os.utime(folder)
    found = json.loads((folder / "sheets.json").read_text("utf-8"))
    return {one["sheet"]: folder / one["file"] for one in found}


def table_names(stem: str, sheets: dict[str, Path]) -> dict[str, Path]:
    """One sheet is called by the file, several by file and sheet: ``leads_2026``."""
    if len(sheets) == 1:
        return {stem: next(iter(sheets.values()))}
    return {f"{stem}_{re.sub(r'[^0-9A-Za-z_]+', '_', name).strip('_')}": path for name, path in sheets.items()}


def _convert_once(file: Path, folder: Path) -> None:
    """What could not be read is not tried again for a while: that may have cost a minute of a whole processor."""
    failed = _failed.get(folder.name)
    if failed and time.monotonic() - failed[0] < AGAIN_SECONDS:
        raise QueryRefused(str(failed[1]), detail=failed[1].detail)
    try:
        _convert(file, folder)
    except QueryRefused as error:
        if len(_failed) >= MOST_FAILED:
            _failed.clear()
        _failed[folder.name] = time.monotonic(), error
        raise


def _convert(file: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder.parent)
    made = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
    try:
        command = [sys.executable, "-m", "broadsheet.adapters.sheets.convert"]
        done = subprocess.run(
            [*command, str(file), str(made), str(MEGABYTES), str(SECONDS)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS * 2, check=False, env=_environment(),
        )  # fmt: skip
        if done.returncode == REFUSED:
            raise QueryRefused(f"“{file.name}” {done.stdout.decode('utf-8', 'replace')}")
        if done.returncode:
            raise _too_much(file, f"ended with {done.returncode}: {done.stderr[:300]!r}")
        with contextlib.suppress(OSError):  # another process was first, which is as well
            os.rename(made, folder)  # noqa: PTH104 - replaces no folder that holds anything
    except subprocess.TimeoutExpired as error:
        raise _too_much(file, "took too long") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _environment() -> dict[str, str]:
    """Without the secrets of ours."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}


def _too_much(file: Path, detail: str) -> QueryRefused:
    return QueryRefused(
        f"“{file.name}” takes more memory or time than an Excel file may. Look for cells far outside its table, or save "
        "it as Parquet or CSV.",
        detail=detail,
    )


def _sweep(folder: Path) -> None:
    """What nobody asked for in a week goes: other states of files, and what a process that died left over."""
    for old in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > UNUSED_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
