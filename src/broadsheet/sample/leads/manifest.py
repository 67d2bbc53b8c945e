"""What was made: read by the set-up to know whether it must be made again, and by tests to know what to find."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from .truths import Truths

NAME = "manifest.json"
LAYOUT = 1  # raise it when columns or truths change, so that a folder made before is made again


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file: its name in the folder, how many rows and bytes, and the SHA-256 of its bytes in hexadecimal."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one call of ``generate`` made, from which seed and for which day."""

    layout: int
    seed: int
    today: date
    events: int
    buyers: int
    sources: int
    targets: int
    files: tuple[FileFact, ...]
    truths: Truths


_ADAPTER = TypeAdapter(Manifest)


def fact_of(path: Path, *, rows: int) -> FileFact:
    """Facts about the file at *path*."""
    content = path.read_bytes()
    return FileFact(name=path.name, rows=rows, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def write_manifest(manifest: Manifest, *, folder: Path) -> None:
    """Write ``manifest.json``; do it last, for its presence says that the other files are whole."""
    unfinished = folder / (NAME + ".part")
    unfinished.write_bytes(_ADAPTER.dump_json(manifest, indent=2) + b"\n")
    unfinished.replace(folder / NAME)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in *folder*; None if there is none, or if it is of another layout."""
    try:
        manifest = _ADAPTER.validate_json((folder / NAME).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return manifest if manifest.layout == LAYOUT else None
