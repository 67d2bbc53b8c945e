"""The form and the text show one draft: neither loses what was typed in the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.web.pages.schedules.test_form import EDIT, NEW, TEXT, filled, stored, text

Visitor = Callable[[str], Client]
NEW_TEXT = "/new-schedule/text/"


def written(answer: Any) -> str:
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", text(answer), re.DOTALL)
    assert found
    return unescape(found[1])


@pytest.mark.feature("SCH-02")
def test_what_was_typed_in_the_form_stands_in_the_text_and_back(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    draft = {**filled(client, EDIT), "days": ["mon", "thu"], "at": "09:30", "title": "Twice a week"}
    answer = client.post(TEXT, {**draft, "turn": "1"})
    assert answer.status_code == 200 and stored() == before
    assert "title: Twice a week" in written(answer) and "[mon, thu]" in written(answer)
    back = client.post(EDIT, {"text": written(answer), "version": draft["version"], "turn": "1"})
    assert back.status_code == 200 and stored() == before
    assert 'value="Twice a week"' in text(back) and 'value="09:30"' in text(back)
    assert "Draft, not saved</b>" in text(back) and "more than the form can show" not in text(back)
    assert client.post(TEXT, {"text": written(answer), "version": draft["version"]}).status_code == 302
    assert (stored()["title"], stored()["when"]["on"]) == ("Twice a week", ["mon", "thu"])


def test_a_new_schedule_is_turned_before_it_has_a_name(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    answer = client.post(NEW_TEXT, {**filled(client, NEW), "title": "Not yet", "turn": "1"})
    assert answer.status_code == 200 and "title: Not yet" in written(answer)


def test_what_cannot_be_read_is_said(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    answer = client.post(TEXT, {**filled(client, EDIT), "until": "someday", "turn": "1"})
    assert "Not everything could be taken along" in text(answer)


def test_a_text_with_a_mistake_stays_text(shop: object, visitor: Visitor) -> None:
    answer = visitor("editor").post(EDIT, {"text": "schedule: buyers-monday\nreport: [", "version": "1", "turn": "1"})
    assert answer.status_code == 422 and written(answer).startswith("schedule: buyers-monday\nreport: [")
    assert f'action="{TEXT}"' in text(answer)


def test_the_form_warns_of_what_it_cannot_show(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    more = (
        written(client.get(TEXT)) + "ready: [{rows: orders, at_least: 5, where: [{dimension: buyer_id, equals: b1}]}]\n"
    )
    answer = client.post(EDIT, {"text": more, "version": "1", "turn": "1"})
    assert "The text says more than the form can show" in text(answer)


def test_all_that_is_to_mend_is_said_at_once(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    answer = client.post(NEW, {**filled(client, NEW), "name": "Not This!", "title": "Kept", "channels": []})
    assert answer.status_code == 422 and 'value="Kept"' in text(answer)
    shown = text(answer)
    assert "small letters, digits and hyphens" in shown and 'value="Not This!"' in shown
    assert shown.count('class="notice is-failed"') == 1 and "stands beside its field" in shown
    assert len(re.findall(r'class="error', shown)) >= 2, re.findall(r'class="[^"]*error[^"]*"', shown)


def test_the_readers_own_clock_is_not_said_twice(shop: object, visitor: Visitor, cast: Any) -> None:
    client = visitor("editor")
    same = text(client.get("/schedules/buyers-monday/"))
    assert "You, New York" not in same and re.search(r"Mon \d+ \w+( \d{4})? 08:00", same)
    cast.editor.zone = "Asia/Tokyo"
    cast.editor.save()
    other = text(client.get("/schedules/buyers-monday/"))
    assert "You, Tokyo" in other
