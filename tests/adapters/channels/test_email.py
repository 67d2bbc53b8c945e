"""E-mail against real servers that take, refuse and cut: each ends in the state that is true."""

from __future__ import annotations

import email
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.adapters.free_ports import free_port

from broadsheet.adapters.channels.email.mailer import explained
from broadsheet.delivery.ports import CHANNELS, Attachment, Inline, Outgoing, Receipt

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MAIL = Outgoing(
    message_id="b7f3a91.31@northlight.example",
    recipient_name="Jörg Grünwald",
    recipient_address="einkauf@gruenwald-solar.example",
    subject="Lieferungen: Oktober ✓",
    text="4.812 Leads\n.ein Punkt am Anfang",
    html='<p>4.812 Leads <img src="cid:chart" alt=""></p>',
    language="de-DE",
    made_at=NOW,
    inline=(Inline("chart", "image/png", b"\x89PNG"),),
    attachments=(Attachment("Käufer.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\nx"),),
    unsubscribe_url="https://reports.northlight.example/u/abc",
)
pytestmark = pytest.mark.feature("DLV-01")


class Sink:
    """Takes mail, or answers a command as told."""

    def __init__(self, **replies: str) -> None:
        self.replies = replies
        self.taken: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "rcpt" in self.replies:
            return self.replies["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "data" in self.replies:
            return self.replies["data"]
        self.taken.append(envelope)
        return "250 2.0.0 Ok: queued as 4Wq7tK1xYz"


@contextmanager
def served(sink: Sink) -> Iterator[int]:
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def scripted(*replies: bytes) -> Iterator[int]:
    """A server that gives these replies, one a command (content ends with the dot), then closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _ = listener.accept()
        with peer, peer.makefile("rb") as lines:
            peer.sendall(b"220 sink\r\n")
            for reply in replies:
                line = lines.readline()
                while reply == b"" and line not in {b".\r\n", b""}:
                    line = lines.readline()
                peer.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(5)
    listener.close()


def send(port: int, mail: Outgoing = MAIL, *, handed: list[bool] | None = None) -> Receipt:
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "encryption": "none",
        "from": "reports@northlight.example",
        "seconds": 2,
    }
    over = (lambda: handed.append(True)) if handed is not None else (lambda: None)
    return CHANNELS.get("email").send(mail, settings=settings, secrets={}, clock=lambda: NOW, handing_over=over)


@pytest.mark.feature("DLV-16")
def test_an_accepted_mail_has_the_servers_word_as_proof() -> None:
    sink = Sink()
    with served(sink) as port:
        receipt = send(port)
    assert (receipt.state, receipt.proof) == ("accepted", "250 2.0.0 Ok: queued as 4Wq7tK1xYz")
    assert sink.taken[0].rcpt_tos == ["einkauf@gruenwald-solar.example"]
    assert [line.text for line in receipt.transcript][-1] == receipt.proof


def test_the_message_is_what_was_meant() -> None:
    sink = Sink()
    with served(sink) as port:
        send(port)
    message = email.message_from_bytes(sink.taken[0].content, policy=default)  # type: ignore[arg-type]
    assert message["Message-ID"] == "<b7f3a91.31@northlight.example>"
    assert message["Subject"] == "Lieferungen: Oktober ✓"
    assert message["To"].addresses[0].display_name == "Jörg Grünwald"
    assert message["List-Unsubscribe"] == "<https://reports.northlight.example/u/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().splitlines() == ["4.812 Leads", ".ein Punkt am Anfang"]
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Käufer.pdf", b"%PDF-1.7\r\n.\r\nx")
    assert [part.get_content_type() for part in message.walk()].count("image/png") == 1


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ({"rcpt": "450 4.2.0 try later"}, "retry"),
        ({"rcpt": "550 5.1.1 user unknown"}, "failed"),
        ({"data": "451 4.7.1 Greylisted"}, "retry"),
        ({"data": "552 5.3.4 too big"}, "failed"),
    ],
)
def test_refusals_settle_by_their_class(replies: dict[str, str], state: str) -> None:
    with served(Sink(**replies)) as port:
        receipt = send(port)
    assert receipt.state == state
    assert receipt.proof == next(iter(replies.values()))


@pytest.mark.feature("DLV-26")
@pytest.mark.parametrize(
    ("replies", "state", "blames"),
    [
        ((b"421 4.3.2 closing\r\n",), "retry", True),  # to EHLO
        ((b"250 sink\r\n", b"451 4.1.8 no such sender\r\n"), "retry", True),  # to MAIL: whoever it is for
        ((b"250 sink\r\n", b"553 5.7.1 not your sender\r\n"), "failed", True),
        ((b"250 sink\r\n", b"250 ok\r\n", b"450 4.2.1 busy mailbox\r\n"), "retry", False),
        ((b"250 sink\r\n", b"250 ok\r\n", b"550 5.1.1 no such user\r\n"), "failed", False),
        ((b"250 sink\r\n", b"250 ok\r\n", b"451 4.3.0 queue is full\r\n"), "retry", True),
        ((b"250 sink\r\n", b"250 ok\r\n", b"452 no space\r\n"), "retry", True),
        ((b"250 sink\r\n", b"250 ok\r\n", b"452 4.2.2 over quota\r\n"), "retry", False),
    ],
)
def test_a_refusal_is_of_the_recipient_or_of_all(replies: tuple[bytes, ...], state: str, blames: bool) -> None:
    with scripted(*replies) as port:
        receipt = send(port)
    assert (receipt.state, receipt.blames_channel) == (state, blames)
    assert receipt.cause == ("temporary" if state == "retry" else "")


@pytest.mark.feature("SCH-08")
@pytest.mark.parametrize(
    ("replies", "gone"),
    [
        ((b"250 ok\r\n", b"550 5.1.1 no such user\r\n"), True),
        ((b"250 ok\r\n", b"550 5.1.10 the domain takes no mail\r\n"), True),
        ((b"250 ok\r\n", b"550 5.2.1 mailbox closed\r\n"), True),
        ((b"250 ok\r\n", b"550 no such user\r\n"), False),  # may as well be said by one that relays nothing for us
        ((b"250 ok\r\n", b"550 5.7.1 not from you\r\n"), False),
        ((b"250 ok\r\n", b"450 4.1.1 no such user yet\r\n"), False),
        ((b"550 5.1.1 no such sender\r\n",), False),  # to MAIL
    ],
)
def test_an_address_is_gone_only_when_its_server_says_so(replies: tuple[bytes, ...], gone: bool) -> None:
    with scripted(b"250 sink\r\n", *replies) as port:
        assert send(port).no_such_address is gone


@pytest.mark.feature("DLV-26")
def test_what_cannot_be_talked_to_blames_the_channel_and_says_how() -> None:
    receipt = send(free_port())
    assert (receipt.cause, receipt.blames_channel) == ("connection", True)


@pytest.mark.feature("SCH-08")
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("451 4.7.1 Greylisted, try again in 5 minutes", 300),
        ("450 4.2.0 Greylisted: come back after 90s", 90),
        ("451 4.7.1 Please wait for 99999 minutes", 86_400),
        ("451 4.7.1 Try in a while", 0),
        ("450 4.2.0 for 3 million reasons", 0),
    ],
)
def test_a_server_says_when_to_come_back(said: str, seconds: float) -> None:
    with served(Sink(rcpt=said)) as port:
        assert send(port).wait == seconds


GREETING = (b"250 sink\r\n", b"250 ok\r\n", b"250 ok\r\n")  # EHLO, MAIL, RCPT


@pytest.mark.feature("BEY-01")
def test_a_cut_after_the_final_dot_is_unconfirmed() -> None:
    handed: list[bool] = []
    with scripted(*GREETING, b"354 go\r\n", b"") as port:
        receipt = send(port, handed=handed)
    assert receipt.state == "unconfirmed"
    assert handed == [True]


@pytest.mark.parametrize("until", [0, 1, 2, 3])
def test_a_cut_before_the_content_may_be_tried_again(until: int) -> None:
    handed: list[bool] = []
    with scripted(*GREETING[:until]) as port:
        receipt = send(port, handed=handed)
    assert receipt.state == "retry"
    assert handed == []


def test_a_server_that_is_not_there_may_be_tried_again() -> None:
    port = free_port()
    receipt = send(port)
    assert receipt.state == "retry"
    assert receipt.proof == f"127.0.0.1:{port} refused the connection. Check server and port, and that it runs."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError("timed out"), "mail:25 did not answer in time."),
        (ConnectionResetError(104, "Connection reset by peer"), "mail:25 broke the connection off"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "mail:25 broke the connection off"),
        (OSError(101, "Network is unreachable"), "mail:25 cannot be reached: Network is unreachable."),
        (smtplib.SMTPException("odd"), "mail:25 does not answer as a mail server."),
    ],
)
def test_trouble_is_told_in_words_for_people(error: Exception, said: str) -> None:
    told = explained(error, place="mail:25")
    assert told.startswith(said)
    assert type(error).__name__ not in told


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "October\r\nBcc: all@example.com"},
        {"recipient_name": "A\nBcc: b@example.com"},
        {"recipient_address": "a@b.example\r\nRCPT TO:<c@d.example>"},
        {"attachments": (Attachment("a\r\nX: y.pdf", "application/pdf", b""),)},
    ],
)
def test_line_breaks_in_headers_are_refused_before_any_connection(change: dict[str, object]) -> None:
    sink = Sink()
    with served(sink) as port:
        receipt = send(port, replace(MAIL, **change))
    assert receipt.state == "failed"
    assert sink.taken == []


def test_the_check_says_what_is_wrong() -> None:
    nobody = {"host": "127.0.0.1", "port": free_port(), "encryption": "none", "from": "a@b.example"}
    verdict = CHANNELS.get("email").check(nobody, secrets={})
    assert not verdict.ok
    assert verdict.fix == "Check server, port and encryption."
