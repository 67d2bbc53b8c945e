"""Back-off: the arithmetic, the bounds and the deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.lifecycle import Again, GiveUp, Retry, decide

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PLAIN = Retry(attempts=6, first_seconds=60, factor=4, ceiling_seconds=3600, jitter=0)
pytestmark = pytest.mark.feature("SCH-08")


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 60), (2, 240), (3, 960), (4, 3600), (5, 3600)],  # 60 × 4^(n-1), at most an hour
)
def test_the_wait_grows_to_the_ceiling(attempt: int, seconds: int) -> None:
    assert decide(PLAIN, attempt=attempt, now=NOW, random=0.5) == Again(NOW + timedelta(seconds=seconds))


def test_the_last_attempt_gives_up() -> None:
    assert decide(PLAIN, attempt=6, now=NOW, random=0.5) == GiveUp("attempts")


def test_a_try_after_the_deadline_is_not_made() -> None:
    assert decide(PLAIN, attempt=2, now=NOW, random=0, deadline=NOW + timedelta(seconds=239)) == GiveUp("deadline")


def test_the_other_side_may_ask_for_longer() -> None:
    assert decide(PLAIN, attempt=1, now=NOW, random=0, wait=9000) == Again(NOW + timedelta(seconds=9000))


@given(st.integers(1, 2000), st.floats(0, 1), st.floats(0, 1))
def test_jitter_only_shortens_and_never_by_more_than_its_share(attempt: int, random: float, jitter: float) -> None:
    retry = Retry(attempts=2001, jitter=jitter)
    again = decide(retry, attempt=attempt, now=NOW, random=random)
    assert isinstance(again, Again)
    full = min(retry.ceiling_seconds, retry.first_seconds * retry.factor ** min(attempt - 1, 50))
    waited = (again.at - NOW).total_seconds()
    assert full * (1 - jitter) - 1e-3 <= waited <= full + 1e-3


@given(st.floats(0, 1), st.floats(1, 90_000))
def test_what_the_other_side_asked_for_is_a_least_and_not_one_moment_for_all(random: float, wait: float) -> None:
    again = decide(Retry(jitter=0.2), attempt=1, now=NOW, random=random, wait=wait)
    assert isinstance(again, Again)
    waited = (again.at - NOW).total_seconds()
    assert wait - 1e-3 <= waited <= max(60.0, wait + 0.2 * min(60.0, wait)) + 1e-3


def test_a_try_past_the_lifetime_is_not_made_however_many_are_left() -> None:
    retry = Retry(attempts=20, first_seconds=600, factor=1, jitter=0, lifetime_seconds=3600)
    first = NOW - timedelta(seconds=3000)
    assert decide(retry, attempt=6, now=NOW, random=0, since=first) == Again(NOW + timedelta(seconds=600))
    assert decide(retry, attempt=6, now=NOW, random=0, since=first - timedelta(seconds=1)) == GiveUp("lifetime")


def test_only_the_causes_that_are_named_are_tried_again() -> None:
    retry = Retry(on=("connection",))
    assert isinstance(decide(retry, attempt=1, now=NOW, random=0, cause="connection"), Again)
    assert decide(retry, attempt=1, now=NOW, random=0, cause="temporary") == GiveUp("cause")
    assert isinstance(decide(retry, attempt=1, now=NOW, random=0), Again)
