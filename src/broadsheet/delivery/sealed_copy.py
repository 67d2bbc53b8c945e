"""What a recipient was sent, byte for byte, without keeping its files twice.

A message is kept folded: where it holds an attachment's base64 lines, it holds the hash of the artifact instead. Base64
in lines of 76 is determined by the bytes, so unfolding gives the message back exactly; its own hash proves it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable

MARK = re.compile(rb"\0artifact ([0-9a-f]{64})\0")
LINE = 76  # characters of a base64 line (RFC 2045, 6.8)


def fold(message: bytes, files: Iterable[tuple[str, bytes]]) -> bytes:
    """*message* with each of *files* (hash, bytes) replaced by its hash. A message that holds NUL is left whole."""
    if b"\0" in message:
        return message
    for sha256, data in files:
        lines = _lines(data)
        if lines:
            message = message.replace(lines, b"\0artifact " + sha256.encode() + b"\0")
    return message


def unfold(folded: bytes, get: Callable[[str], bytes], *, sha256: str) -> bytes:
    """The message again. Raises ValueError when it is not the one whose hash is *sha256*."""
    if hashlib.sha256(folded).hexdigest() == sha256:
        return folded
    message = MARK.sub(lambda found: _lines(get(found[1].decode())), folded)
    if hashlib.sha256(message).hexdigest() != sha256:
        raise ValueError("What is kept is not the message that was sent. Look into the backup.")
    return message


def _lines(data: bytes) -> bytes:
    text = base64.b64encode(data)
    return b"\r\n".join(text[start : start + LINE] for start in range(0, len(text), LINE))
