"""Periods, rolls, offsets and sets of rules, in every zone, against an oracle that looks at every date."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import (
    Cron,
    Daily,
    Dates,
    DayOfMonth,
    Difference,
    Every,
    InPeriod,
    Intersection,
    Monthly,
    NthBusinessDay,
    Rolled,
    RuleError,
    Shifted,
    Timing,
    Union,
    Weekends,
    Weekly,
    WrittenMoments,
    Yearly,
    explain,
    firings,
    next_firing,
    timing_from,
    timing_to,
)
from broadsheet.core.recurrence.fiscal import FiscalMonths

pytestmark = [pytest.mark.feature("SCH-04"), pytest.mark.feature("SCH-05"), pytest.mark.feature("SCH-11")]

ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2025, 6, 1), date(2027, 6, 1)
NEW_YEAR = {date(year, 1, 1): "New Year" for year in range(2020, 2035)}
CHRISTMAS = {date(year, 12, day): "Christmas" for year in range(2020, 2035) for day in (24, 25, 26, 27)}


class Office:
    """A calendar as simple as can be: Friday and Saturday off, and a list of closures."""

    name = "office"

    def is_business_day(self, day, /):
        return not self.closure(day)

    def closure(self, day, /):
        return {4: "Friday", 5: "Saturday"}.get(day.weekday()) or (NEW_YEAR | CHRISTMAS).get(day, "")


OFFICE, WEEKDAYS = Office(), Weekends()
CALENDARS = {"office": OFFICE}
calendars = st.sampled_from([OFFICE, WEEKDAYS])
either = lambda most: st.integers(1, most) | st.integers(-most, -1)  # noqa: E731
anchors = st.dates(date(2020, 1, 1), date(2027, 1, 1))
simple = st.one_of(
    st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1)),
    st.builds(Monthly, st.builds(DayOfMonth, st.integers(1, 31))),
    st.builds(Monthly, st.builds(NthBusinessDay, either(20), st.just(OFFICE)), st.just(1)),
    st.builds(InPeriod, st.sampled_from(["quarter", "half", "year", "period"]), either(20), st.just("day"), fiscal=st.builds(FiscalMonths, st.integers(1, 12))),
    st.builds(InPeriod, st.sampled_from(["quarter", "year"]), either(12), st.just("business_day"), calendar=st.just(OFFICE)),
    st.builds(InPeriod, st.just("quarter"), either(13), st.just("weekday"), st.integers(0, 6), interval=st.integers(2, 3), anchor=anchors),
    st.builds(Yearly, st.builds(DayOfMonth, st.integers(1, 31)), st.lists(st.integers(1, 12), min_size=1, max_size=3).map(tuple)),
    st.builds(Dates, st.lists(st.dates(FIRST, LAST), min_size=1, max_size=5).map(tuple)),
)  # fmt: skip
conventions = st.sampled_from(["following", "preceding", "modified-following", "modified-preceding", "nearest", "skip"])
rules = st.one_of(
    simple,
    st.builds(Rolled, simple, calendars, conventions),
    st.builds(Shifted, simple, either(5), st.none() | calendars),
    st.lists(simple, min_size=2, max_size=3).map(lambda some: Union(tuple(some))),
    st.lists(simple, min_size=2, max_size=2).map(lambda some: Intersection((Daily(), *some))),
    st.lists(simple, min_size=2, max_size=3).map(lambda some: Difference(tuple(some))),
    st.builds(Rolled, st.lists(simple, min_size=2, max_size=2).map(lambda some: Union(tuple(some))), calendars, conventions),
)  # fmt: skip


def every_day(first=FIRST - timedelta(days=60), last=LAST + timedelta(days=60)):
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def step(day, calendar, by):
    day += timedelta(by)
    while calendar.closure(day):
        day += timedelta(by)
    return day


def roll(day, calendar, convention):
    if not calendar.closure(day):
        return day
    after, before = step(day, calendar, 1), step(day, calendar, -1)
    return {
        "following": after,
        "preceding": before,
        "modified-following": after if after.month == day.month else before,
        "modified-preceding": before if before.month == day.month else after,
        "nearest": before if day - before < after - day else after,
        "skip": None,
    }[convention]


def shift(rule, day):
    if rule.calendar is None:
        return day + timedelta(rule.days)
    for _ in range(abs(rule.days)):
        day = step(day, rule.calendar, 1 if rule.days > 0 else -1)
    return day


def members(rule):
    """The set of a rule's dates in the window, found by asking each date of it."""
    if isinstance(rule, Rolled):
        return {roll(day, rule.calendar, rule.convention) for day in members(rule.rule)} - {None}
    if isinstance(rule, Shifted):
        return {shift(rule, day) for day in members(rule.rule)}
    if isinstance(rule, Union):
        return set().union(*map(members, rule.members))
    if isinstance(rule, Intersection):
        return set.intersection(*map(members, rule.members))
    if isinstance(rule, Difference):
        return members(rule.members[0]) - set().union(*map(members, rule.members[1:]))
    return {day for day in every_day() if belongs(rule, day)}


