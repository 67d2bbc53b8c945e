"""Words and parts of one form: what was touched counts, what is typed stays, and both come into step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.web.pages.schedules.rule.test_parts import KEPT, SHOWN, form

from broadsheet.web.pages.schedules.rule.sentences import rule_of, sentence
from broadsheet.web.pages.schedules.rule.settling import settle, step
from broadsheet.web.pages.schedules.rule.showing import same

ZONE, TODAY = "Europe/Berlin", date(2026, 11, 24)
DAILY = {"every": "day", "at": "08:00", "zone": ZONE}


def settled(post: Any) -> Any:
    return settle(post, zone=ZONE, today=TODAY)


@pytest.mark.parametrize("when", [when for _kind, when in SHOWN] + KEPT[:-1])
@pytest.mark.feature("SCH-05")
def test_every_rule_has_a_sentence_that_means_it(when: Any) -> None:
    said = sentence(when, zone=ZONE)
    assert said
    assert same(rule_of(said, zone=ZONE, today=None), when, zone=ZONE)


def test_what_is_no_rule_has_no_sentence() -> None:
    assert [sentence(one, zone=ZONE) for one in ({}, [], {"every": "week"}, {"on": 3}, None)] == [""] * 5


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("third business day of each month at 07:00, rolled forward",
         {"every": "month", "on": {"business_day": 3}, "at": "07:00", "roll": "following"}),
        ("15 minutes before market close on NYSE days", {"session": {"close": -15}, "calendar": "nyse"}),
        ("every Monday at 08:00 in each recipient's zone", {"every": "week", "on": ["mon"], "at": "08:00", "zone": "recipient"}),
        ("every 2 weeks on Monday at 8", {"every": "week", "on": ["mon"], "interval": 2, "at": "08:00", "anchor": "2026-11-24"}),
        ("on the last Friday of every fiscal quarter by April at 17:00\n Europe/London",
         {"every": "quarter", "on": {"nth": -1, "weekday": "fri"}, "fiscal": "apr", "at": "17:00", "zone": "Europe/London"}),
    ],
)  # fmt: skip
@pytest.mark.feature("SCH-05")
@pytest.mark.feature("SCH-14")
def test_words_that_are_typed_fill_the_parts_and_stay(words: str, when: dict) -> None:
    post = form(DAILY)
    post["words"] = words
    found = settled(post)
    assert (found.by, dict(found.errors)) == ("words", {})
    assert same(found.when, when, zone=ZONE)
    step(post, found.when, zone=ZONE, by="words")
    assert (post["words"], post["said"]) == (words, words)
    assert settled(post).by == ""
    assert same(settled(post).when, when, zone=ZONE)


def test_parts_that_are_pressed_rewrite_the_words() -> None:
    post = form(DAILY)
    post["every"], post["nth"], post["what"], post["side"], post["calendar"] = (
        "quarter",
        "2",
        "business_day",
        "end",
        "us",
    )
    found = settled(post)
    step(post, found.when, zone=ZONE, by="parts")
    assert found.by == "parts"
    assert post["words"] == "on the second last business day of every quarter on us days at 08:00"


def test_an_interval_said_anew_counts_on_from_where_it_did() -> None:
    post = form({"every": "week", "on": ["mon"], "interval": 2, "at": "08:00", "anchor": "2026-01-05", "zone": ZONE})
    post["words"] = "every 3 weeks on Monday at 08:00"
    assert settled(post).when["anchor"] == "2026-01-05"


def test_both_changed_is_a_question_with_a_button_for_either() -> None:
    post = form(DAILY)
    post["words"], post["every"] = "every Monday at 09:00", "weekday"
    found = settled(post)
    assert [one["fix"]["value"] for one in found.errors["words"]] == ["by=words", "by=parts"]
    assert found.when == DAILY
    post["by"] = "words"
    assert settled(post).when["every"] == "week"
    post["by"] = "parts"
    assert settled(post).when["every"] == "weekday"


@pytest.mark.parametrize(
    ("words", "mended"),
    [
        ("every tusday  at 08:00", "every tuesday at 08:00"),
        ("every Monday at 08:00 Europe/Londn", "every Monday at 08:00 Europe/London"),
        ("every mnth on the 3rd at 08:00", "every month on the 3rd at 08:00"),
    ],
)
@pytest.mark.feature("SCH-30")
def test_a_near_miss_has_a_button_that_mends_it(words: str, mended: str) -> None:
    post = form(DAILY)
    post["words"] = words
    [wrong] = settled(post).errors["words"]
    assert wrong["fix"]["value"] == f"words={mended}"
    post["words"] = mended
    assert settled(post).errors == {}


def test_a_rule_that_did_not_come_along_is_read_from_the_parts() -> None:
    from django.http import QueryDict

    for rule in ("[[[", "3", '"x"', "", "[" * 5000 + "]" * 5000):
        post = QueryDict(f"every=week&days=mon&days=thu&at=08:00&rule={rule}")
        assert settled(post).when == {"every": "week", "on": ["mon", "thu"], "at": "08:00"}
