"""The rule's words of the form: what is typed becomes a rule, and reads back as it was."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.recurrence import timing_from
from broadsheet.web.pages.schedules.people import mended, people_from, people_words
from broadsheet.web.pages.schedules.rules import (
    Unreadable,
    date_from,
    date_words,
    month_from,
    month_words,
    times_from,
    times_words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15", {"day": 15}),
        ("15th", {"day": 15}),
        ("the 1st", {"day": 1}),
        ("last", {"day": 31}),
        ("Last day of the month", {"day": 31}),
        ("first Monday", {"nth": 1, "weekday": "mon"}),
        ("last friday", {"nth": -1, "weekday": "fri"}),
        ("second last Fri", {"nth": -2, "weekday": "fri"}),
        ("third business day", {"business_day": 3}),
        ("last business day", {"business_day": -1}),
        ("12th business day", {"business_day": 12}),
    ],
)
@pytest.mark.feature("SCH-03")
def test_days_of_the_month_by_words(text: str, expected: object) -> None:
    assert month_from(text) == expected


@pytest.mark.parametrize("text", ["", "soon", "first", "first Blursday", "second last", "0x3", "12/31", "mon first"])
def test_what_is_no_day_of_the_month_is_told_how_to_write_it(text: str) -> None:
    if text == "first":  # a number of its own
        assert month_from(text) == {"day": 1}
        return
    with pytest.raises(Unreadable) as caught:
        month_from(text)
    assert "first Monday" in caught.value.fix


@given(
    st.one_of(
        st.fixed_dictionaries({"day": st.integers(1, 31)}),
        st.fixed_dictionaries({"business_day": st.integers(-23, 23).filter(bool)}),
        st.fixed_dictionaries(
            {"nth": st.integers(-5, 5).filter(bool), "weekday": st.sampled_from(["mon", "thu", "sun"])}
        ),
    )
)
@pytest.mark.feature("SCH-03")
def test_every_monthly_rule_reads_back_as_it_was(on: dict[str, object]) -> None:
    assert month_from(month_words(on)) == on
    timing_from({"every": "month", "on": on, "at": "08:00"}, default_zone="UTC")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_reads_back_as_it_was(day: date) -> None:
    assert date_from(date_words(day)) == day
    assert date_from(day.isoformat()) == day


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_form_shows_is_read_back_in_every_language(language: str) -> None:
    with override(language):
        for month in range(1, 13):
            for day in range(1, 8):
                assert date_from(date_words(date(2026, month, day))) == date(2026, month, day)
        assert month_from(month_words({"day": 31})) == {"day": 31}
        assert date_from("Thu 31 December 2026") == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["12/31/2026", "31.12.2026", "31 Foo 2026", "tomorrow", "Thu"])
def test_other_ways_to_write_a_day_are_refused_with_the_way(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        date_from(text)
    assert "31 Dec 2026" in caught.value.fix


def test_times_of_day_one_or_many() -> None:
    assert times_from("08:00") == "08:00"
    assert times_from("08:00, 17:00 and 21:30") == ["08:00", "17:00", "21:30"]
    assert times_words(["08:00", "17:00"]) == "08:00, 17:00"
    assert times_words(times_from("08:00")) == "08:00"


FORMATS = ["csv", "html", "pdf", "xlsx"]


def test_people_line_by_line() -> None:
    text = "Mara Lindqvist <mara@a.example>, America/New_York, en-US, USD, pdf xlsx\n\njo@b.example\nZoë <z@c.example>"
    assert people_from(text, formats=FORMATS)[0] == [
        {
            "name": "Mara Lindqvist", "address": "mara@a.example", "zone": "America/New_York", "language": "en-US",
            "currency": "USD", "formats": ["pdf", "xlsx"],
        },
        {"name": "jo", "address": "jo@b.example"},
        {"name": "Zoë", "address": "z@c.example"},
    ]  # fmt: skip


def test_people_read_back_and_keep_what_the_lines_cannot_say() -> None:
    before = [
        {"name": "Mara", "address": "m@a.example", "key": "k1", "attributes": {"buyer": "b1"}, "formats": ["pdf"]}
    ]
    assert people_from(people_words(before), formats=FORMATS, before=before) == (before, [])


@pytest.mark.parametrize(
    "line",
    ["Ann One, ann@example.com", "Ann One <ann@example.com>", "Ann One,ann@example.com,", "Ann One , ann@example.com"],
)
def test_an_address_may_come_after_a_comma(line: str) -> None:
    assert people_from(line, formats=FORMATS) == ([{"name": "Ann One", "address": "ann@example.com"}], [])


def test_attributes_are_read_as_yaml_reads_them_and_written_back() -> None:
    line = 'Ann, a@b.example, region=north, size=5, share=0.5, new=true, code="007", zip=007, town="Bath, Avon"'
    people, wrong = people_from(line, formats=FORMATS)
    assert (wrong, people[0]["attributes"]) == (
        [],
        {"region": "north", "size": 5, "share": 0.5, "new": True, "code": "007", "zip": "007", "town": "Bath, Avon"},
    )
    assert people_from(people_words(people), formats=FORMATS) == (people, [])


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-99999, 99999) | st.booleans(),
        max_size=3,
    )
)
def test_any_attributes_survive_the_form(attributes: dict) -> None:
    before = [{"name": "Ann", "address": "a@b.example", **({"attributes": attributes} if attributes else {})}]
    assert people_from(people_words(before), formats=FORMATS, before=before) == (before, [])


@pytest.mark.parametrize(
    ("word", "zone"),
    [("London", "Europe/London"), ("New York", "America/New_York"), ("Europe/Londn", "Europe/London")],
)
def test_a_city_alone_is_told_its_zone(word: str, zone: str) -> None:
    line = f"Ann, a@b.example, {word}, pdf"
    [wrong] = people_from(line, formats=FORMATS)[1]
    assert wrong["text"] == f"Line 1: “{word}” is not the name of a zone. Write {zone}."
    assert mended(line, wrong["fix"]) == f"Ann, a@b.example, {zone}, pdf"


def test_every_wrong_line_is_told_at_once() -> None:
    wrong = people_from("Ann, a@b.example, soon!\nBo, b@b.example\n, pdf\nCy, c@c.example, Berlin", formats=FORMATS)[1]
    assert [one["text"].partition(" ")[2][:2] for one in wrong] == ["1:", "3 ", "4:"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("Mara <m@a.example>, tomorrow!", "Line 1: “tomorrow!”"), ("A <a@b.c>\n , pdf", "Line 2 has no name")],
)
def test_a_word_without_a_place_is_named_with_its_line(text: str, said: str) -> None:
    [wrong] = people_from(text, formats=FORMATS)[1]
    assert said in wrong["text"]