def belongs(rule, day):
    if isinstance(rule, Dates):
        return day in rule.days
    if isinstance(rule, Daily):
        return True
    if isinstance(rule, Weekly):
        return day.weekday() in rule.weekdays
    if isinstance(rule, InPeriod):
        span = period(rule, day)
        counts = (
            not (serial(rule, span) - serial(rule, period(rule, rule.anchor))) % rule.interval if rule.anchor else True
        )
        return counts and place(rule, day, span)
    if isinstance(rule, Yearly) and day.month not in rule.months:
        return False
    span = [day.replace(day=1)]
    while (span[-1] + ONE_DAY).month == day.month:
        span.append(span[-1] + ONE_DAY)
    if isinstance(rule.on, DayOfMonth):
        return day.day == min(rule.on.day, len(span))
    return nth([one for one in span if not rule.on.calendar.closure(one)], rule.on.nth) == day


def months_of(rule):
    return {"period": 1, "quarter": 3, "half": 6, "year": 12}[rule.unit]


def period(rule, day):
    """The dates of the period around a day; periods begin every so many months from the fiscal start."""
    first = day.replace(day=1)
    while (first.month - rule.fiscal.start) % months_of(rule):
        first = (first - ONE_DAY).replace(day=1)
    span = [first]
    end = first
    for _ in range(months_of(rule)):
        end = (end.replace(day=28) + timedelta(4)).replace(day=1)
    while span[-1] + ONE_DAY < end:
        span.append(span[-1] + ONE_DAY)
    return span


def serial(rule, span):
    return (span[0].year * 12 + span[0].month) // months_of(rule)


def place(rule, day, span):
    wanted = {
        "day": lambda one: True,
        "business_day": lambda one: not rule.calendar.closure(one),
        "weekday": lambda one: one.weekday() == rule.weekday,
    }[rule.count]
    return nth([one for one in span if wanted(one)], rule.nth) == day


def nth(some, number):
    index = number - 1 if number > 0 else number
    return some[index] if -len(some) <= index < len(some) else None


@settings(max_examples=50, deadline=None)
@given(rules, st.dates(FIRST, LAST - timedelta(days=300)))
def test_dates_equal_the_oracle(rule, start):
    end = start + timedelta(days=280)
    found = []
    for day in rule.dates_from(start):
        if day > end:
            break
        found.append(day)
    assert found == sorted(day for day in members(rule) if start <= day <= end)


