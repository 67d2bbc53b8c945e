"""RRULE values: what is refused and where, what is written back, what needs no start."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from tests.core.recurrence.rrule.strategies import all_parts

from broadsheet.core.recurrence import RRule, RuleError, Timing, explain, firings, next_firing
from broadsheet.core.recurrence.rrule import Parts, parts_from, parts_to
from broadsheet.core.recurrence.rrule.lines import rule_from

pytestmark = pytest.mark.feature("SCH-05")

BAD = [
    ("BYDAY=MO", "rrule.FREQ", "it is missing"),
    ("FREQ=FORTNIGHTLY", "rrule.FREQ", '"FORTNIGHTLY" is not known'),
    ("FREQ=DAILY;BYDY=MO", "rrule.BYDY", "there is no such rule part"),
    ("FREQ=DAILY;FREQ=DAILY", "rrule.FREQ", "it stands there twice"),
    ("FREQ", "rrule", '"FREQ" is not a rule part'),
    ("FREQ=DAILY;INTERVAL=0", "rrule.INTERVAL", "0 is not a positive whole number"),
    ("FREQ=DAILY;INTERVAL=two", "rrule.INTERVAL", '"TWO" is not a whole number'),
    ("FREQ=DAILY;COUNT=3;UNTIL=20260101", "rrule.COUNT", "COUNT and UNTIL exclude each other"),
    ("FREQ=DAILY;COUNT=0", "rrule.COUNT", "0 is not a positive whole number"),
    ("FREQ=DAILY;UNTIL=20260230", "rrule.UNTIL", '"20260230" is not a date or time'),
    ("FREQ=DAILY;BYHOUR=24", "rrule.BYHOUR", "24 is out of range"),
    ("FREQ=DAILY;BYMINUTE=-1", "rrule.BYMINUTE", "-1 is out of range"),
    ("FREQ=DAILY;BYSECOND=61", "rrule.BYSECOND", "61 is out of range"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "rrule.BYMONTHDAY", "0 is out of range"),
    ("FREQ=MONTHLY;BYMONTHDAY=-32", "rrule.BYMONTHDAY", "-32 is out of range"),
    ("FREQ=YEARLY;BYMONTH=13", "rrule.BYMONTH", "13 is out of range"),
    ("FREQ=YEARLY;BYMONTH=5L", "rrule.BYMONTH", '"5L" is not a whole number'),
    ("FREQ=YEARLY;BYYEARDAY=367", "rrule.BYYEARDAY", "367 is out of range"),
    ("FREQ=MONTHLY;BYWEEKNO=2", "rrule.BYWEEKNO", "BYWEEKNO has no meaning with FREQ=MONTHLY (RFC 5545, section 3.3.10)"),
    ("FREQ=DAILY;BYYEARDAY=2", "rrule.BYYEARDAY", "BYYEARDAY has no meaning with FREQ=DAILY (RFC 5545, section 3.3.10)"),
    ("FREQ=WEEKLY;BYMONTHDAY=2", "rrule.BYMONTHDAY", "BYMONTHDAY has no meaning with FREQ=WEEKLY (RFC 5545, section 3.3.10)"),
    ("FREQ=WEEKLY;BYDAY=2MO", "rrule.BYDAY", "2MO has no meaning with FREQ=WEEKLY: only months and years number their weekdays"),
    ("FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", "rrule.BYDAY", "1MO cannot stand beside BYWEEKNO"),
    ("FREQ=MONTHLY;BYDAY=6MO", "rrule.BYDAY", "6MO: there is no such weekday"),
    ("FREQ=MONTHLY;BYDAY=XX", "rrule.BYDAY", '"XX" is not a weekday'),
    ("FREQ=MONTHLY;BYDAY=0MO", "rrule.BYDAY", '"0MO" is not a weekday'),
    ("FREQ=WEEKLY;WKST=1MO", "rrule.WKST", '"1MO" is not a weekday'),
    ("FREQ=MONTHLY;BYSETPOS=1", "rrule.BYSETPOS", "BYSETPOS needs another BY part to choose from"),
    ("FREQ=MONTHLY;SKIP=FORWARD", "rrule.SKIP", "SKIP needs RSCALE (RFC 7529, section 4.1)"),
    ("RSCALE=HEBREW;FREQ=MONTHLY", "rrule.RSCALE", 'the calendar "HEBREW" is not known here'),
    ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=NEXT", "rrule.SKIP", '"NEXT" is not known'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "message"), BAD)
def test_a_mistake_is_refused_at_its_part(text, path, message):
    with pytest.raises(RuleError) as refused:
        parts_from(text)
    assert (refused.value.path, refused.value.message) == (path, message)
    assert refused.value.fix


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "rrule.DTSTART"),
        ("DTSTART:20260105T080000\nEXRULE:FREQ=DAILY", "rrule"),
        ("DTSTART;TZID=Mars/Olympus:20260105T080000\nRRULE:FREQ=DAILY", "zone"),
        ("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;BYHOUR=8", "rrule.DTSTART"),
        ("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;UNTIL=20260205T080000Z", "rrule.UNTIL"),
        ("DTSTART:20260105T080000\nRDATE:soon", "rrule.RDATE"),
    ],
)
def test_lines_that_do_not_fit_are_refused(text, path):
    with pytest.raises(RuleError) as refused:
        rule_from(text, default_zone="UTC")
    assert refused.value.path == path


@pytest.mark.parametrize(
    "text", ["FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;COUNT=2", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"]
)
def test_a_rule_that_depends_on_its_start_asks_for_one(text):
    with pytest.raises(RuleError) as refused:
        RRule(parts_from(text))
    assert refused.value.path == "from"


@settings(max_examples=300, deadline=None)
@given(all_parts())
def test_parts_are_written_and_read_back(parts):
    assert parts_from(parts_to(parts)) == parts
    assert parts_from(f"rrule:{parts_to(parts).lower()}") == parts


NEVER = [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31",
    "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",  # 2025, 2029, …: never a leap year
    "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1",
    "FREQ=YEARLY;BYYEARDAY=1;BYMONTHDAY=2",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",  # counted from a January
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1;BYSETPOS=2",
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # counted from a Wednesday
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=HOURLY;INTERVAL=2;BYHOUR=9",  # counted from 08:00
    "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=30",
    "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
    "FREQ=SECONDLY;BYSECOND=1;BYSETPOS=2",
]


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize("text", NEVER)
def test_a_rule_that_never_fires_is_found(text):
    rule = rule_from(f"DTSTART:20250101T080000\nRRULE:{text}", default_zone="UTC")
    assert next_firing(Timing(rule, (), "UTC"), after=datetime(2026, 1, 1, tzinfo=UTC)) is None


def dates(text, start, count, after="2000-01-01"):
    rule = RRule(parts_from(text), date.fromisoformat(start))
    timing = Timing(rule, (time(8),), "UTC")
    return [
        f"{one.at:%Y-%m-%d}" for one in firings(timing, after=datetime.fromisoformat(after + "T00:00Z"), limit=count)
    ]


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        # RFC 7529, section 4.3 and 6: 29 February in years that have none
        ("RSCALE=GREGORIAN;FREQ=YEARLY", "2016-02-29", ["2016-02-29", "2020-02-29", "2024-02-29"]),
        ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD", "2016-02-29", ["2016-02-29", "2017-03-01", "2018-03-01"]),
        ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD", "2016-02-29", ["2016-02-29", "2017-02-28", "2018-02-28"]),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD", "2014-01-31", ["2014-01-31", "2014-02-28", "2014-03-31", "2014-04-30"]),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=OMIT", "2014-01-31", ["2014-01-31", "2014-03-31", "2014-05-31"]),
        # the 31st of April, put forward, is the 1st of May, which is there already
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD", "2014-04-01", ["2014-04-01", "2014-05-01", "2014-05-31", "2014-06-01", "2014-07-01"]),
        # the day before the first: 31 days from the end of April lie in March
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=BACKWARD", "2014-03-01", ["2014-03-01", "2014-03-31", "2014-05-01", "2014-05-31"]),
        # BYWEEKNO alone takes the weekday from the start, here a Thursday; week 53 is there in 2015 and 2020
        ("FREQ=YEARLY;BYWEEKNO=53", "2015-01-01", ["2015-12-31", "2020-12-31", "2026-12-31"]),
        # a day belongs to the calendar year it lies in: 29 December 2025 is in week 1 of 2026
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2025-01-01", ["2025-12-29", "2027-01-04", "2028-01-03"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", "2025-01-01", ["2025-12-22", "2026-12-28", "2027-12-27"]),
        ("FREQ=YEARLY;BYYEARDAY=-1,366", "2023-06-01", ["2023-12-31", "2024-12-31", "2025-12-31"]),
    ],
)  # fmt: skip
def test_dates_of_a_rule(text, start, expected):
    assert dates(text, start, len(expected)) == expected


def test_count_is_counted_from_the_start_wherever_one_asks():
    assert dates("FREQ=DAILY;COUNT=3", "2026-01-05", 9, after="2026-01-07") == ["2026-01-07"]
    assert dates("FREQ=DAILY;COUNT=3", "2026-01-05", 9, after="2026-01-08") == []


def test_a_count_of_seconds_is_not_counted_out():
    rule = rule_from("DTSTART:20000101T000000\nRRULE:FREQ=SECONDLY;INTERVAL=7;COUNT=100000000", default_zone="UTC")
    last = datetime(2000, 1, 1, tzinfo=UTC).timestamp() + 7 * 99_999_999
    found = list(firings(Timing(rule, (), "UTC"), after=datetime.fromtimestamp(last - 10, UTC)))
    assert [one.at.timestamp() for one in found] == [last - 7, last]


def test_dates_are_added_and_left_out():
    text = (
        "DTSTART;TZID=Europe/Berlin:20260105T080000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3\n"
        "RDATE;TZID=Europe/London:20260114T070000\nRDATE;VALUE=PERIOD:20260115T090000Z/PT1H\nEXDATE:20260112T070000Z"
    )
    rule = rule_from(text, default_zone="UTC")
    timing = Timing(rule, (), "Europe/Berlin")
    found = [f"{one.local:%m-%d %H:%M}" for one in firings(timing, after=datetime(2026, 1, 1, tzinfo=UTC))]
    assert found == ["01-05 08:00", "01-14 08:00", "01-15 10:00", "01-19 08:00"]
    assert (
        explain(timing, on=date(2026, 1, 12)).reason == "Monday 12 January 2026 does not fire: it is excluded (EXDATE)."
    )
    assert explain(timing, on=date(2026, 1, 14)).reason == "08:00, a date added to the rule (RDATE)"
    assert (
        explain(timing, on=date(2026, 1, 4)).reason
        == "Sunday 4 January 2026 does not fire: the rule starts on 5 January 2026."
    )


def test_folded_lines_are_one():
    rule = rule_from("DTSTART:20260105T080000\r\nRRULE:FREQ=WEEKLY;\r\n BYDAY=MO", default_zone="UTC")
    assert rule.rules == (Parts("WEEKLY", by_day=((0, 0),)),)


def test_a_leap_second_is_the_second_before_it():
    rule = RRule(parts_from("FREQ=DAILY;BYHOUR=23;BYMINUTE=59;BYSECOND=60"))
    firing = next_firing(Timing(rule, (), "UTC"), after=datetime(2026, 1, 1, tzinfo=UTC))
    assert firing is not None and firing.at.second == 59
