"""A message as mail bytes, for whichever channel writes mail: text and HTML, pictures inside, files beside.

RFC 5322 and 2045–47; RFC 2231 for names of files; RFC 2369 and 8058 for the one-click unsubscribe; RFC 3834 so that no
auto-responder answers. CR, LF and NUL in a header or file name are refused, not mended. Written out here because the
standard library's `email` takes milliseconds for each, and a burst sends thousands; a test reads it back with `email`.
The same delivery gives the same bytes at each try.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from broadsheet.delivery.ports import Attachment, Inline, Outgoing

MOST_LINE = 78  # as RFC 5322, 2.1.1 wishes; 998 is what it demands
MOST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the brackets
MOST_URL = 900
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
DOMAIN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.IPv]+\]")
MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?")
SIMPLE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()+-]{0,49}")
MESSAGE_ID = re.compile(r"[!-;=?-~]{1,900}")  # printable ASCII but for the brackets around it
LINE_END = re.compile("\r\n?|\n")
SEVEN_BIT = re.compile(rb"(?:[\t\x20-\x7e]{0,900}\r\n)*[\t\x20-\x7e]{0,900}")


class UnsafeText(ValueError):
    """A header or file name holds a line break or NUL, which could smuggle in a header."""


def written(outgoing: Outgoing, *, sender: str, sender_name: str = "") -> bytes:
    """The mail. Raises UnsafeText; ValueError for an address that cannot be written in a header."""
    mark = "=_" + hashlib.sha256(outgoing.message_id.encode()).hexdigest()[:24]
    body = _multipart("alternative", f"{mark}a", (_text("plain", outgoing.text), _html(outgoing, f"{mark}r")))
    if outgoing.attachments:
        body = _multipart("mixed", f"{mark}m", (body, *map(_attachment, outgoing.attachments)))
    return b"\r\n".join([*_headers(outgoing, sender, sender_name), body])


def address(text: str) -> str:
    """*text* as an address that every mail server takes: the domain in its ASCII form (RFC 5891).

    Raises UnsafeText; ValueError for what is no address, or has other than ASCII before the @ (which needs SMTPUTF8, RFC
    6531, all the way to the recipient).
    """
    local, _, domain = checked(text).rpartition("@")
    if local and not local.isascii():
        raise ValueError(f"“{text}” has signs before the @ that most mail servers refuse. Use another address.")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        raise ValueError(f"The domain of “{text}” cannot exist. Correct it where the recipients come from.") from None
    if not (LOCAL.fullmatch(local) and DOMAIN.fullmatch(domain)) or len(local) + len(domain) >= MOST_ADDRESS:
        raise ValueError(f"“{text}” is not an e-mail address. Correct it where the recipients come from.")
    return f"{local}@{domain}"


def checked(text: str) -> str:
    """*text*, unless it holds what would end a header."""
    if any(mark in text for mark in "\r\n\0"):
        raise UnsafeText(
            "A line break or NUL stands in a mail header or file name. Remove it from the name or subject."
        )
    return text


def _headers(outgoing: Outgoing, sender: str, sender_name: str) -> Iterable[bytes]:
    yield _message_id(outgoing.message_id)
    yield _header("Date", format_datetime(outgoing.made_at))
    yield _mailbox("From", sender_name, sender)
    yield _mailbox("To", outgoing.recipient_name, outgoing.recipient_address)
    yield _header("Subject", outgoing.subject)
    yield _header("Content-Language", outgoing.language)
    yield b"Auto-Submitted: auto-generated"
    if outgoing.unsubscribe_url:
        url = checked(outgoing.unsubscribe_url)
        if not url.isascii() or len(url) > MOST_URL or set(url) & set("<> "):
            raise ValueError("The address to unsubscribe at cannot stand in a mail header. Shorten or encode it.")
        yield f"List-Unsubscribe: <{url}>".encode()
        yield b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    yield b"MIME-Version: 1.0"


def _message_id(text: str) -> bytes:
    """On one line however long its host's name is: encoded words would make it another one (RFC 2047, 5)."""
    plain = checked(text)
    if not MESSAGE_ID.fullmatch(plain):
        raise ValueError(f"“{text}” is no Message-ID. Correct the installation’s address, BROADSHEET_BASE_URL.")
    return f"Message-ID: <{plain}>".encode()


def _header(name: str, value: str) -> bytes:
    """One header; in encoded words where it is not plain ASCII or too long for a line."""
    plain = f"{name}: {checked(value)}"
    if value.isascii() and value.isprintable() and len(plain) <= MOST_LINE and "=?" not in value:
        return plain.encode()
    return f"{name}: {_words(name, value)}".encode()


def _mailbox(name: str, person: str, where: str) -> bytes:
    spec = address(where)
    if not person:
        return f"{name}: {spec}".encode()
    if checked(person).isascii() and person.isprintable() and len(person) < 60 and "=?" not in person:
        said = '"' + person.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        said = _words(name, person)
    return f"{name}: {said}\r\n <{spec}>".encode()


def _words(name: str, value: str) -> str:
    return Header(value, "utf-8", maxlinelen=MOST_LINE - 2, header_name=name).encode(linesep="\r\n")


def _multipart(kind: str, mark: str, parts: Iterable[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode()
    line = f"--{mark}".encode()
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _html(outgoing: Outgoing, mark: str) -> bytes:
    html = _text("html", outgoing.html)
    return _multipart("related", mark, (html, *map(_inline, outgoing.inline))) if outgoing.inline else html


def _text(kind: str, text: str) -> bytes:
    lines = LINE_END.sub("\r\n", text)
    data = (lines if lines.endswith("\r\n") else lines + "\r\n").encode()
    # "=_" begins our boundaries; quoted-printable never holds it.
    if b"=_" not in data and SEVEN_BIT.fullmatch(data):
        encoding = b"7bit"
    else:
        encoding, data = b"quoted-printable", binascii.b2a_qp(data, istext=True)
    return b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: %s\r\n\r\n%s' % (
        kind.encode(),
        encoding,
        data,
    )


def _inline(picture: Inline) -> bytes:
    head = f"Content-ID: <{checked(picture.cid)}>\r\nContent-Disposition: inline"
    return _binary(picture.media_type, head, picture.data)


def _attachment(file: Attachment) -> bytes:
    return _binary(file.media_type, f"Content-Disposition: attachment; {_filename(checked(file.filename))}", file.data)


def _binary(media_type: str, head: str, data: bytes) -> bytes:
    kind = media_type if MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
    start = f"Content-Type: {kind}\r\n{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    return start + base64.encodebytes(data).replace(b"\n", b"\r\n")


def _filename(name: str) -> str:
    if SIMPLE_NAME.fullmatch(name):
        return f'filename="{name}"'
    marks = re.findall("%..|.", quote(name, safe=""))
    pieces = ["".join(marks[start : start + 20]) for start in range(0, len(marks), 20)] or [""]
    if len(pieces) == 1:
        return f"filename*=utf-8''{pieces[0]}"
    pieces[0] = f"utf-8''{pieces[0]}"
    return ";\r\n ".join(f"filename*{n}*={piece}" for n, piece in enumerate(pieces))
