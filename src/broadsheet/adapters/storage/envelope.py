"""The sealed form of an artifact: a header, then the content in pieces, each encrypted and authenticated by itself.

::

    "BSEA" | version 1 | log2 of piece size | length of key id | key id | length of wrapped key (2 bytes) | wrapped key
           | plain size (8 bytes) | piece 0 + tag | piece 1 + tag | …

Every artifact has a data key of its own (AES-256-GCM), wrapped under a master key of the keyring for exactly this hash
and size, so a file under another's name does not open. A piece's nonce is its number (the key is used for one content
only), and its associated data bind hash, size and number: pieces cannot be moved, left out or appended. Empty content
is one empty piece. Integers are big-endian. Nothing here touches a disk.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from broadsheet.keyring import Keyring, Unsealable, Wrapped
from broadsheet.runs.ports import Damaged

MAGIC = b"BSEA"
VERSION = 1
PIECE_BITS = 16  # 64 KiB: what a one-byte range costs at most
TAG_BYTES = 16
LARGEST_HEADER = 4 + 3 + 255 + 2 + 65535 + 8


@dataclass(frozen=True)
class Envelope:
    """A header with its opened data key, for content of ``size`` bytes whose SHA-256 is ``sha256`` (hex)."""

    sha256: str
    size: int
    wrapped: Wrapped
    data_key: bytes
    piece_bits: int = PIECE_BITS

    @property
    def piece_size(self) -> int:
        return 1 << self.piece_bits

    @property
    def pieces(self) -> int:
        """How many there are, at least 1."""
        return max(1, -(-self.size // self.piece_size))

    @property
    def sealed_size(self) -> int:
        """Bytes of the whole sealed file."""
        return len(self.header) + self.size + self.pieces * TAG_BYTES

    @cached_property
    def header(self) -> bytes:
        key_id = self.wrapped.key_id.encode("ascii")
        start = MAGIC + struct.pack(">BBB", VERSION, self.piece_bits, len(key_id)) + key_id
        sealed = self.wrapped.sealed
        return start + struct.pack(">H", len(sealed)) + sealed + struct.pack(">Q", self.size)

    def offset(self, number: int) -> int:
        """Where piece *number* begins in the sealed file."""
        return len(self.header) + number * (self.piece_size + TAG_BYTES)

    def sealed_length(self, number: int) -> int:
        """Bytes of piece *number* with its tag."""
        return min(self.piece_size, self.size - number * self.piece_size) + TAG_BYTES

    def seal(self, data: bytes) -> Iterator[bytes]:
        """The sealed file, header first."""
        yield self.header
        view = memoryview(data)
        for number in range(self.pieces):
            piece = view[number * self.piece_size : (number + 1) * self.piece_size]
            yield self._cipher.encrypt(_nonce(number), piece, self._context(number))

    def open(self, number: int, sealed: bytes) -> bytes:
        """Piece *number* in plain. Raises Damaged."""
        try:
            return self._cipher.decrypt(_nonce(number), sealed, self._context(number))
        except (InvalidTag, ValueError):
            raise Damaged(f"Artifact {self.sha256} was changed: piece {number} of its file does not verify.") from None

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.data_key)

    def _context(self, number: int) -> bytes:
        return MAGIC + struct.pack(">BBQQ", VERSION, self.piece_bits, self.size, number) + bytes.fromhex(self.sha256)


def new(sha256: str, size: int, *, keyring: Keyring) -> Envelope:
    """An envelope with a fresh data key under the current master key."""
    data_key = secrets.token_bytes(32)
    return Envelope(sha256, size, keyring.wrap(data_key, purpose=_purpose(sha256, size)), data_key)


def rewrapped(envelope: Envelope, *, keyring: Keyring) -> Envelope:
    """The same data key under the current master key; the pieces stay as they are."""
    wrapped = keyring.wrap(envelope.data_key, purpose=_purpose(envelope.sha256, envelope.size))
    return Envelope(envelope.sha256, envelope.size, wrapped, envelope.data_key, envelope.piece_bits)


def read(file: BinaryIO, sha256: str, *, keyring: Keyring) -> Envelope:
    """The envelope at the start of *file*. Raises Damaged."""
    try:
        if file.read(4) != MAGIC:
            raise Damaged(f"The file of artifact {sha256} is not one of an artifact, or is cut off at its start.")
        version, bits, id_length = struct.unpack(">BBB", file.read(3))
        if version != VERSION:
            raise Damaged(f"Artifact {sha256} is kept in form {version}; this version reads form {VERSION}.")
        key_id = file.read(id_length).decode("ascii")
        (sealed_length,) = struct.unpack(">H", file.read(2))
        sealed = file.read(sealed_length)
        (size,) = struct.unpack(">Q", file.read(8))
    except (struct.error, UnicodeDecodeError):
        raise Damaged(f"The file of artifact {sha256} is cut off or changed in its header.") from None
    wrapped = Wrapped(key_id, sealed)
    try:
        data_key = keyring.unwrap(wrapped, purpose=_purpose(sha256, size))
    except Unsealable as error:
        raise Damaged(f"The key of artifact {sha256} does not open. {error}") from None
    return Envelope(sha256, size, wrapped, data_key, bits)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _purpose(sha256: str, size: int) -> str:
    return f"artifact:{sha256}:{size}"
