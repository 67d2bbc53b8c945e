"""What people were told, on pages: their own alone, unread until they say so, in their language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.plugins.django import NOW, Cast

from broadsheet.collaboration.models import Mailing, Notification

pytestmark = [pytest.mark.feature("SCH-11"), pytest.mark.feature("SCH-06")]
Visitor = Callable[[str], Client]
Tell = Callable[..., Notification]


@pytest.fixture(autouse=True)
def at_nine() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_each_reads_their_own(tell: Tell, visitor: Visitor) -> None:
    tell("editor")
    page = text(visitor("editor").get("/notifications/"))
    assert "Notifications, 1 not read" in page
    assert "Calendar “Our &lt;days&gt;” moved 7 coming firings" in page
    assert "Mon 30 Nov 08:00 → Tue 1 Dec 08:00" in page
    assert "moved from Monday 30 November 2026: stocktaking" in page
    assert 'href="/schedules/buyers-monday/"' in page and 'href="/settings/calendars/ours/"' in page
    for role in ("owner", "viewer", "outsider"):
        assert "Our &lt;days&gt;" not in text(visitor(role).get("/notifications/"))


def test_the_bell_counts_what_is_not_read(tell: Tell, visitor: Visitor) -> None:
    def bell(page: str) -> str:
        return page.split('class="bell"')[1].split("</p>")[0]

    assert "count" not in bell(text(visitor("editor").get("/schedules/")))
    tell("editor"), tell("editor"), tell("viewer")
    assert '<span class="count">2<' in bell(text(visitor("editor").get("/schedules/")))


def test_one_is_read_and_then_all(tell: Tell, visitor: Visitor) -> None:
    first, *_others = (tell("editor") for _ in range(3))
    client = visitor("editor")
    answer = client.post(f"/notifications/{first.pk}/read/")
    assert answer["Location"] == f"/notifications/#n{first.pk}"
    assert text(client.get("/notifications/?show=unread")).count("Our &lt;days&gt;") == 2 * 2
    assert client.post("/notifications/read/")["Location"] == "/notifications/"
    page = text(client.get("/notifications/?show=unread"))
    assert "All is read" in page and "Mark all read" not in page
    assert not Notification.objects.filter(read_at__isnull=True).exists()


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize("role", ["owner", "viewer", "outsider"])
def test_nobody_reads_for_another(tell: Tell, visitor: Visitor, role: str) -> None:
    told = tell("editor")
    assert visitor(role).post(f"/notifications/{told.pk}/read/").status_code == 404
    visitor(role).post("/notifications/read/")
    assert Notification.objects.get().read_at is None


def test_today_says_it_until_it_is_read(tell: Tell, shop: object, visitor: Visitor) -> None:
    told = tell("editor")
    client = visitor("editor")
    page = text(client.get("/"))
    assert f"/notifications/#n{told.pk}" in page and "moved 7 coming firings" in page
    assert client.post(f"/notifications/{told.pk}/read/?to=today")["Location"] == "/"
    assert "moved 7 coming firings" not in text(client.get("/"))


def test_today_forgets_what_is_a_week_old(tell: Tell, shop: object, visitor: Visitor) -> None:
    tell("editor", now=NOW - timedelta(days=8))
    assert "moved 7 coming firings" not in text(visitor("editor").get("/"))
    assert "moved 7 coming firings" in text(visitor("editor").get("/notifications/"))


def test_how_it_went_by_mail(tell: Tell, visitor: Visitor) -> None:
    tell("editor")
    client = visitor("editor")
    assert "goes by mail" in text(client.get("/notifications/"))
    Mailing.objects.update(state="failed", proof="550 <no> such person", tries=1)
    page = text(client.get("/notifications/"))
    assert "could not be mailed" in page and "550 &lt;no&gt; such person" in page
    Mailing.objects.update(state="skipped", proof="It was read before it was sent.")
    assert "before it was sent" not in text(client.get("/notifications/"))


def test_german(tell: Tell, visitor: Visitor, cast: Cast) -> None:
    cast.editor.language = "de"
    cast.editor.save()
    tell("editor")
    page = text(visitor("editor").get("/notifications/"))
    assert "Mitteilungen, 1 nicht gelesen" in page
    assert "hat 7 kommende Termine verschoben" in page and "jeden Montag; verschoben" in page


def test_a_calendar_that_is_changed_on_its_page_is_told(shop: object, visitor: Visitor, cast: Cast) -> None:
    """From the page to the page: one person changes a calendar, the owner of the schedule reads of it."""
    from broadsheet.schedules.models import Schedule

    editor = visitor("editor")
    assert editor.post("/settings/new-calendar/text/", {"text": "calendar: ours\nlabel: Ours\n"}).status_code == 302
    one = Schedule.objects.get()
    one.definition["when"] |= {"roll": "following", "calendar": "ours"}
    one.owner = cast.viewer
    one.save()
    changed = "calendar: ours\nlabel: Ours\nclosed: [{date: 2026-11-30, name: stocktaking}]\n"
    assert editor.post("/settings/calendars/ours/text/", {"text": changed, "version": "1"}).status_code == 302
    page = text(visitor("viewer").get("/notifications/"))
    assert "Edda changed the calendar “Ours”." in page
    assert "Mon 30 Nov 08:00 → Tue 1 Dec 08:00" in page


def test_a_long_list_comes_by_the_page_in_few_queries(
    tell: Tell, visitor: Visitor, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(45):
        tell("editor")
    client = visitor("editor")
    client.get("/notifications/")
    with django_assert_max_num_queries(16):
        page = text(client.get("/notifications/"))
    assert page.count('class="unread"') == 20 and "1 to 20 of 45" in page
    assert text(client.get("/notifications/?page=3")).count('class="unread"') == 5


def test_nothing_yet(visitor: Visitor) -> None:
    assert "Nothing here yet" in text(visitor("viewer").get("/notifications/"))
