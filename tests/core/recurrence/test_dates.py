"""Which dates the rules give, with the arithmetic beside each case."""

from datetime import date
from itertools import islice

import pytest

from broadsheet.core.recurrence import (
    Daily,
    DayOfMonth,
    Monthly,
    NthBusinessDay,
    NthWeekday,
    RuleError,
    Weekends,
    Weekly,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def dates(rule, start, count=4):
    return [day.isoformat() for day in islice(rule.dates_from(date.fromisoformat(start)), count)]


@pytest.mark.feature("SCH-01")
@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (Daily(), "2026-02-27", ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]),  # 2026 is no leap year
        # 2026-01-02 is a Friday; Saturday the 3rd and Sunday the 4th are left out
        (Daily(weekdays_only=True), "2026-01-02", ["2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07"]),
        # 1 January + 3 × 10 = 31 January is the first on or after the 29th
        (
            Daily(3, anchor=date(2026, 1, 1)),
            "2026-01-29",
            ["2026-01-31", "2026-02-03", "2026-02-06", "2026-02-09"],
        ),
        # the count runs backwards too: 1 January − 3 × 1 = 29 December
        (
            Daily(3, anchor=date(2026, 1, 1)),
            "2025-12-27",
            ["2025-12-29", "2026-01-01", "2026-01-04", "2026-01-07"],
        ),
        # every second weekday from Monday the 5th: Mon, Wed, Fri, then Tue the 13th
        (
            Daily(2, weekdays_only=True, anchor=date(2026, 1, 5)),
            "2026-01-06",
            ["2026-01-07", "2026-01-09", "2026-01-13", "2026-01-15"],
        ),
        # a Saturday anchor means Monday the 5th
        (
            Daily(2, weekdays_only=True, anchor=date(2026, 1, 3)),
            "2026-01-03",
            ["2026-01-05", "2026-01-07", "2026-01-09", "2026-01-13"],
        ),
    ],
)
def test_daily_dates(rule, start, expected):
    assert dates(rule, start) == expected


@pytest.mark.feature("SCH-02")
@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        # 2026-01-01 is a Thursday
        (Weekly(frozenset({MON, THU})), "2026-01-01", ["2026-01-01", "2026-01-05", "2026-01-08", "2026-01-12"]),
        # weeks of 5 January, + 14 days, …; the week of the 12th does not count
        (
            Weekly(frozenset({MON, THU}), 2, anchor=date(2026, 1, 5)),
            "2026-01-06",
            ["2026-01-08", "2026-01-19", "2026-01-22", "2026-02-02"],
        ),
        # the anchor Sunday the 11th lies in the ISO week of Monday the 5th
        (
            Weekly(frozenset({MON}), 2, anchor=date(2026, 1, 11)),
            "2026-01-01",
            ["2026-01-05", "2026-01-19", "2026-02-02", "2026-02-16"],
        ),
        # ISO year 2026 has 53 weeks: the count goes on over the year's end, 28 December + 14 = 11 January
        (
            Weekly(frozenset({MON}), 2, anchor=date(2026, 12, 28)),
            "2026-12-28",
            ["2026-12-28", "2027-01-11", "2027-01-25", "2027-02-08"],
        ),
    ],
)
def test_weekly_dates(rule, start, expected):
    assert dates(rule, start) == expected


