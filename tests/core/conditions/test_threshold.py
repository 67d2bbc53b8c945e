"""Levels, changes and anomalies, with their arithmetic."""

from __future__ import annotations

from math import inf

import pytest

from broadsheet.core.conditions import Anomaly, Change, Judged, Level, judge, robust_z

pytestmark = pytest.mark.feature("SCH-17")

LEVELS = [  # threshold, value: met, cleared
    (Level(over=50), 50.01, True, False),
    (Level(over=50), 50, False, True),  # “above” is not “at”
    (Level(over=50, clears=45), 47, False, False),  # between: neither
    (Level(over=50, clears=45), 45, False, True),
    (Level(under=10), 9.99, True, False),
    (Level(under=10), 10, False, True),
    (Level(under=10, clears=12), 11, False, False),
    (Level(under=10, clears=12), 12, False, True),
    (Level(over=10, under=20, inside=True), 10, True, False),
    (Level(over=10, under=20, inside=True), 20, True, False),
    (Level(over=10, under=20, inside=True), 20.1, False, True),
    (Level(over=10, under=20), 9.9, True, False),
    (Level(over=10, under=20), 15, False, True),
]


@pytest.mark.parametrize(("threshold", "value", "met", "cleared"), LEVELS)
def test_a_level(threshold: Level, value: float, met: bool, cleared: bool) -> None:
    assert judge(threshold, value) == Judged(met, cleared, value)


CHANGES = [  # threshold, value, before: met, cleared, measure
    (Change(0.1, "up"), 110, 100, True, False, 0.1),  # (110 − 100) / 100: 10 % or more
    (Change(0.1, "up"), 109, 100, False, True, 0.09),
    (Change(0.1, "up"), 80, 100, False, True, -0.2),  # it fell
    (Change(0.1, "down"), 90, 100, True, False, -0.1),
    (Change(0.1, "any"), 90, 100, True, False, -0.1),
    (Change(0.5, "up", clears=0.2), 130, 100, False, False, 0.3),
    (Change(0.5, "up", clears=0.2), 119, 100, False, True, 0.19),
    (Change(5, "any", percent=False), 12, 7, True, False, 5),
    (Change(0.1, "up"), -90, -100, True, False, 0.1),  # a loss that shrank by a tenth rose
    (Change(0.1, "up"), 0, 0, False, True, 0),  # nothing to nothing
    (Change(0.1, "up"), 3, 0, True, False, inf),
    (Change(0.1, "down"), -3, 0, True, False, -inf),
]


@pytest.mark.parametrize(("threshold", "value", "before", "met", "cleared", "measure"), CHANGES)
def test_a_change(threshold: Change, value: float, before: float, met: bool, cleared: bool, measure: float) -> None:
    found = judge(threshold, value, before=before)

    assert found == Judged(met, cleared, pytest.approx(measure))


def test_nothing_to_judge_is_neither_met_nor_not() -> None:
    assert judge(Level(over=1), None) is None
    assert judge(Change(0.1), 5, before=None) is None
    assert judge(Anomaly(), 5, history=[1, 2, 3, 4]) is None  # four values are no history


SCORES = [  # value, history: z
    # median 10, deviations 2 1 0 1 2, their median 1: 0.6745 × (16 − 10) / 1
    (16, [8, 9, 10, 11, 12], 4.047),
    (10, [8, 9, 10, 11, 12], 0.0),
    (4, [8, 9, 10, 11, 12], -4.047),
    # one outlier of the history changes nothing: median 10, deviations 2 1 0 1 990, median 1
    (16, [8, 9, 10, 11, 1000], 4.047),
    # most of it is one value: median deviation 0, mean deviation 4 / 5 = 0.8; 6 / (1.253314 × 0.8)
    (11, [5, 5, 5, 5, 9], 5.984),
    (6, [5, 5, 5, 5, 5], inf),
    (4, [5, 5, 5, 5, 5], -inf),
    (5, [5, 5, 5, 5, 5], 0.0),
]


@pytest.mark.parametrize(("value", "history", "z"), SCORES)
def test_a_score(value: float, history: list[float], z: float) -> None:
    assert robust_z(value, history) == pytest.approx(z, abs=0.001)


def test_an_anomaly_by_its_direction() -> None:
    history = [8.0, 9, 10, 11, 12]

    assert judge(Anomaly(3.5, "up"), 16, history=history) == Judged(True, False, pytest.approx(4.047))
    assert judge(Anomaly(3.5, "down"), 16, history=history) == Judged(False, True, pytest.approx(4.047))
    assert judge(Anomaly(4.5, clears=2), 16, history=history) == Judged(False, False, pytest.approx(4.047))
