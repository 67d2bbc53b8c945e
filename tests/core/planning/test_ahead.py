"""How early a run begins follows from how long those before it took."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.planning import learned, quantile
from broadsheet.core.planning.ahead import MOST_SECONDS

# what the last runs took -> seconds before the firing
CASES = [
    ("none yet", [], 300),
    ("one", [100.0], 165),  # 100 × 1.25 + 30 = 155, in steps of 15
    ("nothing to draw", [0.0], 30),
    ("one slow among twenty does not count", [60.0] * 19 + [3_000.0], 105),
    ("two slow among twenty do", [60.0] * 18 + [600.0] * 2, 780),
    ("beyond the most", [20_000.0], MOST_SECONDS),
]


@pytest.mark.feature("SCH-07")
@pytest.mark.parametrize(("name", "seconds", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_run_begins_as_early_as_the_last_ones_took(name, seconds, expected) -> None:
    assert learned(seconds) == expected


@pytest.mark.feature("SCH-07")
@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=40), st.floats(0.01, 1))
def test_no_more_than_the_rest_is_above_a_quantile(values, share) -> None:
    found = quantile(values, share)
    assert found in values
    assert sum(one > found for one in values) <= (1 - share) * len(values) + 1e-9


def test_of_nothing_there_is_no_quantile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quantile([], 0.5)
