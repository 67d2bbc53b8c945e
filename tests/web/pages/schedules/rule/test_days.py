"""Days, moments and times as people write them read back as they were."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.web.pages.schedules.rule.days import (
    Unreadable,
    date_from,
    date_words,
    list_from,
    list_words,
    moment_from,
    moment_words,
    times_from,
    times_words,
)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_reads_back_as_it_was(day: date) -> None:
    assert date_from(date_words(day)) == day
    assert date_from(day.isoformat()) == day


@given(st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda one: one.replace(microsecond=0)))
def test_every_moment_reads_back_as_it_was(moment: datetime) -> None:
    written = f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    assert moment_from(moment_words(moment)) == written
    assert moment_from(moment_words(written)) == written


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_form_shows_is_read_back_in_every_language(language: str) -> None:
    with override(language):
        for month in range(1, 13):
            for day in range(1, 8):
                assert date_from(date_words(date(2026, month, day))) == date(2026, month, day)
        assert date_from("Thu 31 December 2026") == date(2026, 12, 31)
        assert moment_from(moment_words("2026-03-05 08:30")) == "2026-03-05 08:30"


@pytest.mark.parametrize("text", ["12/31/2026", "31.12.2026", "31 Foo 2026", "tomorrow", "Thu"])
def test_other_ways_to_write_a_day_are_refused_with_the_way(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        date_from(text)
    assert "31 Dec 2026" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("25 December", date(2026, 12, 25), date(2026, 12, 25)),
        ("Fri 25 Dec", date(2026, 12, 26), date(2027, 12, 25)),
        ("29 February", date(2026, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_next_one(text: str, today: date, day: date) -> None:
    assert date_from(text, today=today) == day


@pytest.mark.parametrize(("text", "today"), [("25 December", None), ("31 June", date(2026, 1, 1))])
def test_a_day_without_a_year_is_refused_where_it_is_none(text: str, today: date | None) -> None:
    with pytest.raises(Unreadable):
        date_from(text, today=today)


def test_a_time_that_there_is_not_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        moment_from("5 Jan 2026 25:00")
    assert (caught.value.message, caught.value.fix) == ("“25:00” is not a time of day.", "Write it as 08:30.")


def test_lists_have_lines_or_commas() -> None:
    assert list_from("24 Dec 2026, Thu 31 Dec 2026\n2027-01-04 8:00") == [
        "2026-12-24",
        "2026-12-31",
        "2027-01-04 08:00",
    ]
    assert list_words(["2026-12-24", "2027-01-04 08:00"]) == "Thu 24 Dec 2026, Mon 4 Jan 2027 08:00"


def test_times_of_day_one_or_many() -> None:
    assert times_from("08:00") == "08:00"
    assert times_from("08:00, 17:00 and 21:30") == ["08:00", "17:00", "21:30"]
    assert times_words(["08:00", "17:00"]) == "08:00, 17:00"
    assert times_words(times_from("08:00")) == "08:00"
