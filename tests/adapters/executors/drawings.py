"""What render processes are made to do in tests: each function stands for a drawing, and is named after its end."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from broadsheet.runs.rendering import Job, Made

DRAWN = Made({"csv": b"drawn"}, "drawn", "Drawn", "", (), 0.1, 0.1)
SLICE = 1 << 20


def by_text(job: Job) -> Made:
    """The drawing that the job's report text names, with what follows it as its argument."""
    name, _, given = job.definition.partition(" ")
    return globals()[name](given)  # type: ignore[no-any-return]


def draws(_: str) -> Made:
    return DRAWN


def sleeps(seconds: str) -> Made:
    time.sleep(float(seconds))
    return DRAWN


def works(seconds: str) -> Made:
    """In a library's own code, where no Python runs in between."""
    end = time.process_time() + float(seconds)
    while time.process_time() < end:
        sum(range(2_000_000))
    return DRAWN


def takes(megabytes: str) -> Made:
    kept = bytearray(int(megabytes) * SLICE)
    kept[::4096] = b"x" * len(kept[::4096])
    return DRAWN


def aborts_for_memory(_: str) -> Made:
    """As a library in Rust does."""
    sys.stderr.write("memory allocation of 123456789 bytes failed\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGABRT)
    return DRAWN


def crashes(note: str) -> Made:
    """Ends its process, and writes into the file *note* that it did."""
    with Path(note).open("a", encoding="utf-8") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGSEGV)
    return DRAWN


def crashes_once(note: str) -> Made:
    return DRAWN if Path(note).exists() else crashes(note)
