"""The work of a render process: from answers to finished files, pure, and the contract of whoever runs such processes.

A job carries all that it needs and comes back with bytes; it touches no database, no network and no clock.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from broadsheet.core.document.compose import Context, compose
from broadsheet.core.document.definition import ReportDefinition, report_from
from broadsheet.core.document.loading import load
from broadsheet.core.document.parameters import Parameters
from broadsheet.core.document.tables import DataTable
from broadsheet.core.policy import Reader
from broadsheet.core.theme import Theme
from broadsheet.plugins import Descriptor, Registry
from broadsheet.reports.ports import FORMATS


@dataclass(frozen=True, slots=True)
class Bounds:
    """What drawing one slice may use: seconds on the clock, seconds of processor time, and megabytes that it adds to its
    process. None: what the pool allows; a pool never allows more than its own."""

    seconds: float | None = None
    cpu_seconds: float | None = None
    megabytes: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One slice: the report's text, its parameters and answers, for *reader*, in each of *formats*, within *bounds*."""

    definition: str
    parameters: Parameters
    answers: Mapping[str, DataTable]
    reader: Reader
    context: Context
    theme: Theme
    formats: tuple[str, ...]
    bounds: Bounds = Bounds()


@dataclass(frozen=True, slots=True)
class Made:
    """The files by format, what they are called (without ending), and what the document says of its own faults.

    What it took: ``seconds`` on the clock, ``cpu_seconds`` of processor time over all threads, and ``peak_megabytes`` that
    it added to its process at most (0 where a pool does not measure it)."""

    files: Mapping[str, bytes]
    filename: str
    title: str
    period_text: str
    problems: tuple[str, ...]
    seconds: float
    cpu_seconds: float = 0.0
    peak_megabytes: float = 0.0


class RenderLimit(RuntimeError):
    """The job took more than it may, or ended every process that drew it. ``kind`` says which: more ``time`` or ``cpu`` or
    ``memory`` than its bounds, or a ``crash``; the message says it in a sentence, and what to do."""

    def __init__(self, message: str, *, kind: Literal["time", "cpu", "memory", "crash"] = "crash") -> None:
        super().__init__(message)
        self.kind = kind


class RenderPool(Protocol):
    """Processes that render. A job that goes wrong ends its own process and no other's; one that crashes it is given to
    fresh ones, `CRASHES` times in all."""

    def submit(self, job: Job) -> Future[Made]:
        """The job's result, or RenderError, RenderLimit. Cancelling it ends the job."""

    def close(self) -> None:
        """End the processes; jobs not begun are cancelled."""


class Executor(Protocol):
    """A way to run render jobs; executors live in ``adapters/executors`` and register by entry point."""

    @property
    def descriptor(self) -> Descriptor: ...

    def pool(self, *, processes: int, seconds: float, megabytes: int) -> RenderPool:
        """A pool of *processes*; a job may take *seconds*, and a process *megabytes* of data."""


CRASHES = 3  # processes that one job may end before it is set apart: a machine's bad moment is not the report's fault
EXECUTORS: Registry[Executor] = Registry("broadsheet.executors", noun="executor")


def render(job: Job) -> Made:
    """Compose the document once, then draw it in each format. Raises RenderError."""
    begun, worked = time.perf_counter(), time.process_time()
    document = compose(_definition(job.definition), job.parameters, job.answers, reader=job.reader, context=job.context)
    files = {name: FORMATS.get(name).render(document, theme=job.theme) for name in job.formats}
    spent, cpu = time.perf_counter() - begun, time.process_time() - worked
    return Made(files, document.filename, document.title, document.period_text, document.problems, spent, cpu)


@lru_cache(maxsize=64)
def _definition(text: str) -> ReportDefinition:
    [loaded] = load(text, file="report")
    return report_from(loaded)
