"""Calendars from an address: what comes back is text, or one clear sentence."""

from __future__ import annotations

import httpx
import pytest

from broadsheet.adapters.outbound import Denied, Reply
from broadsheet.adapters.outbound.calendars import fetch_calendar
from broadsheet.schedules.errors import NotFetched

pytestmark = pytest.mark.feature("SCH-13")


class Answering:
    """A client that gives one reply, or raises."""

    def __init__(self, reply: Reply | Exception) -> None:
        self._reply = reply

    def request(self, method: str, url: str, **given: object) -> Reply:
        assert (method, given["most_bytes"]) == ("GET", 1_000_000)
        if isinstance(self._reply, Exception):
            raise self._reply
        return self._reply


def reply(body: bytes, *, status: int = 200, truncated: bool = False) -> Reply:
    return Reply(status, httpx.Headers(), body, truncated)


def test_text_comes_without_its_byte_order_mark() -> None:
    assert fetch_calendar("https://x.example", client=Answering(reply(b"\xef\xbb\xbfBEGIN"))) == "BEGIN"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply(b"", status=404), "answers with status 404"),
        (reply(b"x", truncated=True), "larger than 1,000 kB"),
        (reply(b"\xff"), "not UTF-8"),
        (Denied("“x.example” is a private address."), "private address"),
    ],
)
def test_whatever_goes_wrong_is_said(answer, message) -> None:
    with pytest.raises(NotFetched, match=message):
        fetch_calendar("https://x.example", client=Answering(answer))


def test_private_addresses_are_not_called() -> None:
    with pytest.raises(NotFetched):
        fetch_calendar("http://127.0.0.1:1/a.ics")
