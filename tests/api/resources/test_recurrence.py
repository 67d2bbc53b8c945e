"""A rule tried over HTTP: four forms, the organization's calendars, words, and why or why not on a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.feature("SCH-30")]
AFTER = "2026-11-23T09:00:00Z"


@pytest.fixture
def tried(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    secret = token("editor")
    return lambda **body: call("POST", "/recurrence/preview", token=secret, body={"from": AFTER, "count": 2, **body})


@pytest.mark.parametrize(
    "rule",
    [
        {"when": {"every": "week", "on": "mon", "at": "08:00"}},
        {"text": "every Monday at 8"},
        {"rrule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0;BYSECOND=0"},
        {"cron": "0 8 * * 1"},
    ],
)
def test_four_forms_of_one_rule(rule: dict[str, Any], tried: Callable[..., Any]) -> None:
    found = tried(**rule).json()
    assert [one["at"] for one in found["firings"]] == ["2026-11-23T13:00:00Z", "2026-11-30T13:00:00Z"]
    assert found["words"].endswith("New York time")
    assert found["explanation"] is None


@pytest.mark.parametrize("rule", [{}, {"text": "every Monday at 8", "cron": "0 8 * * 1"}])
def test_exactly_one_form(rule: dict[str, Any], tried: Callable[..., Any]) -> None:
    answer = tried(**rule)
    assert (answer.status_code, "exactly one of" in answer.json()["detail"]) == (422, True)


def test_an_rrule_may_get_its_time_beside_it(tried: Callable[..., Any]) -> None:
    found = tried(rrule="FREQ=MONTHLY;BYDAY=2MO", at=["08:00", "17:30"]).json()
    assert [one["at"] for one in found["firings"]] == ["2026-12-14T13:00:00Z", "2026-12-14T22:30:00Z"]
    assert tried(rrule="FREQ=MONTHLY;BYDAY=2MO", at="08:00").status_code == 200


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"rrule": "FREQ=MONTHLY;BYDAY=2MO"}, "no time of day is given"),
        ({"rrule": "FREQ=MONTHLY;BYDAY=2MO;BYHOUR=7", "at": "08:00"}, "the rule has its own times"),
        ({"rrule": "FREQ=MONTHLY;BYDAY=2MO", "at": "8 o'clock"}, "is not a time of day"),
        ({"cron": "0 8 * * 1", "at": "08:00"}, "it goes with an rrule alone"),
    ],
)
def test_a_time_beside_the_rule_is_refused_where_it_means_nothing(
    rule: dict[str, Any], said: str, tried: Callable[..., Any]
) -> None:
    answer = tried(**rule)
    assert (answer.status_code, said in str(answer.json()).lower()) == (422, True)


def test_words_that_are_not_understood_are_told_with_the_nearest(tried: Callable[..., Any]) -> None:
    answer = tried(text="every tusday at 8")
    assert (answer.status_code, "tuesday" in answer.json()["problems"][0]["fix"]) == (422, True)


def test_why_not_over_a_calendar(tried: Callable[..., Any]) -> None:
    found = tried(text="every business day at 8", calendar="us", on="2026-11-26", language="de").json()
    assert found["explanation"]["fires"] is False
    assert found["explanation"]["reason"].startswith(
        "Donnerstag, 26. November 2026: kein Versand, kein Geschäftstag (Thanks"
    )
    assert [one["reason"] for one in found["firings"]] == ["jeden Tag", "jeden Tag"]
    assert found["words"].startswith("Jeden Tag")
    fires = tried(text="every business day at 8", calendar="us", on="2026-11-25").json()["explanation"]
    assert (fires["fires"], fires["firings"][0]["at"]) == (True, "2026-11-25T13:00:00Z")
    assert tried(text="every business day at 8", calendar="atlantis").status_code == 422


def test_the_organizations_calendars_by_name(tried: Callable[..., Any], call: Any, token: Any) -> None:
    definition = {"closed": [{"date": "2026-11-24", "name": "Harbour Day"}]}
    call("PUT", "/calendars/harbour", token=token("editor"), body={"definition": definition})
    for rule in (
        {"text": "every business day on harbour days at 8"},
        {"text": "every business day at 8", "calendar": "harbour"},
    ):
        found = tried(**rule, on="2026-11-24").json()
        assert [one["at"][:10] for one in found["firings"]] == ["2026-11-23", "2026-11-25"]
        assert "Harbour Day" in found["explanation"]["reason"]
