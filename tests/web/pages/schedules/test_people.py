"""A list of people as lines: what is typed becomes people, and reads back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.web.pages.schedules.people import mended, people_from, people_words

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


@pytest.mark.feature("SCH-06")
def test_an_hour_and_working_hours_of_their_own() -> None:
    lines = (
        'Ann, a@b.example, Europe/London, 06:30, 09:00-17:00\nBo, b@b.example, "mon-thu 08:00-17:00, fri 08:00-13:00"'
    )
    people, wrong = people_from(lines, formats=FORMATS)
    assert wrong == []
    assert [(one.get("at"), one.get("hours")) for one in people] == [
        ("06:30", "09:00-17:00"),
        (None, "mon-thu 08:00-17:00, fri 08:00-13:00"),
    ]
    assert people_words(people) == lines
    before = [{**one, "calendar": "us"} for one in people]
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
