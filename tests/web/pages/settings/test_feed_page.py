"""The secret address of one's own feed, on its page: made, shown again, made anew, ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import Cast

from broadsheet.access.models import FeedAddress
from broadsheet.compliance.models import Entry

pytestmark = [pytest.mark.feature("SCH-30"), pytest.mark.usefixtures("shop")]
Visitor = Callable[[str], Client]
PAGE = "/settings/account/calendar/"
SECRET = re.compile(r"/feeds/(bsf_[\w-]+)")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def secrets(page: str) -> set[str]:
    return set(SECRET.findall(page))


def test_it_is_made_shown_again_made_anew_and_ended(visitor: Visitor) -> None:
    client = visitor("viewer")
    page = text(client.get(PAGE))
    assert "Make an address" in page and not secrets(page)
    assert "You have no address" in text(client.get("/settings/account/"))
    [first] = secrets(text(client.post(PAGE, follow=True)))
    page = text(client.get(PAGE))
    assert secrets(page) == {first} and "never" in page
    assert f"webcal://127.0.0.1:8000/api/v1/feeds/{first}.ics?mine=true" in page
    assert client.get(f"/api/v1/feeds/{first}.ics").status_code == 200
    [second] = secrets(text(client.post(PAGE, follow=True)))
    assert second != first and client.get(f"/api/v1/feeds/{first}.ics").status_code == 404
    assert first not in text(client.get("/settings/account/"))
    page = text(client.post(f"{PAGE}end/", follow=True))
    assert "Your address has ended" in page and not secrets(page)
    assert client.get(f"/api/v1/feeds/{second}.ics").status_code == 404
    assert "has ended" not in text(client.post(f"{PAGE}end/", follow=True))


def test_that_of_one_schedule_stands_there_when_asked_from_its_page(visitor: Visitor) -> None:
    client = visitor("viewer")
    assert f"{PAGE}?schedule=buyers-monday" in text(client.get("/schedules/buyers-monday/"))
    assert PAGE in text(client.get("/schedules/"))
    page = text(client.post(f"{PAGE}?schedule=buyers-monday", follow=True))
    [secret] = secrets(page)
    assert f"/feeds/{secret}/buyers-monday.ics" in page and "Purchases, Mondays" in page
    assert client.get(f"{PAGE}?schedule=nothing").status_code == 404
    assert visitor("outsider").get(f"{PAGE}?schedule=buyers-monday").status_code == 404


def test_it_is_nobody_elses_and_nowhere_else(visitor: Visitor, cast: Cast) -> None:
    [secret] = secrets(text(visitor("viewer").post(PAGE, follow=True)))
    for role in ("owner", "editor", "outsider"):
        assert secret not in text(visitor(role).get(PAGE))
    client = visitor("owner")
    for page in ("/settings/account/", "/settings/people/", "/settings/tokens/", "/settings/journal/"):
        assert secret not in text(client.get(page))
    assert secret not in str(list(Entry.objects.values()))
    assert FeedAddress.objects.get().user == cast.viewer


def test_the_page_that_shows_it_is_kept_nowhere(visitor: Visitor) -> None:
    client = visitor("viewer")
    client.post(PAGE)
    answer = client.get(PAGE)
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"


def test_one_whose_key_is_gone_can_only_be_made_anew(visitor: Visitor) -> None:
    client = visitor("viewer")
    client.post(PAGE)
    FeedAddress.objects.update(sealed="v1.k-gone.AAAA")
    page = text(client.get(PAGE))
    assert "the key that it was kept under is gone" in page and not secrets(page)
    assert secrets(text(client.post(PAGE, follow=True)))


def test_mails_are_switched_off_and_on(visitor: Visitor, cast: Cast) -> None:
    client = visitor("viewer")
    kept = {"name": "Vito", "zone": "", "language": ""}
    assert re.search(r'name="mail_notices"[^>]* checked', text(client.get("/settings/account/")))
    for given, wanted in ((kept, False), ({**kept, "mail_notices": "on"}, True)):
        assert client.post("/settings/account/", given).status_code == 302
        cast.viewer.refresh_from_db()
        assert cast.viewer.mail_notices is wanted
    page = text(client.post("/settings/account/", {**kept, "name": ""}))
    assert not re.search(r'name="mail_notices"[^>]* checked', page)  # what was chosen stays in the form
