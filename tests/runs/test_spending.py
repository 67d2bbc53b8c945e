"""A run that uses more than it may ends alone, with the reason; what each used is kept."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

import pytest
from tests.plugins import shop
from tests.plugins.django import NOW

from broadsheet.runs.errors import RunError
from broadsheet.runs.rendering import Bounds, RenderLimit
from broadsheet.runs.spending import Spending, limits_of
from broadsheet.schedules.limits import LimitsDefinition

pytestmark = [pytest.mark.feature("SCH-24"), pytest.mark.feature("PRF-02")]
in_database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def limited(change):
    def to(limits: str) -> None:
        change("policies: {", f"policies: {{limits: {limits}, ")

    return to


@pytest.fixture
def drawing(monkeypatch):
    """Every drawing takes what the test says, or ends as it says."""

    def takes(*ends: Exception | float) -> list[Bounds]:
        left, seen, genuine = list(ends), [], shop.InProcess.submit

        def submit(self, job):
            end = left.pop(0) if left else 0.0
            seen.append(job.bounds)
            if isinstance(end, Exception):
                failed: Future = Future()
                failed.set_exception(end)
                return failed
            done = genuine(self, job)
            made = replace(done.result(), cpu_seconds=end, peak_megabytes=40.0)
            told: Future = Future()
            told.set_result(made)
            return told

        monkeypatch.setattr(shop.InProcess, "submit", submit)
        return seen

    return takes


def states(run) -> list[str]:
    return sorted(run.deliveries.values_list("state", flat=True))


@in_database
def test_queries_past_the_rows_of_a_run_end_it_and_no_other(limited, change, run, finish, memory) -> None:
    limited("{rows: 3}")
    ended = finish(run())
    assert (ended.state, states(ended)) == ("failed", ["failed"] * 3)
    assert ended.error.startswith("The report's data cannot be read. ")
    assert "more than 3 rows" in ended.error
    assert memory.taken == []
    change()
    assert finish(run()).state == "accepted"


@in_database
def test_processor_time_is_the_run_s_in_sum_and_what_had_left_stays_sent(limited, run, finish, drawing, memory) -> None:
    limited("{cpu_seconds: 5}")
    seen = drawing(2.0, 2.0, 2.0)
    ended = finish(run())
    assert (ended.state, states(ended)) == ("partial", ["accepted", "accepted", "failed"])
    assert ended.error == (
        "Drawing this run took more than 5 s of processor time. Show fewer rows or blocks, or raise "
        "policies.limits.cpu_seconds."
    )
    assert [one.cpu_seconds for one in seen] == [5.0, 5.0, 5.0]  # they were given to the pool at once


@in_database
def test_a_drawing_that_was_ended_for_its_processor_time_ends_the_run(limited, run, finish, drawing) -> None:
    limited("{cpu_seconds: 5}")
    drawing(*[RenderLimit("Drawing took more than 5 s of processor time", kind="cpu")] * 3)
    ended = finish(run())
    assert (ended.state, states(ended)) == ("failed", ["failed"] * 3)
    assert "raise policies.limits.cpu_seconds" in ended.error


@in_database
@pytest.mark.parametrize("kind", ["memory", "time", "crash"])
def test_a_slice_that_was_ended_fails_alone(run, finish, drawing, kind: str) -> None:
    drawing(RenderLimit("Drawing took more than 400 MB", kind=kind))
    ended = finish(run())
    assert (ended.state, states(ended)) == ("partial", ["accepted", "accepted", "failed"])
    [bad] = ended.slices.filter(state="failed")
    assert (bad.use.ended_by, bad.error) == (kind, "Drawing took more than 400 MB")


@in_database
def test_what_a_run_used_is_kept(run, finish, drawing) -> None:
    drawing(1.0, 2.0, 0.5)
    ended = finish(run())
    use = ended.use
    assert use.queries == 6  # the month and the items, in the months of three zones
    assert use.rows > 0
    assert use.bytes > 0
    assert use.seconds > 0
    assert sorted(one.use.cpu_seconds for one in ended.slices.all()) == [0.5, 1.0, 2.0]
    assert {one.use.peak_megabytes for one in ended.slices.all()} == {40.0}


@in_database
def test_a_run_that_failed_at_a_bound_has_the_whole_of_it_when_sent_again(
    limited, run, finish, drawing, organization
) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.delivery.actions.resend import resend_failed

    limited("{cpu_seconds: 5}")
    drawing(2.0, 2.0, 2.0)
    ended = finish(run())
    assert resend_failed(system_actor(organization.pk), ended.pk, now=NOW) == 1
    assert finish(ended).state == "accepted"


def test_the_narrower_of_the_schedule_s_and_the_server_s_holds_and_is_named() -> None:
    own = LimitsDefinition(rows=10, seconds=60, cpu_seconds=20)
    found = limits_of(own, {"rows": 5.0, "seconds": 90.0, "megabytes": 7.0})
    assert {name: one.most for name, one in found.items()} == {
        "rows": 5.0, "megabytes": 7.0, "seconds": 60, "cpu_seconds": 20, "memory_megabytes": None,
    }  # fmt: skip
    assert found["rows"].fix == "let the server’s keeper raise BROADSHEET_RUN_ROWS"
    assert found["seconds"].fix == "raise policies.limits.seconds"


def test_time_on_the_clock_ends_a_run() -> None:
    moments = iter([0.0, 59.0, 61.0])
    spent = Spending(limits_of(LimitsDefinition(seconds=60), {}), clock=lambda: next(moments))
    spent.check()
    with pytest.raises(RunError, match=r"took more than 60 s. .* raise policies\.limits\.seconds"):
        spent.check()
    assert spent.meter.most_seconds == 60
