"""Messages over one connection, each settled for itself.

The settlement follows the protocol: a reply to the final dot settles; a cut after the first byte of content leaves it
unconfirmed, unless the server drops what it already has; any other cut or 4xx may be tried again; 5xx is final (RFC
5321, 4.2.1 and 4.5.4). A connection that broke
between two messages, when nothing of the next one had gone, is made anew once.

Whether a refusal is of this recipient or of everybody is told by where it came, and by its enhanced status code (RFC
3463): a server that refuses to talk, to sign us in or to take our sender, or whose own system fails, refuses all.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from broadsheet.adapters.channels.message import address, written
from broadsheet.adapters.outbound import OutboundError
from broadsheet.adapters.outbound.errors import TookTooLong
from broadsheet.adapters.outbound.wire import Deadline
from broadsheet.delivery.ports import Line, Outgoing, Receipt

from .session import PORT, TOTAL_SECONDS, Session

MOST_MESSAGES = 100  # over one connection; servers commonly end theirs there
CLOSING = 421  # "closing transmission channel" (RFC 5321, 3.8)
FULL = 452  # "insufficient system storage", where no enhanced code says whose
SYSTEM = re.compile(r"[45]\.[34]\.\d{1,3}\b")  # mail system, network and routing (RFC 3463, 3.4 and 3.5)
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
NOBODY = re.compile(r"5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")  # no such mailbox or domain, moved, closed (RFC 3463, 7505)
COME_BACK = re.compile(r"\b(?:in|after|for) (\d{1,5}) ?(s|m)(?:ec|in)?(?:ond|ute)?s?\b", re.IGNORECASE)
MOST_WAIT_SECONDS = 24 * 3600.0  # a server may ask for a day, not for a year


@dataclass(frozen=True, slots=True)
class Settled:
    """How a try ended, as in `Receipt`."""

    state: Literal["accepted", "retry", "failed", "unconfirmed"]
    proof: str
    cause: Literal["", "connection", "timeout", "temporary"] = ""
    whole: bool = False
    wait: float = 0.0
    no_such_address: bool = False


TROUBLE = (OSError, smtplib.SMTPException, OutboundError)


class Mailer:
    """A `Sender`; *settings* are checked already."""

    def __init__(
        self, settings: Mapping[str, object], *, secrets: Mapping[str, str], clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._session = Session(settings, secrets=secrets)

    def send(self, outgoing: Outgoing, *, handing_over: Callable[[], None]) -> Receipt:
        try:
            to, sender = address(outgoing.recipient_address), address(str(self._settings["from"]))
            content = written(outgoing, sender=sender, sender_name=str(self._settings.get("from_name") or ""))
        except ValueError as error:
            return Receipt("failed", str(error))
        talk: list[Line] = []
        self._session.hear = lambda who, text: talk.append(Line(self._clock(), "we" if who == "we" else "they", text))
        seconds = float(str(self._settings.get("total_seconds") or TOTAL_SECONDS))
        with self._session.within(seconds) as deadline:
            settled = self._try(content, sender=sender, to=to, deadline=deadline, handing_over=handing_over)
        return Receipt(
            settled.state, settled.proof, tuple(talk), settled.wait, content, cause=settled.cause, whole=settled.whole,
            no_such_address=settled.no_such_address,
        )  # fmt: skip

    def close(self) -> None:
        self._session.close()

    def _try(
        self, content: bytes, *, sender: str, to: str, deadline: Deadline, handing_over: Callable[[], None]
    ) -> Settled:
        session = self._session
        if session.sent >= MOST_MESSAGES:
            session.close()
        was_idle = session.connected
        try:
            try:
                self._talk(content, sender=sender, to=to, deadline=deadline, handing_over=handing_over)
            except TROUBLE as error:
                if not was_idle or session.content_gone or _is_refusal(error):
                    raise
                session.drop()
                self._talk(content, sender=sender, to=to, deadline=deadline, handing_over=handing_over)
        except smtplib.SMTPResponseException as refusal:
            settled = _refused(refusal, session)
            if not session.ready or not _is_refusal(refusal):
                session.drop()
            return settled
        except TROUBLE as error:
            session.drop()
            place = f"{self._settings.get('host')}:{self._settings.get('port') or PORT}"
            twice_is_once = self._settings.get("deduplicates") is True
            return _cut(error, session, deadline, place=place, twice_is_once=twice_is_once)
        except BaseException:
            session.drop()  # the claim was lost after DATA: only hanging up takes the message back
            raise
        return Settled("accepted", session.accepted)

    def _talk(
        self, content: bytes, *, sender: str, to: str, deadline: Deadline, handing_over: Callable[[], None]
    ) -> None:
        session = self._session
        session.content_gone, session.accepted, session.refused = False, "", ""
        if not session.connected:
            session.connect(deadline)
        session.begin(sender, to, size=len(content))
        session.data(content, handing_over=handing_over)


def _is_refusal(error: BaseException) -> bool:
    """Whether the other side refused this message and is there for the next; -1 is a reply that is none."""
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code not in {CLOSING, -1}


def _refused(refusal: smtplib.SMTPResponseException, session: Session) -> Settled:
    said = refusal.smtp_error
    text = session.legible(said if isinstance(said, bytes) else said.encode())
    proof = f"{refusal.smtp_code} {text}"
    whole = not session.ready or session.refused.startswith("MAIL ") or _is_of_the_system(refusal.smtp_code, text)
    if 500 <= refusal.smtp_code < 600:
        # Only by the enhanced code: a bare 550 may also say that they relay nothing for us, whoever it is for.
        nobody = session.refused.startswith("RCPT ") and bool(NOBODY.match(text))
        return Settled("failed", proof, whole=whole, no_such_address=nobody)
    return Settled("retry", proof, "temporary", whole, _come_back(text))


def _is_of_the_system(code: int, text: str) -> bool:
    return code == CLOSING or bool(SYSTEM.match(text)) or (code == FULL and not ENHANCED.match(text))


def _come_back(text: str) -> float:
    """Seconds that a refusal asks to wait, as greylisting does (RFC 6647 leaves the words to the server); 0: it does not say."""
    found = COME_BACK.search(text)
    if found is None:
        return 0.0
    return min(int(found[1]) * (60.0 if found[2].lower() == "m" else 1.0), MOST_WAIT_SECONDS)


def _cut(error: BaseException, session: Session, deadline: Deadline, *, place: str, twice_is_once: bool) -> Settled:
    if session.content_gone and twice_is_once:
        told = "The connection was cut after the content had gone; the server drops it if it has it already."
        return Settled("retry", told, "connection")
    if session.content_gone:
        return Settled("unconfirmed", "The connection was cut after the content had gone; it may have arrived.")
    if deadline.is_over:
        return Settled("retry", str(deadline.passed()), "timeout")
    late = isinstance(error, TimeoutError | TookTooLong)
    return Settled("retry", explained(error, place=place), "timeout" if late else "connection")


def explained(error: BaseException, *, place: str) -> str:
    """Why the server at *place* (host:port) could not be talked to, and what to look at, in words for people."""
    if isinstance(error, OutboundError):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {place} is not valid: {error.verify_message}. Correct the name or the certificate."
    if isinstance(error, ssl.SSLError):
        return f"{place} does not speak TLS as the settings ask for. Check the port and the encryption."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{place} does not offer what the settings ask for: STARTTLS, or a way of signing in."
    if isinstance(error, ConnectionRefusedError):
        return f"{place} refused the connection. Check server and port, and that it runs."
    if isinstance(error, TimeoutError):
        return f"{place} did not answer in time. Check server and port, and that no firewall is between."
    if isinstance(error, ConnectionError | smtplib.SMTPServerDisconnected):
        return f"{place} broke the connection off before it had the mail. Its own log says why."
    if isinstance(error, OSError) and error.strerror and not isinstance(error, smtplib.SMTPException):
        return f"{place} cannot be reached: {error.strerror}. Check server and port."
    return f"{place} does not answer as a mail server. Check server, port and encryption."
