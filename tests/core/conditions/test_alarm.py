"""N in a row, hysteresis, cool-down, no data and errors: case tables, and rules that hold for every sequence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.conditions import Alarm, Answer, Failed, Level, NoData, Policy, Seen, answer, judge

pytestmark = pytest.mark.feature("SCH-17")

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
OVER_50 = Level(over=50, clears=45)
Told = float | None | str  # a value, no data, or an error


def seen(value: Told) -> Seen | NoData | Failed:
    if isinstance(value, str):
        return Failed()
    judged = judge(OVER_50, value)
    return NoData() if judged is None else Seen(judged)


def told(policy: Policy, values: list[Told], *, every: timedelta = timedelta(days=1)) -> list[Answer]:
    alarm, answers = Alarm(), []
    for number, value in enumerate(values):
        answers.append(answer(policy, alarm, seen(value), at=START + number * every))
        alarm = answers[-1].alarm
    return answers


CASES = [  # policy, values: why each fired (capitals) or did not
    (Policy(), [60, 40, 60], "MET not_met MET"),
    # hysteresis: 47 is below the limit, and not yet back at 45; 45 is
    (Policy(), [60, 47, 45, 47], "MET MET not_met not_met"),
    (Policy(in_a_row=3), [60, 60, 40, 60, 60, 60, 60], "in_a_row in_a_row not_met in_a_row in_a_row MET MET"),
    # a value between the two is no third one above the limit
    (Policy(in_a_row=3), [60, 60, 47, 60], "in_a_row in_a_row not_met in_a_row"),
    (Policy(cooldown=timedelta(days=2)), [60, 60, 60, 60], "MET cooling MET cooling"),
    (Policy(once=True), [60, 60, 40, 60], "MET still not_met MET"),
    (Policy(no_data="skip", in_a_row=2), [60, None, 60, 60], "in_a_row no_data in_a_row MET"),
    (Policy(no_data="keep", in_a_row=2), [60, None, 60], "in_a_row no_data MET"),
    (Policy(no_data="keep"), [60, None, 40, None], "MET NO_DATA not_met no_data"),
    (Policy(no_data="fire"), [None, 60, 40], "NO_DATA MET not_met"),
    (Policy(error="retry"), [60, "away", 47], "MET error MET"),
    (Policy(error="skip"), ["away", 60], "error MET"),
    (Policy(error="fire", cooldown=timedelta(days=2)), ["away", "away", "away"], "ERROR cooling ERROR"),
]


@pytest.mark.parametrize(("policy", "values", "expected"), CASES)
def test_what_follows(policy: Policy, values: list[Told], expected: str) -> None:
    found = [one.because.upper() if one.verdict == "fire" else one.because for one in told(policy, values)]

    assert " ".join(found) == expected


def test_the_state_says_since_when() -> None:
    found = [one.alarm for one in told(Policy(in_a_row=2), [60, 60, 60, None, 40])]

    assert [(one.status, one.since) for one in found] == [
        ("ok", START),
        ("firing", START + timedelta(days=1)),
        ("firing", START + timedelta(days=1)),
        ("no_data", START + timedelta(days=3)),
        ("ok", START + timedelta(days=4)),
    ]


def test_an_older_firing_that_comes_late_is_within_the_silence() -> None:
    after = told(Policy(cooldown=timedelta(days=2)), [60])[0].alarm

    late = answer(Policy(cooldown=timedelta(days=2)), after, seen(60), at=START - timedelta(days=5))

    assert (late.verdict, late.because) == ("skip", "cooling")


VALUES = st.lists(st.one_of(st.floats(30, 70), st.none(), st.just("away")), max_size=40)
POLICIES = st.builds(
    Policy,
    in_a_row=st.integers(1, 4),
    cooldown=st.integers(0, 5).map(lambda days: timedelta(days=days)),
    once=st.booleans(),
    no_data=st.sampled_from(["fire", "skip", "keep"]),
    error=st.sampled_from(["fire", "skip", "retry"]),
)


@given(POLICIES, VALUES)
def test_rules_that_hold_for_every_sequence(policy: Policy, values: list[Told]) -> None:
    before, fired = Alarm(), None
    for number, (value, found) in enumerate(zip(values, told(policy, values), strict=True)):
        at, after = START + timedelta(days=number), found.alarm
        if found.verdict == "retry":  # no evaluation: nothing moved
            assert (value, policy.error, after) == ("away", "retry", before)
        if found.verdict == "fire":
            assert fired is None or at - fired >= policy.cooldown
            assert after.fired_at == at
            fired = at
        if isinstance(value, float):
            assert after.status == ("firing" if after.alarmed else "ok")
            assert after.alarmed or found.verdict == "skip"
            if value > 50:
                assert after.in_a_row == before.in_a_row + 1
            if value <= 45:
                assert (after.alarmed, after.in_a_row) == (False, 0)
            if 45 < value <= 50:  # between the two an alarm stays as it was
                assert after.alarmed == before.alarmed
            if after.alarmed and not before.alarmed:
                assert after.in_a_row >= policy.in_a_row
        else:
            assert after.alarmed == before.alarmed
        assert after.since is None or after.since <= at
        before = after


@given(POLICIES, st.lists(st.floats(30, 44), min_size=1, max_size=20))
def test_what_is_never_met_never_fires(policy: Policy, values: list[float]) -> None:
    assert {one.verdict for one in told(policy, list(values))} == {"skip"}
