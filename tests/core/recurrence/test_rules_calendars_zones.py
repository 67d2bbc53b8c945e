"""Random rules over random calendars in random zones, against an oracle that looks at every date and every offset."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.recurrence.test_sets import FIRST, LAST, conventions, either, members, simple

from broadsheet.core.recurrence import (
    Daily,
    InPeriod,
    Monthly,
    NthBusinessDay,
    Rolled,
    Shifted,
    Timing,
    Weekly,
    explain,
    firings,
    next_firing,
)
from broadsheet.core.recurrence.calendars import AllOf, AnyOf, Business, Except, FixedDays
from broadsheet.core.recurrence.reasons import reason_in

pytestmark = [pytest.mark.feature("SCH-04"), pytest.mark.feature("SCH-11"), pytest.mark.feature("SCH-30")]

ONE_DAY = timedelta(days=1)
WINDOW = timedelta(days=100)
# Whole hours, half hours, midnight changes, two changes round Ramadan, none, far east and far west of the date line.
ZONES = [
    "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut",
    "Asia/Kolkata", "America/Santiago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Chatham",
]  # fmt: skip
dates = st.dates(FIRST - 60 * ONE_DAY, LAST + 60 * ONE_DAY)
named = st.lists(st.tuples(dates, st.sampled_from(["Feast", "Stocktaking"])), max_size=25).map(tuple)
places = st.builds(
    Business,
    st.sampled_from(["Here", "There"]),
    st.sampled_from([frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset()]),
    weekends=st.just(()) | dates.map(lambda day: ((day, frozenset({5, 6})),)),
    sources=st.builds(FixedDays, named, named).map(lambda one: (one,)),
    own=st.builds(FixedDays, named, named).map(lambda one: (one,)),
)
calendars = st.one_of(
    places,
    st.lists(places, min_size=2, max_size=2).map(lambda some: AllOf(tuple(some))),
    st.lists(places, min_size=2, max_size=2).map(lambda some: AnyOf(tuple(some))),
    st.builds(lambda one, other: AnyOf((Except(one, other), one)), places, places),
)
counted = st.one_of(
    st.builds(Monthly, st.builds(NthBusinessDay, either(12), calendars)),
    st.builds(InPeriod, st.sampled_from(["quarter", "year"]), either(12), st.just("business_day"), calendar=calendars),
)
rules = st.one_of(
    counted,
    st.builds(Rolled, simple | counted, calendars, conventions),
    st.builds(Rolled, st.just(Daily()), calendars, st.just("skip")),
    st.builds(
        Rolled, st.builds(Weekly, st.sampled_from([frozenset({day}) for day in range(7)])), calendars, conventions
    ),
    st.builds(Shifted, simple, either(5), calendars),
)
night = st.builds(time, st.sampled_from([23, 0, 1, 2, 3]), st.sampled_from([0, 15, 30, 45]))  # clocks change at night
timings = st.builds(
    Timing,
    rules,
    st.lists(night | st.builds(time, st.integers(0, 23)), min_size=1, max_size=2).map(tuple),
    st.sampled_from(ZONES),
    gap=st.sampled_from(["first-valid", "skip", "shift"]),
    overlap=st.sampled_from(["first", "second", "both"]),
)
starts = st.datetimes(datetime(2025, 9, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


def shown(wall, zone, *, gap, overlap):
    """The instants at which a clock of the zone shows `wall`, by trying each of its offsets nearby."""
    info = ZoneInfo(zone)
    offsets = {(wall.replace(tzinfo=UTC) + timedelta(hours=h)).astimezone(info).utcoffset() for h in range(-36, 37, 3)}
    tried = sorted((wall - offset).replace(tzinfo=UTC) for offset in offsets)
    fitting = [at for at in tried if at.astimezone(info).replace(tzinfo=None) == wall]
    if fitting:
        return {"first": fitting[:1], "second": fitting[-1:], "both": fitting}[overlap]
    if gap == "skip":
        return []
    if gap == "shift":  # as much later as clocks jump: the offset from before the jump is the smaller one
        return [tried[-1]]
    minute = tried[0]
    while minute.astimezone(info).replace(tzinfo=None) < wall:
        minute += timedelta(minutes=1)
    return [minute]


def oracle(timing, after, until):
    found = set()
    for day in members(timing.rule):
        for moment in timing.times:
            found |= set(shown(datetime.combine(day, moment), timing.zone, gap=timing.gap, overlap=timing.overlap))
    return sorted(at for at in found if after < at <= until)


@settings(max_examples=120, deadline=None)
@given(timings, starts)
def test_firings_equal_the_oracle(timing, after):
    until = after + WINDOW
    found = list(firings(timing, after=after, until=until))
    assert [one.at for one in found] == oracle(timing, after, until)
    assert all(a.at < b.at for a, b in pairwise(found))


@settings(max_examples=60, deadline=None)
@given(timings, starts)
def test_next_of_next_equals_the_list(timing, after):
    listed = list(firings(timing, after=after, limit=5))
    stepped = []
    while len(stepped) < len(listed) and (firing := next_firing(timing, after=after)):
        stepped.append(firing)
        after = firing.at
    assert stepped == listed


@settings(max_examples=60, deadline=None)
@given(timings, st.dates(date(2025, 9, 1), date(2026, 12, 1)))
def test_a_date_fires_exactly_when_it_is_one_and_either_way_says_why(timing, first):
    own = members(timing.rule)
    for day in (first + n * ONE_DAY for n in range(12)):
        told = explain(timing, on=day)
        jumped = all(
            not shown(datetime.combine(day, at), timing.zone, gap=timing.gap, overlap=timing.overlap)
            for at in timing.times
        )
        assert told.fires is (day in own and not jumped)
        assert told.reason
        assert all(reason_in(one, language) for one in told.firings for language in ("en", "de", "es", "fr"))
