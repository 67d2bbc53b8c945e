"""The form that is sent: the rule by words or by parts, without script too, with calendars and recipients' own clocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.pages.schedules.test_form import EDIT, filled, stored, text

Visitor = Callable[[str], Client]
HERE = "America/New_York"


def keep(when: Any, **audience: Any) -> None:
    from broadsheet.schedules.models import Schedule

    one = Schedule.objects.get()
    one.definition["when"] = when
    one.definition["audience"] |= audience
    one.save()


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("third business day of each month at 07:00, rolled forward",
         {"every": "month", "on": {"business_day": 3}, "at": "07:00", "roll": "following", "zone": HERE}),
        ("15 minutes before market close on NYSE days", {"session": {"close": -15}, "calendar": "nyse", "zone": HERE}),
        ("every day at 08:00 and also every Monday at 17:00",
         {"union": [{"every": "day", "at": "08:00"}, {"every": "week", "on": ["mon"], "at": "17:00"}], "zone": HERE}),
    ],
)  # fmt: skip
@pytest.mark.feature("SCH-05")
@pytest.mark.feature("SCH-14")
def test_a_rule_is_saved_by_its_words(shop: object, visitor: Visitor, words: str, when: dict) -> None:
    client = visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), "words": words})
    assert answer.status_code == 302, text(answer)
    assert stored()["when"] == when


@pytest.mark.feature("SCH-15")
def test_a_rule_with_more_than_parts_is_saved_as_it_was_whatever_else_changes(shop: object, visitor: Visitor) -> None:
    when = {"all_of": [{"every": "week", "on": "fri"}, {"every": "month", "on": 13}], "at": "08:00"}
    keep(when)
    client = visitor("editor")
    page = text(client.get(EDIT))
    assert "This rule has parts that the form does not show" in page
    client.post(EDIT, {**filled(client, EDIT), "title": "Fridays the 13th"})
    assert (stored()["title"], stored()["when"]) == ("Fridays the 13th", when)


@pytest.mark.feature("SCH-30")
def test_wrong_words_stand_beside_their_field_with_a_button_that_mends_them(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    data = {**filled(client, EDIT), "words": "every tusday at 08:00"}
    answer = client.post(EDIT, data)
    assert answer.status_code == 422 and stored() == before
    beside = text(answer).split('id="id_words_error"')[1].split('id="understood"')[0]
    assert "tusday" in beside and 'value="words=every tuesday at 08:00"' in beside
    mended = text(client.post(EDIT, {**data, "fix": "words=every tuesday at 08:00"}))
    assert 'value="tue" checked' in mended and "Every Tuesday" in mended
    unknown = text(client.post(EDIT, {**data, "words": "every day on nyze days at 08:00"}))
    assert 'value="words=every day on nyse days at 08:00"' in unknown.split('id="id_words_error"')[1]


def test_without_script_a_button_brings_words_and_parts_in_step(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    data = {**filled(client, EDIT), "words": "on the last Friday of every quarter at 17:00", "preview": "1"}
    page = text(client.post(EDIT, data))
    assert 'value="quarter" checked' in page and 'value="fri" selected' in page and 'value="end" checked' in page
    back = {**filled(client, EDIT), "every": "weekday", "preview": "1"}
    assert "every weekday at 08:00</textarea>" in text(client.post(EDIT, back))
    assert stored() == before


def test_words_and_parts_that_were_both_changed_are_a_question(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    data = {**filled(client, EDIT), "words": "every Friday at 09:00", "every": "weekday"}
    answer = client.post(EDIT, data)
    assert answer.status_code == 422 and stored() == before
    assert 'value="by=words"' in text(answer) and 'value="by=parts"' in text(answer)
    client.post(EDIT, {**data, "by": "parts"})
    assert stored()["when"]["every"] == "weekday"


@pytest.mark.parametrize(
    ("changed", "field", "fix"),
    [
        ({"calendar": "us"}, "calendar", "roll=following"),
        ({"interval": "2"}, "starts", "starts=20"),
        ({"zone": "America/New_Yrok"}, "zone", "zone=America/New_York"),
        ({"at": ""}, "at", "at=08:00"),
        ({"every": "rrule", "rrule": "FREQ=HOURLY;BYMINUTE=0"}, "at", "at="),
        ({"every": "month", "what": "business_day", "calendar": "gb-egn"}, "calendar", "calendar=gb-eng"),
    ],
)
@pytest.mark.feature("SCH-30")
def test_a_part_that_does_not_fit_has_a_button_that_mends_it(
    shop: object, visitor: Visitor, changed: dict, field: str, fix: str
) -> None:
    client = visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), **changed})
    assert answer.status_code == 422
    assert f'value="{fix}' in text(answer).split(f'id="id_{field}_error"')[1].split('<div class="field')[0]


@pytest.mark.feature("SCH-11")
def test_a_calendar_may_be_typed_by_its_label(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    client.post(EDIT, {**filled(client, EDIT), "calendar": "new york stock Exchange", "roll": "skip"})
    assert (stored()["when"]["calendar"], stored()["when"]["roll"]) == ("nyse", "skip")


@pytest.mark.feature("SCH-06")
def test_recipients_own_clocks_hours_and_calendars(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    data = filled(client, EDIT)
    data |= {"clock": "recipient", "default-hours": "09:00-17:00", "default-calendar": "us", "column-hours": "buyer"}
    answer = client.post(EDIT, {**data, "column-hours": ""})
    assert answer.status_code == 302, text(answer)
    assert stored()["when"]["zone"] == "recipient"
    assert stored()["audience"]["defaults"] == {"hours": "09:00-17:00", "calendar": "us"}
    again = filled(client, EDIT)
    assert (again["clock"], again["default-hours"], again["zone"]) == ("recipient", "09:00-17:00", HERE)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"default-hours": "from nine"}, "default-hours", "Write one of: mon, tue"),
        ({"default-hours": "09:00-17:00", "default-calendar": "nyze"}, "default-calendar", "“nyze”"),
        ({"column-at": "buyer"}, "clock", "on the clock of: each recipient’s own"),
    ],
)
@pytest.mark.feature("SCH-06")
def test_hours_that_make_no_sense_are_told_at_their_field(
    shop: object, visitor: Visitor, changed: dict, field: str, said: str
) -> None:
    before, client = stored(), visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), **changed})
    assert answer.status_code == 422 and stored() == before
    assert said in text(answer).split(f'id="id_{field}_error"')[1].split('<div class="field')[0]


def test_the_preview_carries_what_to_fill_and_what_stands_elsewhere(shop: object, visitor: Visitor) -> None:
    from html import unescape

    client = visitor("editor")
    data = {**filled(client, EDIT), "words": "on the 1st and 15th of every month at 09:00", "ask": "2026-12-24"}
    page = text(client.post("/schedule-preview/?of=buyers-monday", data))
    fills = json.loads(unescape(page.split('data-fills="')[1].split('"')[0]))
    assert (fills["every"], fills["nth"], fills["at"]) == ("month", "1, 15", "09:00")
    assert fills["said"] == fills["words"] == data["words"]
    assert "It does not fire on Thu 24 Dec 2026." in page and "Read as:" in page


@pytest.mark.feature("SCH-15")
def test_a_list_of_rules_is_one_to_the_form(shop: object, visitor: Visitor) -> None:
    when = [{"every": "day", "at": "08:00"}, {"every": "week", "on": "mon", "at": "17:00", "zone": "Asia/Tokyo"}]
    keep(when)
    client = visitor("editor")
    client.post(EDIT, {**filled(client, EDIT), "title": "Twice"})
    assert (stored()["title"], stored()["when"]) == ("Twice", {"union": when})
    assert "Every Monday" in text(client.get("/schedules/buyers-monday/"))
