"""Render processes on this machine: spawned, limited, and replaced when one dies or has worked long enough.

Spawned and not forked, because the drawing libraries hang in a forked child. A job past its time ends with its
process, and the others go on. Each process is recycled, since typesetting keeps memory for every distinct document.
"""

from __future__ import annotations

import multiprocessing
import resource
from concurrent.futures import Future, TimeoutError

from pebble import ProcessExpired, ProcessPool

from broadsheet.plugins import Descriptor
from broadsheet.runs.rendering import Job, Made, RenderLimit, render

JOBS_A_PROCESS = 500  # then it is replaced; starting one costs about a second


class LocalRenderPool:
    """*processes* of them; a job may take *seconds*, and a process *megabytes* of data."""

    def __init__(self, *, processes: int, seconds: float, megabytes: int) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=JOBS_A_PROCESS,
            initializer=_limit,
            initargs=[megabytes],
            context=multiprocessing.get_context("spawn"),
        )

    def submit(self, job: Job) -> Future[Made]:
        told: Future[Made] = Future()
        drawing = self._pool.schedule(render, args=[job], timeout=self._seconds)
        drawing.add_done_callback(lambda done: self._tell(done, told))
        told.add_done_callback(lambda one: one.cancelled() and drawing.cancel())  # type: ignore[no-untyped-call]
        return told

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types what it takes, not this
        self._pool.join(timeout=10)

    def _tell(self, done: Future[Made], told: Future[Made]) -> None:
        if not told.set_running_or_notify_cancel():
            return  # nobody waits for it any more
        try:
            told.set_result(done.result())
        except TimeoutError:
            told.set_exception(
                RenderLimit(f"Drawing took longer than {self._seconds:g} s and was ended. Show fewer rows.")
            )
        except MemoryError:
            told.set_exception(
                RenderLimit(f"Drawing took more than {self._megabytes} MB and was ended. Show fewer rows.")
            )
        except ProcessExpired as error:
            told.set_exception(RenderLimit(f"The drawing process died (exit {error.exitcode}). Show fewer rows."))
        except BaseException as error:
            told.set_exception(error)


def _limit(megabytes: int) -> None:
    """The process's own bound; RLIMIT_DATA, because address space alone says nothing of what is used."""
    size = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


class LocalExecutor:
    descriptor = Descriptor("local", "Processes of this machine", "Spawned, limited and recycled.")

    def pool(self, *, processes: int, seconds: float, megabytes: int) -> LocalRenderPool:
        return LocalRenderPool(processes=processes, seconds=seconds, megabytes=megabytes)


EXECUTOR = LocalExecutor()
