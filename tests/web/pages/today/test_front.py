"""The truth in one sentence, case by case."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.plugins.django import NOW

from broadsheet.web.pages.today.front import number, sentence


@pytest.mark.parametrize(
    ("counts", "to_come", "expected"),
    [
        ({}, 0, "Nothing has gone out today, and nothing more is due."),
        ({}, 1, "Nothing has gone out yet today. One run is due."),
        ({}, 3, "Nothing has gone out yet today. Three runs are due."),
        ({"accepted": 1}, 0, "By 09:00, the one delivery of today had been accepted."),
        ({"accepted": 1240}, 0, "By 09:00, all 1,240 deliveries of today had been accepted."),
        (
            {"accepted": 47, "failed": 12, "retrying": 1, "suppressed": 1},
            0,
            "By 09:00, 47 of 61 deliveries had been accepted. Twelve have failed, one is being retried, one was suppressed.",
        ),
        ({"unconfirmed": 1}, 0, "By 09:00, none of 1 delivery had been accepted. One is unconfirmed."),
        ({"accepted": 2, "due": 38}, 0, "By 09:00, 2 of 40 deliveries had been accepted. 38 are being made."),
        ({"accepted": 0, "expired": 2}, 5, "By 09:00, none of 2 deliveries had been accepted. Two have expired."),
    ],
)
def test_the_sentence_counts_every_delivery_and_names_none_a_success_that_was_not(
    counts: dict[str, int], to_come: int, expected: str
) -> None:
    with timezone.override("UTC"):
        assert sentence(counts, now=NOW, to_come=to_come) == expected


def test_numbers_are_words_up_to_twelve() -> None:
    assert [number(count) for count in (1, 12, 13, 1300)] == ["one", "twelve", "13", "1,300"]
