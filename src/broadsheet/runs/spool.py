"""Answers of a run that are more than memory should hold: on disk, from when they came until they are drawn.

The file has no name, so it is gone with the process whatever ends it, and it is enciphered under a key that is in this
process alone: who finds its blocks on the disk has nothing. Used by the thread that makes the run.
"""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from broadsheet.runs.asking import Answered
from broadsheet.runs.errors import TryLater

NONCE = 12  # bytes, as AES-GCM has it


class Spool:
    """Answers of batches, taken by their place in the order in which they were put. A single one stays in memory."""

    def __init__(self) -> None:
        self._alone: Answered | None = None
        self._file: IO[bytes] | None = None
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))
        self._places: list[tuple[int, int]] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._alone = None
        if self._file is not None:
            with suppress(OSError):  # what could not be written is tried once more; the answer to it is given already
                self._file.close()

    def put(self, one: Answered) -> None:
        """Raises TryLater where the disk takes no more."""
        if self._file is None and self._alone is None:
            self._alone = one
            return
        try:
            if self._file is None:
                self._file = TemporaryFile(prefix="broadsheet-")  # noqa: SIM115  # closed with the block around this one
            if self._alone is not None:
                self._write(self._file, self._alone)
                self._alone = None
            self._write(self._file, one)
        except OSError as error:
            raise _no_room(error) from error

    def take(self, number: int) -> Answered:
        """The one that was put as the *number*-th, from 0. Raises TryLater where the disk does not give it back."""
        if self._file is None:
            assert self._alone is not None and number == 0  # who takes has put
            return self._alone
        at, size = self._places[number]
        try:
            self._file.seek(at)
            nonce, sealed = self._file.read(NONCE), self._file.read(size - NONCE)
        except OSError as error:
            raise _no_room(error) from error
        plain = self._cipher.decrypt(nonce, sealed, _place(number))
        del sealed
        found: Answered = pickle.loads(plain)  # what this process wrote: the seal says so
        return found

    def _write(self, file: IO[bytes], one: Answered) -> None:
        nonce = os.urandom(NONCE)
        plain = pickle.dumps(one, pickle.HIGHEST_PROTOCOL)
        sealed = self._cipher.encrypt(nonce, plain, _place(len(self._places)))
        del plain  # a batch may be large, and one copy of it is enough
        at = file.seek(0, os.SEEK_END)
        file.write(nonce)
        file.write(sealed)
        file.flush()
        self._places.append((at, NONCE + len(sealed)))


def _place(number: int) -> bytes:
    """What a part is bound to, so that none stands for another."""
    return number.to_bytes(8, "big")


def _no_room(error: OSError) -> TryLater:
    said = error.strerror or str(error)
    why = f"Files for a while cannot be kept: {said}. Free room in the folder for temporary files, or name another in TMPDIR."
    return TryLater(why, cause="store")
