"""An SMTP server outside the product that does as it is told, and remembers every message that it took."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.plugins.postgres import free_port

CUT = "cut"


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that was taken: to whom, under which Message-ID, and where they say that they want no more."""

    to: str
    message_id: str
    unsubscribe: str = ""


@dataclass
class Mailbox:
    """``greets`` answers a recipient's address by its how-many-th call there (from 1), ``takes`` its message: an SMTP
    reply, empty for yes, or CUT to drop the connection; of a message that is cut off it keeps the content."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    at: list[float] = field(default_factory=list)  # when each was taken, in seconds of a steady clock
    calls: Counter[str] = field(default_factory=Counter)
    greets: Callable[[str, int], str] = lambda address, call: ""
    takes: Callable[[str, int], str] = lambda address, call: ""
    pause: float = 0.0  # seconds before each message is taken

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.calls[address] += 1
        said = self.greets(address, self.calls[address])
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.pause)
        [address] = envelope.rcpt_tos
        said = self.takes(address, self.calls[address])
        if said and said != CUT:
            return said
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        self.at.append(time.monotonic())
        self.taken.append(Taken(address, str(message["Message-ID"]), str(message["List-Unsubscribe"] or "")))
        if said == CUT:
            server.transport.abort()
        return f"250 kept as {len(self.taken)}"

    def readers(self) -> list[Taken]:
        """What readers got, without what the product tells its own people."""
        return [one for one in self.taken if one.to.endswith("@readers.example")]

    def by_reader(self) -> Counter[str]:
        return Counter(one.to for one in self.taken)


@contextmanager
def mailbox(**manner: object) -> Iterator[Mailbox]:
    made = Mailbox(**manner)  # type: ignore[arg-type]
    controller = Controller(made, hostname="127.0.0.1", port=free_port(), data_size_limit=50_000_000)
    controller.start()
    made.port = controller.port
    try:
        yield made
    finally:
        controller.stop()
