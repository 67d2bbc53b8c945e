"""Every truth that the documentation names can be seen with the query printed beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from broadsheet.sample.leads import generate

from .conftest import Documented

# query: (column, lowest, highest). Chance moves the figures; the bounds hold for other days and seeds too (three deviations, and a holiday within the fraud).
BOUNDS = {
    "week": [("weekend_ratio", 0.60, 0.70)],
    "evening": [("busiest_hour", 19, 20), ("workday_share", 0.22, 0.27), ("weekend_share", 0.15, 0.20)],
    "holidays": [("christmas_ratio", 0.15, 0.45)],
    "outage": [("of_usual", 0.15, 0.58), ("leads_during", 0, 0)],
    "budget": [("of_usual", 0.04, 0.13)],
    "price": [("lowest", 1.119, 1.121), ("highest", 1.119, 1.121)],
    "collapse": [("before", 0.76, 0.84), ("after", 0.28, 0.52)],
    "fraud": [
        ("of_usual", 1.25, 2.4),
        ("fraud_share", 0.30, 0.55),
        ("usual_fraud_share", 0.0, 0.03),
        ("returned", 0.10, 0.36),
        ("usually_returned", 0.03, 0.09),
    ],
    "quiet": [("of_usual", 0.08, 0.24)],
}


def test_every_documented_query_is_checked(documented: Documented) -> None:
    assert set(documented.queries) == set(BOUNDS)


@pytest.mark.parametrize("name", BOUNDS)
def test_truth_is_measurable(documented: Documented, name: str) -> None:
    seen = documented.see(name)
    for column, lowest, highest in BOUNDS[name]:
        assert lowest <= seen[column] <= highest, (name, column, seen)


def test_collapse_is_one_of_dead_telephones(documented: Documented) -> None:
    assert documented.see("collapse")["chief_reason"] == "Telephone not in service"


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2027, 3, 2), date(2027, 10, 31)])
def test_truths_move_with_the_day(tmp_path: Path, today: date) -> None:
    generate(tmp_path, today=today, seed=5)
    documented = Documented(tmp_path)
    for name in ("outage", "budget", "price", "collapse", "fraud", "quiet"):
        seen = documented.see(name)
        for column, lowest, highest in BOUNDS[name]:
            assert lowest <= seen[column] <= highest, (name, column, seen)
    assert documented.rows(
        "SELECT count(DISTINCT buyer_id) AS buyers FROM events, truths WHERE day >= closed_week"
    ) == [{"buyers": 40}]
