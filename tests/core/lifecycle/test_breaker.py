"""The breaker: opens when enough fails, lets one through now and then, closes when it arrives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from broadsheet.core.lifecycle.breaker import LOOK, TRIAL, Admitted, Breaker, Shut, Trip, admit, heard

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TRIP = Trip()
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.feature("DLV-26")


def after(signs: str) -> Breaker:
    breaker = Breaker()
    for sign in signs:
        breaker = heard(breaker, TRIP, good=sign == "+", trial=False, now=NOW)
    return breaker


@pytest.mark.parametrize(
    ("signs", "is_open"),
    [
        ("----", False),
        ("-----", True),  # five in a row
        ("----+----", False),
        ("-+" * 9 + "-", False),  # nineteen tries are too few for a share
        ("-+" * 10 + "-", True),  # the newest 20 hold ten that failed
        ("-" + "+" * 40 + "----", False),
    ],
)
def test_when_it_opens(signs: str, is_open: bool) -> None:
    assert after(signs).is_open is is_open


def test_a_channel_that_is_well_again_is_as_new() -> None:
    assert after("-" + "+" * 20) == Breaker()
    assert after("+" * 50) == Breaker()  # and nothing had to be kept for it


def test_one_trial_at_a_time_and_each_that_fails_waits_twice_as_long() -> None:
    breaker = after("-----")
    assert admit(breaker, now=NOW) == Shut(NOW + MINUTE)
    now, waits = NOW, []
    for _ in range(7):
        assert breaker.trial_at is not None
        waits.append((breaker.trial_at - now) / MINUTE)
        now = breaker.trial_at
        admitted = admit(breaker, now=now)
        assert isinstance(admitted, Admitted)
        assert admitted.trial
        assert admit(admitted.breaker, now=now) == Shut(now + LOOK)
        breaker = heard(admitted.breaker, TRIP, good=False, trial=True, now=now)
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert breaker.opened_at == NOW  # since when it is open, not since the last trial


def test_a_trial_that_arrives_closes_it() -> None:
    admitted = admit(after("-----"), now=NOW + MINUTE)
    assert isinstance(admitted, Admitted)
    assert heard(admitted.breaker, TRIP, good=True, trial=True, now=NOW + MINUTE) == Breaker()


def test_a_trial_whose_process_died_is_made_again() -> None:
    admitted = admit(after("-----"), now=NOW + MINUTE)
    assert isinstance(admitted, Admitted)
    again = admit(admitted.breaker, now=NOW + MINUTE + TRIAL)
    assert isinstance(again, Admitted)
    assert again.trial


def test_what_was_begun_before_it_opened_says_nothing_now() -> None:
    breaker = after("-----")
    assert heard(breaker, TRIP, good=True, trial=False, now=NOW) == breaker
    assert heard(breaker, TRIP, good=False, trial=False, now=NOW) == breaker


class Channel(RuleBasedStateMachine):
    """Any order of tries, outcomes and time: never two trials at once, never shut for longer than the ceiling."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.breaker, self.under_way = NOW, Breaker(), []

    @rule(seconds=st.integers(1, 4000))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def try_one(self) -> None:
        result = admit(self.breaker, now=self.now)
        if isinstance(result, Shut):
            assert self.now < result.until <= self.now + timedelta(seconds=max(TRIP.ceiling_seconds, 180))
            return
        self.breaker = result.breaker
        self.under_way.append((result.trial, self.now))

    @rule(good=st.booleans())
    def hear(self, good: bool) -> None:
        if self.under_way:
            trial, _ = self.under_way.pop(0)
            self.breaker = heard(self.breaker, TRIP, good=good, trial=trial, now=self.now)

    @invariant()
    def one_trial(self) -> None:
        if self.breaker.is_open:
            fresh = [at for trial, at in self.under_way if trial and self.now < at + TRIAL]
            assert len(fresh) <= 1

    @invariant()
    def open_has_its_trial(self) -> None:
        assert self.breaker.is_open == (self.breaker.trial_at is not None)


Channel.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestChannel = Channel.TestCase
TestChannel.pytestmark = [pytest.mark.feature("DLV-26")]
