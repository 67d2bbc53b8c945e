"""An SMTP server in a thread of its own. What is kept where is the caller's: `Catcher` hands each mail on.

It drops a Message-ID that a recipient already has (as Sieve's duplicate test does, RFC 7352), so sending to it again
has the effect of once; a channel to it may set ``deduplicates``.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from aiosmtpd.smtp import SMTP, Envelope, Session

log = logging.getLogger(__name__)

MOST_BYTES = 50_000_000  # of one mail
MOST_RECIPIENTS = 100  # as RFC 5321, 4.5.3.1.8 asks at least
START_SECONDS = 10.0
MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail as it came: ``data`` are its bytes, ``received_at`` is aware, in UTC, ``rcpt_tos`` has each recipient
    once. ``message_id`` is the header's value without angle brackets; a mail without one is given one of its own (RFC
    6409, 8.3), so it is never a duplicate."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    data: bytes
    received_at: datetime
    message_id: str


Keep = Callable[[Caught], bool]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Catcher:
    """*keep* is called once for each mail, never twice at the same time, always in one thread. It returns False when
    every recipient already has that Message-ID; the sender hears 250 either way. When it raises, the sender hears 451
    and may try again.
    """

    def __init__(
        self,
        keep: Keep,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Raises ValueError unless *host* is a loopback address: a catcher takes anybody's mail."""
        if not ip_address(host).is_loopback:
            raise ValueError(f"The mail catcher listens on this machine alone; {host} is not 127.0.0.1 or ::1.")
        self._keep = keep
        self._clock = clock
        self._most_bytes = most_bytes
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._host = host
        self.port = port

    def start(self) -> None:
        """Listen; ``port`` then is the one taken. Raises OSError, for instance when the port is in use."""
        loop = asyncio.new_event_loop()
        begun = threading.Event()
        failure: list[BaseException] = []
        thread = threading.Thread(target=self._serve, args=(loop, begun, failure), name="mail catcher", daemon=True)
        thread.start()
        begun.wait(START_SECONDS)
        if failure:
            thread.join()
            raise failure[0]
        self._loop, self._thread = loop, thread

    def stop(self) -> None:
        """End it; what is being kept is kept first. Nothing happens when it does not run."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop = self._thread = None

    def __enter__(self) -> Catcher:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _serve(self, loop: asyncio.AbstractEventLoop, begun: threading.Event, failure: list[BaseException]) -> None:
        asyncio.set_event_loop(loop)
        try:
            handler = _Handler(self._keep, self._clock)
            server = loop.run_until_complete(loop.create_server(lambda: self._protocol(handler), self._host, self.port))
        except BaseException as error:  # a thread's border: start() raises it
            failure.append(error)
            loop.close()
            begun.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        begun.set()
        try:
            loop.run_forever()
        finally:
            server.close()
            handler.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    def _protocol(self, handler: _Handler) -> SMTP:
        return SMTP(
            handler,
            data_size_limit=self._most_bytes,
            enable_SMTPUTF8=True,
            hostname="mail-catcher",
            ident="Broadsheet mail catcher",
        )


class _Handler:
    """Hooks of aiosmtpd. Keeping runs in a thread of its own, since it may wait for a database."""

    def __init__(self, keep: Keep, clock: Callable[[], datetime]) -> None:
        self._keep = keep
        self._clock = clock
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mail catcher keeps")

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]]  # lines are read one by one anyway (RFC 2920)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        data = envelope.original_content or b""
        recipients = tuple(dict.fromkeys(envelope.rcpt_tos))
        caught = Caught(envelope.mail_from or "", recipients, data, self._clock(), _message_id(data))
        try:
            new = await asyncio.get_running_loop().run_in_executor(self._pool, self._keep, caught)
        except Exception:  # whatever it was, the mail is not kept and the sender must know
            log.exception("A caught mail could not be kept", extra={"action": "catch"})
            return "451 4.3.0 The mail could not be kept; try again later"
        return "250 2.0.0 Kept" if new else "250 2.0.0 Kept already"

    def close(self) -> None:
        self._pool.shutdown(wait=True)


def _message_id(data: bytes) -> str:
    """From the header alone; the first one counts."""
    end = re.search(rb"\r?\n\r?\n", data)
    found = MESSAGE_ID.search(data[: end.start() if end else len(data)])
    text = found[1].decode("utf-8", "replace") if found else ""
    said = "".join(mark for mark in text.strip().strip("<>").strip() if mark.isprintable())
    return said or f"{secrets.token_hex(16)}@without-message-id.invalid"
