"""Many mails over one connection, each settled for itself; and no try outlasts its deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from tests.adapters.channels.worlds import NOW, REPORT
from tests.adapters.http_servers import raw

from broadsheet.adapters.channels.email import mailer, session
from broadsheet.delivery.ports import CHANNELS, Outgoing, Receipt, opened

pytestmark = pytest.mark.feature("DLV-01")
CHANNEL = CHANNELS.get("email")


class Server:
    """A mail server written out: *reply* says what it answers to a command, ``b""`` hangs up, None the usual. ``talks``
    holds the commands of each connection. It is ready for content even when it refused the envelope, as it may be."""

    ehlo = b"250 sink\r\n"

    def __init__(self, reply: Callable[[int, bytes], bytes | None] = lambda connection, line: None) -> None:
        self.reply = reply
        self.talks: list[list[bytes]] = []
        self.mails: list[bytes] = []
        self.port = 0

    def serve(self, peer: socket.socket, over: threading.Event) -> None:
        number, talk = len(self.talks), []
        self.talks.append(talk)
        with peer.makefile("rb") as lines:
            peer.sendall(b"220 sink\r\n")
            for line in lines:
                command = line.strip().upper()
                talk.append(command)
                if command.startswith(b"EHLO"):
                    answer = self._said(number, command, self.ehlo)
                elif command == b"DATA":
                    peer.sendall(self._said(number, command, b"354 go\r\n"))
                    content = b"".join(iter(lines.readline, b".\r\n"))
                    if not content:
                        peer.sendall(b"554 nobody to send to\r\n")
                        continue
                    answer = self._said(number, b".", b"250 taken\r\n")
                    if answer.startswith(b"250"):
                        self.mails.append(content)
                else:
                    answer = self._said(number, command, b"250 ok\r\n")
                if not answer:
                    return
                peer.sendall(answer)
                if not answer.endswith(b"\n") or answer.endswith(b"-taken\r\n"):
                    return

    def _said(self, number: int, command: bytes, usual: bytes) -> bytes:
        own = self.reply(number, command)
        return usual if own is None else own


@pytest.fixture(params=[b"250 sink\r\n", b"250-sink\r\n250 PIPELINING\r\n"], ids=["plain", "pipelined"], autouse=True)
def ehlo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "ehlo", request.param)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    with raw(server.serve) as port:
        server.port = port
        yield server


def settings(port: int, **more: object) -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "encryption": "none",
        "from": "r@northlight.example",
        "seconds": 2,
        **more,
    }


def mails(*addresses: str) -> list[Outgoing]:
    return [
        replace(REPORT, message_id=f"{n}@northlight.example", recipient_address=address)
        for n, address in enumerate(addresses)
    ]


def send_all(server: Server, outgoings: list[Outgoing]) -> list[Receipt]:
    with opened(CHANNEL, settings(server.port), secrets={}, clock=lambda: NOW) as sender:
        return [sender.send(outgoing, handing_over=lambda: None) for outgoing in outgoings]


def test_many_go_over_one_connection() -> None:
    with running(Server()) as server:
        receipts = send_all(server, mails("a@b.example", "c@d.example", "e@f.example"))
    assert [receipt.state for receipt in receipts] == ["accepted"] * 3
    [talk] = server.talks
    assert [line.split()[0] for line in talk] == [b"EHLO", *[b"MAIL", b"RCPT", b"DATA"] * 3, b"QUIT"]
    assert [b"Message-ID: <%d@northlight.example>" % n in mail for n, mail in enumerate(server.mails)] == [True] * 3


@pytest.mark.parametrize(("refusal", "state"), [(b"550 5.1.1 nobody\r\n", "failed"), (b"450 later\r\n", "retry")])
@pytest.mark.parametrize("at", [b"MAIL", b"RCPT", b"."])
def test_one_refused_leaves_the_others_alone(at: bytes, refusal: bytes, state: str) -> None:
    seen: list[bytes] = []

    def second(connection: int, line: bytes) -> bytes | None:
        if line.split(b" ")[0].split(b":")[0] == at:
            seen.append(line)
            return refusal if len(seen) == 2 else None
        return None

    with running(Server(second)) as server:
        receipts = send_all(server, mails("a@b.example", "bad@d.example", "e@f.example"))
    assert [receipt.state for receipt in receipts] == ["accepted", state, "accepted"]
    assert receipts[1].proof == refusal.decode().strip()
    assert len(server.talks) == 1
    assert server.talks[0].count(b"RSET") == 1
    assert len(server.mails) == 2


@pytest.mark.parametrize("said", [b"", b"421 4.4.2 idle too long\r\n"])
def test_a_connection_that_ended_between_two_mails_is_made_anew(said: bytes) -> None:
    def after_one(connection: int, line: bytes) -> bytes | None:
        return said if connection == 0 and line.startswith(b"MAIL") and server.mails else None

    with running(Server(after_one)) as server:
        receipts = send_all(server, mails("a@b.example", "c@d.example"))
    assert [receipt.state for receipt in receipts] == ["accepted", "accepted"]
    assert len(server.talks) == 2


@pytest.mark.feature("BEY-01")
def test_a_mail_cut_after_its_content_is_unconfirmed_and_not_sent_again() -> None:
    def cut(connection: int, line: bytes) -> bytes | None:
        return b"" if connection == 0 and line == b"." and server.mails else None

    with running(Server(cut)) as server:
        receipts = send_all(server, mails("a@b.example", "c@d.example", "e@f.example"))
    assert [receipt.state for receipt in receipts] == ["accepted", "unconfirmed", "accepted"]
    assert len(server.mails) == 2
    assert sum(talk.count(b"DATA") for talk in server.talks) == 3


@pytest.mark.feature("BEY-01")
@pytest.mark.parametrize(
    ("said", "state"),
    [
        (b"250 ok\r\n", "accepted"),
        (b"252 fine too\r\n", "accepted"),
        (b"250\r\n", "accepted"),
        (b"250-taken\r\n250 as 7\r\n", "accepted"),
        (b"421 closing\r\n", "retry"),
        (b"451 later\r\n", "retry"),
        (b"554 no\r\n", "failed"),
        (b"250 " + b"x" * 9000 + b"\r\n", "unconfirmed"),  # too long for `smtplib`, which calls it a refusal
        (b"what?\r\n", "unconfirmed"),
        (b"354 go on\r\n", "unconfirmed"),
        (b"999 \r\n", "unconfirmed"),
        (b"\r\n", "unconfirmed"),
        (b"250 half a li", "unconfirmed"),
        (b"250-taken\r\n", "unconfirmed"),
        (b"554 half a refus", "unconfirmed"),
    ],
)
def test_only_a_verdict_settles_what_has_gone(said: bytes, state: str) -> None:
    with running(Server(lambda connection, line: said if line == b"." else None)) as server:
        [receipt] = send_all(server, mails("a@b.example"))
    assert receipt.state == state


@pytest.mark.feature("DLV-26")
@pytest.mark.parametrize(("deduplicates", "state"), [(True, "retry"), (False, "unconfirmed")])
def test_a_cut_is_tried_again_only_where_twice_is_once(deduplicates: bool, state: str) -> None:
    with running(Server(lambda connection, line: b"" if line == b"." else None)) as server:
        receipt = CHANNEL.send(
            REPORT,
            settings=settings(server.port, deduplicates=deduplicates),
            secrets={},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
    assert receipt.state == state


def test_a_lost_claim_after_data_takes_the_mail_back() -> None:
    class LostError(Exception):
        pass

    def lost() -> None:
        raise LostError

    start = time.monotonic()
    with running(Server()) as server:
        with opened(CHANNEL, settings(server.port), secrets={}, clock=lambda: NOW) as sender:
            with pytest.raises(LostError):
                sender.send(REPORT, handing_over=lost)
            assert sender.send(REPORT, handing_over=lambda: None).state == "accepted"
        time.sleep(0.05)
    assert len(server.mails) == 1
    assert time.monotonic() - start < 1  # the next one did not talk into the open content


def test_a_connection_ends_after_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailer, "MOST_MESSAGES", 2)
    with running(Server()) as server:
        send_all(server, mails(*["a@b.example"] * 5))
    assert [talk.count(b"DATA") for talk in server.talks] == [2, 2, 1]


def test_nothing_is_connected_for_nothing() -> None:
    with running(Server()) as server:
        assert send_all(server, []) == []
        assert send_all(server, mails("no address"))[0].state == "failed"
    assert server.talks == []


def dribble(after: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Says *after*, then a reply that never ends, a byte at a time, well within the wait for a reply."""

    def serve(peer: socket.socket, over: threading.Event) -> None:
        peer.sendall(after)
        while not over.wait(0.02):
            peer.sendall(b"2")

    return serve


