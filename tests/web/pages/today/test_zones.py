"""The day across the zones: marks with several states, and zones that stand behind a press."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.template.loader import render_to_string
from tests.plugins.django import NOW

from broadsheet.web.pages.today.zones import _apart


def mark(x: str, state: str, counts: dict[str, int]) -> dict[str, Any]:
    return {"at": NOW, "x": x, "state": state, "counts": Counter(counts), "weight": 1, "text": ""}


@pytest.mark.parametrize(
    ("marks", "state", "count"),
    [
        ([mark("10%", "accepted", {"accepted": 40})], "accepted", "40"),
        ([mark("10%", "partial", {"accepted": 38, "failed": 2})], "failed", "2/40"),
        ([mark("10%", "accepted", {"accepted": 3}), mark("11%", "due", {"due": 5})], "due", "5/8"),
        ([mark("10%", "missed", {})], "missed", ""),
    ],
)
def test_a_mark_shows_the_worst_state_and_of_how_many(marks: list[Any], state: str, count: str) -> None:
    [shown] = _apart(marks)
    assert (shown["state"], shown["count"]) == (state, count)


def test_zones_that_have_few_open_by_a_press() -> None:
    row = {"label": "Tokyo", "time": "18:00", "hours": [], "marks": []}
    day = {"zone": "London", "now": {"x": "10%", "text": "now"}, "rows": [], "others": [row, row], "list": []}
    page = render_to_string("partials/day.html", {"day": day})
    opened = page.split("<details")[1].split("</details>")[0]
    assert ">2 zones more</summary>" in opened
    assert opened.count("Tokyo") == 2
