"""Render processes on this machine: spawned, limited, and replaced when one dies or has worked long enough.

Spawned and not forked, because the drawing libraries hang in a forked child. A job past its bounds ends with its
process, and the others go on. Each process is recycled, since typesetting keeps memory for every distinct document.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, TimeoutError
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from pebble import ProcessExpired, ProcessPool

from broadsheet.plugins import Descriptor
from broadsheet.runs.rendering import CRASHES, Job, Made, RenderLimit, render

from .bounded import bounded, last_words, prepare, ran_out

log = logging.getLogger(__name__)
JOBS_A_PROCESS = 500  # then it is replaced; starting one costs about a second
FEWER = "Show fewer rows, or fewer blocks."


class LocalRenderPool:
    """*processes* of them; a job may take *seconds*, and a process *megabytes* of data. A job's own bounds are kept where
    they are narrower. *draw* is what a process does with a job."""

    def __init__(self, *, processes: int, seconds: float, megabytes: int, draw: Callable[[Job], Made] = render) -> None:
        self._work = draw
        self._seconds = seconds
        self._megabytes = megabytes
        self._said = Path(mkdtemp(prefix="broadsheet-drawing-"))
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=JOBS_A_PROCESS,
            initializer=prepare,
            initargs=[megabytes, str(self._said)],
            context=multiprocessing.get_context("spawn"),
        )

    def submit(self, job: Job) -> Future[Made]:
        told: Future[Made] = Future()
        self._draw(job, told, tries=1)
        return told

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types what it takes, not this
        self._pool.join(timeout=10)
        rmtree(self._said, ignore_errors=True)

    def _draw(self, job: Job, told: Future[Made], *, tries: int) -> None:
        bounds = job.bounds
        drawing = self._pool.schedule(
            bounded, args=[self._work, job, bounds.cpu_seconds, bounds.megabytes], timeout=self._time(job)
        )
        drawing.add_done_callback(lambda done: self._tell(job, done, told, tries=tries))
        told.add_done_callback(lambda one: one.cancelled() and drawing.cancel())  # type: ignore[no-untyped-call]

    def _time(self, job: Job) -> float:
        return self._seconds if job.bounds.seconds is None else min(self._seconds, job.bounds.seconds)

    def _tell(self, job: Job, done: Future[Made], told: Future[Made], *, tries: int) -> None:
        if told.cancelled():
            return  # nobody waits for it any more
        error = None if done.cancelled() else done.exception()
        limit = self._limit(job, error) if error is not None else None
        if limit is not None and limit.kind == "crash" and tries < CRASHES:
            try:
                self._draw(job, told, tries=tries + 1)
                return
            except RuntimeError:  # the pool is being closed
                pass
        if not told.set_running_or_notify_cancel():
            return
        if done.cancelled():
            told.set_exception(CancelledError())  # the pool is being closed; the next process draws it
        elif error is not None:
            told.set_exception(limit or error)
        else:
            told.set_result(done.result())

    def _limit(self, job: Job, error: BaseException) -> RenderLimit | None:
        """What *error* says of the job's bounds; None when it is the report's own."""
        if isinstance(error, TimeoutError):
            return RenderLimit(f"Drawing took longer than {self._time(job):g} s and was ended. {FEWER}", kind="time")
        if isinstance(error, MemoryError):
            return self._memory(job)
        if not isinstance(error, ProcessExpired):
            return None
        said = last_words(self._said, error.pid)
        if error.exitcode in (-signal.SIGPROF, -signal.SIGXCPU):
            cpu = job.bounds.cpu_seconds or 0
            return RenderLimit(f"Drawing took more than {cpu:g} s of processor time and was ended. {FEWER}", kind="cpu")
        if ran_out(said):
            return self._memory(job)
        log.warning("a drawing process died action=draw exit=%s said=%s", error.exitcode, said[-1000:])
        return RenderLimit(
            f"Drawing it ended its process {CRASHES} times ({_name(error.exitcode)}), so it is set apart. Take out blocks "
            "until it is drawn; the log has what the process said last."
        )

    def _memory(self, job: Job) -> RenderLimit:
        most = self._megabytes if job.bounds.megabytes is None else min(self._megabytes, job.bounds.megabytes)
        return RenderLimit(f"Drawing took more than {most:g} MB of memory and was ended. {FEWER}", kind="memory")


def _name(code: int) -> str:
    """“SIGSEGV” of -11, “exit 3” of 3."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit {code}"


class LocalExecutor:
    descriptor = Descriptor("local", "Processes of this machine", "Spawned, limited and recycled.")

    def pool(self, *, processes: int, seconds: float, megabytes: int) -> LocalRenderPool:
        return LocalRenderPool(processes=processes, seconds=seconds, megabytes=megabytes)


EXECUTOR = LocalExecutor()
