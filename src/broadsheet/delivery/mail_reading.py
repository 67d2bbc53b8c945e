"""A mail taken apart for a page to show. Never raises: hostile or broken mail gives what can be had of it.

Pages must not trust what they get: HTML is as it came, names and types are the sender's.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message as Raw
from email.policy import Compat32
from itertools import islice
from pathlib import PurePosixPath

MOST_PARTS = 200
MOST_HEADERS = 500
MOST_DEPTH = 20
BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, MessageError, RecursionError)


class _Lenient(Compat32):
    """Headers as text, bytes beyond ASCII taken for UTF-8 (as RFC 6532 has them), whatever was promised."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Part:
    """A file or picture in the mail. ``cid`` is what HTML calls it (without brackets), empty for none; ``inline`` tells
    that it belongs into the text. ``filename`` is a mere name, never a path."""

    filename: str
    media_type: str
    data: bytes
    cid: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Message:
    """``headers`` are decoded, in their order; ``text`` and ``html`` are empty where the mail has none; ``fault`` says
    what could not be read."""

    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: str = ""
    parts: tuple[Part, ...] = ()
    fault: str = ""

    def header(self, name: str) -> str:
        """The first header of that name, empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def attachments(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.inline)

    def inline(self, cid: str) -> Part | None:
        """The part that HTML refers to as ``cid:`` + *cid*."""
        return next((part for part in self.parts if part.cid and part.cid == cid), None)


def read(data: bytes) -> Message:
    """The mail in *data*."""
    try:
        raw = email.message_from_bytes(data, policy=_Lenient())
        headers = tuple((name, _decoded(str(value))) for name, value in islice(raw.items(), MOST_HEADERS))
    except BROKEN:
        return Message(text=data[:100_000].decode("utf-8", "replace"), fault="This mail cannot be taken apart.")
    return _assembled(raw, headers)


def _assembled(raw: Raw, headers: tuple[tuple[str, str], ...]) -> Message:
    text = html = fault = ""
    parts: list[Part] = []
    for number, leaf in enumerate(_leaves(raw, depth=0)):
        if number >= MOST_PARTS:
            fault = f"Only the first {MOST_PARTS} parts are shown."
            break
        kind, is_file = _kind(leaf), _is_file(leaf)
        if kind == "text/plain" and not is_file and not text:
            text = _text(leaf)
        elif kind == "text/html" and not is_file and not html:
            html = _text(leaf)
        else:
            parts.append(_part(leaf, kind, len(parts) + 1))
    return Message(headers, text, html, tuple(parts), fault)


def _leaves(raw: Raw, *, depth: int) -> Iterator[Raw]:
    """Parts that hold content. A mail in the mail is one of them, and not entered."""
    payload = raw.get_payload()
    if not isinstance(payload, list) or _kind(raw) == "message/rfc822":
        yield raw
    elif depth < MOST_DEPTH:
        for inner in payload:
            if isinstance(inner, Raw):
                yield from _leaves(inner, depth=depth + 1)


def _part(leaf: Raw, kind: str, number: int) -> Part:
    cid = _said(leaf, "Content-ID").strip().strip("<>")
    disposition = _said(leaf, "Content-Disposition").strip().lower()
    inline = bool(cid) and not disposition.startswith("attachment")
    return Part(_filename(leaf) or f"part-{number}", kind, _content(leaf), cid, inline)


def _content(leaf: Raw) -> bytes:
    try:
        if isinstance(leaf.get_payload(), list):  # a mail in the mail
            return b"\r\n".join(inner.as_bytes() for inner in leaf.get_payload() if isinstance(inner, Raw))
        found = leaf.get_payload(decode=True)
    except BROKEN:
        return b""
    return found if isinstance(found, bytes) else b""


def _text(leaf: Raw) -> str:
    try:
        charset = leaf.get_content_charset() or "utf-8"
        return _content(leaf).decode(charset, "replace")
    except BROKEN:  # an unknown or impossible charset
        return _content(leaf).decode("utf-8", "replace")


def _filename(leaf: Raw) -> str:
    try:
        said = _decoded(leaf.get_filename() or "")
    except BROKEN:
        return ""
    name = PurePosixPath(said.replace("\\", "/")).name
    return "".join(mark for mark in name if mark.isprintable()).strip(". ")[:200]


def _kind(leaf: Raw) -> str:
    try:
        kind = leaf.get_content_type()
    except BROKEN:
        return "application/octet-stream"
    return kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind, re.ASCII) else "application/octet-stream"


def _is_file(leaf: Raw) -> bool:
    return _said(leaf, "Content-Disposition").strip().lower().startswith("attachment") or bool(_filename(leaf))


def _said(leaf: Raw, name: str) -> str:
    try:
        return str(leaf.get(name, ""))
    except BROKEN:
        return ""


def _decoded(value: str) -> str:
    """A header as people read it (RFC 2047), on one line."""
    try:
        words = [
            word.decode(charset or "ascii", "replace") if isinstance(word, bytes) else word
            for word, charset in decode_header(value)
        ]
        value = "".join(words)
    except (*BROKEN, HeaderParseError):
        pass  # shown as it came
    return " ".join("".join(mark if mark.isprintable() else " " for mark in value).split())
