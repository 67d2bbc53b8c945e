"""The `when:` mapping: read, refused with a cure, written back."""

from datetime import date, time

import pytest
import yaml

from broadsheet.core.recurrence import (
    Daily,
    DayOfMonth,
    Monthly,
    NthBusinessDay,
    NthWeekday,
    RuleError,
    Timing,
    Weekends,
    Weekly,
    timing_from,
    timing_to,
    words,
)

EIGHT, FIVE_PM = time(8), time(17)
FORMS = [
    (
        '{every: day, at: "08:00", zone: America/New_York}',
        Timing(Daily(), (EIGHT,), "America/New_York"),
        "Every day at 08:00, New York time",
    ),
    (
        '{every: weekday, at: ["17:00", "08:00"]}',
        Timing(Daily(weekdays_only=True), (EIGHT, FIVE_PM), "Europe/Berlin"),
        "Every weekday at 08:00 and 17:00, Berlin time",
    ),
    (
        '{every: day, interval: 10, anchor: 2020-01-01, from: 2026-01-01, at: "08:00:30", zone: UTC}',
        Timing(Daily(10, anchor=date(2020, 1, 1)), (time(8, 0, 30),), "UTC", starts=date(2026, 1, 1)),
        "Every 10 days, counted from 1 January 2020, at 08:00:30, UTC, from 1 January 2026",
    ),
    (
        '{every: week, on: monday, at: "08:00"}',
        Timing(Weekly(frozenset({0})), (EIGHT,), "Europe/Berlin"),
        "Every Monday at 08:00, Berlin time",
    ),
    (
        '{every: week, on: [mon, thu], interval: 2, from: 2026-01-05, at: "08:00", zone: Europe/London,'
        " until: 2026-12-31}",
        Timing(
            Weekly(frozenset({0, 3}), 2, anchor=date(2026, 1, 5)),
            (EIGHT,),
            "Europe/London",
            starts=date(2026, 1, 5),
            until=date(2026, 12, 31),
        ),
        "Every 2 weeks on Monday and Thursday at 08:00, London time, from 5 January 2026, until 31 December 2026",
    ),
    (
        '{every: month, on: {day: 31, short: skip}, at: "08:00", gap: skip, overlap: both}',
        Timing(Monthly(DayOfMonth(31, "skip")), (EIGHT,), "Europe/Berlin", gap="skip", overlap="both"),
        "On the 31st of every month, leaving out shorter months, at 08:00, Berlin time, "
        "skipped when clocks jump over it, twice when clocks repeat it",
    ),
    (
        '{every: month, on: {nth: -1, weekday: fri}, at: "17:00"}',
        Timing(Monthly(NthWeekday(-1, 4)), (FIVE_PM,), "Europe/Berlin"),
        "On the last Friday of every month at 17:00, Berlin time",
    ),
    (
        '{every: month, on: {business_day: 3}, interval: 3, from: 2026-02-01, at: "08:00"}',
        Timing(
            Monthly(NthBusinessDay(3), 3, anchor=date(2026, 2, 1)), (EIGHT,), "Europe/Berlin", starts=date(2026, 2, 1)
        ),
        "On the third business day of every 3 months at 08:00, Berlin time, from 1 February 2026",
    ),
]


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(("text", "timing", "sentence"), FORMS)
def test_each_form_is_read_written_back_and_said(text, timing, sentence):
    assert timing_from(yaml.safe_load(text), default_zone="Europe/Berlin") == timing
    written = yaml.safe_load(yaml.safe_dump(timing_to(timing)))
    assert timing_from(written, default_zone="Asia/Tokyo") == timing
    assert words(timing) == sentence


BAD = [
    ('{at: "08:00"}', "every", "it is missing", "Write one of: day, weekday, week, month, period, quarter, half, year."),
    ('{every: monthly, at: "08:00"}', "every", '"monthly" is not known', 'Did you mean "month"?'),
    ('{every: day, at: "08:00", zon: UTC}', "zon", "there is no such key", 'Did you mean "zone"?'),
    ("{every: day}", "at", "no time of day is given", 'Write at: "08:00".'),
    ("{every: day, at: 17:00}", "at", '"1020" is not a time of day', 'Write it in quotes, as "17:00".'),
    ('{every: day, at: ["08:00", "25:00"]}', "at[1]", '"25:00" is not a time of day', 'Write it in quotes, as "08:00".'),
    (
        '{every: day, at: "08:00", zone: Europe/Lodnon}',
        "zone",
        'there is no time zone "Europe/Lodnon"',
        'Did you mean "Europe/London"?',
    ),
    (
        '{every: day, at: "08:00", zone: New York}',
        "zone",
        'there is no time zone "New York"',
        'Did you mean "America/New_York"?',
    ),
    ('{every: week, at: "08:00"}', "on", '"every: week" needs its weekdays', 'Write "on: [mon, thu]".'),
    ('{every: week, on: [mon, tusday], at: "08:00"}', "on[1]", '"tusday" is not a weekday', 'Did you mean "tue"?'),
    ('{every: day, on: [mon], at: "08:00"}', "on", '"every: day" takes no "on"', 'Write "every: week" or "every: month" with it.'),
    (
        '{every: day, interval: 2, at: "08:00"}',
        "from",
        "an interval of 2 needs a date to count from",
        'Add "from: 2026-01-05", the first date that counts.',
    ),
    ('{every: day, interval: two, at: "08:00"}', "interval", '"two" is not a whole number', "Write a number such as 2, without quotes."),
    ('{every: day, from: 5.1.2026, at: "08:00"}', "from", '"5.1.2026" is not a date', "Write year-month-day, such as 2026-01-05."),
    (
        '{every: day, from: 2026-02-01, until: 2026-01-01, at: "08:00"}',
        "until",
        "2026-01-01 is before the start, 2026-02-01",
        "Write a later date.",
    ),
    ('{every: day, at: "08:00", overlap: frist}', "overlap", '"frist" is not known', 'Did you mean "first"?'),
    (
        '{every: month, on: {day: 1, nth: 2}, at: "08:00"}',
        "on",
        "exactly one of day, nth and business_day is needed, not 2",
        "Write {day: 15}, {nth: 1, weekday: mon} or {business_day: 3}.",
    ),
    ('{every: month, on: {nth: 2, short: skip}, at: "08:00"}', "on.short", 'it has no effect beside "nth"', "Leave short out."),
    ('{every: month, on: {nth: 2, weekday: fry}, at: "08:00"}', "on.weekday", '"fry" is not a weekday', 'Did you mean "fri"?'),
    ('{every: month, on: {day: 32}, at: "08:00"}', "on.day", "32 is no day of a month", 'Write 1 to 31; the last day is "day: 31, short: clamp".'),
]  # fmt: skip


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(("text", "path", "message", "fix"), BAD)
def test_a_mistake_is_refused_with_its_place_and_its_cure(text, path, message, fix):
    with pytest.raises(RuleError) as refused:
        timing_from(yaml.safe_load(text), default_zone="UTC")
    assert (refused.value.path, refused.value.message, refused.value.fix) == (path, message, fix)


@pytest.mark.parametrize("data", [None, [], "daily"])
def test_what_is_no_mapping_is_refused(data):
    with pytest.raises(RuleError):
        timing_from(data, default_zone="UTC")


def test_a_rule_over_a_calendar_of_its_own_has_no_written_form_yet():
    timing = Timing(Monthly(NthBusinessDay(1, Weekends(frozenset({4, 5})))), (EIGHT,), "UTC")
    with pytest.raises(RuleError):
        timing_to(timing)
