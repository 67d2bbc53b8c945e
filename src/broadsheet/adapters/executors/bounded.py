"""Inside a render process: each job's own bounds on memory and processor time, and what it used of them.

Processor time is bounded by a timer whose signal ends the process even in the middle of a library's own code, memory by
RLIMIT_DATA, since address space alone says nothing of what is used. Both are of the job and not of the process, which
draws many. What a library says as it dies goes to a file that outlives the process: it alone tells a lack of memory from a
fault.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from broadsheet.runs.rendering import Job, Made

MOST_SAID = 64_000  # bytes of a process's last words that are kept
OUT_OF_MEMORY = (
    b"memory allocation of",
    b"out of memory",
    b"OOM",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"MemoryError",
)


def prepare(megabytes: int, folder: str) -> None:
    """The process's own bound, and where it says its last words: *folder*, in a file named by its number."""
    size = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the signals below would leave the readers' data on the disk
    # The signal's own action ends the process; a handler in Python would wait for the library that takes the time.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    said = os.open(Path(folder) / str(os.getpid()), os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_APPEND, 0o600)
    os.dup2(said, 2)
    os.close(said)


def bounded(draw: Callable[[Job], Made], job: Job, cpu_seconds: float | None, megabytes: float | None) -> Made:
    """What *draw* makes of the job, within so many seconds of processor time and so many megabytes beyond what the process holds already."""
    before = _status("VmRSS")
    _forget_peak()
    with _memory(megabytes), _processor(cpu_seconds):
        made = draw(job)
    return replace(made, peak_megabytes=round(max(0.0, _status("VmHWM") - before) / 1e6, 1))


def ran_out(said: bytes) -> bool:
    """Whether a process's last words say that it had no memory left."""
    return any(word.lower() in said.lower() for word in OUT_OF_MEMORY)


def last_words(folder: Path, process: int | None) -> bytes:
    """What *process* said before it ended, at most `MOST_SAID` bytes of it; the file is gone then."""
    file = folder / str(process)
    try:
        said = file.read_bytes()[-MOST_SAID:]
        file.unlink()
    except OSError:  # it said nothing, or the folder is gone with the pool
        return b""
    return said


@contextmanager
def _processor(seconds: float | None) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, seconds or 0.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


@contextmanager
def _memory(megabytes: float | None) -> Iterator[None]:
    whole, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if megabytes is None:
        yield
        return
    asked = _status("VmData") + int(megabytes * 1_000_000)
    resource.setrlimit(resource.RLIMIT_DATA, (asked if hard == resource.RLIM_INFINITY else min(asked, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (whole, hard))


def _forget_peak() -> None:
    """The kernel's mark of the most memory begins anew with this job, where it allows that."""
    sys.stderr.flush()
    with suppress(OSError):  # then the peak is the process's, which is no less than the job's
        Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> int:
    """A figure of the process in bytes, as the kernel counts it; 0 where it tells none."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)
