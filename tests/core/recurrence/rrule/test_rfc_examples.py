"""All examples of RFC 5545, section 3.8.5.3, with the dates that stand there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from broadsheet.core.recurrence import Timing, firings
from broadsheet.core.recurrence.rrule.lines import rule_from, rule_to

pytestmark = pytest.mark.feature("SCH-05")

START = "DTSTART;TZID=America/New_York:19970902T090000"
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def at_nine(text):
    """ "1997-09: 2 3; 1997-10: 4" as naive datetimes at 09:00."""
    months = (part.split(":") for part in text.split(";"))
    return [
        datetime.combine(date.fromisoformat(f"{month.strip()}-{int(day):02}"), time(9))
        for month, days in months
        for day in days.split()
    ]


def days(first, last, step=1):
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    return [datetime.combine(first + timedelta(n), time(9)) for n in range(0, (last - first).days + 1, step)]


def at(day, *times):
    return [datetime.fromisoformat(f"{day}T{moment}") for moment in times]


JANUARIES = [day for year in (1998, 1999, 2000) for day in days(f"{year}-01-01", f"{year}-01-31")]
WEEKS_TO_CHRISTMAS = days("1997-09-02", "1997-12-23", 7)
QUARTER_PAST = [f"{hour:02}:{minute:02}" for hour in range(9, 17) for minute in (0, 20, 40)]

# (rule, start unless the usual one, what fires: all of it, or its beginning when `ends` is False)
ENDING = [
    ("FREQ=DAILY;COUNT=10", days("1997-09-02", "1997-09-11")),
    ("FREQ=DAILY;UNTIL=19971224T000000Z", days("1997-09-02", "1997-12-23")),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", at_nine("1997-09: 2 12 22; 1997-10: 2 12")),
    ("FREQ=WEEKLY;COUNT=10", days("1997-09-02", "1997-11-04", 7)),
    ("FREQ=WEEKLY;UNTIL=19971224T000000Z", WEEKS_TO_CHRISTMAS),
    ("FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", at_nine("1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2")),
    ("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", at_nine("1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2")),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", at_nine("1997-09: 2 4 16 18 30; 1997-10: 2 14 16")),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", at_nine("1997-09: 2 15; 1997-10: 2 15; 1997-11: 2 15; 1997-12: 2 15; 1998-01: 2 15")),
    ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "from 1997-01-01", at_nine("1997-01: 1; 1997-04: 10; 1997-07: 19; 2000-01: 1; 2000-04: 9; 2000-07: 18; 2003-01: 1; 2003-04: 10; 2003-07: 19; 2006-01: 1")),
    ("FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "from 1997-09-01", at_nine("1997-09: 1 3 5 15 17 19 29; 1997-10: 1 3 13 15 17 27 29 31; 1997-11: 10 12 14 24 26 28; 1997-12: 8 10 12 22")),
    ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "from 1997-09-05", at_nine("1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5; 1998-01: 2; 1998-02: 6; 1998-03: 6; 1998-04: 3; 1998-05: 1; 1998-06: 5")),
    ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "from 1997-09-05", at_nine("1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5")),
    ("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "from 1997-09-07", at_nine("1997-09: 7 28; 1997-11: 2 30; 1998-01: 4 25; 1998-03: 1 29; 1998-05: 3 31")),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "from 1997-09-22", at_nine("1997-09: 22; 1997-10: 20; 1997-11: 17; 1997-12: 22; 1998-01: 19; 1998-02: 16")),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "from 1997-09-30", at_nine("1997-09: 30; 1997-10: 1 31; 1997-11: 1 30; 1997-12: 1 31; 1998-01: 1 31; 1998-02: 1")),
    ("FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "from 1997-09-10", at_nine("1997-09: 10 11 12 13 14 15; 1999-03: 10 11 12 13")),
    ("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "from 1997-06-10", at_nine("; ".join(f"{year}-{month}: 10" for year in range(1997, 2002) for month in ("06", "07")))),
    ("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "from 1997-03-10", at_nine("1997-03: 10; 1999-01: 10; 1999-02: 10; 1999-03: 10; 2001-01: 10; 2001-02: 10; 2001-03: 10; 2003-01: 10; 2003-02: 10; 2003-03: 10")),
    ("FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "from 1998-01-01", JANUARIES),
    ("FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "from 1998-01-01", JANUARIES),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "from 1997-09-04", at_nine("1997-09: 4; 1997-10: 7; 1997-11: 6")),
    # the RFC's own UNTIL, 17:00Z, is 13:00 in New York; its list goes to 15:00, which an erratum (3883) puts right
    ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", at("1997-09-02", "09:00", "12:00", "15:00")),
    ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", at("1997-09-02", "09:00", "12:00")),
    ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", at("1997-09-02", "09:00", "09:15", "09:30", "09:45", "10:00", "10:15")),
    ("FREQ=MINUTELY;INTERVAL=90;COUNT=4", at("1997-09-02", "09:00", "10:30", "12:00", "13:30")),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "from 1997-08-05", at_nine("1997-08: 5 10 19 24")),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "from 1997-08-05", at_nine("1997-08: 5 17 19 31")),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "from 2007-01-15", at_nine("2007-01: 15 30; 2007-02: 15; 2007-03: 15 30")),
]  # fmt: skip
ENDLESS = [
    ("FREQ=DAILY;INTERVAL=2", days("1997-09-02", "1997-12-03", 2)),
    ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", at_nine("1997-09: 2 16 30; 1997-10: 14 28; 1997-11: 11 25; 1997-12: 9 23; 1998-01: 6 20; 1998-02: 3 17")),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "from 1997-09-28", at_nine("1997-09: 28; 1997-10: 29; 1997-11: 28; 1997-12: 29; 1998-01: 29; 1998-02: 26")),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", at_nine("1997-09: 2 9 16 23 30; 1997-11: 4 11 18 25; 1998-01: 6 13 20 27; 1998-03: 3 10 17 24 31")),
    ("FREQ=YEARLY;BYDAY=20MO", "from 1997-05-19", at_nine("1997-05: 19; 1998-05: 18; 1999-05: 17")),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "from 1997-05-12", at_nine("1997-05: 12; 1998-05: 11; 1999-05: 17")),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "from 1997-03-13", at_nine("1997-03: 13 20 27; 1998-03: 5 12 19 26; 1999-03: 4 11 18 25")),
    ("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "from 1997-06-05", at_nine("1997-06: 5 12 19 26; 1997-07: 3 10 17 24 31; 1997-08: 7 14 21 28; 1998-06: 4 11 18 25; 1998-07: 2 9 16 23 30; 1998-08: 6 13 20 27; 1999-06: 3")),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", at_nine("1998-02: 13; 1998-03: 13; 1998-11: 13; 1999-08: 13; 2000-10: 13")),
    ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "from 1997-09-13", at_nine("1997-09: 13; 1997-10: 11; 1997-11: 8; 1997-12: 13; 1998-01: 10; 1998-02: 7; 1998-03: 7; 1998-04: 11; 1998-05: 9; 1998-06: 13")),
    ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "from 1996-11-05", at_nine("1996-11: 5; 2000-11: 7; 2004-11: 2")),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "from 1997-09-29", at_nine("1997-09: 29; 1997-10: 30; 1997-11: 27; 1997-12: 30; 1998-01: 29; 1998-02: 26; 1998-03: 30")),
    ("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", [*at("1997-09-02", *QUARTER_PAST), *at("1997-09-03", *QUARTER_PAST)]),
    ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", [*at("1997-09-02", *QUARTER_PAST), *at("1997-09-03", *QUARTER_PAST)]),
]  # fmt: skip


def lines(case):
    rule, *start, expected = case
    begin = f"DTSTART;TZID=America/New_York:{start[0][5:].replace('-', '')}T090000" if start else START
    return f"{begin}\nRRULE:{rule}", expected


def walked(text, limit):
    rule = rule_from(text, default_zone="UTC")
    assert rule_from(rule_to(rule), default_zone="UTC") == rule
    timing = Timing(rule, (), rule.zone)
    return [firing.local.replace(tzinfo=None) for firing in firings(timing, after=LONG_AGO, limit=limit)]


@pytest.mark.parametrize("case", ENDING, ids=[case[0] for case in ENDING])
def test_an_example_that_ends(case):
    text, expected = lines(case)
    assert walked(text, None) == expected


@pytest.mark.parametrize("case", ENDLESS, ids=[case[0] for case in ENDLESS])
def test_an_example_that_goes_on(case):
    text, expected = lines(case)
    assert walked(text, len(expected)) == expected


def test_the_start_of_friday_the_13th_is_excluded_as_the_rfc_does_it():
    text = f"{START}\nEXDATE;TZID=America/New_York:19970902T090000\nRRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"
    assert walked(text, 2) == at_nine("1998-02: 13; 1998-03: 13")
