"""How far a value lies from its history, measured so that the history's own outliers hardly count.

The modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993): 0.6745 times the distance from the
median, over the median absolute deviation; they call values beyond 3.5 outliers. Where more than half of the history is
one value, that deviation is 0, and the mean absolute deviation stands for it, as IBM's SPSS does.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from statistics import fmean, median

LEAST = 5  # values of history; of fewer, nothing is unusual
MAD_SCALE = 0.6745  # the 0.75 quantile of the normal distribution: makes a score of normal values a usual z-score
MEAN_SCALE = 1.253314  # √(π/2), the same for the mean absolute deviation


def robust_z(value: float, history: Sequence[float]) -> float | None:
    """How many usual deviations *value* lies above (+) or below (−) the median of *history*, itself not among them.

    Infinite where the history never moved and the value did; None where the history has fewer than LEAST values.
    """
    if len(history) < LEAST:
        return None
    middle = median(history)
    distance = value - middle
    if not distance:
        return 0.0
    deviations = [abs(one - middle) for one in history]
    if usual := median(deviations):
        return MAD_SCALE * distance / usual
    if mean := fmean(deviations):
        return distance / (MEAN_SCALE * mean)
    return inf if distance > 0 else -inf
