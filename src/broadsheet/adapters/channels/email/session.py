"""One SMTP session over `smtplib`, with every line written down but the content and the credentials."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from types import TracebackType


def _deaf(who: str, text: str) -> None:
    """Nobody listens."""


class Session:
    """Connects on entry. ``content_gone`` tells that bytes of the message may have reached the other side;
    ``accepted`` is its reply to the final dot, empty until then."""

    def __init__(
        self,
        settings: Mapping[str, object],
        *,
        secrets: Mapping[str, str],
        hear: Callable[[str, str], None] = _deaf,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._hear = hear
        self._server: smtplib.SMTP | None = None
        self.content_gone = False
        self.accepted = ""

    def __enter__(self) -> Session:
        host, port = str(self._settings["host"]), int(str(self._settings.get("port") or 587))
        seconds = float(str(self._settings.get("seconds") or 30))
        encryption = self._settings.get("encryption", "starttls")
        self._hear("we", f"connect {host}:{port}")
        if encryption == "tls":
            self._server = smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
        else:
            self._server = smtplib.SMTP(host, port, timeout=seconds)
        self._settle("EHLO", self._server.ehlo())
        if encryption == "starttls":
            self._settle("STARTTLS", self._server.starttls(context=ssl.create_default_context()))
            self._settle("EHLO", self._server.ehlo())
        if self._settings.get("user"):
            self._settle("AUTH", self._server.login(str(self._settings["user"]), self._secrets.get("password", "")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is None:
            return
        try:
            if kind is None:
                self._server.quit()
        except (OSError, smtplib.SMTPException):
            pass  # the reply to the final dot has settled the matter; a farewell proves nothing
        finally:
            self._server.close()

    def noop(self) -> None:
        self._settle("NOOP", self._connected.noop())

    def mail(self, sender: str, *, size: int) -> None:
        options = [f"SIZE={size}"] if self._connected.has_extn("size") else []
        self._settle(f"MAIL FROM:<{sender}>", self._connected.mail(sender, options))

    def rcpt(self, address: str) -> None:
        self._settle(f"RCPT TO:<{address}>", self._connected.rcpt(address))

    def data(self, content: bytes, *, handing_over: Callable[[], None]) -> None:
        """Send the content; sets ``accepted`` or raises the refusal."""
        self._settle("DATA", self._connected.docmd("DATA"), expected=354)
        handing_over()
        self.content_gone = True
        body = content if content.endswith(b"\r\n") else content + b"\r\n"
        body = body.replace(b"\r\n.", b"\r\n..")  # RFC 5321, 4.5.2
        self._connected.send((b"." + body if body.startswith(b".") else body) + b".\r\n")
        code, said = self._connected.getreply()
        self._hear("we", f"{len(content)} bytes, then the final dot")
        self._heard(code, said)
        if code != 250:
            raise smtplib.SMTPDataError(code, said)
        self.accepted = f"{code} {_text(said)}"

    @property
    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._server

    def _settle(self, said: str, reply: tuple[int, bytes], *, expected: int = 200) -> None:
        self._hear("we", said)
        code, text = reply
        self._heard(code, text)
        if not expected <= code < expected + 100:
            raise smtplib.SMTPResponseException(code, text)

    def _heard(self, code: int, said: bytes) -> None:
        self._hear("they", f"{code} {_text(said)}")


def _text(said: bytes) -> str:
    return " ".join(said.decode("utf-8", "replace").split())
