"""SMTP, one message a connection, every reply kept.

The settlement follows the protocol: a reply to the final dot settles; a cut after the first byte of content leaves
it unconfirmed; any other cut or 4xx may be tried again; 5xx is final (RFC 5321, 4.2.1 and 4.5.4).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime

from broadsheet.delivery.ports import Line, Outgoing, Receipt, Verdict
from broadsheet.plugins import Descriptor, Setting

from .message import UnsafeText, build
from .session import Session

SECONDS = 30.0  # silence of the other side, per reply
ENCRYPTION = (("starttls", "STARTTLS, certificate checked"), ("tls", "TLS from the start"), ("none", "none (loopback)"))


class EmailChannel:
    descriptor = Descriptor(
        id="email",
        label="E-mail",
        summary="Any SMTP server.",
        settings=(
            Setting("host", "Server", required=True),
            Setting("port", "Port", kind="number", default=587),
            Setting("encryption", "Encryption", kind="choice", default="starttls", choices=ENCRYPTION),
            Setting("user", "User"),
            Setting("password", "Password", secret=True),
            Setting("from", "Sender's address", required=True),
            Setting("from_name", "Sender's name"),
            Setting(
                "deduplicates",
                "The server drops a Message-ID that it already has",
                kind="flag",
                default=False,
                help="On only where the server is set up so, for example by Sieve’s duplicate test (RFC 7352): a mail "
                "whose arrival is unknown is then sent again by itself.",
            ),
            Setting("seconds", "Longest wait for a reply, seconds", kind="number", default=SECONDS),
        ),
        capabilities=frozenset({"attachments", "inline", "unsubscribe"}),
    )

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        return settings.get("deduplicates") is True

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        place = f"{settings.get('host')}:{settings.get('port', 587)}"
        try:
            with Session(settings, secrets=secrets) as session:
                session.noop()
        except smtplib.SMTPAuthenticationError:
            return Verdict(False, f"{place} refused the user or password.", "Correct them in the channel's settings.")
        except ssl.SSLError:
            return Verdict(
                False, f"The certificate of {place} is not valid for it.", "Correct the name or the certificate."
            )
        except (OSError, smtplib.SMTPException):
            return Verdict(False, f"{place} does not answer as a mail server.", "Check server, port and encryption.")
        return Verdict(True, f"{place} is ready for mail.")

    def send(
        self,
        outgoing: Outgoing,
        *,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        clock: Callable[[], datetime],
        handing_over: Callable[[], None],
    ) -> Receipt:
        try:
            message = build(outgoing, settings=settings)
        except (UnsafeText, ValueError) as error:
            return Receipt("failed", str(error))
        talk: list[Line] = []

        def hear(who: str, text: str) -> None:
            talk.append(Line(clock(), "we" if who == "we" else "they", text))

        state, proof = self._try(message.as_bytes(), outgoing, settings, secrets, hear, handing_over)
        return Receipt(state, proof, tuple(talk))  # type: ignore[arg-type]  # one of the four, see _try

    def _try(
        self,
        content: bytes,
        outgoing: Outgoing,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        hear: Callable[[str, str], None],
        handing_over: Callable[[], None],
    ) -> tuple[str, str]:
        session = Session(settings, secrets=secrets, hear=hear)
        try:
            with session:
                session.mail(str(settings["from"]), size=len(content))
                session.rcpt(outgoing.recipient_address)
                session.data(content, handing_over=handing_over)
        except smtplib.SMTPResponseException as refusal:
            return _refused(refusal)
        except (OSError, smtplib.SMTPException) as error:
            if session.accepted:
                return "accepted", session.accepted  # only the farewell was cut
            if session.content_gone:
                return "unconfirmed", "The connection was cut after the content had gone; it may have arrived."
            return "retry", f"{type(error).__name__}: the server could not be talked to."
        return "accepted", session.accepted


def _refused(refusal: smtplib.SMTPResponseException) -> tuple[str, str]:
    said = refusal.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    proof = f"{refusal.smtp_code} {' '.join(text.split())}"
    return ("failed" if 500 <= refusal.smtp_code < 600 else "retry"), proof


CHANNEL = EmailChannel()
