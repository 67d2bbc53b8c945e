"""Whoever waits moves up; nobody waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.lifecycle.ageing import AGEING, LEVELS, turn_at

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.feature("SCH-21")


def test_of_those_that_came_together_the_higher_level_is_first() -> None:
    turns = [turn_at(NINE, priority=level) for level in LEVELS]
    assert turns == sorted(set(turns))


@pytest.mark.parametrize(("minutes", "first"), [(39, "highest"), (41, "lowest")])
def test_the_lowest_goes_before_the_highest_that_came_forty_minutes_later(minutes: int, first: str) -> None:
    lowest = turn_at(NINE, priority=5)
    highest = turn_at(NINE + timedelta(minutes=minutes), priority=1)
    assert ("lowest" if lowest < highest else "highest") == first


@given(st.sampled_from(LEVELS), st.integers(0, 100_000), st.sampled_from(LEVELS), st.integers(0, 100_000))
def test_nobody_is_passed_by_those_who_come_forty_minutes_after(one: int, came: int, other: int, later: int) -> None:
    mine = turn_at(NINE + timedelta(seconds=came), priority=one)
    theirs = turn_at(NINE + timedelta(seconds=came + later) + 4 * AGEING, priority=other)
    assert mine <= theirs


def test_what_is_no_level_is_refused() -> None:
    with pytest.raises(ValueError, match="no priority 6"):
        turn_at(NINE, priority=6)
