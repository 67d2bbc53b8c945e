"""Cron expressions: read, refused, and walked against an oracle that looks at every minute."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import Cron, RuleError, Timing, firings, next_firing
from broadsheet.core.recurrence.definition import usual

pytestmark = pytest.mark.feature("SCH-05")

MINUTE = timedelta(minutes=1)


def timing(expression, zone="UTC", **choices):
    rule = Cron(expression, **choices)
    gap, overlap = usual(rule)
    return Timing(rule, (), zone, gap=gap, overlap=overlap)


def walked(expression, after, count, zone="UTC", **choices):
    begin = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    return [
        f"{one.local:%m-%d %H:%M}" for one in firings(timing(expression, zone, **choices), after=begin, limit=count)
    ]


@pytest.mark.parametrize(
    ("expression", "path", "message"),
    [
        ("0 8 * *", "cron", '"0 8 * *" has 4 fields'),
        ("0 0 8 * * 1 2026", "cron", '"0 0 8 * * 1 2026" has 7 fields'),
        ("@reboot", "cron", "@reboot is no time: nothing here starts with the machine"),
        ("@dayly", "cron", '"@dayly" is not known'),
        ("60 8 * * *", "cron.minute", "60 is out of range"),
        ("0 24 * * *", "cron.hour", "24 is out of range"),
        ("0 8 0 * *", "cron.day", "0 is out of range"),
        ("0 8 32W * *", "cron.day", "32 is out of range"),
        ("0 8 L-31 * *", "cron.day", '"L-31" lies before every month'),
        ("0 8 * 13 *", "cron.month", "13 is out of range"),
        ("0 8 * foo *", "cron.month", '"foo" is not known'),
        ("0 8 * * 8", "cron.weekday", "8 is out of range"),
        ("0 8 * * mon#6", "cron.weekday", '"mon#6": no month has that one'),
        ("0 8 * * L", "cron.weekday", '"L" alone means Saturday to some and the last day to others'),
        ("0 8 * * 5-1", "cron.weekday", '"5-1" runs backwards'),
        ("*/0 8 * * *", "cron.minute", '"*/0" has a step of 0'),
        ("*/90 * * * *", "cron.minute", '"*/90" steps over the whole field and would match once only'),
        ("? 8 * * *", "cron.minute", '"?" is not understood'),
        ("1,,2 8 * * *", "cron.minute", '"" is not understood'),
        ("61 0 8 * * *", "cron.second", "61 is out of range"),
    ],
)
def test_a_mistake_is_refused_at_its_field(expression, path, message):
    with pytest.raises(RuleError) as refused:
        Cron(expression)
    assert (refused.value.path, refused.value.message) == (path, message)
    assert refused.value.fix


@pytest.mark.parametrize(
    ("expression", "expected"),
    [  # from 1 January 2026, a Thursday
        ("0 8 * * 1-5", ["01-01 08:00", "01-02 08:00", "01-05 08:00"]),
        ("0 8 * * fri-sun", ["01-02 08:00", "01-03 08:00", "01-04 08:00"]),
        ("0 8 * * 7", ["01-04 08:00", "01-11 08:00"]),
        ("0 8 * * 0", ["01-04 08:00", "01-11 08:00"]),
        ("30 6/8 * * *", ["01-01 06:30", "01-01 14:30", "01-01 22:30"]),
        ("0 8 L * *", ["01-31 08:00", "02-28 08:00"]),
        ("0 8 L-2 * *", ["01-29 08:00", "02-26 08:00"]),
        ("0 8 LW * *", ["01-30 08:00", "02-27 08:00"]),  # 31 January and 28 February are Saturdays
        ("0 8 1W * *", ["01-01 08:00", "02-02 08:00", "03-02 08:00", "04-01 08:00"]),  # Sundays: not back into the month before
        ("0 8 31W * ?", ["01-30 08:00", "03-31 08:00", "05-29 08:00"]),  # no 31st, no firing
        ("0 8 ? * 5L", ["01-30 08:00", "02-27 08:00"]),
        ("0 8 ? * tue#2", ["01-13 08:00", "02-10 08:00"]),
        ("0 8 13 * 5", ["01-02 08:00", "01-09 08:00", "01-13 08:00"]),  # Vixie: either
        ("0 8 */2 * 5", ["01-09 08:00", "01-23 08:00", "02-13 08:00"]),  # begins with *: both
        ("@weekly", ["01-04 00:00", "01-11 00:00"]),
        ("0 8 29 2 *", ["02-29 08:00"]),
    ],
)  # fmt: skip
def test_what_an_expression_means(expression, expected):
    assert walked(expression, "2026-01-01T00:00", len(expected)) == expected


def test_both_asks_for_day_and_weekday():
    assert walked("0 8 13 * 5", "2026-01-01T00:00", 2, days="both") == ["02-13 08:00", "03-13 08:00"]


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize("expression", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 L-30 2 *", "0 0 30W 2 ?"])
def test_an_expression_that_never_fires_is_found(expression):
    assert next_firing(timing(expression), after=datetime(2026, 1, 1, tzinfo=UTC)) is None


# New York: 8 March 2026, 02:00 becomes 03:00; 1 November 2026, 02:00 becomes 01:00
@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("30 2 * * *", "2026-03-08T00:00", ["03-08 03:00", "03-09 02:30"]),
        ("30 1 * * *", "2026-11-01T00:00", ["11-01 01:30", "11-02 01:30"]),
        ("30 * * * *", "2026-03-08T01:00", ["03-08 01:30", "03-08 03:30"]),
        ("30 * * * *", "2026-11-01T00:00", ["11-01 00:30", "11-01 01:30", "11-01 01:30", "11-01 02:30"]),
        ("*/30 1 * * *", "2026-11-01T00:00", ["11-01 01:00", "11-01 01:30", "11-01 01:00", "11-01 01:30"]),
    ],
)
def test_clock_changes_as_in_crons_manual(expression, after, expected):
    assert walked(expression, after, len(expected), "America/New_York") == expected


def field(low, high):
    number = st.integers(low, high)
    return st.one_of(
        st.just("*"),
        st.just("*"),
        number.map(str),
        st.integers(1, high).map(lambda step: f"*/{step}"),
        st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}"),
        st.lists(number, min_size=1, max_size=3).map(lambda some: ",".join(map(str, some))),
    )


days = field(1, 31) | st.sampled_from(["L", "LW"])
weekdays = (
    field(0, 6) | st.tuples(st.integers(0, 7), st.integers(1, 5)).map(lambda two: f"{two[0]}#{two[1]}") | st.just("5L")
)
expressions = st.tuples(field(0, 59), field(0, 23), days, field(1, 12), weekdays).map(" ".join)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def fits(text, number, low, high):
    """Whether a field without letters names a number."""
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        begin, end = (low, high) if first == "*" else (int(first), int(last or first))
        if begin <= number <= end and not (number - begin) % int(step or 1):
            return True
    return False


def day_fits(expression, moment):
    _, _, day, month, weekday = expression.split()
    following = [moment + timedelta(days=n) for n in range(1, 8)]
    last = following[0].month != moment.month
    in_day = {
        "L": last,
        "LW": moment.weekday() < 5 and not any(one.month == moment.month and one.weekday() < 5 for one in following),
    }
    day_ok = in_day[day] if day in in_day else fits(day, moment.day, 1, 31)
    if "#" in weekday:
        name, nth = weekday.split("#")
        weekday_ok = moment.isoweekday() % 7 == int(name) % 7 and (moment.day + 6) // 7 == int(nth)
    elif weekday == "5L":
        weekday_ok = moment.weekday() == 4 and following[-1].month != moment.month
    else:
        weekday_ok = fits(weekday, moment.isoweekday() % 7, 0, 6)
    both = day[0] == "*" or weekday[0] == "*"
    return fits(month, moment.month, 1, 12) and (day_ok and weekday_ok if both else day_ok or weekday_ok)


@settings(max_examples=40, deadline=None)
@given(expressions, instants)
def test_equals_the_oracle_that_looks_at_every_minute(expression, after):
    until = after + timedelta(days=12)
    minute, hour, *_ = expression.split()
    expected, moment = [], after + MINUTE
    while moment <= until:
        if (moment.hour, moment.minute) == (0, 0) and not day_fits(expression, moment):
            moment += timedelta(days=1)
            continue
        if fits(minute, moment.minute, 0, 59) and fits(hour, moment.hour, 0, 23) and day_fits(expression, moment):
            expected.append(moment)
        moment += MINUTE
    assert [one.at for one in firings(timing(expression), after=after, until=until)] == expected


@settings(max_examples=150, deadline=None)
@given(expressions, instants, st.sampled_from(["UTC", "America/New_York", "Europe/London", "Asia/Kolkata"]))
def test_cronsim_agrees(expression, after, zone):
    """Also over clock changes, except where they are not of whole hours: cronsim then starts an hour in its middle."""
    mine = [one.at for one in firings(timing(expression, zone), after=after, limit=30)]
    if mine and mine[-1] < after + timedelta(days=365 * 40):  # cronsim gives up after fifty years
        theirs = islice(CronSim(expression, after.astimezone(ZoneInfo(zone))), len(mine))
        assert [one.astimezone(UTC) for one in theirs] == mine
