"""What fires when clocks change: cases by hand, then every transition of every zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from broadsheet.core.recurrence import (
    Cron,
    Daily,
    DayOfMonth,
    Every,
    Monthly,
    NthWeekday,
    RRule,
    Timing,
    firings,
    next_firing,
)
from broadsheet.core.recurrence.rrule import parts_from

FIRST_YEAR, LAST_YEAR = 2024, 2031


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(timing, after, count):
    return [f"{firing.at:%Y-%m-%dT%H:%M:%S}" for firing in firings(timing, after=utc(after), limit=count)]


def daily(times, zone, **choices):
    return Timing(Daily(), tuple(time.fromisoformat(moment) for moment in times), zone, **choices)


@pytest.mark.feature("SCH-01")
@pytest.mark.parametrize(
    ("timing", "after", "expected"),
    [
        # New York, 8 March 2026: 02:00 EST = 07:00 UTC becomes 03:00 EDT
        (
            daily(["02:30"], "America/New_York"),
            "2026-03-07T08:00",
            ["2026-03-08T07:00:00", "2026-03-09T06:30:00"],
        ),
        (
            daily(["02:30"], "America/New_York", gap="skip"),
            "2026-03-06T08:00",
            ["2026-03-07T07:30:00", "2026-03-09T06:30:00"],
        ),
        # two times that come down at one instant are one firing
        (
            daily(["02:15", "02:45", "03:00"], "America/New_York"),
            "2026-03-08T06:00",
            ["2026-03-08T07:00:00", "2026-03-09T06:15:00"],
        ),
        # New York, 1 November 2026: 02:00 EDT = 06:00 UTC becomes 01:00 EST; 01:30 is 05:30 and 06:30 UTC
        (
            daily(["01:30"], "America/New_York"),
            "2026-11-01T00:00",
            ["2026-11-01T05:30:00", "2026-11-02T06:30:00"],
        ),
        # asked between the two passes, the first is past
        (daily(["01:30"], "America/New_York"), "2026-11-01T06:00", ["2026-11-02T06:30:00"]),
        (
            daily(["01:30"], "America/New_York", overlap="second"),
            "2026-11-01T00:00",
            ["2026-11-01T06:30:00", "2026-11-02T06:30:00"],
        ),
        (
            daily(["01:15", "01:45"], "America/New_York", overlap="both"),
            "2026-11-01T00:00",
            ["2026-11-01T05:15:00", "2026-11-01T05:45:00", "2026-11-01T06:15:00", "2026-11-01T06:45:00"],
        ),
        # Lord Howe moves by half an hour, 5 April 2026: 02:00 +11 = 15:00 UTC of the 4th becomes 01:30 +10:30
        (
            daily(["01:45"], "Australia/Lord_Howe", overlap="both"),
            "2026-04-04T00:00",
            ["2026-04-04T14:45:00", "2026-04-04T15:15:00", "2026-04-05T15:15:00"],
        ),
        # Cairo starts summer time at midnight, Friday 24 April 2026: 00:00 +02 = 22:00 UTC becomes 01:00 +03
        (
            daily(["00:00"], "Africa/Cairo"),
            "2026-04-22T22:00",
            ["2026-04-23T22:00:00", "2026-04-24T21:00:00"],
        ),
        # St John's, 7 November 2010: 00:01 NDT = 02:31 UTC went back to 23:01 of the 6th, so that 00:00 (first pass,
        # 02:30 UTC) came before the second 23:30 (NST, 03:00 UTC), and came again at 03:30 UTC
        (
            daily(["00:00", "23:30"], "America/St_Johns", overlap="both"),
            "2010-11-07T00:00",
            ["2010-11-07T02:00:00", "2010-11-07T02:30:00", "2010-11-07T03:00:00", "2010-11-07T03:30:00"],
        ),
        # asked after that first midnight, yesterday's second pass is still to come
        (
            daily(["00:00", "23:30"], "America/St_Johns", overlap="both"),
            "2010-11-07T02:30",
            ["2010-11-07T03:00:00", "2010-11-07T03:30:00"],
        ),
        # Samoa had no 30 December 2011; its 08:00 came down on the 31st at 00:00 (+14), which is 10:00 UTC of the 30th
        (
            daily(["08:00"], "Pacific/Apia"),
            "2011-12-29T00:00",
            ["2011-12-29T18:00:00", "2011-12-30T10:00:00", "2011-12-30T18:00:00"],
        ),
    ],
)
def test_a_daily_time_meets_a_clock_change(timing, after, expected):
    assert at(timing, after, len(expected)) == expected


@pytest.mark.feature("SCH-01")
def test_a_moved_firing_says_from_where():
    firing = next_firing(daily(["02:30"], "America/New_York"), after=utc("2026-03-08T00:00"))
    assert firing is not None
    assert firing.moved_from == datetime(2026, 3, 8, 2, 30)
    assert firing.local.isoformat() == "2026-03-08T03:00:00-04:00"
    assert firing.reason == "every day; moved to 03:00: clocks went forward"


@pytest.mark.feature("SCH-30")
def test_a_rule_whose_every_date_lies_in_a_skipped_gap_ends():
    second_sunday_of_march = Monthly(NthWeekday(2, 6), 12, anchor=date(2026, 3, 1))
    timing = Timing(second_sunday_of_march, (time(2, 30),), "America/New_York", gap="skip")
    assert next_firing(timing, after=utc("2026-01-01T00:00")) is None


def test_clock_changes_touch_monthly_rules_alike():
    # London, 29 March 2026: 01:00 GMT becomes 02:00 BST
    timing = Timing(Monthly(DayOfMonth(29)), (time(1, 30),), "Europe/London")
    assert at(timing, "2026-03-01T00:00", 2) == ["2026-03-29T01:00:00", "2026-04-29T00:30:00"]


def test_the_fold_of_a_time_of_day_means_nothing():
    # London, 29 March 2026: 01:00 GMT = 01:00 UTC becomes 02:00 BST
    timing = Timing(Daily(), (time(1, fold=1),), "Europe/London")
    assert at(timing, "2026-03-28T12:00", 1) == ["2026-03-29T01:00:00"]


def transitions():
    """(zone, instant) of every change of offset from 2024 to 2031, in every zone, aliases too.

    Found by looking once a day and halving; the closest pair, Morocco's around Ramadan, lies a month apart.
    """
    start, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    looks = [start + timedelta(days=step) for step in range((end - start).days + 1)]
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = [look.astimezone(zone).utcoffset() for look in looks]
        for index, (before, after) in enumerate(pairwise(offsets)):
            if before != after:
                yield name, _change(zone, looks[index], looks[index + 1])


def _change(zone, low, high):
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


@pytest.mark.feature("SCH-01")
def test_one_firing_a_local_date_at_every_transition_of_every_zone():
    changes = list(transitions())
    assert len({name for name, _ in changes}) > 150
    for name, change in changes:
        zone = ZoneInfo(name)
        before = (change - timedelta(seconds=1)).astimezone(zone).utcoffset()
        shift = change.astimezone(zone).utcoffset() - before
        wall = change.replace(tzinfo=None) + before  # what the old clock would show
        middle = wall + shift / 2  # inside the gap, or inside the overlap
        timing = Timing(Daily(), (middle.time(),), name)
        day = middle.date()
        found = list(firings(timing, after=change - timedelta(days=4), until=change + timedelta(days=4)))
        touched = [f for f in found if (f.moved_from or f.local.replace(tzinfo=None)).date() == day]
        assert len(touched) == 1, (name, change)
        expected = change if shift > timedelta(0) else (middle - before).replace(tzinfo=UTC)
        assert touched[0].at == expected, (name, change)
        meant = [(f.moved_from or f.local.replace(tzinfo=None)).date() for f in found]
        assert all(b - a == timedelta(days=1) for a, b in pairwise(meant)), (name, change)


@pytest.mark.feature("SCH-01")
def test_every_choice_of_gap_and_overlap_at_every_transition_of_every_zone():
    """A daily time inside the hour that clocks jump over or repeat; what each choice gives is said from the offsets."""
    seen = set()
    for name, change in transitions():
        zone = ZoneInfo(name)
        before = (change - timedelta(seconds=1)).astimezone(zone).utcoffset()
        after = change.astimezone(zone).utcoffset()
        wall = change.replace(tzinfo=None) + before + (after - before) / 2
        on_old, on_new = ((wall - offset).replace(tzinfo=UTC) for offset in (before, after))
        if after > before:
            expected = {("first-valid", "first"): [change], ("skip", "first"): [], ("shift", "first"): [on_old]}
        else:
            expected = {
                ("first-valid", "first"): [on_old],
                ("first-valid", "second"): [on_new],
                ("first-valid", "both"): [on_old, on_new],
            }
        for (gap, overlap), instants in expected.items():
            timing = Timing(Daily(), (wall.time(),), name, gap=gap, overlap=overlap)
            found = firings(timing, after=change - timedelta(hours=20), until=change + timedelta(hours=20))
            touched = [one for one in found if one.because.change]
            assert [one.at for one in touched] == instants, (name, change, gap, overlap)
            seen |= {(gap, overlap, one.because.change.kind) for one in touched}
    assert {kind for *_, kind in seen} == {"forward", "first", "second"}


@pytest.mark.feature("SCH-05")
def test_cron_rrule_and_distances_at_every_transition_of_every_zone():
    """A fixed time once a date, in cron and RRULE alike; a job of every ten minutes and a fixed distance never stop."""
    ten = timedelta(minutes=10)
    for name, change in transitions():
        zone = ZoneInfo(name)
        before = (change - timedelta(seconds=1)).astimezone(zone).utcoffset()
        shift = change.astimezone(zone).utcoffset() - before
        middle = change.replace(tzinfo=None) + before + shift / 2
        first, last = change - 20 * ten, change + 20 * ten
        once = Timing(Cron(f"{middle.minute} {middle.hour} * * *"), (), name)
        rule = RRule(parts_from(f"FREQ=DAILY;BYHOUR={middle.hour};BYMINUTE={middle.minute}"), None)
        found = list(firings(once, after=change - timedelta(days=2), until=change + timedelta(days=2)))
        twin = firings(Timing(rule, (), name), after=change - timedelta(days=2), until=change + timedelta(days=2))
        assert [one.at for one in twin] == [one.at for one in found], (name, change)
        meant = [(one.moved_from or one.local).date() for one in found]
        assert meant == sorted(set(meant)) and len(meant) in (3, 4, 5), (name, change)
        every_ten = Timing(Cron("*/10 * * * *"), (), name, gap="skip", overlap="both")
        distance = Timing(Every(600, datetime(2020, 1, 1)), (), name)
        for timing in (every_ten, distance):
            steps = [one.at for one in firings(timing, after=first, until=last)]
            assert {later - earlier for earlier, later in pairwise(steps)} == {ten}, (name, change)