READY = b"220 a\r\n250 b\r\n250 c\r\n250 d\r\n354 e\r\n"


@pytest.mark.parametrize(("lines", "state"), [(0, "retry"), (1, "retry"), (3, "retry"), (5, "unconfirmed")])
def test_no_try_outlasts_its_deadline_wherever_it_hangs(lines: int, state: str) -> None:
    start = time.monotonic()
    with raw(dribble(b"".join(READY.splitlines(keepends=True)[:lines]))) as port:
        receipt = CHANNEL.send(
            REPORT,
            settings=settings(port, total_seconds=0.3),
            secrets={},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
    assert receipt.state == state
    assert time.monotonic() - start < 1.5
    if state == "retry":
        assert "longer than 0.3 seconds" in receipt.proof


def test_an_alarm_that_rings_while_connecting_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = session._socket

    def slowly(*told: Any, **more: Any) -> socket.socket:
        made = connect(*told, **more)
        time.sleep(0.2)
        return made

    monkeypatch.setattr(session, "_socket", slowly)
    start = time.monotonic()
    with raw(dribble(b"")) as port:
        receipt = CHANNEL.send(
            REPORT,
            settings=settings(port, total_seconds=0.1),
            secrets={},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
    assert receipt.state == "retry"
    assert time.monotonic() - start < 1


def test_a_farewell_that_hangs_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.adapters.channels.email.session.FAREWELL_SECONDS", 0.2)
    with raw(dribble(READY + b"250 taken\r\n")) as port:
        receipt = CHANNEL.send(
            REPORT, settings=settings(port), secrets={}, clock=lambda: NOW, handing_over=lambda: None
        )
    assert (receipt.state, receipt.proof) == ("accepted", "250 taken")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("jörg@northlight.example", "signs before the @"),
        ("nobody", "is not an e-mail address"),
        ("a b@c.example", "is not an e-mail address"),
        ("a@" + "ö" * 70 + ".example", "cannot exist"),
    ],
)
def test_an_address_that_no_server_takes_is_told(address: str, said: str) -> None:
    with running(Server()) as server:
        [receipt] = send_all(server, mails(address))
    assert receipt.state == "failed"
    assert said in receipt.proof
    assert server.talks == []


