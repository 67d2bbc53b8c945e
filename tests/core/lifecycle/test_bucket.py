"""Never more than the limit in any period, wherever it begins; and nobody waits longer than they must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.lifecycle.bucket import SLOTS, Full, Limit, Taken, left, take

pytestmark = pytest.mark.feature("BEY-07")
HOUR = Limit(100, 3600)
NINE = 1_795_420_800.0


def test_a_hundred_go_and_the_next_waits_until_the_first_are_an_hour_old() -> None:
    used: dict[int, int] = {}
    for _ in range(100):
        taken = take(HOUR, used, at=NINE)
        assert isinstance(taken, Taken)
        used = taken.used
    assert left(HOUR, used, at=NINE) == 0
    assert take(HOUR, used, at=NINE) == Full(3600 + 60)  # the slot is a minute wide, and all of it must be old
    assert take(HOUR, used, at=NINE + 3659.9) == Full(pytest.approx(0.1, abs=1e-3))
    assert isinstance(take(HOUR, used, at=NINE + 3660), Taken)
    assert left(HOUR, used, at=NINE + 3660) == 100


def test_a_limit_that_was_lowered_waits_for_what_is_above_it() -> None:
    used = dict.fromkeys(range(int(NINE // 60), int(NINE // 60) + 10), 10)
    full = take(Limit(25, 3600), used, at=NINE + 9 * 60)
    assert full == Full((3660 + 7 * 60) - 9 * 60)  # eight slots must go before fewer than 25 are left


@given(
    st.integers(1, 8), st.sampled_from((60, 3600, 86_400)), st.lists(st.floats(0, 0.4), min_size=1, max_size=60),
)  # fmt: skip
def test_no_window_holds_more_than_the_limit(most: int, seconds: int, steps: list[float]) -> None:
    limit, used, at = Limit(most, seconds), {}, NINE
    gone: list[float] = []
    for step in steps:
        at += step * seconds
        result = take(limit, used, at=at)
        if isinstance(result, Taken):
            used = result.used
            gone.append(at)
        else:
            assert 0 < result.seconds <= seconds * (1 + 1 / SLOTS) + 1e-6
            after = take(limit, used, at=at + result.seconds + 1e-3)
            assert isinstance(after, Taken)
    for first in gone:
        assert sum(first <= one < first + seconds for one in gone) <= most
    assert len(used) <= SLOTS + 1


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=40))
def test_a_clock_that_goes_back_gives_nothing_twice(steps: list[float]) -> None:
    limit, used, given_out = Limit(3, 60), {}, 0
    highest = at = NINE
    for step in steps:
        at += step
        highest = max(highest, at)
        result = take(limit, used, at=at)
        if isinstance(result, Taken):
            used, given_out = result.used, given_out + 1
    assert given_out <= 3 * (1 + (highest - NINE) // 60 + 1)
    assert sum(used.values()) <= 3


def test_what_a_clock_a_day_ahead_has_counted_keeps_nobody_waiting_for_that_day() -> None:
    limit, used = Limit(2, 60), {}
    for _ in range(2):
        result = take(limit, used, at=NINE + 86_400)
        assert isinstance(result, Taken)
        used = result.used
    full = take(limit, used, at=NINE)
    assert isinstance(full, Full)
    assert full.seconds <= 61
    assert left(limit, used, at=NINE) == 0
