"""Mail taken apart, the hostile kinds included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.delivery.mail_reading import Message, Part, read

pytestmark = pytest.mark.feature("DLV-01")


def test_headers_are_decoded_in_their_order() -> None:
    message = read(
        b"Received: a\r\nReceived: b\r\nSubject: =?utf-8?q?K=C3=A4ufer?=\r\n =?iso-8859-1?q?_M=FCller?=\r\n"
        b"X-Raw: K\xc3\xa4ufer\r\n\r\n"
    )
    assert message.headers == (
        ("Received", "a"),
        ("Received", "b"),
        ("Subject", "Käufer Müller"),
        ("X-Raw", "Käufer"),
    )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (b'"../../etc/passwd"', "passwd"),
        (b'"C:\\\\Windows\\\\a.exe"', "a.exe"),
        (b'"a\x00b.pdf"', "a b.pdf"),
        (b'".."', "part-1"),
        (b'""', "part-1"),
        (b'"=?utf-8?q?K=C3=A4ufer=2Epdf?="', "Käufer.pdf"),
        (b'"' + b"x" * 5000 + b'"', "x" * 200),
        ("\u202efdp.exe".encode(), "fdp.exe"),
    ],
)
def test_a_file_name_is_a_mere_name(said: bytes, name: str) -> None:
    message = read(b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=" + said + b"\r\n\r\nx")
    assert message.parts == (Part(name, "application/pdf", b"x"),)


def test_an_unknown_charset_and_broken_base64_are_read_as_far_as_they_go() -> None:
    assert read(b"Content-Type: text/plain; charset=klingon\r\n\r\nna\xc3\xafve").text == "naïve"
    broken = read(b"Content-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD*RA=")
    assert broken.parts[0].data.startswith(b"ABC")


def test_a_mail_in_the_mail_is_a_file() -> None:
    inner = b"Subject: inner\r\n\r\nhidden"
    message = read(b"Content-Type: message/rfc822\r\n\r\n" + inner)
    [part] = message.parts
    assert part.media_type == "message/rfc822"
    assert b"Subject: inner" in part.data
    assert message.text == ""


def test_only_so_many_parts_are_read() -> None:
    parts = b"".join(b"--x\r\nContent-Type: a/b\r\n\r\n1\r\n" for _ in range(500))
    message = read(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + parts + b"--x--\r\n")
    assert (len(message.parts), message.fault) == (200, "Only the first 200 parts are shown.")


def test_endless_nesting_ends() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    assert isinstance(read(deep), Message)
    some = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(30))
    assert read(some + b"Content-Type: text/plain\r\n\r\nx") == read(some)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n",
        b"\xff\xfe\x00" * 100,
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n',
        b"Content-Type: text/plain; charset*=utf-8''%ff%fe\r\n\r\nx",
        b"Content-Type: text/plain; charset=\x00\r\n\r\nx",
        b"Content-Type: text/plain; charset=zip\r\n\r\nx",
        b"Content-Type: text/plain; charset=base64\r\n\r\nx",
        b"Content-Disposition: attachment; filename*0*=klingon'x'%ff; filename*1=y\r\n\r\nx",
        b"Subject: =?utf-8?b?%%%?=\r\n\r\n",
        b"Subject: =?utf-8?b?a?=\r\n\r\n",
        b'Subject: =?x?q?=ff?=\r\nTo: ""@,;:<><\r\nDate: never\r\n\r\n',
        b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 666 x\r\nzzz\r\n",
        b"Content-Type: image/\r\n\r\nx",
        b"Content-Type: <script>alert(1)</script>/x\r\n\r\nx",
    ],
)
def test_broken_mail_never_raises(data: bytes) -> None:
    message = read(data)
    assert all(part.media_type.count("/") == 1 and "<" not in part.media_type for part in message.parts)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    read(data)
    read(b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" + data + b"\r\n--b\r\n" + data)
    read(b"Subject: " + data + b"\r\nContent-Disposition: attachment; filename=" + data)