def test_a_domain_in_another_script_is_sent_in_its_ascii_form() -> None:
    with running(Server()) as server:
        [receipt] = send_all(server, mails("einkauf@grünwald.example"))
    assert receipt.state == "accepted"
    assert b"RCPT TO:<EINKAUF@XN--GRNWALD-O2A.EXAMPLE>" in server.talks[0]


@pytest.mark.feature("DLV-21")
def test_a_server_without_starttls_gets_nothing() -> None:
    with running(Server()) as server:
        receipt = CHANNEL.send(
            REPORT,
            settings=settings(server.port, encryption="starttls"),
            secrets={},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
    assert receipt.state == "retry"
    assert "does not offer what the settings ask for" in receipt.proof
    assert server.mails == []


def test_the_password_is_in_no_transcript_even_when_echoed() -> None:
    def echo(connection: int, line: bytes) -> bytes | None:
        if line.startswith(b"EHLO"):
            return b"250-sink\r\n250 AUTH PLAIN LOGIN\r\n"
        return b"535 swordfish is wrong\r\n" if line.startswith(b"AUTH") else None

    with running(Server(echo)) as server:
        receipt = CHANNEL.send(
            REPORT,
            settings=settings(server.port, user="u"),
            secrets={"password": "swordfish"},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
    assert receipt.state == "failed"
    assert "swordfish" not in " ".join([receipt.proof, *(line.text for line in receipt.transcript)])


@pytest.mark.feature("DLV-26")
@pytest.mark.parametrize(("said", "once"), [(True, True), (False, False), (None, False), ("true", False)])
def test_mail_is_repeatable_only_where_the_operator_says_so(said: object, once: bool) -> None:
    assert CHANNEL.idempotent({"deduplicates": said} if said is not None else {}) is once
