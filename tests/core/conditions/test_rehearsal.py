"""What a condition would have said of values that are known: as firings one by one would have."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from broadsheet.core.conditions import Anomaly, Change, Level, Policy, Threshold, rehearse

pytestmark = pytest.mark.feature("SCH-17")
DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(6)]


@pytest.mark.parametrize(
    ("threshold", "policy", "values", "went_on"),
    [
        (Level(over=10), Policy(), [9, 11, 10, 12, None, 20], "-x-x-x"),
        (Level(over=10), Policy(in_a_row=2), [11, 12, 13, 9, 11, 12], "-xx--x"),
        (Level(over=10), Policy(once=True), [11, 12, 9, 11, 12, 13], "x--x--"),
        (Level(over=10, clears=5), Policy(once=True), [11, 8, 11, 4, 11, 12], "x---x-"),
        (Level(over=10), Policy(cooldown=timedelta(days=3)), [11, 11, 11, 11, 11, 11], "x--x--"),
        (Level(over=10), Policy(no_data="fire"), [None, 9, None, 9, 9, 9], "x-x---"),
        (Change(0.5, "up"), Policy(), [10, 15, 15, 30, 10, 10], "x-x--"),  # the first has none before it
        (Anomaly(), Policy(), [1, 1, 1, 1, 1, 99], ""),
    ],
)
def test_each_value_is_judged_as_its_firing_would_have_been(
    threshold: Threshold, policy: Policy, values: list[float | None], went_on: str
) -> None:
    found = rehearse(threshold, policy, list(zip(DAYS, values, strict=True)))
    assert "".join("x" if one.went_on else "-" for one in found) == went_on
    assert [one.start for one in found] == DAYS[len(DAYS) - len(found) :]


def test_no_values_say_nothing() -> None:
    assert rehearse(Level(over=1), Policy(), []) == ()
