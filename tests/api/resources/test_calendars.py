"""Calendars over HTTP: kept, seen by the year, and taken away only while nothing names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.feature("SCH-06")]
DEFINITION = {
    "label": "Harbour",
    "countries": ["US"],
    "closed": [{"date": "2026-11-24", "name": "Harbour Day"}],
    "half_days": [{"date": "2026-11-27", "closes": "13:00", "name": "Day after"}],
}


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Callable[..., Any]:
    secret = token("editor")
    return lambda method, path, **more: call(method, path, token=secret, **more)


@pytest.fixture
def kept(ask: Callable[..., Any]) -> None:
    assert ask("PUT", "/calendars/harbour", body={"definition": DEFINITION}).json()["effect"] == "added"


@pytest.mark.usefixtures("kept")
def test_a_calendar_is_kept_and_listed(ask: Callable[..., Any]) -> None:
    assert [one["name"] for one in ask("GET", "/calendars").json()["items"]] == ["harbour"]
    found = ask("GET", "/calendars/harbour").json()
    assert (found["label"], found["version"], found["definition"]["countries"]) == ("Harbour", 1, [{"country": "US"}])
    assert ask("PUT", "/calendars/harbour", body={"definition": DEFINITION}).json()["effect"] == "same"
    assert ask("DELETE", "/calendars/harbour").status_code == 204
    missing = ask("GET", "/calendars/harbour")
    assert (missing.status_code, "no calendar" in missing.json()["detail"]) == (404, True)


@pytest.mark.usefixtures("kept")
def test_a_year_day_by_day(ask: Callable[..., Any]) -> None:
    found = ask("GET", "/calendars/harbour/days", query={"year": 2026}).json()
    closed = {one["date"]: one for one in found["closures"]}
    assert closed["2026-11-24"] == {"date": "2026-11-24", "name": "Harbour Day", "weekend": False}
    assert "Thanksgiving" in closed["2026-11-26"]["name"]
    assert (closed["2026-11-28"]["name"], closed["2026-11-28"]["weekend"]) == ("Saturday", True)
    assert found["half_days"] == [{"date": "2026-11-27", "name": "Day after", "closes": "13:00"}]
    assert "2026-11-25" in found["business_days"]
    assert len(found["business_days"]) + len(closed) == 365


def test_ready_made_calendars_have_days_too(ask: Callable[..., Any]) -> None:
    found = ask("GET", "/calendars/gb-eng/days", query={"year": 2026}).json()
    assert "2026-08-31" in {one["date"] for one in found["closures"] if not one["weekend"]}
    german = ask("GET", "/calendars/de/days", query={"year": 2026, "language": "de"}).json()["closures"]
    assert [one["name"] for one in german if not one["weekend"]][:2] == ["Neujahr (DE)", "Karfreitag (DE)"]
    assert "Samstag" in {one["name"] for one in german if one["weekend"]}
    missing = ask("GET", "/calendars/atlantis/days")
    assert (missing.status_code, "no calendar “atlantis”" in missing.json()["detail"]) == (404, True)
    assert ask("GET", "/calendars/us/days", query={"year": 99999}).status_code == 422


@pytest.mark.usefixtures("kept")
def test_one_in_use_stays(ask: Callable[..., Any]) -> None:
    schedule = ask("GET", "/schedules/buyers-monday").json()["definition"]
    schedule["when"] = {"every": "month", "on": {"business_day": 3}, "at": "08:00", "calendar": "harbour"}
    assert ask("PUT", "/schedules/buyers-monday", body={"definition": schedule}).status_code == 200
    refused = ask("DELETE", "/calendars/harbour")
    assert (refused.status_code, "buyers-monday" in refused.json()["detail"]) == (409, True)


def test_another_organization_has_none_of_it(ask: Callable[..., Any], call: Any, token: Any, kept: None) -> None:
    theirs = token("outsider")
    for path in ("/calendars/harbour", "/calendars/harbour/days"):
        assert call("GET", path, token=theirs).status_code == 404
    assert call("GET", "/calendars", token=theirs).json()["items"] == []
