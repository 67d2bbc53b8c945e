"""Pictures as typst can be given them: as SVG text.

What is not a file on the disk reaches typst as text only, so photographs are wrapped in an SVG that holds their bytes.
"""

from __future__ import annotations

import re
import struct
from base64 import b64encode

START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {
    0xC4,
    0xC8,
    0xCC,
}  # JPEG markers that tell the size (ITU T.81, B.1.1.3)
SVG_HEAD = re.compile(rb"<svg[\s>]")
LOOKED_AT = 4000  # bytes in which an SVG must begin


class NotAPicture(ValueError):
    """Bytes that are no picture of a kind that a page can show; the message says what they are."""


def as_svg(data: bytes) -> str:
    """PNG, JPEG, GIF or SVG *data* as the text of an SVG. Raises NotAPicture."""
    if SVG_HEAD.search(data[:LOOKED_AT]):
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise NotAPicture("an SVG that is not in UTF-8") from error
    kind, (width, height) = _read(data)
    if not (width and height):
        raise NotAPicture(f"a {kind.upper()} picture without a size")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{b64encode(data).decode()}"/></svg>'
    )


def _read(data: bytes) -> tuple[str, tuple[int, int]]:
    """Kind and size in pixels."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        # The last chunk of a whole file is an empty IEND.
        whole = len(data) >= 45 and b"IEND" in data[-16:]
        return "png", struct.unpack(">II", data[16:24]) if whole else _cut("PNG")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif", struct.unpack("<HH", data[6:10]) if data.rstrip(b"\0").endswith(b";") else _cut("GIF")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", _jpeg(data)
    raise NotAPicture("not a PNG, JPEG, GIF or SVG picture")


def _cut(kind: str) -> tuple[int, int]:
    raise NotAPicture(f"a {kind} picture that ends too early")


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in START_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if b"\xff\xd9" in data[-64:] else _cut("JPEG")
        at += 2 + length
    return _cut("JPEG")
