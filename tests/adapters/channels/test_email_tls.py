"""Encrypted mail: the certificate must be valid for the server's name, and nothing goes before that is known."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from tests.adapters.channels.worlds import NOW, REPORT
from tests.adapters.free_ports import free_port
from tests.adapters.http_servers import certificate, raw

from broadsheet.delivery.ports import CHANNELS, Receipt, Verdict, opened

pytestmark = [pytest.mark.feature("DLV-01"), pytest.mark.feature("DLV-21")]
CHANNEL = CHANNELS.get("email")


class Sink:
    def __init__(self) -> None:
        self.taken: list[tuple[bool, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append((session.ssl is not None, str(session.auth_data)))
        return "250 OK"


def signed_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    ok = getattr(data, "password", b"") == b"swordfish"
    return AuthResult(success=ok, handled=False, auth_data=getattr(data, "login", b"").decode())


@contextmanager
def serving(sink: Sink, encryption: str, context: ssl.SSLContext) -> Iterator[int]:
    own: dict[str, object] = {"authenticator": signed_in}
    if encryption == "tls":
        own |= {"ssl_context": context, "auth_require_tls": False}
    else:
        own |= {"tls_context": context, "require_starttls": True}
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), **own)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def server_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A context whose certificate is for localhost; the channel trusts its issuer."""
    server, client = certificate(tmp_path, "localhost")
    monkeypatch.setattr("broadsheet.adapters.channels.email.session.system_trust", lambda: client)
    return server


def settings(port: int, encryption: str, host: str = "localhost", **more: object) -> dict[str, object]:
    own = {"host": host, "port": port, "encryption": encryption, "from": "r@northlight.example", "seconds": 2}
    return {**own, "user": "reports", **more}


def send(port: int, encryption: str, *, password: str = "swordfish", **more: object) -> Receipt:
    told = settings(port, encryption, **more)  # type: ignore[arg-type]
    return CHANNEL.send(
        REPORT, settings=told, secrets={"password": password}, clock=lambda: NOW, handing_over=lambda: None
    )


def check(port: int, encryption: str, *, password: str = "swordfish", host: str = "localhost") -> Verdict:
    return CHANNEL.check(settings(port, encryption, host), secrets={"password": password})


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_mail_goes_encrypted_and_signed_in(encryption: str, server_side: ssl.SSLContext) -> None:
    sink = Sink()
    with serving(sink, encryption, server_side) as port:
        assert check(port, encryption).ok
        told = settings(port, encryption)
        with opened(CHANNEL, told, secrets={"password": "swordfish"}, clock=lambda: NOW) as sender:
            receipts = [sender.send(REPORT, handing_over=lambda: None) for _ in range(2)]
    assert [receipt.state for receipt in receipts] == ["accepted", "accepted"]
    assert [who for _, who in sink.taken] == ["reports", "reports"]
    assert encryption == "tls" or all(encrypted for encrypted, _ in sink.taken)


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_a_certificate_for_another_name_gets_nothing(encryption: str, server_side: ssl.SSLContext) -> None:
    sink = Sink()
    with serving(sink, encryption, server_side) as port:
        receipt = send(port, encryption, host="127.0.0.1")
        verdict = check(port, encryption, host="127.0.0.1")
    assert receipt.state == "retry"
    assert "certificate is not valid" in receipt.proof
    assert verdict.message == f"The certificate of 127.0.0.1:{port} is not valid for it."
    assert sink.taken == []
    assert "swordfish" not in " ".join(line.text for line in receipt.transcript)


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_a_wrong_password_has_failed(encryption: str, server_side: ssl.SSLContext) -> None:
    sink = Sink()
    with serving(sink, encryption, server_side) as port:
        receipt = send(port, encryption, password="wrong")
        verdict = check(port, encryption, password="wrong")
    assert receipt.state == "failed"
    assert receipt.proof.startswith("535")
    assert "refused the user or password" in verdict.message
    assert sink.taken == []


@pytest.mark.parametrize(
    ("encryption", "said"), [("tls", b""), ("starttls", b"220 a\r\n250-b\r\n250 STARTTLS\r\n220 go\r\n")]
)
def test_a_handshake_that_hangs_ends_at_the_deadline(encryption: str, said: bytes) -> None:
    def hang(peer: socket.socket, over: threading.Event) -> None:
        peer.sendall(said)
        over.wait(5)

    start = time.monotonic()
    with raw(hang) as port:
        receipt = send(port, encryption, total_seconds=0.3)
    assert receipt.state == "retry"
    assert time.monotonic() - start < 1.5
