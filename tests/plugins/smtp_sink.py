"""Postfix's `smtp-sink` as a witness: a mail server in C that takes everything, or refuses a command, and keeps what it took."""

from __future__ import annotations

import email
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

PROGRAM = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "smtp-sink"
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What it took, from the files that it wrote."""

    folder: Path

    def messages(self) -> list[Message]:
        return [email.message_from_bytes(one.read_bytes()) for one in sorted(self.folder.iterdir())]

    def recipients(self) -> list[str]:
        return sorted(str(one["X-Rcpt-Args"]).strip("<>") for one in self.messages())


@contextmanager
def smtp_sink(folder: Path, port: int, *options: str) -> Iterator[Taken]:
    """One that listens on loopback until the block ends. ``-r RCPT`` refuses that command for now, ``-f RCPT`` for good."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)
    for parent in folder.parents:  # pytest's folders are for their owner alone, and the sink is nobody
        if parent == Path(tempfile.gettempdir()) or parent.stat().st_uid != os.getuid():
            break
        parent.chmod(0o755)
    who = ("-u", "nobody") if os.getuid() == 0 else ()
    command = [PROGRAM, *who, *options, "-d", f"{folder}/%s.", f"127.0.0.1:{port}", "100"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _listening(process, port)
        yield Taken(folder)
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def _listening(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            assert process.stderr is not None
            raise AssertionError(f"smtp-sink ended: {process.stderr.read().decode()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("smtp-sink does not listen")
