"""Any SMTP server. How a try is settled is told in `mailer`, what a message looks like in `channels.message`."""

from __future__ import annotations

import math
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from broadsheet.adapters.channels.message import address
from broadsheet.adapters.outbound import OutboundError
from broadsheet.delivery.ports import Outgoing, Receipt, Sender, Verdict
from broadsheet.plugins import Descriptor, Setting

from .mailer import Mailer
from .session import PORT, SECONDS, TOTAL_SECONDS, Session

ENCRYPTION = (("starttls", "STARTTLS, certificate checked"), ("tls", "TLS from the start"), ("none", "none (loopback)"))
CORRECT = "Correct it in the channel’s settings."


class EmailChannel:
    descriptor = Descriptor(
        id="email",
        label="E-mail",
        summary="Any SMTP server.",
        settings=(
            Setting("host", "Server", required=True, place=True),
            Setting("port", "Port", kind="number", default=PORT, place=True),
            Setting("encryption", "Encryption", kind="choice", default="starttls", choices=ENCRYPTION, place=True),
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
            Setting("total_seconds", "Longest try, seconds", kind="number", default=TOTAL_SECONDS),
        ),
        capabilities=frozenset({"attachments", "inline", "unsubscribe", "batch"}),
    )

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        return settings.get("deduplicates") is True

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        fault = _fault(settings)
        if fault:
            return Verdict(False, fault, CORRECT)
        place = f"{settings.get('host')}:{settings.get('port') or PORT}"
        session = Session(settings, secrets=secrets)
        try:
            with session.within(float(str(settings.get("seconds") or SECONDS))) as deadline:
                session.connect(deadline)
                session.noop()
        except smtplib.SMTPAuthenticationError:
            return Verdict(False, f"{place} refused the user or password.", "Correct them in the channel's settings.")
        except ssl.SSLError:
            return Verdict(
                False, f"The certificate of {place} is not valid for it.", "Correct the name or the certificate."
            )
        except (OSError, smtplib.SMTPException, OutboundError, UnicodeError):
            return Verdict(False, f"{place} does not answer as a mail server.", "Check server, port and encryption.")
        finally:
            session.close()
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
        with self.open(settings, secrets=secrets, clock=clock) as sender:
            return sender.send(outgoing, handing_over=handing_over)

    @contextmanager
    def open(
        self, settings: Mapping[str, object], *, secrets: Mapping[str, str], clock: Callable[[], datetime]
    ) -> Iterator[Sender]:
        """One connection for many messages, made at the first one."""
        fault = _fault(settings)
        if fault:
            yield _Refusing(f"{fault} {CORRECT}")
            return
        mailer = Mailer(settings, secrets=secrets, clock=clock)
        try:
            yield mailer
        finally:
            mailer.close()


@dataclass(frozen=True, slots=True)
class _Refusing:
    """A `Sender` whose settings cannot work."""

    why: str

    def send(self, outgoing: Outgoing, *, handing_over: Callable[[], None]) -> Receipt:
        return Receipt("failed", self.why, whole=True)


def _fault(settings: Mapping[str, object]) -> str:
    """What is wrong with the settings before anybody is called; empty when nothing is."""
    host = str(settings.get("host") or "")
    if not host or not host.isprintable() or " " in host:
        return "The mail server has no name, or one that cannot be."
    if settings.get("encryption", "starttls") not in dict(ENCRYPTION):
        return f"The encryption must be one of {', '.join(dict(ENCRYPTION))}."
    for name, most in (("port", 65535.0), ("seconds", math.inf), ("total_seconds", math.inf)):
        if not _is_number(settings.get(name), most=most, whole=name == "port"):
            return f"“{name}” must be a number above 0."
    try:
        address(str(settings.get("from") or ""))
    except ValueError:
        return "The sender’s address is missing or not an e-mail address."
    return ""


def _is_number(said: object, *, most: float, whole: bool) -> bool:
    if said is None or said == "":
        return True  # the default
    try:
        number = int(str(said)) if whole else float(str(said))
    except ValueError:
        return False
    return 0 < number <= most and number != math.inf


CHANNEL = EmailChannel()
