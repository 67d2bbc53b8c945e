"""A whole installation in a folder of its own, driven by its command line alone, and an SMTP server outside it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.plugins.postgres import free_port

COMMAND = Path(sys.executable).parent / "broadsheet"
SECONDS = 120  # for one command; a burst of forty takes a few


@dataclass
class Installation:
    """One BROADSHEET_HOME and its environment."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, status: int = 0) -> str:
        """Standard output of a command that ends with *status*."""
        done = subprocess.run(
            [COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """What is said on standard error by a command that ends as bad input does."""
        done = subprocess.run(
            [COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert done.returncode == 2, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stderr

    def json(self, *arguments: str, status: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status))

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command in a process group of its own, so that it can be killed with its children."""
        return subprocess.Popen(
            [COMMAND, *arguments], env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def select(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database file, read-only."""
        with sqlite3.connect(f"file:{self.folder / 'broadsheet.sqlite3'}?mode=ro", uri=True) as database:
            return list(database.execute(sql))

    def apply(self, text: str) -> None:
        file = self.folder / "more.yaml"
        file.write_text(text, "utf-8")
        self.run("apply", str(file))


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process alone, without warning; its children have to notice by themselves."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def wait_until(true: Callable[[], bool], *, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """With the sample organization, up to 23 November 2026. The tests of a module share it."""
    return installed(tmp_path_factory.mktemp("installation"))


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """As `installation`, for one test alone."""
    return installed(tmp_path)


def installed(folder: Path, **settings: str) -> Installation:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")},
        "BROADSHEET_HOME": str(folder / "home"),
        "BROADSHEET_SECRET_KEY": secrets.token_urlsafe(50),
        "BROADSHEET_CATCHER_PORT": str(free_port()),
        **settings,
    }
    made = Installation(folder / "home", environment)
    made.run("sample", "--today", "2026-11-23")
    return made


@dataclass
class Witness:
    """An SMTP server that nobody kills; it keeps every message as it came."""

    port: int = 0
    refuse: str = ""  # recipients whose address ends so
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse and address.endswith(self.refuse):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return f"250 kept as {len(self.messages)}"

    def recipients(self) -> list[str]:
        return [message["To"].addresses[0].addr_spec for message in self.messages]

    def channel(self) -> str:
        """The sample's mail channel, leading here. It does not drop duplicates."""
        settings = f"{{host: 127.0.0.1, port: {self.port}, encryption: none, from: reports@northlight.example}}"
        return f"channel: mail\nkind: email\nsettings: {settings}\n"


@pytest.fixture
def witness() -> Iterator[Witness]:
    kept = Witness()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port(), data_size_limit=50_000_000)
    controller.start()
    kept.port = controller.port
    yield kept
    controller.stop()
