"""Random rules against an oracle that looks at every date of a period, and at every moment of a day, one by one."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.core.recurrence.rrule.strategies import all_parts, starts

from broadsheet.core.recurrence import RRule, Timing, firings, next_firing
from broadsheet.core.recurrence.rrule import parts_to

pytestmark = pytest.mark.feature("SCH-05")

ONE_DAY = timedelta(days=1)
SPAN = {"SECONDLY": 2, "MINUTELY": 4, "HOURLY": 60, "DAILY": 400, "WEEKLY": 500, "MONTHLY": 900, "YEARLY": 2500}  # days


def week_one(year, week_start):
    """The first day of the first week with at least four days in the year."""
    day = date(year, 1, 4)  # always in it
    while day.weekday() != week_start:
        day -= ONE_DAY
    return day


def weeks_fit(parts, day):
    year = next(y for y in (day.year + 1, day.year, day.year - 1) if week_one(y, parts.week_start) <= day)
    first, following = week_one(year, parts.week_start), week_one(year + 1, parts.week_start)
    number, many = (day - first).days // 7 + 1, (following - first).days // 7
    return number in parts.by_week_no or number - many - 1 in parts.by_week_no


def weekday_fits(parts, day):
    for nth, weekday in parts.by_day:
        if day.weekday() != weekday:
            continue
        if not nth:
            return True
        if parts.freq == "MONTHLY" or parts.by_month:
            first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        else:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        all_of_them = [first + timedelta(n) for n in range((last - first).days + 1)]
        all_of_them = [one for one in all_of_them if one.weekday() == weekday]
        if abs(nth) <= len(all_of_them) and all_of_them[nth - 1 if nth > 0 else nth] == day:
            return True
    return False


def date_fits(parts, start, day):
    """Whether every part allows that date, without SKIP."""
    length, year_length = monthrange(day.year, day.month)[1], date(day.year, 12, 31).timetuple().tm_yday
    in_year = day.timetuple().tm_yday
    if parts.by_month and day.month not in parts.by_month:
        return False
    if parts.by_month_day and not {day.day, day.day - length - 1} & set(parts.by_month_day):
        return False
    if parts.by_year_day and not {in_year, in_year - year_length - 1} & set(parts.by_year_day):
        return False
    if parts.by_week_no and not weeks_fit(parts, day):
        return False
    if parts.by_day:
        return weekday_fits(parts, day)
    if parts.by_month_day or parts.by_year_day or parts.freq not in ("WEEKLY", "MONTHLY", "YEARLY"):
        return True
    if parts.by_week_no or parts.freq == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and (parts.freq == "MONTHLY" or bool(parts.by_month) or day.month == start.month)


def period(parts, moment):
    """The number of the period that a moment lies in."""
    days = moment.date().toordinal()
    seconds = days * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second
    return {
        "YEARLY": moment.year,
        "MONTHLY": moment.year * 12 + moment.month,
        "WEEKLY": (days - 1 - parts.week_start) // 7,
        "DAILY": days,
        "HOURLY": seconds // 3600,
        "MINUTELY": seconds // 60,
        "SECONDLY": seconds,
    }[parts.freq]


def times_of_day(parts, start):
    longer = parts.freq in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    hours = parts.by_hour or ((start.hour,) if longer else range(24))
    minutes = parts.by_minute or ((start.minute,) if longer or parts.freq == "HOURLY" else range(60))
    seconds = parts.by_second or (range(60) if parts.freq == "SECONDLY" else (start.second,))
    return [(h, m, s) for h in hours for m in minutes for s in seconds]


def oracle(parts, start, first, last):
    """All moments from `first` to `last`, BYSETPOS, INTERVAL and the start seen to; COUNT is not."""
    times = times_of_day(parts, start)
    begin = period(parts, start)
    periods = {}
    day = first - timedelta(days=400)  # a whole period before, so that BYSETPOS counts from its start
    while day <= last + timedelta(days=400):
        if date_fits(parts, start, day):
            for hour, minute, second in times:
                moment = datetime(day.year, day.month, day.day, hour, minute, second)
                if not (number := period(parts, moment) - begin) % parts.interval:
                    periods.setdefault(number, []).append(moment)
        day += ONE_DAY
    found = []
    for moments in periods.values():
        chosen = moments
        if parts.by_set_pos:
            size = len(moments)
            places = {p - 1 if p > 0 else size + p for p in parts.by_set_pos if abs(p) <= size}
            chosen = [moments[place] for place in sorted(places)]
        found += [moment for moment in chosen if moment >= start and first <= moment.date() <= last]
    return sorted(set(found))


def walk(rule, first, last):
    begin = datetime.combine(first, datetime.min.time(), UTC) - timedelta(seconds=1)
    end = datetime.combine(last, datetime.max.time(), UTC)
    return [one.at.replace(tzinfo=None) for one in firings(Timing(rule, (), "UTC"), after=begin, until=end)]


@settings(max_examples=120, deadline=None)
@given(all_parts(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), starts, st.integers(0, 1200))
def test_dates_and_times_equal_the_oracle(parts, start, later):
    assume(parts.skip == "OMIT" and parts.count is None)
    first = start.date() + timedelta(days=later)
    last = first + timedelta(days=SPAN[parts.freq])
    assert walk(RRule(parts, start), first, last) == oracle(parts, start, first, last)


@settings(max_examples=40, deadline=None)
@given(all_parts(["HOURLY", "MINUTELY", "SECONDLY"]), starts, st.integers(0, 700))
def test_hours_minutes_and_seconds_equal_the_oracle(parts, start, later):
    assume(parts.count is None and (parts.freq != "SECONDLY" or (parts.by_hour and parts.by_minute)))
    first = start.date() + timedelta(days=later)
    last = first + timedelta(days=SPAN[parts.freq])
    near = oracle_of_days(parts, start, first, last)
    assert walk(RRule(parts, start), first, last) == near


def oracle_of_days(parts, start, first, last):
    """As `oracle`, for periods inside of a day: no need to look around."""
    times, begin = times_of_day(parts, start), period(parts, start)
    found, day = [], first
    while day <= last:
        periods = {}
        if date_fits(parts, start, day):
            for hour, minute, second in times:
                moment = datetime(day.year, day.month, day.day, hour, minute, second)
                if not (number := period(parts, moment) - begin) % parts.interval:
                    periods.setdefault(number, []).append(moment)
        for moments in periods.values():
            size = len(moments)
            places = {p - 1 if p > 0 else size + p for p in parts.by_set_pos if abs(p) <= size}
            found += [moments[place] for place in sorted(places)] if parts.by_set_pos else moments
        day += ONE_DAY
    return [moment for moment in found if moment >= start]


@settings(max_examples=100, deadline=None)
@given(all_parts(), starts)
def test_a_count_is_the_beginning_of_the_rule_without_it(parts, start):
    assume(parts.count is not None)
    endless = RRule(replace(parts, count=None), start)
    before = start.replace(tzinfo=UTC) - timedelta(seconds=1)
    counted = list(islice(firings(Timing(RRule(parts, start), (), "UTC"), after=before), 60))
    listed = list(firings(Timing(endless, (), "UTC"), after=before, limit=parts.count))
    assert [one.at for one in counted] == [one.at for one in listed], f"{parts_to(parts)} from {start}"
    if len(counted) > 1:  # asked from the middle, the end is the same
        middle = counted[len(counted) // 2].at
        rest = firings(Timing(RRule(parts, start), (), "UTC"), after=middle)
        assert [one.at for one in rest] == [one.at for one in counted if one.at > middle]


@settings(max_examples=100, deadline=None)
@given(all_parts(), starts, st.sampled_from(["America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_next_of_next_equals_the_list(parts, start, zone):
    timing = Timing(RRule(parts, start, zone), (), zone)
    after = start.replace(tzinfo=UTC)
    listed = list(firings(timing, after=after, limit=5))
    stepped = []
    while len(stepped) < len(listed) and (firing := next_firing(timing, after=after)):
        stepped.append(firing)
        after = firing.at
    assert stepped == listed


@settings(max_examples=80, deadline=None)
@given(all_parts(), starts)
def test_dateutil_agrees_where_it_is_right(parts, start):
    """dateutil knows no RSCALE and SKIP. With BYWEEKNO and nothing that says the weekday it takes all seven, where RFC
    5545 takes the start's. Beside a numbered weekday it takes a plain one (BYDAY=1FR,SU) for a condition on the first,
    where RFC 5545 lists both. Of the first week it counts BYSETPOS from the start, where RFC 5545 counts from WKST. And it
    looks for what never comes up to the year 9999."""
    assume(parts.skip == "OMIT" and len({bool(nth) for nth, _ in parts.by_day}) < 2)
    assume(not parts.by_week_no or parts.by_day or parts.by_month_day or parts.by_year_day)
    assume(parts.freq != "WEEKLY" or not parts.by_set_pos or start.weekday() == parts.week_start)
    text = ";".join(part for part in parts_to(parts).split(";") if not part.startswith("RSCALE"))
    before = start.replace(tzinfo=UTC) - timedelta(seconds=1)
    until = before + timedelta(days=SPAN[parts.freq])
    ours = [
        one.at.replace(tzinfo=None)
        for one in firings(Timing(RRule(parts, start), (), "UTC"), after=before, until=until, limit=30)
    ]
    assume(ours)
    theirs = list(islice(rrulestr(text, dtstart=start), len(ours)))
    assert ours == theirs, f"{parts_to(parts)} from {start}"
