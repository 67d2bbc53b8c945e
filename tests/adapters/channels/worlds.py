"""For each channel a small world in which it works: settings, secrets, and a look at what arrived.

A channel of a third party that is installed is held to the parts of the contract that need no world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.adapters.channels.memory import MemoryChannel
from tests.adapters.free_ports import free_port
from tests.adapters.http_servers import web

from broadsheet.delivery.ports import Attachment, Inline, Outgoing

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRET = "whsec_" + "c3dvcmRmaXNoLXN3b3JkZmlzaC1zd29yZGZpc2gh"
REPORT = Outgoing(
    message_id="b7f3a91.31@northlight.example",
    recipient_name="Jörg Grünwald",
    recipient_address="einkauf@gruenwald-solar.example",
    subject="Lieferungen: Oktober ✓",
    text="4.812 Leads",
    html='<p>4.812 Leads <img src="cid:chart" alt=""></p>',
    language="de-DE",
    made_at=NOW,
    inline=(Inline("chart", "image/png", b"\x89PNG"),),
    attachments=(
        Attachment("Lieferungen.pdf", "application/pdf", b"%PDF-1.7 x"),
        Attachment("Lieferungen.csv", "text/csv", b"a,b\r\n"),
    ),
    organization="northlight",
    report="lead-performance",
    schedule="buyers-monday",
    occurrence_id="4711",
    fire_at=NOW,
    recipient_key="gruenwald",
    period_text="Oktober 2026",
)


@dataclass
class World:
    """``arrived`` tells how many deliveries of any kind are there now; ``secrets`` are worth hiding."""

    settings: dict[str, object]
    secrets: dict[str, str]
    arrived: Callable[[], int]


@contextmanager
def email(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    taken: list[Envelope] = []

    class Handler:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            taken.append(envelope)
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings = {"host": "127.0.0.1", "port": controller.port, "encryption": "none", "from": "r@northlight.example"}
    try:
        yield World(dict(settings), {"password": "swordfish"}, lambda: len(taken))
    finally:
        controller.stop()


@contextmanager
def folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("BROADSHEET_FOLDER_ROOTS", str(folder))
    yield World(
        {"root": str(folder)}, {}, lambda: len({path.parent for path in folder.rglob("[!.]*") if path.is_file()})
    )


@contextmanager
def webhook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE_ADDRESSES", "127.0.0.1")
    with web(lambda _: (200, {}, SECRET.encode())) as server:
        ids = lambda: {asked.headers["webhook-id"] for asked in server.asked}  # noqa: E731
        yield World({"url": f"http://127.0.0.1:{server.port}/?k=swordfish"}, {"secret": SECRET}, lambda: len(ids()))


@contextmanager
def portal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield World({}, {}, lambda: 0)


MEMORY = MemoryChannel()


@contextmanager
def memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    MEMORY.taken.clear()
    yield World({"deduplicates": True}, {"token": "swordfish"}, lambda: len(MEMORY.taken))


WORLDS: dict[str, Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[World]]] = {
    "email": email,
    "folder": folder,
    "webhook": webhook,
    "portal": portal,
    "memory": memory,
}
