"""The mail as bytes, read back by the standard library: every word and byte arrives, whatever the script or length."""

from __future__ import annotations

import email
import hashlib
import time
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.channels.worlds import REPORT

from broadsheet.adapters.channels.message import UnsafeText, address, written
from broadsheet.delivery.ports import Attachment, Inline, Outgoing

pytestmark = pytest.mark.feature("DLV-01")
SENDER = "reports@northlight.example"
# What may stand in a header: no controls, no lone surrogates; blanks at its ends are not kept by any mail program.
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300).map(str.strip)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def parsed(outgoing: Outgoing, **names: str) -> EmailMessage:
    data = written(outgoing, sender=SENDER, **names)
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


@given(WORDS, WORDS, WORDS)
@settings(max_examples=60, deadline=None)
def test_every_subject_and_name_comes_back(subject: str, name: str, sender_name: str) -> None:
    message = parsed(replace(REPORT, subject=subject, recipient_name=name), sender_name=sender_name)
    # Blanks apart: between two encoded words of a name, Python's own parser keeps the one that is not there (RFC 2047, 6.2).
    same = lambda told, meant: "".join(str(told).split()) == "".join(meant.split())  # noqa: E731
    assert same(message["Subject"], subject)
    assert same(message["To"].addresses[0].display_name, name)
    assert same(message["From"].addresses[0].display_name, sender_name)
    assert message["To"].addresses[0].addr_spec == REPORT.recipient_address
    assert message["From"].addresses[0].addr_spec == SENDER


def lines(text: str) -> bytes:
    """As mail has it: each line ended by CR and LF, whatever ended it before."""
    same = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return (same if same.endswith("\n") else f"{same}\r\n").encode()


@given(TEXT, TEXT)
@settings(max_examples=60, deadline=None)
def test_every_text_comes_back(text: str, html: str) -> None:
    message = parsed(replace(REPORT, text=text, html=html))
    for kind, meant in (("plain", text), ("html", html)):
        body = message.get_body((kind,))
        assert body is not None
        assert body.get_payload(decode=True) == lines(meant)


@pytest.mark.parametrize(
    "text", ["x" * 5000, "\n" * 50, ".\n..\n.", "From me\n", "--=_0\n--=_0--", "a \nb\t\n", "=3D=\n=", "\t", "ö" * 3000]
)
def test_awkward_text_comes_back(text: str) -> None:
    body = parsed(replace(REPORT, text=text)).get_body(("plain",))
    assert body is not None
    assert body.get_payload(decode=True) == lines(text)


def test_text_cannot_end_its_own_part() -> None:
    mark = "--=_" + hashlib.sha256(REPORT.message_id.encode()).hexdigest()[:24]
    text = f"before\n{mark}a--\n{mark}a\nContent-Type: text/html\n\nsmuggled"
    message = parsed(replace(REPORT, text=text))
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_payload(decode=True) == lines(text)
    assert len(list(message.walk())) == 8


def test_what_looks_like_an_encoded_word_stays_what_it_is() -> None:
    words = "=?utf-8?q?=41?= and =?utf-8?b?QQ==?="
    message = parsed(replace(REPORT, subject=words, recipient_name=words))
    assert message["Subject"] == words
    assert "=?utf-8?q?=41?=" in message["To"].addresses[0].display_name


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_every_byte_of_a_file_comes_back(data: bytes) -> None:
    file = Attachment("a.bin", "application/octet-stream", data)
    [attached] = parsed(replace(REPORT, attachments=(file,), inline=())).iter_attachments()
    assert attached.get_content() == data


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200).map(str.strip))
@settings(deadline=None)
def test_every_file_name_comes_back(name: str) -> None:
    file = Attachment(name, "application/pdf", b"x")
    [attached] = parsed(replace(REPORT, attachments=(file,))).iter_attachments()
    assert (attached.get_filename() or "") == name


def test_the_parts_lie_in_each_other_as_mail_programs_want() -> None:
    message = parsed(REPORT)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
        "text/csv",
    ]
    picture = list(message.walk())[5]
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<chart>", "inline")


def test_without_pictures_and_files_it_is_two_texts() -> None:
    message = parsed(replace(REPORT, inline=(), attachments=()))
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_each_try_is_the_same_bytes() -> None:
    assert written(REPORT, sender=SENDER) == written(REPORT, sender=SENDER)


@pytest.mark.parametrize("kind", ["", "pdf", "text/html\r\nX: y", 'a/b; x="', "text/csv; charset=utf-8", "A/B"])
def test_a_strange_media_type_becomes_mere_bytes(kind: str) -> None:
    file = Attachment("a", kind, b"x")
    [attached] = parsed(replace(REPORT, attachments=(file,))).iter_attachments()
    assert attached.get_content_type() == ("text/csv" if kind.startswith("text/csv") else "application/octet-stream")
    assert attached["X"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "a\r\nX: y"},
        {"subject": "a\rb"},
        {"recipient_name": "a\nb"},
        {"language": "de\0"},
        {"unsubscribe_url": "https://a/\r\nX: y"},
        {"inline": (Inline("a\r\nX: y", "image/png", b""),)},
        {"attachments": (Attachment("a\nb", "a/b", b""),)},
    ],
)
def test_line_breaks_are_refused_everywhere(change: dict[str, object]) -> None:
    with pytest.raises(UnsafeText):
        written(replace(REPORT, **change), sender=SENDER)  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["https://a/>x", "https://a/ö", "https://a/" + "x" * 1000, "https://a/ b"])
def test_an_unsubscribe_address_that_would_break_the_header_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="to unsubscribe at"):
        written(replace(REPORT, unsubscribe_url=url), sender=SENDER)


@pytest.mark.parametrize(
    "text",
    ["", "@", "a@", "@b.example", "a", "a b@c.example", "a@b..c", "a@b c", "<a@b.example>", "a@b.example>", 'a"@b.example',
     "a,b@c.example", "a@b.example,c", "a" * 260 + "@b.example", "a@-\u2028.example", "a@b/c"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        address(text)


@pytest.mark.parametrize(
    "text", ["a@b.example", "o'neil+x=y@b-c.example", "a.@docomo.example", "a@[192.0.2.1]", "a@localhost"]
)
def test_addresses_that_servers_take_are_kept(text: str) -> None:
    assert address(text) == text


def test_a_large_file_is_written_in_milliseconds() -> None:
    big = replace(REPORT, attachments=(Attachment("a.pdf", "application/pdf", bytes(range(256)) * 8000),))
    start = time.perf_counter()
    written(big, sender=SENDER)
    assert time.perf_counter() - start < 0.5  # about 10 ms for 2 MB; `email` takes 100


@pytest.mark.parametrize("host", ["127.0.0.1", "reports.a-company-with-quite-a-long-name.example.com"])
def test_a_message_id_stands_as_it_is_however_long_its_host_is(host: str) -> None:
    wanted = f"1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed@{host}"
    data = written(replace(REPORT, message_id=wanted), sender=SENDER)
    assert f"\r\nMessage-ID: <{wanted}>\r\n".encode() in b"\r\n" + data


@pytest.mark.parametrize("wrong", ["", "a b@c", "a>b@c", "ä@c"])
def test_what_is_no_message_id_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no Message-ID"):
        written(replace(REPORT, message_id=wrong), sender=SENDER)
