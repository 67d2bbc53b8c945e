"""A form that is not saved says why, wherever the reason lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.pages.schedules.test_form import EDIT, filled, stored, text

Visitor = Callable[[str], Client]


@pytest.mark.feature("SCH-09")
def test_an_hour_of_ones_own_beside_one_clock_for_all_is_told_at_the_clock(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    people = "Nell Ford, nell@own.example, America/New_York, 08:00, 08:00-17:00, buyer_id=b1"
    data = {**filled(client, EDIT), "audience": ":people", "people": people}
    answer = client.post(EDIT, data)
    beside = text(answer).split('id="id_clock_error"')[1].split("</fieldset>")[0]
    assert answer.status_code == 422
    assert "on the clock of: each recipient’s own" in beside
    assert 'value="clock=recipient"' in beside
    assert client.post(EDIT, {**data, "clock": "recipient"}).status_code == 302
    assert stored()["when"]["zone"] == "recipient"


def test_a_problem_of_people_is_not_lost_for_what_else_was_read(shop: object, visitor: Visitor) -> None:
    """The definition's own problem at the people, where their lines could be read."""
    client = visitor("editor")
    people = "Ann, ann@a.example"  # without what the report compares
    answer = client.post(EDIT, {**filled(client, EDIT), "audience": ":people", "people": people})
    assert answer.status_code == 422
    assert 'id="id_people_error"' in text(answer)


def test_what_is_wrong_with_a_field_that_is_not_on_the_page_stands_in_the_notice() -> None:
    from broadsheet.web.pages.schedules.fields import on_the_page
    from broadsheet.web.pages.schedules.placing import unseen

    form = {
        "fields": {"title": {"name": "title"}, "side": {"name": "side"}},
        "formats": [],
        "folds": {"wrong": [{"groups": [{"rows": [[{"name": "tries"}]]}]}]},
        "columns": [{"name": "column-at"}],
    }
    errors = {
        "title": ["No title."],
        "column-at": [{"text": "No such column."}],
        "side": ["On neither side."],
        "gone": [],
        "tries": ["Too many."],
    }
    with_people = on_the_page(form, [{"name": "with-least"}], audience=":people")
    assert unseen(errors, with_people) == ["No such column.", "On neither side."]
    assert unseen(errors, on_the_page(form, [], audience="buyers")) == ["On neither side."]