@settings(max_examples=120, deadline=None)
@given(
    rules,
    st.dates(FIRST, LAST),
    st.sampled_from(["UTC", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"]),
    st.times(),
)
def test_firings_rise_step_by_step_and_are_explained(rule, start, zone, moment):
    timing = Timing(rule, (moment.replace(microsecond=0),), zone)
    after = datetime.combine(start, time(12), UTC)
    listed = list(firings(timing, after=after, limit=4))
    stepped = []
    while len(stepped) < len(listed) and (firing := next_firing(timing, after=after)):
        assert firing.at > after
        stepped.append(firing)
        after = firing.at
    assert stepped == listed
    for firing in listed:
        assert firing.reason
        explained = explain(timing, on=firing.local.date())
        assert explained.fires and firing in explained.firings


@settings(max_examples=150, deadline=None)
@given(rules, st.sampled_from(["UTC", "Asia/Tokyo"]), st.none() | st.dates(date(2020, 1, 1), date(2024, 1, 1)))
def test_round_trips_through_its_written_form(rule, zone, starts):
    timing = Timing(rule, (time(8),), zone, starts=starts)
    try:
        written = timing_to(timing, calendars=CALENDARS)
    except RuleError:  # a set whose members ask two calendars at one place
        return
    assert timing_from(written, default_zone="Europe/Paris", calendars=CALENDARS) == timing


def test_a_moved_firing_says_from_where_and_why():
    timing = Timing(Rolled(Monthly(DayOfMonth(25)), OFFICE), (time(7),), "UTC")
    firing = next_firing(timing, after=datetime(2026, 12, 1, tzinfo=UTC))
    assert firing is not None
    assert firing.at == datetime(2026, 12, 28, 7, tzinfo=UTC)
    assert firing.moved_from == datetime(2026, 12, 25, 7)
    assert firing.reason == "25th of the month; moved from Friday 25 December 2026: Friday"


@pytest.mark.parametrize(
    ("when", "on", "reason"),
    [
        ({"every": "month", "on": 24, "roll": "following", "calendar": "office"}, "2026-12-24", "Thursday 24 December 2026 does not fire: it is no business day (Christmas), so its firing is moved to Monday 28 December 2026."),
        ({"every": "month", "on": 24, "roll": "skip", "calendar": "office"}, "2026-12-24", "Thursday 24 December 2026 does not fire: it is no business day (Christmas), so its firing is left out."),
        ({"every": "month", "on": 24, "not_on": ["2026-12-24"]}, "2026-12-24", "Thursday 24 December 2026 does not fire: it is excluded (a date of the list)."),
        ({"every": "day", "not_on": [{"every": "week", "on": "sun"}]}, "2026-12-27", "Sunday 27 December 2026 does not fire: it is excluded (every Sunday)."),
        ({"every": "month", "on": 24}, "2026-12-25", "Friday 25 December 2026 is not one of the rule's dates; the next is Sunday 24 January 2027."),
        ({"every": "month", "on": {"business_day": 3}, "calendar": "office"}, "2026-12-24", "Thursday 24 December 2026 is not one of the rule's dates; the next is Tuesday 5 January 2027. 24 December 2026 is closed: Christmas (office)."),
        ({"every": "month", "on": {"business_day": 3}, "calendar": "office"}, "2026-12-26", "Saturday 26 December 2026 is not one of the rule's dates; the next is Tuesday 5 January 2027."),
    ],
)  # fmt: skip
def test_why_not_is_answered(when, on, reason):
    timing = timing_from({**when, "at": "08:00"}, default_zone="UTC", calendars=CALENDARS)
    assert explain(timing, on=date.fromisoformat(on)) == type(explain(timing, on=date.fromisoformat(on)))(False, reason)


@pytest.mark.parametrize(
    ("language", "closed"),
    [
        ("de-CH", "Am 24. Dezember 2026 ist geschlossen: Christmas (office)."),
        ("fr", "Le 24 décembre 2026 est fermé\u00a0: Christmas (office)."),
        ("es", "El 24 de diciembre de 2026 está cerrado: Christmas (office)."),
    ],
)
def test_a_closed_day_that_is_no_date_is_told_in_other_languages(language, closed):
    when = {"every": "month", "on": {"business_day": 3}, "calendar": "office", "at": "08:00"}
    timing = timing_from(when, default_zone="UTC", calendars=CALENDARS)
    assert explain(timing, on=date(2026, 12, 24), language=language).reason.endswith(closed)


def test_a_fixed_distance_keeps_its_spacing_over_clock_changes():
    timing = Timing(Every(5400, datetime(2026, 3, 7)), (), "America/New_York")
    found = [
        one.at
        for one in firings(timing, after=datetime(2026, 3, 7, tzinfo=UTC), until=datetime(2026, 3, 10, tzinfo=UTC))
    ]
    assert {b - a for a, b in pairwise(found)} == {timedelta(minutes=90)}
    assert datetime(2026, 3, 7, 5, tzinfo=UTC) in found


COMBINED = [
    # 08:00 in New York is 22:00 in Tokyo while it is summer in New York, 23:00 in Tokyo then
    ({"union": [{"cron": "0 8 * * *"}, {"every": "day", "at": "22:00", "zone": "Asia/Tokyo"}]}, ["06-01 12:00", "06-01 13:00"]),
    ({"all_of": [{"cron": "0 8 * * *"}, {"every": "day", "at": "21:00", "zone": "Asia/Tokyo"}]}, ["06-01 12:00", "06-02 12:00"]),
    ({"except": [{"cron": "0 * * * *"}, {"cron": "0 0-22 * * *"}]}, ["06-01 03:00", "06-02 03:00"]),
    ({"all_of": [{"cron": "0 8,9 * * *"}, {"every": "month", "on": {"business_day": 2}}]}, ["06-02 12:00", "06-02 13:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("when", "expected"), COMBINED)
def test_moments_of_several_timings_are_combined(when, expected):
    timing = timing_from(when, default_zone="America/New_York")
    assert timing_from(timing_to(timing), default_zone="UTC") == timing
    found = firings(timing, after=datetime(2026, 6, 1, tzinfo=UTC), limit=2)
    assert [f"{one.at:%m-%d %H:%M}" for one in found] == expected


def test_timings_that_never_meet_end():
    timing = timing_from({"all_of": [{"every": "week", "on": "mon", "at": "08:00"}, {"every": "week", "on": "tue", "at": "08:00"}]}, default_zone="UTC")  # fmt: skip
    assert next_firing(timing, after=datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert not explain(timing, on=date(2026, 1, 5)).fires


def test_shift_moves_a_missing_time_as_rfc_5545_does():
    timing = Timing(
        WrittenMoments((datetime(2026, 3, 8, 2, 30), datetime(2026, 3, 8, 3, 15))), (), "America/New_York", gap="shift"
    )
    found = list(firings(timing, after=datetime(2026, 3, 8, tzinfo=UTC)))
    assert [f"{one.local:%H:%M}" for one in found] == ["03:15", "03:30"]
    assert next_firing(timing, after=found[0].at) == found[1]
    assert found[1].moved_from == datetime(2026, 3, 8, 2, 30)


@pytest.mark.parametrize(
    ("when", "path", "fix"),
    [
        ({"every": "month", "on": 1, "roll": "folowing"}, "roll", 'Did you mean "following"?'),
        ({"every": "month", "on": 1, "roll": "following", "calendar": "ofice"}, "calendar", 'Did you mean "office"?'),
        ({"every": "month", "on": 1, "calendar": "office"}, "calendar", 'Add "roll: following".'),
        ({"every": "day", "cron": "0 8 * * *"}, "cron", 'Keep one, or write "union: [{…}, {…}]".'),
        ({"cron": "0 8 * * *", "on": 3}, "on", "Leave on out."),
        ({"cron": "0 8 * * *"}, "at", "Leave at out."),
        ({"every": {"minutes": 90}}, "anchor", 'Add "anchor: 2026-01-05 08:00", a local time that is one of them, or "from".'),
        ({"every": "quarter"}, "on", "Write {day: 1}, {day: -1}, {nth: -1, weekday: fri} or {business_day: 3}."),
        ({"every": "quarter", "on": {"day": 1}, "fiscal": "retail"}, "fiscal", "There is no fiscal calendar yet: make one first."),
        ({"every": "year", "on": {"day": 1}, "months": ["jum"]}, "months[0]", 'Did you mean "jun"?'),
        ({"union": [{"every": "day"}, {"every": "weak"}]}, "union[1].every", 'Did you mean "week"?'),
        ({"dates": ["soon"]}, "dates[0]", 'Write 2026-01-05, or "2026-01-05 08:00".'),
        ({"every": "day", "offset": {"days": 0}}, "offset", "Leave it out, or write 1 or -1."),
        ({"rrule": "FREQ=MONTHLY;BYWEEKNO=2"}, "rrule.BYWEEKNO", "Use it with FREQ=YEARLY."),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place_and_its_cure(when, path, fix):
    with pytest.raises(RuleError) as refused:
        timing_from({"at": "08:00", **when}, default_zone="UTC", calendars=CALENDARS)
    assert (refused.value.path, refused.value.fix) == (path, fix)


def test_cron_with_a_calendar_keeps_its_times():
    timing = timing_from(
        {"cron": "0 8,17 25 * *", "roll": "following", "calendar": "office"}, default_zone="UTC", calendars=CALENDARS
    )
    assert isinstance(timing.rule, Rolled) and isinstance(timing.rule.rule, Cron)
    found = firings(timing, after=datetime(2026, 12, 1, tzinfo=UTC), limit=2)
    assert [(f"{one.at:%d %H}", f"{one.moved_from:%d %H}") for one in found] == [("28 08", "25 08"), ("28 17", "25 17")]
