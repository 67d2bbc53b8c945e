"""What two stretches of time have in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.core.lifecycle.spans import overlap

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "since", "until", "minutes"),
    [(0, 10, 5, 20, 5), (0, 10, 2, 4, 2), (5, 6, 0, 60, 1), (0, 10, 10, 20, 0), (0, 10, 30, 40, 0), (30, 40, 0, 10, 0)],
)
def test_it_is_what_lies_in_both(start: int, end: int, since: int, until: int, minutes: int) -> None:
    at = [NINE + timedelta(minutes=one) for one in (start, end, since, until)]
    assert overlap(*at) == timedelta(minutes=minutes)
