"""A kept message unfolds to the very bytes that were sent, or says that it does not."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.delivery.sealed_copy import fold, unfold


def message_with(*files: bytes) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Buyer performance"
    message.set_content("Hello")
    for number, data in enumerate(files):
        message.add_attachment(data, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return message.as_bytes()


def named(data: bytes) -> tuple[str, bytes]:
    return hashlib.sha256(data).hexdigest(), data


@pytest.mark.feature("BEY-06")
@given(st.lists(st.binary(max_size=3000), max_size=3))
def test_any_message_comes_back_byte_for_byte(files: list[bytes]) -> None:
    whole = message_with(*files)
    kept = dict(map(named, files))
    folded = fold(whole, kept.items())
    assert unfold(folded, kept.__getitem__, sha256=hashlib.sha256(whole).hexdigest()) == whole


@pytest.mark.feature("BEY-06")
def test_files_are_not_kept_twice() -> None:
    data = bytes(range(256)) * 400
    assert len(fold(message_with(data), [named(data)])) < 1000


@pytest.mark.feature("BEY-06")
def test_a_message_that_is_not_the_one_sent_is_not_passed_off_as_it() -> None:
    data = b"%PDF" * 100
    whole = message_with(data)
    folded = fold(whole, [named(data)]).replace(b"Buyer", b"Byuer")
    with pytest.raises(ValueError, match="not the message that was sent"):
        unfold(folded, lambda _: data, sha256=hashlib.sha256(whole).hexdigest())


@pytest.mark.feature("BEY-06")
def test_a_message_with_nul_is_left_whole() -> None:
    odd = b"Subject: x\r\n\r\n\0artifact " + b"0" * 64 + b"\0"
    assert fold(odd, []) == odd
    assert unfold(odd, lambda _: b"never", sha256=hashlib.sha256(odd).hexdigest()) == odd
