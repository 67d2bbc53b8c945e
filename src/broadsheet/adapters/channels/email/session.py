"""One SMTP connection over `smtplib`, with every line written down but the content and the credentials."""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import cast

from broadsheet.adapters.outbound.client import system_trust
from broadsheet.adapters.outbound.wire import Deadline, resolved

from .alarms import ALARMS

SECONDS = 30.0  # silence of the other side, per reply
TOTAL_SECONDS = 120.0  # one try, from resolving the name to the reply to the final dot
FAREWELL_SECONDS = 5.0
PORT = 587
MOST_LINES, MOST_LINE_BYTES = 100, 8192  # of a reply; RFC 5321, 4.5.3.1.5 has 512 bytes
VERDICT = re.compile(rb"([245][0-9]{2})(?:([ -])(.*?))?\r?\n", re.DOTALL)

Hear = Callable[[str, str], None]


def deaf(who: str, text: str) -> None:
    """Nobody listens."""


class Session:
    """A connection for one message after another, or none yet. ``content_gone`` tells that bytes of the current message
    may have reached the other side; ``accepted`` is its reply to the final dot, empty until then. ``ready`` tells that
    it is connected and signed in; ``sent`` counts messages over this connection. ``refused`` is the first command that the
    other side refused, empty where it did not."""

    def __init__(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> None:
        self._settings = settings
        self._secrets = secrets
        self._server: smtplib.SMTP | None = None
        self._socket: socket.socket | None = None
        self._dirty = False
        self._is_over = False  # the alarm has rung and cut, or would have
        self.hear: Hear = deaf
        self.ready = False
        self.content_gone = False
        self.accepted = ""
        self.refused = ""
        self.sent = 0

    @property
    def connected(self) -> bool:
        return self._server is not None

    @contextmanager
    def within(self, seconds: float) -> Iterator[Deadline]:
        """Everything inside ends after *seconds*: the connection is then cut, whatever it waits for."""
        self._is_over = False
        deadline = Deadline(seconds)
        alarm = ALARMS.set(seconds, self._cut)
        try:
            yield deadline
        finally:
            ALARMS.cancel(alarm)

    def connect(self, deadline: Deadline) -> None:
        """Connect, encrypt, sign in. Raises OSError, smtplib.SMTPException, OutboundError."""
        host, port = str(self._settings["host"]), int(str(self._settings.get("port") or PORT))
        encryption = self._settings.get("encryption", "starttls")
        seconds = float(str(self._settings.get("seconds") or SECONDS))
        self.hear("we", f"connect {host}:{port}")
        self._dirty, self.ready, self.sent = False, False, 0
        self._socket = _socket(host, port, deadline, seconds=seconds)
        self._check(deadline)
        if encryption == "tls":
            # No one else can cut a handshake, so its own limit has to do.
            self._socket.settimeout(min(seconds, deadline.left()))
            self._socket = system_trust().wrap_socket(self._socket, server_hostname=host)
            self._socket.settimeout(seconds)
            self._check(deadline)
        self._server = server = _Server(host, self._socket)
        self._settle("", server.getreply)
        self._settle("EHLO", server.ehlo)
        if encryption == "starttls":
            self._socket.settimeout(min(seconds, deadline.left()))
            self._settle("STARTTLS", lambda: server.starttls(context=system_trust()))
            self._socket = cast(socket.socket, server.sock)
            self._socket.settimeout(seconds)
            self._check(deadline)
            self._settle("EHLO", server.ehlo)
        if self._settings.get("user"):
            user, password = str(self._settings["user"]), self._secrets.get("password", "")
            self._settle("AUTH", lambda: server.login(user, password))
        self.ready = True

    def close(self) -> None:
        """Say farewell if there is somebody; it proves nothing, so nothing is raised."""
        if self._server is None or not self.ready:
            self.drop()
            return
        with self.within(FAREWELL_SECONDS), suppress(OSError, smtplib.SMTPException):
            self._server.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        if self._server is not None:
            self._server.close()
        if self._socket is not None:
            self._socket.close()
        self._server, self._socket, self.ready, self.sent = None, None, False, 0

    def noop(self) -> None:
        self._settle("NOOP", self._connected.noop)

    def begin(self, sender: str, to: str, *, size: int) -> None:
        """Up to the server's readiness for content, after whatever became of the message before: in one go where the
        server takes it so (RFC 2920), else reply by reply. Raises the refusal."""
        server = self._connected
        limit = f" SIZE={size}" if server.has_extn("size") else ""
        commands = [*(["RSET"] if self._dirty else []), f"MAIL FROM:<{sender}>{limit}", f"RCPT TO:<{to}>", "DATA"]
        self._dirty = True
        if server.has_extn("pipelining"):
            self._pipe(commands)
            return
        for command in commands:
            self._settle(command, partial(server.docmd, command), expected=_expected(command))

    def _pipe(self, commands: list[str]) -> None:
        server = self._connected
        server.send("".join(f"{command}\r\n" for command in commands))
        refusal: smtplib.SMTPResponseException | None = None
        for command in commands:
            try:
                self._settle(command, server.getreply, expected=_expected(command))
            except smtplib.SMTPResponseException as error:
                refusal = refusal or error
            except (OSError, smtplib.SMTPException):
                if refusal is None:
                    raise
                break  # it refused, then hung up
            else:
                if command == "DATA" and refusal is not None:
                    # Ready for content though it refused the envelope: nobody gets the empty message that ends this.
                    self._settle(".", lambda: server.docmd("."), expected=0)
        if refusal is not None:
            raise refusal

    def data(self, content: bytes, *, handing_over: Callable[[], None]) -> None:
        """Send the content; sets ``accepted`` or raises the refusal."""
        handing_over()
        self.content_gone = True
        body = content if content.endswith(b"\r\n") else content + b"\r\n"
        body = body.replace(b"\r\n.", b"\r\n..")  # RFC 5321, 4.5.2
        self._connected.send((b"." + body if body.startswith(b".") else body) + b".\r\n")
        self.hear("we", f"{len(content)} bytes, then the final dot")
        code, said = self._verdict()
        self._heard(code, said)
        if code >= 400:
            raise smtplib.SMTPDataError(code, said)
        self.accepted = f"{code} {self.legible(said)}"
        self._dirty = False
        self.sent += 1

    def legible(self, said: bytes) -> str:
        """What they said on one line, without the password that they may echo."""
        text = " ".join(said.decode("utf-8", "replace").split())
        password = self._secrets.get("password")
        return text.replace(password, "•••") if password else text

    def _verdict(self) -> tuple[int, bytes]:
        """The reply to the final dot (RFC 5321, 4.2). Read here and not by `smtplib`, which takes half a line for a reply
        and one that is too long for a refusal: what is not a whole verdict counts as a cut."""
        file = self._connected.file
        said: list[bytes] = []
        while file is not None and len(said) < MOST_LINES:
            line = file.readline(MOST_LINE_BYTES)
            found = VERDICT.fullmatch(line)
            if found is None:
                break
            said.append(found[3] or b"")
            if found[2] != b"-":
                return int(found[1]), b"\n".join(said)
        raise smtplib.SMTPServerDisconnected("there was no verdict on the message")

    @property
    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._server

    def _settle(self, said: str, act: Callable[[], tuple[int, bytes]], *, expected: int = 200) -> None:
        if said:
            self.hear("we", said)
        code, text = act()
        self._heard(code, text)
        if expected and not expected <= code < expected + 100:
            self.refused = self.refused or said
            raise smtplib.SMTPResponseException(code, text)

    def _heard(self, code: int, said: bytes) -> None:
        self.hear("they", f"{code} {self.legible(said)}")

    def _check(self, deadline: Deadline) -> None:
        """After each change of socket: the alarm may have found nothing to cut, and does not come again."""
        if self._is_over:
            raise deadline.passed()

    def _cut(self) -> None:
        """From the alarms' thread: the waiting read ends at once, as if the other side had cut."""
        self._is_over = True
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Server(smtplib.SMTP):
    """`smtplib` on a socket that is connected already; *host* is what STARTTLS verifies."""

    def __init__(self, host: str, carrier: socket.socket) -> None:
        super().__init__(local_hostname=_own_name())
        self._host = host
        self.sock = carrier
        self.file = None


def _expected(command: str) -> int:
    return 300 if command == "DATA" else 200


def _socket(host: str, port: int, deadline: Deadline, *, seconds: float) -> socket.socket:
    failure: OSError = ConnectionError(f"{host} has no address")
    for family, address in resolved(host, port, deadline=deadline):
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(min(seconds, deadline.left()))
            made.connect((address, port))
            made.settimeout(seconds)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            made.close()
            failure = error
        except BaseException:
            made.close()
            raise
        else:
            return made
    raise failure


@cache
def _own_name() -> str:
    """For EHLO, asked for once a process: the look-up behind it may be slow. Without a domain, an address (RFC 5321,
    4.1.4)."""
    name = socket.getfqdn()
    if "." in name:
        return name
    try:
        return f"[{socket.gethostbyname(socket.gethostname())}]"
    except OSError:
        return "[127.0.0.1]"
