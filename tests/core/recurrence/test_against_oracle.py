"""The engine against an oracle that knows no arithmetic of its own: it looks at every date, one by one."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import (
    Daily,
    DayOfMonth,
    Monthly,
    NthBusinessDay,
    NthWeekday,
    Timing,
    Weekly,
    explain,
    firings,
    next_firing,
    timing_from,
    timing_to,
)

pytestmark = [pytest.mark.feature("SCH-01"), pytest.mark.feature("SCH-02"), pytest.mark.feature("SCH-03")]

ONE_DAY = timedelta(days=1)
WINDOW = timedelta(days=150)
ZONES = [
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kolkata",
]

any_date = st.dates(date(2019, 1, 1), date(2031, 12, 31))
intervals = st.integers(1, 7)
patterns = st.one_of(
    st.builds(DayOfMonth, st.integers(1, 31), st.sampled_from(["clamp", "skip", "next"])),
    st.builds(NthWeekday, st.integers(1, 5) | st.integers(-5, -1), st.integers(0, 6)),
    st.builds(NthBusinessDay, st.integers(1, 23) | st.integers(-23, -1)),
)
rules = st.one_of(
    st.builds(Daily, intervals, st.booleans(), any_date),
    st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), intervals, any_date),
    st.builds(Monthly, patterns, intervals, any_date),
)
night_times = st.builds(time, st.integers(0, 3), st.sampled_from([0, 1, 15, 30, 45]))  # clocks change at night
times = st.lists(night_times | st.times().map(lambda t: t.replace(microsecond=0)), min_size=1, max_size=3)
timings = st.builds(
    Timing,
    rules,
    times.map(tuple),
    st.sampled_from(ZONES),
    gap=st.sampled_from(["first-valid", "skip"]),
    overlap=st.sampled_from(["first", "second", "both"]),
)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def is_date_of(rule, day):
    """Whether `day` belongs to `rule`, by counting days, weeks or months one at a time from the anchor."""
    if isinstance(rule, Daily) and rule.weekdays_only:
        if day.weekday() > 4:
            return False
        low, high = sorted([day, rule.anchor])
        span = (low + timedelta(days=n) for n in range((high - low).days))
        return sum(d.weekday() < 5 for d in span) % rule.interval == 0
    if isinstance(rule, Daily):
        return abs((day - rule.anchor).days) % rule.interval == 0
    if isinstance(rule, Weekly):
        mondays = [d - timedelta(days=d.isoweekday() - 1) for d in (day, rule.anchor)]
        return day.weekday() in rule.weekdays and abs((mondays[0] - mondays[1]).days) // 7 % rule.interval == 0
    return any(
        month_counts(rule, *month) and day == date_of_month(rule.on, *month)
        for month in ((day.year, day.month), (day.year - (day.month == 1), (day.month - 2) % 12 + 1))
    )


def month_counts(rule, year, month):
    return ((year - rule.anchor.year) * 12 + month - rule.anchor.month) % rule.interval == 0


def date_of_month(pattern, year, month):
    days = [date(year, month, n) for n in range(1, monthrange(year, month)[1] + 1)]
    if isinstance(pattern, DayOfMonth):
        exact = [d for d in days if d.day == pattern.day]
        missing = {"clamp": days[-1], "skip": None, "next": days[-1] + ONE_DAY}[pattern.short_month]
        return exact[0] if exact else missing
    if isinstance(pattern, NthWeekday):
        days = [d for d in days if d.weekday() == pattern.weekday]
    else:
        days = [d for d in days if d.isoweekday() < 6]
    place = pattern.nth - 1 if pattern.nth > 0 else pattern.nth
    return days[place] if -len(days) <= place < len(days) else None


def oracle_instants(timing, wall):
    """The instants at which the zone's clock shows `wall`, by trying every offset the zone has around it."""
    zone = ZoneInfo(timing.zone)
    around = [(wall.replace(tzinfo=UTC) + timedelta(hours=h)).astimezone(zone).utcoffset() for h in range(-30, 31)]
    shown = sorted(
        {i for o in around if (i := (wall - o).replace(tzinfo=UTC)).astimezone(zone).replace(tzinfo=None) == wall}
    )
    if shown:
        return {"first": shown[:1], "second": shown[-1:], "both": shown}[timing.overlap]
    if timing.gap == "skip":
        return []
    minute = wall.replace(tzinfo=UTC, second=0) - timedelta(hours=30)  # these zones change on whole minutes
    while minute.astimezone(zone).replace(tzinfo=None) < wall:
        minute += timedelta(minutes=1)
    return [minute]


def oracle(timing, after, until):
    found = set()
    day = after.date() - 2 * ONE_DAY
    while day <= until.date() + 2 * ONE_DAY:
        if is_date_of(timing.rule, day):
            found |= {i for moment in timing.times for i in oracle_instants(timing, datetime.combine(day, moment))}
        day += ONE_DAY
    return sorted(i for i in found if after < i <= until)


@settings(max_examples=150, deadline=None)
@given(timings, instants)
def test_equals_the_oracle(timing, after):
    until = after + WINDOW
    assert [firing.at for firing in firings(timing, after=after, until=until)] == oracle(timing, after, until)


@settings(max_examples=100, deadline=None)
@given(timings, instants)
def test_next_of_next_equals_the_list_and_rises(timing, after):
    listed = list(firings(timing, after=after, limit=8))
    assert all(a.at < b.at for a, b in pairwise(listed))
    moment, stepped = after, []
    while len(stepped) < len(listed) and (firing := next_firing(timing, after=moment)):
        assert firing.at > moment
        stepped.append(firing)
        moment = firing.at
    assert stepped == listed


@settings(max_examples=100, deadline=None)
@given(timings, instants)
def test_every_firing_is_explained_by_its_date(timing, after):
    for firing in firings(timing, after=after, limit=4):
        day = (firing.moved_from or firing.local).date()
        explanation = explain(timing, on=day)
        assert explanation.fires
        assert firing in explanation.firings
        assert firing.local == firing.at
        assert firing.reason


@settings(max_examples=200, deadline=None)
@given(timings, any_date, st.none() | st.integers(0, 900))
def test_round_trips_through_its_written_form(timing, starts, days):
    until = None if days is None else starts + timedelta(days=days)
    for limited in (timing, Timing(timing.rule, timing.times, timing.zone, starts=starts, until=until)):
        assert timing_from(timing_to(limited), default_zone="Asia/Tokyo") == limited
