"""Spreading flattens: the peak never grows, nobody leaves their window, and the same asks give the same places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.planning import Work, curve, moved, peak, spread

NINE = 1_796_000_400.0
pytestmark = pytest.mark.feature("SCH-10")


def many(number: int, *, window: int = 3600, seconds: float = 240, fires=(NINE,)) -> list[Work]:
    return [Work(f"s{one:02}", seconds, tuple(fires), window=window) for one in range(number)]


works = st.lists(
    st.builds(
        lambda seconds, fires, weight, window, share: (seconds, fires, weight, window, share),
        st.floats(0, 4000), st.lists(st.integers(0, 200), min_size=1, max_size=6, unique=True),
        st.sampled_from(["light", "heavy"]), st.sampled_from([0, 300, 1800, 3600, 43_200]), st.floats(0, 1),
    ),
    max_size=12,
)  # fmt: skip


def built(drawn) -> list[Work]:
    return [
        Work(
            f"s{number}", seconds, tuple(NINE + 300.0 * one for one in sorted(fires)), weight=weight, window=window,
            offset=int(window * share) // 60 * 60,
        )
        for number, (seconds, fires, weight, window, share) in enumerate(drawn)
    ]  # fmt: skip


def test_twelve_at_nine_become_a_row_within_the_hour() -> None:
    found = spread(many(12))
    assert (peak(found.before), peak(found.after)) == (12, 1)
    assert sorted({one.now for one in found.moves} | {0}) == list(range(0, 3600, 300))


def test_what_may_not_float_stays_and_others_go_around_it() -> None:
    fixed = [Work(f"fixed{number}", 240, (NINE,)) for number in range(3)]
    found = spread([*fixed, *many(2)])
    assert [(one.key, one.now) for one in found.moves] == [("s00", 300), ("s01", 600)]
    assert peak(found.after) == 3


def test_what_is_spread_stays() -> None:
    again = moved(many(12), spread(many(12)).moves)
    assert spread(again).moves == ()


def test_a_heavy_run_counts_double() -> None:
    heavy = replace(many(1)[0], key="heavy", weight="heavy")
    assert peak(curve([heavy, *many(1)])) == 3


@given(works)
@settings(max_examples=300, deadline=None)
def test_the_peak_never_grows_and_all_stay_within_their_windows(drawn) -> None:
    asked = built(drawn)
    found = spread(asked)
    windows = {one.key: one.window for one in asked}
    assert peak(found.after) <= peak(found.before)
    assert all(0 <= one.now <= windows[one.key] and one.now != one.was for one in found.moves)
    assert found.after == curve(moved(asked, found.moves))
    assert spread(list(reversed(asked))).moves == found.moves
