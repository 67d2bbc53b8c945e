"""The copy on disk: Parquet parts and a manifest in a folder of its own, one writer at a time.

``<folder>/lock`` is held by the writer; ``<folder>/<generation>/`` is the copy that fits the present settings. A part is
written and synced first, then named by the manifest. Small parts are joined now and then; those they replace stay for a
while, since somebody may be reading them.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.sources.errors import Busy, QueryFailed

from .manifest import Counted, Manifest, Part, Retired, newborn, read_manifest, sync_folder, write_manifest
from .rows import SCHEMA, id_of, table_of

LOCK = "lock"
GRACE_SECONDS = 900.0  # a query may last 30 s, a report's questions some minutes
MOST_SMALL = 24  # parts that wait to be joined
SMALL_BYTES = 32 * 1024 * 1024  # a part below is small


class Copy:
    """The copy of one *generation* below *folder*, as readers see it."""

    def __init__(self, folder: Path, generation: str) -> None:
        self.root = folder
        self.folder = folder / generation

    def manifest(self) -> Manifest:
        return read_manifest(self.folder)

    def stamp(self) -> str:
        """Changes with what is held. Raises as `read_manifest` does."""
        now = self.manifest()
        return f"{self.folder.name} {now.born} {now.version}"

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The right to write, until the block ends; the kernel takes it from a process that dies. Raises Busy."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.chmod(self.root, 0o700)  # noqa: PTH101 - the parents were made by the process's own mask
            handle = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise QueryFailed(
                "The folder for LeadConduit’s events cannot be written. Look at the installation’s folder “copies”.",
                detail=str(error),
            ) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Busy("Another process is fetching its events just now. Look again in a minute.") from error
            yield Writer(self)
        except OSError as error:
            raise QueryFailed(
                f"The copy of LeadConduit’s events cannot be written: {error.strerror or 'the disk fails'}. What was fetched "
                "before is whole. See that the disk has room; the next sync goes on.",
                detail=str(error),
            ) from error
        finally:
            os.close(handle)


class Writer:
    """Changes the copy. Made by `Copy.writing` alone; what a dead process left over is gone then."""

    def __init__(self, copy: Copy) -> None:
        self._folder = copy.folder
        self.manifest = read_manifest(copy.folder)
        if not self.manifest.born:
            self._commit(newborn())
        self._sweep(copy.root)

    def append(self, events: Sequence[Mapping[str, Any]], *, last_id: str) -> None:
        """Keep *events*, and that everything up to *last_id* was seen: both or neither."""
        parts = self.manifest.parts
        if events:
            file = self._write(table_of(events), "events")
            size = (self._folder / file).stat().st_size
            parts = (*parts, Part(file, len(events), size, id_of(events[0]), id_of(events[-1])))
        self._commit(self.manifest.next(parts=parts, last_id=last_id))

    def put_table(self, name: str, table: pa.Table, *, digest: str) -> None:
        """Replace the statistics table *name*."""
        before = self.manifest.tables.get(name)
        file = self._write(table, "counts")
        tables = {**self.manifest.tables, name: Counted(file, digest)}
        self._commit(self.manifest.next(tables=tables, retired=self._retired([before] if before else [])))

    def keep_tables(self, names: Sequence[str]) -> None:
        """Drop the statistics tables of other names."""
        gone = [one for name, one in self.manifest.tables.items() if name not in names]
        if gone:
            tables = {name: one for name, one in self.manifest.tables.items() if name in names}
            self._commit(self.manifest.next(tables=tables, retired=self._retired(gone)))

    def join_small(self) -> None:
        """Make one part of many small ones, when there are many. They are read and written piece by piece."""
        parts = self.manifest.parts
        small = [part for part in parts if part.size < SMALL_BYTES]
        if len(small) <= MOST_SMALL:
            return
        file = self._new("events")
        with pq.ParquetWriter(self._folder / file, SCHEMA, compression="zstd") as writer:
            for part in small:
                with pq.ParquetFile(self._folder / part.file) as read:
                    for batch in read.iter_batches(batch_size=10_000):
                        writer.write_batch(batch)
        self._settle(file)
        size, rows = (self._folder / file).stat().st_size, sum(part.rows for part in small)
        joined = Part(file, rows, size, small[0].first, small[-1].last)
        kept = [part for part in parts if part not in small]
        self._commit(self.manifest.next(parts=(*kept, joined), retired=self._retired(small)))

    def _write(self, table: pa.Table, stem: str) -> str:
        file = self._new(stem)
        pq.write_table(table, self._folder / file, compression="zstd")
        self._settle(file)
        return file

    def _new(self, stem: str) -> str:
        return f"{stem}-{self.manifest.version:08d}-{secrets.token_hex(4)}.parquet"

    def _settle(self, file: str) -> None:
        """On the disk, for its owner alone, before the manifest names it."""
        handle = os.open(self._folder / file, os.O_RDWR)
        try:
            os.fchmod(handle, 0o600)
            os.fsync(handle)
        finally:
            os.close(handle)
        sync_folder(self._folder)

    def _commit(self, manifest: Manifest) -> None:
        # Behind the lock nobody else writes; should a lock be void, as on some network disks, this still finds out.
        found = read_manifest(self._folder)
        if (found.born, found.version) != (self.manifest.born, self.manifest.version):
            raise Busy("Another process has changed the copy meanwhile. The next sync goes on from there.")
        write_manifest(self._folder, manifest)
        self.manifest = manifest

    def _retired(self, files: Sequence[Part | Counted]) -> tuple[Retired, ...]:
        return (*self.manifest.retired, *(Retired(one.file, time.time()) for one in files))

    def _sweep(self, root: Path) -> None:
        """Remove what nobody reads any more: leftovers, files long retired, copies that fitted earlier settings."""
        now = time.time()
        old = [one for one in self.manifest.retired if not 0 <= now - one.since < GRACE_SECONDS]
        if old:
            kept = tuple(one for one in self.manifest.retired if one not in old)
            self._commit(self.manifest.next(retired=kept))
        for file in list(self._folder.iterdir()):
            if file.name not in self.manifest.files:
                os.unlink(file)  # noqa: PTH108 - as `os.replace` above
        for other in list(root.iterdir()):
            if other.is_dir() and other != self._folder and now - other.stat().st_mtime > GRACE_SECONDS:
                shutil.rmtree(other, ignore_errors=True)
