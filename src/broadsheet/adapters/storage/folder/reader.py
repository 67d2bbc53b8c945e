"""Reading a sealed file as if it were plain: seekable, a piece at a time."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.adapters.storage.envelope import Envelope
from broadsheet.runs.ports import Damaged


class SealedReader(io.RawIOBase):
    """Plain content of the sealed *file*, which it owns. Keeps the last piece, so that reading on costs each piece once.
    Raises Damaged from any read that meets a piece that does not verify."""

    def __init__(self, file: BinaryIO, envelope: Envelope) -> None:
        self._file = file
        self.envelope = envelope
        self._at = 0
        self._piece: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.envelope.size}[whence]
        if base + offset < 0:
            raise ValueError("A position before the start of the artifact.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # any writable buffer, as RawIOBase promises
        if not len(view) or self._at >= self.envelope.size:
            return 0
        number, start = divmod(self._at, self.envelope.piece_size)
        given = self.piece(number)[start : start + len(view)]
        view[: len(given)] = given
        self._at += len(given)
        return len(given)

    def piece(self, number: int) -> bytes:
        """Piece *number* in plain. Raises Damaged."""
        if self._piece[0] != number:
            self._file.seek(self.envelope.offset(number))
            length = self.envelope.sealed_length(number)
            sealed = self._file.read(length)
            if len(sealed) != length:
                raise Damaged(f"The file of artifact {self.envelope.sha256} is cut off in piece {number}.")
            self._piece = (number, self.envelope.open(number, sealed))
        return self._piece[1]

    def sealed(self) -> Iterator[bytes]:
        """The pieces as they lie, sealed, from the first on."""
        self._file.seek(self.envelope.offset(0))
        while part := self._file.read(1 << 20):
            yield part

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
