"""One process owns the work of a SQLite installation: it holds a lock on a file, which its death releases by itself."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "owner.lock"


class Owned(RuntimeError):
    """Another process owns the installation; carries its process number when the file tells it."""

    def __init__(self, pid: str) -> None:
        super().__init__(f"Process {pid or '?'} is already serving this installation.")
        self.pid = pid


@contextmanager
def ownership(folder: Path) -> Iterator[None]:
    """Hold the lock. Raises Owned at once when another process has it; a dead one never does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise Owned(file.read().strip()) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def owned(folder: Path) -> bool:
    """Whether a process serves this installation now."""
    try:
        with ownership(folder):
            return False
    except Owned:
        return True
