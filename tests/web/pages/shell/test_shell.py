"""What stands around every page: rules of access, the desk, the palette's places, and pages for what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


def pages() -> Iterator[URLPattern]:
    """Every address of the pages, the API's left out."""

    def walk(found: Any) -> Iterator[URLPattern]:
        for one in found:
            if isinstance(one, URLResolver):
                if not str(one.pattern).startswith("api"):
                    yield from walk(one.url_patterns)
            else:
                yield one

    return walk(get_resolver("broadsheet.config.urls").url_patterns)


@pytest.mark.feature("SEC-06")
def test_every_page_carries_its_rule_of_access() -> None:
    without = [str(one.pattern) for one in pages() if not hasattr(one.callback, "audience")]
    assert without == []


def test_pages_for_anyone_are_few_and_known() -> None:
    open_ = sorted(str(one.name) for one in pages() if one.callback.audience is None)  # type: ignore[attr-defined]
    assert open_ == ["brand-css", "report-js", "sign-in", "sign-out", "unsubscribe"]


def places(client: Client) -> dict[str, str]:
    return {one["href"]: one["label"] for one in client.get("/places.json").json()}


def test_the_palette_reaches_what_the_asker_may_see(shop: object, visitor: Visitor) -> None:
    editors, viewers = places(visitor("editor")), places(visitor("viewer"))
    assert editors["/schedules/buyers-monday/"] == "Purchases, Mondays"
    assert editors["/reports/purchases/"] == "Purchases"
    assert "/new-schedule/" in editors
    assert "/schedules/buyers-monday/edit/" in editors
    assert viewers.keys() < editors.keys()
    assert not {"/new-schedule/", "/schedules/buyers-monday/edit/"} & viewers.keys()
    assert "/schedules/buyers-monday/" not in places(visitor("outsider"))
    assert visitor("").get("/places.json").status_code == 302


def test_the_palette_finds_who_unsubscribed_by_that_word(shop: object, visitor: Visitor) -> None:
    found = visitor("viewer").get("/places.json").json()
    hrefs = [one["href"] for one in found if "unsubscribe" in f"{one['label']} {one['hint']}".lower()]
    assert hrefs == ["/deliveries/?state=suppressed", "/deliveries/suppressed/"]


def test_every_place_opens(shop: object, visitor: Visitor) -> None:
    for role in ("editor", "viewer"):
        client = visitor(role)
        assert {href: client.get(href).status_code for href in places(client)} == dict.fromkeys(places(client), 200)


def test_the_masthead_stands_on_the_readers_clock(visitor: Visitor, cast: Any) -> None:
    from broadsheet.access.models import User

    with time_machine.travel(NOW.replace(hour=2)):
        assert "Monday 23 November 2026" in text(visitor("viewer").get("/schedules/"))  # New York, the organization's
        User.objects.filter(pk=cast.viewer.pk).update(zone="Asia/Tokyo")
        page = text(visitor("viewer").get("/schedules/"))
    assert "Tuesday 24 November 2026" in page
    assert 'data-zone="Asia/Tokyo">11:00</span> Tokyo' in page


def test_a_zone_that_does_not_exist_breaks_no_page(visitor: Visitor, cast: Any) -> None:
    from broadsheet.access.models import User

    User.objects.filter(pk=cast.viewer.pk).update(zone="Mars/Olympus")
    assert visitor("viewer").get("/schedules/").status_code == 200


def test_caught_mail_is_offered_to_those_who_may_read_it(visitor: Visitor) -> None:
    assert 'href="/mail/"' in text(visitor("admin").get("/schedules/"))
    assert 'href="/mail/"' not in text(visitor("viewer").get("/schedules/"))


def test_refused_and_unknown_have_pages_that_say_so(shop: object, visitor: Visitor) -> None:
    refused = visitor("viewer").get("/new-schedule/")
    assert refused.status_code == 403
    assert "does not include “schedule.edit”" in text(refused)
    unknown = visitor("viewer").get("/nowhere/")
    assert unknown.status_code == 404
    assert "Nothing is here" in text(unknown)
    assert visitor("").get("/nowhere/").status_code == 404


def broken(request: Any) -> Any:
    raise ZeroDivisionError("the reason stays in the log")


urlpatterns = [path("broken/", broken)]
handler500 = "broadsheet.web.pages.shell.faults.broken"


@override_settings(ROOT_URLCONF=__name__)
def test_a_broken_page_gives_a_number_that_the_log_knows(db: None, caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    page = text(answer)
    reference = page.split("reference ")[1][:8]
    assert "the reason stays in the log" not in page
    [record] = [one for one in caplog.records if f"reference={reference}" in one.getMessage()]
    assert record.exc_info is not None
    assert "ZeroDivisionError" in str(record.exc_info[0])


def test_a_broken_page_needs_neither_session_nor_database() -> None:
    from broadsheet.web.pages.shell.faults import broken as page

    assert page(RequestFactory().get("/x/")).status_code == 500  # this test has no database at all


def test_policies_of_the_browser_stand_on_every_page(visitor: Visitor) -> None:
    answer = visitor("viewer").get("/schedules/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
