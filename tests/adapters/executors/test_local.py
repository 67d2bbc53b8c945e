"""Jobs of the render pool are told about once, and ended when nobody waits for them any more."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from broadsheet.adapters.executors.local import LocalRenderPool
from broadsheet.runs.rendering import Job, RenderLimit


class Processes:
    """Stands for the processes: each job is a future that the test settles."""

    def __init__(self) -> None:
        self.jobs: list[Future[Any]] = []

    def schedule(self, *_: object, **__: object) -> Future[Any]:
        self.jobs.append(Future())
        return self.jobs[-1]


@pytest.fixture
def pool() -> LocalRenderPool:
    made = LocalRenderPool(processes=1, seconds=7, megabytes=100)
    made._pool = Processes()  # type: ignore[assignment]
    return made


def submit(pool: LocalRenderPool) -> tuple[Future[Any], Future[Any]]:
    told = pool.submit(Job("", None, {}, None, None, None, ()))  # type: ignore[arg-type]
    return told, pool._pool.jobs[-1]  # type: ignore[attr-defined]


def test_a_job_that_is_cancelled_is_ended(pool: LocalRenderPool) -> None:
    told, job = submit(pool)
    assert told.cancel()
    assert job.cancelled()


def test_what_ends_in_the_very_moment_of_cancelling_tells_nobody(pool: LocalRenderPool) -> None:
    told, job = submit(pool)
    job.set_running_or_notify_cancel()
    told.cancel()
    job.set_result("drawn")
    assert told.cancelled()


def test_a_job_past_its_time_is_a_limit_with_the_fix(pool: LocalRenderPool) -> None:
    told, job = submit(pool)
    job.set_exception(TimeoutError())
    with pytest.raises(RenderLimit, match="Drawing took longer than 7 s and was ended"):
        told.result(timeout=1)
