"""The catcher as mail clients meet it: takes all, drops what it has, never loses what it took."""

from __future__ import annotations

import logging
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.adapters.channels.worlds import REPORT

from broadsheet.adapters.catcher import Catcher, Caught
from broadsheet.delivery.mail_reading import read
from broadsheet.delivery.ports import CHANNELS, Receipt

pytestmark = pytest.mark.feature("DLV-01")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MAIL = b"Message-ID: <7.1@northlight.example>\r\nSubject: October\r\n\r\nHello\r\n.a dot\r\n"


class Box:
    """Keeps as the application does: one row for each Message-ID and recipient."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Caught] = {}
        self.broken = False

    def keep(self, caught: Caught) -> bool:
        if self.broken:
            raise OSError("the database is away")
        new = [to for to in caught.rcpt_tos if (caught.message_id, to) not in self.rows]
        self.rows.update({(caught.message_id, to): caught for to in new})
        return bool(new)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def catcher(box: Box) -> Iterator[Catcher]:
    with Catcher(box.keep, most_bytes=100_000, clock=lambda: NOW) as started:
        yield started


def deliver(catcher: Catcher, data: bytes = MAIL, *to: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", catcher.port, timeout=5) as client:
        return client.sendmail("reports@northlight.example", list(to or ("a@b.example",)), data)


def test_a_mail_is_kept_as_it_came(box: Box, catcher: Catcher) -> None:
    deliver(catcher, MAIL, "a@b.example", "c@d.example", "a@b.example")
    assert set(box.rows) == {("7.1@northlight.example", "a@b.example"), ("7.1@northlight.example", "c@d.example")}
    caught = box.rows["7.1@northlight.example", "a@b.example"]
    assert caught == Caught(
        "reports@northlight.example", ("a@b.example", "c@d.example"), MAIL, NOW, "7.1@northlight.example"
    )


@pytest.mark.feature("DLV-26")
def test_a_mail_that_is_there_is_taken_again_without_effect(box: Box, catcher: Catcher) -> None:
    deliver(catcher)
    with smtplib.SMTP("127.0.0.1", catcher.port, timeout=5) as client:
        client.ehlo()
        client.mail("a@b.example")
        client.rcpt("a@b.example")
        assert client.data(MAIL) == (250, b"2.0.0 Kept already")
    assert len(box.rows) == 1


def test_mails_without_a_message_id_are_all_kept(box: Box, catcher: Catcher) -> None:
    for _ in range(2):
        deliver(catcher, b"Subject: x\r\n\r\nMessage-ID: <in.the@body>\r\n")
    assert len(box.rows) == 2
    assert all(name.endswith("@without-message-id.invalid") for name, _ in box.rows)


def test_what_cannot_be_kept_is_to_be_sent_again(box: Box, catcher: Catcher, caplog: pytest.LogCaptureFixture) -> None:
    box.broken = True
    with pytest.raises(smtplib.SMTPDataError) as refusal, caplog.at_level(logging.CRITICAL):
        deliver(catcher)
    assert refusal.value.smtp_code == 451
    box.broken = False
    deliver(catcher)
    assert len(box.rows) == 1


def test_too_large_a_mail_is_refused(box: Box, catcher: Catcher) -> None:
    with pytest.raises(smtplib.SMTPException):
        deliver(catcher, MAIL + b"x" * 100_001)
    assert box.rows == {}


def test_a_bare_line_feed_and_dot_smuggles_no_second_mail(box: Box, catcher: Catcher) -> None:
    with socket.create_connection(("127.0.0.1", catcher.port), timeout=5) as client:
        talk = client.makefile("rb")
        for said in (None, b"EHLO x", b"MAIL FROM:<a@b.example>", b"RCPT TO:<c@d.example>", b"DATA"):
            client.sendall(said + b"\r\n" if said else b"")
            while talk.readline()[3:4] == b"-":
                pass
        client.sendall(b"Subject: one\r\n\r\nx\n.\nMAIL FROM:<evil@b.example>\r\n.\r\n")
        talk.readline()
    assert len(box.rows) <= 1
    assert all(caught.mail_from == "a@b.example" for caught in box.rows.values())


def test_a_report_sent_by_the_email_channel_can_be_read(box: Box, catcher: Catcher) -> None:
    settings = {"host": "127.0.0.1", "port": catcher.port, "encryption": "none", "from": "r@northlight.example"}

    def send() -> Receipt:
        return CHANNELS.get("email").send(
            replace(REPORT, unsubscribe_url="https://r.example/u"),
            settings=settings,
            secrets={},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )

    assert (send().proof, send().proof) == ("250 2.0.0 Kept", "250 2.0.0 Kept already")
    [caught] = box.rows.values()
    message = read(caught.data)
    assert caught.message_id == REPORT.message_id
    assert (message.header("subject"), message.text.strip(), message.fault) == (REPORT.subject, REPORT.text, "")
    assert "cid:chart" in message.html
    assert [(part.filename, part.data) for part in message.attachments] == [
        (file.filename, file.data) for file in REPORT.attachments
    ]
    picture = message.inline("chart")
    assert picture is not None
    assert (picture.media_type, picture.data) == ("image/png", b"\x89PNG")


def test_only_this_machine_can_reach_it(box: Box) -> None:
    for host in ("0.0.0.0", "192.0.2.1", "::"):
        with pytest.raises(ValueError, match="this machine alone"):
            Catcher(box.keep, host=host)


def test_a_port_in_use_is_told(box: Box, catcher: Catcher) -> None:
    with pytest.raises(OSError, match="in use"):
        Catcher(box.keep, port=catcher.port).start()


def test_it_can_be_stopped_and_started_again(box: Box) -> None:
    catcher = Catcher(box.keep)
    for _ in range(2):
        catcher.start()
        deliver(catcher)
        catcher.stop()
        catcher.stop()
    with pytest.raises(OSError):
        deliver(catcher)