@pytest.mark.feature("SCH-03")
@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (Monthly(DayOfMonth(31)), "2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),  # leap year
        (Monthly(DayOfMonth(31, "skip")), "2026-01-31", ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]),
        (Monthly(DayOfMonth(30, "next")), "2026-01-30", ["2026-01-30", "2026-03-01", "2026-03-30", "2026-04-30"]),
        # asked from 1 March, February's roll is still found
        (Monthly(DayOfMonth(31, "next")), "2026-03-01", ["2026-03-01", "2026-03-31", "2026-05-01", "2026-05-31"]),
        (Monthly(DayOfMonth(31, "next")), "2026-12-31", ["2026-12-31", "2027-01-31", "2027-03-01", "2027-03-31"]),
        (Monthly(NthWeekday(-1, FRI)), "2026-01-01", ["2026-01-30", "2026-02-27", "2026-03-27", "2026-04-24"]),
        # 2026-01-01 is a Thursday: 1 + 7 × 4 = 29; then April's (Thursday the 2nd) 30th, July's 30th, October's 29th
        (Monthly(NthWeekday(5, THU)), "2026-01-01", ["2026-01-29", "2026-04-30", "2026-07-30", "2026-10-29"]),
        (Monthly(NthWeekday(-5, THU)), "2026-01-01", ["2026-01-01", "2026-04-02", "2026-07-02", "2026-10-01"]),
        # January 1, 2, 5; February starts on Sunday: 2, 3, 4; March too; April on Wednesday: 1, 2, 3
        (Monthly(NthBusinessDay(3)), "2026-01-01", ["2026-01-05", "2026-02-04", "2026-03-04", "2026-04-03"]),
        # 31 January 2026 is a Saturday, 28 February too
        (Monthly(NthBusinessDay(-1)), "2026-01-01", ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30"]),
        # 23 business days need 31 days that start Monday to Wednesday: July (Wed) and December (Tue) 2026, March (Mon)
        # and December (Wed) 2027
        (Monthly(NthBusinessDay(23)), "2026-04-01", ["2026-07-31", "2026-12-31", "2027-03-31", "2027-12-31"]),
        # Friday and Saturday off: 1 January 2026 is a Thursday, so Thursday 1, Sunday 4
        (
            Monthly(NthBusinessDay(2, Weekends(frozenset({FRI, SAT})))),
            "2026-01-01",
            ["2026-01-04", "2026-02-02", "2026-03-02", "2026-04-02"],
        ),
        # quarterly from February: 2 + 3, + 3, …
        (
            Monthly(DayOfMonth(31), 3, anchor=date(2026, 2, 1)),
            "2026-01-01",
            ["2026-02-28", "2026-05-31", "2026-08-31", "2026-11-30"],
        ),
        # 29 February every 12 months is every leap year; 2100 is none
        (
            Monthly(DayOfMonth(29, "skip"), 12, anchor=date(2024, 2, 1)),
            "2093-01-01",
            ["2096-02-29", "2104-02-29", "2108-02-29", "2112-02-29"],
        ),
    ],
)
def test_monthly_dates(rule, start, expected):
    assert dates(rule, start) == expected


class NeverOpen:
    def is_business_day(self, day, /):
        return False


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(
    "rule",
    [
        Monthly(DayOfMonth(30, "skip"), 12, anchor=date(2026, 2, 1)),
        Monthly(DayOfMonth(31, "skip"), 12, anchor=date(2026, 4, 1)),
        Monthly(DayOfMonth(29, "skip"), 48, anchor=date(2025, 2, 1)),  # 2025, 2029, …: never a leap year
        Monthly(NthBusinessDay(23), 12, anchor=date(2026, 4, 1)),  # 30 days hold at most 22
        Monthly(NthBusinessDay(1, NeverOpen())),
    ],
)
def test_a_rule_that_never_fires_ends(rule):
    assert dates(rule, "2026-01-01") == []


@pytest.mark.parametrize(
    "rule", [Daily(), Daily(weekdays_only=True), Weekly(frozenset(range(7))), Monthly(DayOfMonth(31, "next"))]
)
def test_dates_end_before_the_calendar_does(rule):
    found = list(rule.dates_from(date(9999, 10, 1)))
    assert found[-1] >= date(9999, 11, 1)
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Daily(0), "interval"),
        (lambda: Daily(2), "from"),
        (lambda: Weekly(frozenset()), "on"),
        (lambda: Weekly(frozenset({7})), "on"),
        (lambda: Monthly(DayOfMonth(1), 2), "from"),
        (lambda: DayOfMonth(0), "on.day"),
        (lambda: DayOfMonth(32), "on.day"),
        (lambda: DayOfMonth(31, "last"), "on.short"),
        (lambda: NthWeekday(0, MON), "on.nth"),
        (lambda: NthWeekday(6, MON), "on.nth"),
        (lambda: NthWeekday(1, 7), "on.weekday"),
        (lambda: NthBusinessDay(0), "on.business_day"),
        (lambda: NthBusinessDay(24), "on.business_day"),
    ],
)
def test_a_rule_without_meaning_is_refused_at_its_key(make, path):
    with pytest.raises(RuleError) as refused:
        make()
    assert refused.value.path == path
    assert refused.value.fix
