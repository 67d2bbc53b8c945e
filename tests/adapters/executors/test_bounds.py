"""Jobs that take too much, in real processes: each ends alone, with the reason, and its neighbours are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.executors.drawings import DRAWN, by_text

from broadsheet.adapters.executors.local import LocalRenderPool
from broadsheet.runs.rendering import Bounds, Job, Made, RenderLimit

pytestmark = [pytest.mark.feature("SCH-24"), pytest.mark.feature("PRF-02")]
SOON = 30.0


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalRenderPool]:
    made = LocalRenderPool(processes=2, seconds=20, megabytes=600, draw=by_text)
    yield made
    made.close()


@pytest.fixture
def draw(pool: LocalRenderPool) -> Callable[..., Future[Made]]:
    def submitted(text: str, **bounds: float) -> Future[Made]:
        anything: Any = None
        return pool.submit(Job(text, anything, {}, anything, anything, anything, (), Bounds(**bounds)))

    return submitted


@pytest.mark.parametrize(
    ("text", "bounds", "kind", "told"),
    [
        ("sleeps 15", {"seconds": 0.5}, "time", "Drawing took longer than 0.5 s and was ended"),
        ("works 15", {"cpu_seconds": 0.4}, "cpu", "Drawing took more than 0.4 s of processor time and was ended"),
        ("takes 300", {"megabytes": 100}, "memory", "Drawing took more than 100 MB of memory and was ended"),
        ("takes 900", {}, "memory", "Drawing took more than 600 MB of memory and was ended"),
        ("aborts_for_memory", {}, "memory", "Drawing took more than 600 MB of memory and was ended"),
    ],
)
def test_a_job_past_its_bounds_ends_alone_with_the_reason(draw, text: str, bounds, kind: str, told: str) -> None:
    bad, neighbour = draw(text, **bounds), draw("sleeps 0.2")
    with pytest.raises(RenderLimit, match=told) as error:
        bad.result(SOON)
    assert error.value.kind == kind
    assert neighbour.result(SOON).files == DRAWN.files


def test_a_job_within_its_bounds_is_drawn_and_measured(draw) -> None:
    made = draw("takes 60", seconds=10, cpu_seconds=10, megabytes=200).result(SOON)
    assert 55 < made.peak_megabytes < 80


def test_bounds_are_of_the_job_and_not_of_the_process(draw) -> None:
    """Four in two processes: together more than one may, each less."""
    jobs = [draw("works 0.4", cpu_seconds=0.6) for _ in range(4)]
    assert [one.result(SOON).files for one in jobs] == [DRAWN.files] * 4
    assert draw("takes 150", megabytes=200).result(SOON)
    assert draw("takes 150").result(SOON)


def test_a_job_that_crashes_three_processes_is_set_apart_and_the_others_are_drawn(draw, tmp_path: Path) -> None:
    note = tmp_path / "note"
    bad, others = draw(f"crashes {note}"), [draw("sleeps 0.05") for _ in range(6)]
    with pytest.raises(RenderLimit, match=r"ended its process 3 times \(SIGSEGV\), so it is set apart") as error:
        bad.result(SOON)
    assert (error.value.kind, note.read_text()) == ("crash", "xxx")
    assert [one.result(SOON).files for one in others] == [DRAWN.files] * 6


def test_a_job_that_crashed_by_a_bad_moment_is_drawn_by_the_next_process(draw, tmp_path: Path) -> None:
    assert draw(f"crashes_once {tmp_path / 'note'}").result(SOON).files == DRAWN.files
