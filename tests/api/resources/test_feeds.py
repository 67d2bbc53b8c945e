"""Feeds of coming firings: events with lasting UIDs and reasons, cancelled where skipped, none while paused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.feature("SCH-30")]
ONE = "/schedules/buyers-monday/calendar.ics"
ALL = "/schedules.ics"


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    secret = token("editor")
    return lambda method, path, **more: call(method, path, token=secret, **more)


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_ninety_days_with_reasons(ask: Callable[..., Any]) -> None:
    coming = ask("GET", "/schedules/buyers-monday/upcoming", query={"count": 20}).json()
    limit = datetime.now(UTC) + timedelta(days=90)
    found = events(ask("GET", ONE))
    assert 12 <= len(found) <= 13
    starts = [one["DTSTART"].dt for one in found]
    assert starts == [at for one in coming if (at := datetime.fromisoformat(one["at"])) <= limit]
    first = found[0]
    assert first["UID"] == "20261130T080000-buyers-monday@harbour-books.broadsheet"  # as its rule means it, in New York
    assert "Every Monday" in first["DESCRIPTION"] and "New York time" in first["DESCRIPTION"]
    assert first["URL"].endswith("/schedules/buyers-monday/")
    assert (first["STATUS"], first["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


def test_reasons_in_the_language_of_who_asks(ask: Callable[..., Any], organization: Any) -> None:
    assert "Jeden Montag um" in events(ask("GET", ONE, query={"language": "de"}))[0]["DESCRIPTION"]
    organization.language = "de-DE"
    organization.save()
    said = events(ask("GET", ONE))[0]["DESCRIPTION"]
    assert said.startswith("Jeden Montag.\n\nJeden Montag um") and "\nBericht: " in said
    assert "Every Monday" in events(ask("GET", ONE, query={"language": "en"}))[0]["DESCRIPTION"]
    coming = ask("GET", "/schedules/buyers-monday/upcoming", query={"language": "fr"}).json()
    assert coming[0]["reason"] == "tous les lundis"
    assert ask("GET", "/schedules/buyers-monday", query={"language": "es"}).json()["rule"].startswith("Todos los lunes")


def test_the_same_feed_again_is_the_same_and_says_when_to_look_anew(ask: Callable[..., Any]) -> None:
    first, second = ask("GET", ONE), ask("GET", ONE)
    assert first.content == second.content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in first.content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in first.content


def test_a_skipped_firing_is_cancelled_and_a_pause_has_none(ask: Callable[..., Any]) -> None:
    ask("POST", "/schedules/buyers-monday/resume")  # counts the next firing from now
    ask("POST", "/schedules/buyers-monday/skip-next", body={})
    assert [one["STATUS"] for one in events(ask("GET", ONE))][:2] == ["CANCELLED", "CONFIRMED"]
    ask("POST", "/schedules/buyers-monday/pause")
    assert events(ask("GET", ONE)) == []


def test_all_schedules_and_mine(ask: Callable[..., Any], call: Any, token: Any) -> None:
    definition = ask("GET", "/schedules/buyers-monday").json()["definition"]
    ask("PUT", "/schedules/second", body={"definition": {**definition, "title": "Second; more, than one"}})
    both = events(ask("GET", ALL))
    assert {str(one["SUMMARY"]) for one in both} >= {"Second; more, than one"}
    assert len({one["UID"] for one in both}) == len(both)
    mine = {one["UID"].split("-", 1)[1].partition("@")[0] for one in events(ask("GET", ALL, query={"mine": "true"}))}
    assert "second" in mine
    assert events(call("GET", ALL, token=token("viewer"), query={"mine": "true"})) == []


def test_often_is_cut(ask: Callable[..., Any]) -> None:
    definition = ask("GET", "/schedules/buyers-monday").json()["definition"]
    ask("PUT", "/schedules/often", body={"definition": {**definition, "when": {"cron": "* * * * *"}}})
    assert len(events(ask("GET", "/schedules/often/calendar.ics"))) == 500


def test_a_firing_on_many_clocks_stands_where_it_begins(ask: Callable[..., Any]) -> None:
    """With the first of its recipients' clocks, once."""
    definition = ask("GET", "/schedules/buyers-monday").json()["definition"]
    ask(
        "PUT",
        "/schedules/own",
        body={"definition": {**definition, "when": {**definition["when"], "zone": "recipient"}}},
    )
    coming = ask("GET", "/schedules/own/upcoming", query={"count": 3}).json()
    found = [one["DTSTART"].dt for one in events(ask("GET", "/schedules/own/calendar.ics"))]
    assert found[:3] == [datetime.fromisoformat(one["at"]) for one in coming]


def test_others_have_no_feed_of_it(call: Any, token: Any) -> None:
    assert call("GET", ONE, token=token("outsider")).status_code == 404
    assert events(call("GET", ALL, token=token("outsider"))) == []
    assert call("GET", ALL).status_code == 401
