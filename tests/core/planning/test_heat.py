"""Hours of a heat map are those of somebody's clock, also where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from broadsheet.core.planning import Ran, heat

pytestmark = pytest.mark.feature("BEY-08")


def ran(*moments: str, seconds: float = 60, waited: float = 0) -> list[Ran]:
    found = []
    for text in moments:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
        found.append(Ran("a", at, at + waited, at + waited + seconds))
    return found


def test_an_hour_knows_its_runs_its_work_and_the_longest_wait() -> None:
    found = heat(ran("2026-11-30 08:10", seconds=3000, waited=900), zone="Europe/Berlin")
    [first, second] = [found[date(2026, 11, 30), hour] for hour in (9, 10)]
    assert (first.runs, first.busy, first.most, first.waited) == (1, 2100, 1, 900)
    assert (second.runs, second.busy, second.most, second.waited) == (0, 900, 1, 0)


def test_the_hour_that_comes_twice_holds_both() -> None:
    found = heat(ran("2026-10-25 00:30", "2026-10-25 01:30"), zone="Europe/Berlin")
    assert {key: cell.runs for key, cell in found.items()} == {(date(2026, 10, 25), 2): 2}


def test_a_zone_with_a_quarter_of_an_hour() -> None:
    found = heat(ran("2026-11-30 02:20"), zone="Asia/Kathmandu")
    assert list(found) == [(date(2026, 11, 30), 8)]


def test_what_ends_on_the_hour_is_not_in_the_next() -> None:
    found = heat(ran("2026-11-30 08:00", "2026-11-30 08:59", seconds=60), zone="UTC")
    assert [(key[1], cell.most) for key, cell in found.items()] == [(8, 1)]
