"""What a copy consists of, in one small file: parts with their rows, the last id, and the statistics tables.

The file is the truth about the copy. It is replaced whole, so rows and the id that they end with become true in one step;
a file that it does not name does not count, whatever it holds.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from broadsheet.sources.errors import QueryFailed

NAME = "manifest.json"
FORM = 1  # of the file; another one is not read, so that a copy is never misread


@dataclass(frozen=True, slots=True)
class Part:
    """``file`` holds ``rows`` events in ``size`` bytes, from the id ``first`` to the id ``last``."""

    file: str
    rows: int
    size: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A statistics table: its ``file``, and the ``digest`` of the definition that it answers."""

    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class Retired:
    """A file that is out of use ``since`` (seconds since 1970); whoever still reads it may end."""

    file: str
    since: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """``born`` tells one copy from another of the same settings; ``version`` rises with every change of what is held;
    ``last_id`` is that of the last event seen, wanted or not."""

    born: str = ""
    version: int = 0
    last_id: str = ""
    parts: tuple[Part, ...] = ()
    tables: Mapping[str, Counted] = field(default_factory=dict)
    retired: tuple[Retired, ...] = ()

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def files(self) -> frozenset[str]:
        """All that it names; the rest of the folder is left over from a process that died."""
        named: list[Part | Counted | Retired] = [*self.parts, *self.tables.values(), *self.retired]
        return frozenset([NAME, *(one.file for one in named)])

    def next(self, **changes: object) -> Manifest:
        """It with *changes*, one version on."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def read_manifest(folder: Path) -> Manifest:
    """That of *folder*; an empty one, without ``born``, where there is none. Raises QueryFailed for one that is damaged:
    to begin anew would cost a whole sync, which a person may want to know of."""
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
        if found.pop("form") != FORM:
            raise ValueError("another form")
        return Manifest(
            **found
            | {
                "parts": tuple(Part(**one) for one in found["parts"]),
                "tables": {name: Counted(**one) for name, one in found["tables"].items()},
                "retired": tuple(Retired(**one) for one in found["retired"]),
            }
        )
    except FileNotFoundError:
        return Manifest()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise QueryFailed(
            f"The copy of LeadConduit’s events is damaged. Remove the folder {folder.parent.name}/{folder.name} of the "
            "copies; the next sync fetches everything anew.",
            detail=str(error),
        ) from error


def newborn() -> Manifest:
    """That of a copy that begins."""
    return Manifest(born=secrets.token_hex(8))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make *manifest* true, durably: after a crash at any point there is the one before or this one."""
    beside = folder / f"{NAME}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump({"form": FORM, **asdict(manifest)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / NAME)  # noqa: PTH105 - one call, so that tests can stop before and after it
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Names in a folder are durable only when it is written itself."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
