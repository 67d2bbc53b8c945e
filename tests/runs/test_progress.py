"""How far a run is, how quickly it goes, and how long the rest takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Occurrence
from broadsheet.runs.progress import Part, Progress, progress_of, rate

pytestmark = pytest.mark.feature("PRF-01")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ago", "found"),
    [((), None), ((1, 2), None), ((0, 1, 2), 1.5), ((10, 11, 12), 0.25)],  # ten seconds of silence slow it down
)
def test_a_rate_counts_until_now(ago: tuple[int, ...], found: float | None) -> None:
    assert rate([NOW - one * SECOND for one in ago], now=NOW) == found


def test_what_is_left_is_the_slower_part() -> None:
    assert Progress("sends", Part(4, 4), Part(10, 40, 2.0)).left == 15 * SECOND
    assert Progress("makes", Part(1, 4, 0.1), Part(10, 40, 2.0)).left == 30 * SECOND
    assert Progress("makes", Part(1, 4), Part(10, 40, 2.0)).left is None
    assert Progress("sleeps", Part(4, 4), Part(10, 40, 2.0)).left is None


def test_it_counts_what_is_there(
    finish: Callable[..., Occurrence], shop: object, actor: Callable[[str], Any], django_assert_max_num_queries: Any
) -> None:
    asked = run_now(actor("owner"), "buyers-monday", now=NOW)
    assert progress_of(asked, now=NOW) == Progress("waits", Part(0, 0), Part(0, 0))
    run = finish(asked)
    assert progress_of(run, now=NOW).stage == "ended"
    run.finished_at, run.state = None, "running"
    Delivery.objects.filter(recipient_key="b1").update(settled_at=NOW - 6 * SECOND)
    with django_assert_max_num_queries(3):
        found = progress_of(run, now=NOW + 6 * SECOND)
    assert (found.stage, found.slices.done, found.deliveries.done, found.deliveries.rate) == ("sends", 3, 3, 0.25)
