"""Artifacts as files ``ab/cd/<sha256>`` under one folder, sealed, written beside and renamed when they are whole."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from broadsheet.adapters.storage import envelope as envelopes
from broadsheet.keyring import Keyring
from broadsheet.plugins import Descriptor, Setting
from broadsheet.runs.ports import Damaged, NotStored, Stored, StoreError, StoreVerdict, Unwritable

from .reader import SealedReader

HASH = re.compile(r"[0-9a-f]{64}")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FolderStore:
    """`ArtifactStore` in *root*, which is made when first written to. Files are for their owner alone."""

    def __init__(self, root: Path, *, keyring: Keyring) -> None:
        self._root = root
        self._keyring = keyring

    def put(self, data: bytes) -> Stored:
        stored = Stored(hashlib.sha256(data).hexdigest(), len(data))
        if not self._is_whole(stored):
            envelope = envelopes.new(stored.sha256, stored.size, keyring=self._keyring)
            self._write(stored.sha256, envelope.seal(data))
        return stored

    def get(self, sha256: str) -> bytes:
        with self._opened(sha256) as reader:
            data = b"".join(reader.piece(number) for number in range(reader.envelope.pieces))
        if len(data) != reader.envelope.size or hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"Artifact {sha256} opens, but its content is not the one of that hash.")
        return data

    def open(self, sha256: str) -> BinaryIO:
        reader = self._reader(sha256)
        return cast(BinaryIO, io.BufferedReader(reader, buffer_size=reader.envelope.piece_size))

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> bool:
        try:
            self._path(sha256).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Unwritable(f"Artifact {sha256} cannot be deleted: {error.strerror}.") from None
        return True

    def rewrap(self, sha256: str) -> bool:
        with self._opened(sha256) as reader:
            envelope = reader.envelope
            if envelope.wrapped.key_id == self._keyring.current:
                return False
            fresh = envelopes.rewrapped(envelope, keyring=self._keyring)
            self._write(sha256, [fresh.header, *reader.sealed()])
        return True

    def check(self) -> StoreVerdict:
        # A content of its own each time: a probe that was there already would prove nothing, and deleting the
        # shared one would spoil another process's check.
        probe = secrets.token_bytes(32)
        try:
            stored = self.put(probe)
            whole = self.get(stored.sha256) == probe
            self.delete(stored.sha256)
        except (StoreError, OSError) as error:
            return StoreVerdict(False, str(error), f"Give the server’s user the right to write in {self._root}.")
        if not whole:
            return StoreVerdict(False, f"{self._root} gives back other bytes than it was given.", "Check the disk.")
        return StoreVerdict(True, f"{self._root} keeps artifacts, encrypted under {self._keyring.current}.")

    def _path(self, sha256: str) -> Path:
        if not HASH.fullmatch(sha256):
            raise ValueError("An artifact is named by 64 lower-case hex digits.")
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _is_whole(self, stored: Stored) -> bool:
        """Whether it is kept and of the right length under a key that opens; a damaged one is then written anew."""
        try:
            self._reader(stored.sha256).close()
        except StoreError:
            return False
        return True

    @contextmanager
    def _opened(self, sha256: str) -> Iterator[SealedReader]:
        reader = self._reader(sha256)
        try:
            yield reader
        finally:
            reader.close()

    def _reader(self, sha256: str) -> SealedReader:
        path = self._path(sha256)
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise NotStored(f"There is no artifact {sha256} in {self._root}.") from None
        except OSError as error:
            raise Damaged(f"The file of artifact {sha256} cannot be read: {error.strerror}.") from None
        try:
            envelope = envelopes.read(file, sha256, keyring=self._keyring)
            length = os.fstat(file.fileno()).st_size
            if length != envelope.sealed_size:
                raise Damaged(
                    f"The file of artifact {sha256} has {length} bytes instead of {envelope.sealed_size}: it was cut "
                    "off or appended to. Restore it from a backup, or render the report anew."
                )
        except BaseException:
            file.close()
            raise
        return SealedReader(file, envelope)

    def _write(self, sha256: str, parts: Iterable[bytes]) -> None:
        path = self._path(sha256)
        beside = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            is_new = not path.parent.is_dir()
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            for folder in (path.parent, path.parent.parent, self._root)[: 3 if is_new else 1]:
                _sync(folder)
        except OSError as error:
            raise Unwritable(_unwritable(error, sha256, self._root)) from None
        finally:
            with suppress(OSError):
                beside.unlink()


def _unwritable(error: OSError, sha256: str, root: Path) -> str:
    if error.errno in FULL:
        return f"The disk of {root} is full: artifact {sha256} was not kept. Free space there, then run it again."
    return (
        f"Artifact {sha256} cannot be kept in {root}: {error.strerror}. Check that the server’s user may write there."
    )


def _sync(folder: Path) -> None:
    """A rename lasts only once its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderStoreKind:
    descriptor = Descriptor(
        id="folder",
        label="Folder",
        summary="Encrypted files in a folder of this machine.",
        settings=(Setting("path", "Folder", required=True, help="An absolute path; made when it is not there."),),
        capabilities=frozenset({"ranges", "encrypted"}),
    )

    def at(self, settings: Mapping[str, object], *, keyring: Keyring) -> FolderStore:
        path = Path(str(settings.get("path") or ""))
        if not path.is_absolute():
            raise ValueError("The folder of the artifact store must be an absolute path. Correct “path”.")
        return FolderStore(path, keyring=keyring)


STORE = FolderStoreKind()
