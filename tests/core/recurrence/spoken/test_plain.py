"""Cron expressions and RRULEs in words, where the words fire at the same moments."""

from datetime import UTC, datetime

import pytest

from broadsheet.core.recurrence import firings, timing_from, words
from broadsheet.core.recurrence.spoken.plain import plain

pytestmark = pytest.mark.feature("SCH-30")
START = datetime(2026, 1, 1, tzinfo=UTC)
SAID = [
    ({"cron": "0 8 * * 1-5"}, "Every weekday at 08:00, New York time"),
    ({"cron": "@daily"}, "Every day at 00:00, New York time"),
    ({"cron": "30 2 * * *"}, "Every day at 02:30, New York time"),
    ({"cron": "0,30 9,17 * * mon,thu"}, "Every Monday and Thursday at 09:00, 09:30, 17:00 and 17:30, New York time"),
    (
        {"cron": "30 6 1,15 * 1-5"},
        "On the 1st of every month and on the 15th of every month and every weekday at 06:30, New York time",
    ),
    ({"cron": "0 7 31 * *"}, "On the 31st of every month, leaving out shorter months, at 07:00, New York time"),
    ({"cron": "0 7 L * *"}, "On the 31st of every month, or the last day of a shorter month, at 07:00, New York time"),
    ({"cron": "0 7 1 1,7 *"}, "On the 1st of January and July at 07:00, New York time"),
    ({"cron": "0 7 * * 2#2"}, "On the second Tuesday of every month at 07:00, New York time"),
    ({"cron": "0 7 1-31 * 1"}, "Every day at 07:00, New York time"),
    ({"rrule": "FREQ=DAILY", "at": "08:00"}, "Every day at 08:00, New York time"),
    ({"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "at": "08:00"}, "Every weekday at 08:00, New York time"),
    ({"rrule": "FREQ=MONTHLY;BYDAY=2MO", "at": "08:00"}, "On the second Monday of every month at 08:00, New York time"),
    (
        {"rrule": "FREQ=MONTHLY;BYMONTHDAY=15;BYHOUR=8;BYMINUTE=0;BYSECOND=0"},
        "On the 15th of every month at 08:00, New York time",
    ),
]


@pytest.mark.parametrize(("when", "said"), SAID, ids=[str(when) for when, _ in SAID])
def test_what_is_said_fires_at_the_same_moments(when, said):
    timing = timing_from(when, default_zone="America/New_York")
    assert words(timing) == said
    simple = plain(timing)
    assert simple.rule != timing.rule
    moments = [[one.at for one in firings(each, after=START, limit=800)] for each in (timing, simple)]
    assert moments[0] == moments[1]


@pytest.mark.parametrize(
    "when",
    [
        {"cron": "*/5 8 * * *"},
        {"cron": "0 */6 * * *"},
        {"cron": "0 8 15W * *"},
        {"cron": "0 8 L-3 * *"},
        {"cron": "0 8 1-7 * 1"},
        {"cron": "0 8 13 * 5", "cron_days": "both"},
        {"cron": "0 8 * 1 1-5"},
        {"rrule": "FREQ=DAILY;COUNT=3", "at": "08:00", "from": "2026-01-05"},
        {"rrule": "FREQ=MONTHLY;BYDAY=MO", "at": "08:00"},
        {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "at": "08:00"},
        {"rrule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8", "from": "2026-01-05"},
    ],
    ids=str,
)
def test_what_no_short_sentence_says_exactly_keeps_its_text(when):
    timing = timing_from(when, default_zone="America/New_York")
    assert plain(timing) is timing
    assert words(timing).startswith("By ")
