"""Every kind of rule stands in the form's parts and comes back as it was; what parts cannot show is kept."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import timing_from
from broadsheet.schedules.calendars import any_names
from broadsheet.web.pages.schedules.rule.parts import FIELDS, when_from
from broadsheet.web.pages.schedules.rule.settling import settle, start
from broadsheet.web.pages.schedules.rule.showing import fields_of, filled, same

ZONE, TODAY = "Europe/Berlin", date(2026, 11, 24)
SHOWN = [
    ("day", {"every": "day", "at": "08:00"}),
    ("day", {"every": "day", "interval": 3, "at": "08:00", "from": "2026-01-05", "until": "2026-12-31"}),
    ("weekday", {"every": "weekday", "at": ["08:00", "17:00"], "zone": "Asia/Tokyo"}),
    ("week", {"every": "week", "on": ["mon", "thu"], "interval": 2, "at": "08:00", "anchor": "2026-01-05"}),
    ("week", {"every": "week", "on": "Monday", "at": "08:00", "zone": "recipient"}),
    ("month", {"every": "month", "on": 15, "at": "08:00"}),
    ("month", {"every": "month", "on": {"day": 31}, "at": "08:00"}),
    ("month", {"every": "month", "on": {"day": 30, "short": "skip"}, "at": "08:00"}),
    ("month", {"every": "month", "on": {"business_day": 3}, "calendar": "us", "roll": "following", "at": "07:00"}),
    ("month", {"union": [{"every": "month", "on": {"day": 1}}, {"every": "month", "on": {"day": 15}}], "at": "09:00"}),
    ("month", {"every": "month", "months": ["mar", 9], "on": {"nth": -1, "weekday": "fri"}, "at": "08:00"}),
    ("quarter", {"every": "quarter", "on": {"business_day": -1}, "calendar": "nyse", "at": "08:00"}),
    ("quarter", {"every": "quarter", "on": {"day": -1}, "offset": {"business_days": -2}, "calendar": "us", "at": "08:00"}),
    ("quarter", {"every": "quarter", "on": {"nth": -1, "weekday": "fri"}, "fiscal": "apr", "at": "17:00"}),
    ("half", {"every": "half", "on": {"day": 10}, "fiscal": "retail", "at": "08:00"}),
    ("year", {"every": "year", "on": {"day": 100}, "at": "08:00"}),
    ("year", {"every": "year", "months": ["mar", "sep"], "on": {"day": 15}, "at": "12:00"}),
    ("period", {"every": "period", "on": {"business_day": 1}, "fiscal": "retail", "at": "08:00"}),
    ("distance", {"every": {"minutes": 90}, "anchor": "2026-01-05 08:00"}),
    ("distance", {"every": {"hours": 6}, "from": "2026-01-05", "roll": "skip", "calendar": "us"}),
    ("dates", {"dates": ["2026-12-24", "2026-12-31"], "at": "08:00"}),
    ("dates", {"dates": ["2026-12-24 08:00", "2026-12-31 09:30"]}),
    ("session", {"session": {"close": -15}, "calendar": "nyse"}),
    ("session", {"session": {"open": 30}, "calendar": "nyse", "zone": "America/New_York"}),
    ("events", {"events": "board-meeting", "offset": {"business_days": -2}, "at": "09:00"}),
    ("rrule", {"rrule": "FREQ=MONTHLY;BYDAY=-1FR", "at": "17:00"}),
    ("rrule", {"rrule": "DTSTART;TZID=Europe/Paris:20260105T080000\nRRULE:FREQ=WEEKLY;BYDAY=MO"}),
    ("cron", {"cron": "0 8 * * 1-5"}),
    ("cron", {"cron": "0 8 13 * 5", "cron_days": "both", "gap": "shift", "overlap": "second"}),
    ("weekday", {"every": "weekday", "at": "08:00", "also": ["2026-12-26"], "not_on": ["2026-12-24", "2026-12-31"]}),
    ("day", {"every": "day", "at": "02:30", "gap": "skip", "overlap": "both"}),
]  # fmt: skip
KEPT = [
    {"all_of": [{"every": "week", "on": "fri"}, {"every": "month", "on": 13}], "at": "08:00"},
    {"union": [{"every": "day", "at": "08:00"}, {"every": "week", "on": "mon", "at": "17:00", "zone": "Asia/Tokyo"}]},
    {"except": [{"every": "day"}, {"every": "week", "on": "sun"}], "at": "08:00"},
    {"every": "day", "at": "08:00", "not_on": [{"every": "week", "on": "sun"}]},
    {"every": {"hours": 1, "minutes": 30}, "anchor": "2026-01-05 08:00"},
    {"union": [{"every": "month", "on": {"day": 1}}, {"every": "month", "on": {"nth": 1, "weekday": "fri"}}], "at": "08:00"},
    [{"every": "day", "at": "08:00"}, {"every": "week", "on": "mon", "at": "17:00"}],
    {"every": "fortnight", "on": [], "sets": 3},
]  # fmt: skip


def form(when: Any) -> Any:
    return start(when, zone=ZONE)


@pytest.mark.parametrize(("kind", "when"), SHOWN)
@pytest.mark.feature("SCH-01")
@pytest.mark.feature("SCH-02")
@pytest.mark.feature("SCH-03")
@pytest.mark.feature("SCH-04")
@pytest.mark.feature("SCH-05")
@pytest.mark.feature("SCH-12")
@pytest.mark.feature("SCH-13")
@pytest.mark.feature("SCH-14")
def test_every_kind_has_its_parts_and_comes_back(kind: str, when: dict) -> None:
    shown = fields_of(when, zone=ZONE)
    errors: Any = defaultdict(list)
    assert shown["every"] == kind
    assert same(when_from(filled(shown), errors), when, zone=ZONE)
    assert errors == {}


@pytest.mark.parametrize("when", KEPT)
@pytest.mark.feature("SCH-05")
@pytest.mark.feature("SCH-15")
def test_what_parts_cannot_show_is_kept_to_the_letter(when: Any) -> None:
    post = form(when)
    assert post["every"] == "kept"
    assert settle(post, zone=ZONE, today=TODAY).when == when


@pytest.mark.parametrize(("kind", "when"), SHOWN)
def test_a_form_that_is_not_touched_says_the_very_rule(kind: str, when: dict) -> None:
    settled = settle(form(when), zone=ZONE, today=TODAY)
    assert (json.dumps(settled.when), settled.by, dict(settled.errors)) == (json.dumps(when), "", {})


def test_pressing_another_kind_leaves_the_kept_rule() -> None:
    post = form(KEPT[0])
    post["every"] = "day"
    assert settle(post, zone=ZONE, today=TODAY).when == {"every": "day", "at": "08:00", "zone": ZONE}


def test_several_business_days_take_their_calendar_along() -> None:
    post = form({"every": "month", "on": {"business_day": 1}, "at": "08:00"})
    post["nth"], post["calendar"] = "1, 10", "us"
    members = [{"every": "month", "on": {"business_day": nth}, "calendar": "us"} for nth in (1, 10)]
    assert settle(post, zone=ZONE, today=TODAY).when == {"union": members, "at": "08:00", "zone": ZONE}


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"every": "month", "nth": "soon"}, "nth", "This is no place to count to."),
        ({"every": "distance", "each": "1.5"}, "each", "This is not a whole number."),
        ({"every": "dates", "dates": "24 Dec 2026\nsome day"}, "dates", "“some day” is not a day."),
        ({"also": "12/24/2026"}, "also", "“12/24/2026” is not a day."),
        ({"starts": "soon"}, "starts", "“soon” is not a day."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_part(changed: dict, field: str, said: str) -> None:
    post = form({"every": "day", "at": "08:00"})
    post.update(changed)
    for name, value in changed.items():
        post[name] = value
    assert said in settle(post, zone=ZONE, today=TODAY).errors[field][0]


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
iso = days.map(date.isoformat)
weekdays = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, unique=True)
places = st.one_of(
    st.fixed_dictionaries({"day": st.integers(1, 31)}, optional={"short": st.sampled_from(["clamp", "skip", "next"])}),
    st.fixed_dictionaries({"business_day": st.integers(-20, 20).filter(bool)}),
    st.fixed_dictionaries({"nth": st.integers(-5, 5).filter(bool), "weekday": st.sampled_from(["mon", "sun"])}),
)
in_periods = st.one_of(
    st.fixed_dictionaries({"day": st.integers(-28, 28).filter(bool)}),
    st.fixed_dictionaries({"business_day": st.integers(-18, 18).filter(bool)}),
    st.fixed_dictionaries({"nth": st.integers(-4, 4).filter(bool), "weekday": st.sampled_from(["fri", "wed"])}),
)
months = st.lists(st.sampled_from(["jan", "mar", "dec"]), min_size=1, unique=True)
clocks = st.times().map(lambda one: f"{one:%H:%M}")
bases = st.one_of(
    st.fixed_dictionaries({"every": st.sampled_from(["day", "weekday"])}),
    st.fixed_dictionaries({"every": st.just("week"), "on": weekdays}),
    st.fixed_dictionaries({"every": st.sampled_from(["month", "year"]), "months": months, "on": places}),
    st.fixed_dictionaries({"every": st.just("month"), "on": places}),
    st.fixed_dictionaries(
        {"every": st.sampled_from(["quarter", "half", "year", "period"]), "on": in_periods},
        optional={"fiscal": st.sampled_from(["feb", "apr", "oct", "retail", "iso"])},
    ),
    st.fixed_dictionaries({"dates": st.lists(iso, min_size=1, max_size=4, unique=True)}),
    st.fixed_dictionaries(
        {"rrule": st.sampled_from(["FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1"])}
    ),
    st.fixed_dictionaries({"events": st.sampled_from(["board-meeting", "Fairs"])}),
)
around = st.fixed_dictionaries(
    {"at": clocks | st.lists(clocks, min_size=2, max_size=3, unique=True)},
    optional={
        "zone": st.sampled_from(["Asia/Tokyo", "America/New_York", ZONE]),
        "from": iso,
        "roll": st.sampled_from(["following", "preceding", "modified-following", "modified-preceding", "nearest", "skip"]),
        "offset": st.sampled_from([{"days": 2}, {"days": -3}, {"business_days": 4}, {"business_days": -1}]),
        "also": st.lists(iso, min_size=1, max_size=2, unique=True),
        "not_on": st.lists(iso, min_size=1, max_size=2, unique=True),
        "gap": st.sampled_from(["first-valid", "skip", "shift"]),
        "overlap": st.sampled_from(["first", "second", "both"]),
        "calendar": st.sampled_from(["us", "our-days"]),
        "interval": st.integers(2, 6),
    },
)  # fmt: skip


@st.composite
def rules(draw: Any) -> dict:
    """Rules that make sense, of every kind that has parts and an hour of its own to say."""
    when = {**draw(bases), **draw(around)}
    on = when.get("on")
    counts = (
        "roll" in when or "business_days" in when.get("offset", {}) or (isinstance(on, dict) and "business_day" in on)
    )
    if not counts:
        when.pop("calendar", None)
    if "every" not in when or (when["every"] == "month" and "months" in when):
        when.pop("interval", None)
    elif "interval" in when and "from" not in when:
        when["anchor"] = draw(iso)
    if "from" in when and draw(st.booleans()):
        when["until"] = (date.fromisoformat(when["from"]) + timedelta(days=400)).isoformat()
    return when


@given(rules())
@settings(max_examples=300, deadline=None)
@pytest.mark.feature("SCH-05")
def test_any_rule_goes_through_the_parts_unharmed(when: dict) -> None:
    timing = timing_from(when, default_zone=ZONE, **any_names())
    shown = fields_of(when, zone=ZONE)
    assert shown["every"] != "kept"
    assert set(shown) == set(FIELDS)
    again = when_from(filled(shown), defaultdict(list))
    assert timing_from(again, default_zone=ZONE, **any_names()) == timing
    assert {key: again.get(key) for key in ("calendar", "events")} == {
        key: when.get(key) for key in ("calendar", "events")
    }
    assert fields_of(again, zone=ZONE) == shown
