"""A simulation is right to the second where it can be reckoned by hand, and keeps its limits everywhere."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.planning import Limits, Work, at_once, simulate

pytestmark = pytest.mark.feature("BEY-08")


def began(found) -> list[tuple[str, float, float]]:
    return [(one.key, one.began, one.waited) for one in found]


def test_two_workers_take_four_runs_in_turn() -> None:
    works = [Work(key, 10, (100.0,)) for key in "abcd"]
    assert began(simulate(works, Limits(workers=2))) == [("a", 100, 0), ("b", 100, 0), ("c", 110, 10), ("d", 110, 10)]


def test_the_highest_goes_first_and_who_waits_long_enough_goes_before_it() -> None:
    works = [Work("going", 500, (0.0,)), Work("low", 10, (1.0,), priority=5), Work("high", 10, (2.0,), priority=1)]
    assert [one.key for one in simulate(works, Limits(1))] == ["going", "high", "low"]
    late = [Work("going", 3000, (0.0,)), Work("low", 10, (1.0,), priority=5), Work("high", 10, (2402.0,), priority=1)]
    assert [one.key for one in simulate(late, Limits(1))] == ["going", "low", "high"]


def test_heavy_runs_leave_a_place_for_light_ones() -> None:
    works = [Work(key, 100, (0.0,), weight="heavy") for key in ("h1", "h2")] + [Work("light", 10, (5.0,))]
    found = began(simulate(works, Limits(workers=2, heavy=1)))
    assert found == [("h1", 0, 0), ("light", 5, 0), ("h2", 100, 100)]


def test_two_runs_of_one_schedule_do_not_go_on_at_once() -> None:
    assert began(simulate([Work("a", 100, (0.0, 60.0, 90.0))], Limits(workers=4))) == [
        ("a", 0, 0), ("a", 100, 40), ("a", 200, 110),
    ]  # fmt: skip


def test_a_floating_run_begins_where_it_was_put() -> None:
    assert began(simulate([Work("a", 1, (0.0,), window=600, offset=300)], Limits())) == [("a", 300, 0)]


@pytest.mark.parametrize("limits", [Limits(0), Limits(2, heavy=0)])
def test_nothing_runs_on_no_worker(limits) -> None:
    with pytest.raises(ValueError, match="At least one worker"):
        simulate([], limits)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 500), st.lists(st.integers(0, 2000), max_size=5, unique=True),
            st.sampled_from(["light", "heavy"]), st.integers(1, 5),
        ),
        max_size=15,
    ),
    st.integers(1, 4),
    st.integers(1, 2),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_every_firing_runs_once_and_no_limit_is_passed(drawn, workers, heavy) -> None:
    works = [
        Work(f"s{number}", seconds, tuple(map(float, sorted(fires))), weight=weight, priority=priority)
        for number, (seconds, fires, weight, priority) in enumerate(drawn)
    ]
    found = simulate(works, Limits(workers, heavy))
    assert Counter((one.key, one.at) for one in found) == Counter((one.key, at) for one in works for at in one.fires)
    assert all(one.waited >= 0 for one in found)
    assert max((number for _, number in at_once(found)), default=0) <= workers
    weights = {one.key: one.weight for one in works}
    heavies = [one for one in found if weights[one.key] == "heavy"]
    assert max((number for _, number in at_once(heavies)), default=0) <= heavy
    for one in works:
        assert max((number for _, number in at_once([ran for ran in found if ran.key == one.key])), default=0) <= 1
