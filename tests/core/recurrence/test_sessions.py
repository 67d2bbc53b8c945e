"""Instants counted from the opening and the close of a calendar's days."""

from datetime import UTC, date, datetime, time

import pytest

from broadsheet.core.recurrence import MONDAY_TO_FRIDAY, RuleError, firings, timing_from, timing_to, words
from broadsheet.core.recurrence.calendars import Business, FixedDays, HalfDay, Hours

DAYS = FixedDays(
    closed=((date(2026, 11, 26), "Thanksgiving"),), half=((date(2026, 11, 27), HalfDay("early", time(13))),)
)
MARKET = Business("NYSE", sources=(DAYS,), hours=Hours(time(9, 30), time(16), "America/New_York"))
NAMES = {"calendars": {"nyse": MARKET, "plain": MONDAY_TO_FRIDAY}}


def at(when, *, after, limit=3):
    timing = timing_from(when, default_zone="America/New_York", **NAMES)
    return [f"{firing.local:%d %H:%M}" for firing in firings(timing, after=after, limit=limit)]


@pytest.mark.feature("SCH-14")
@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ({"close": -15}, ["25 15:45", "27 12:45", "30 15:45"]),  # closed on the 26th, half a day on the 27th
        ({"close": 0}, ["25 16:00", "27 13:00", "30 16:00"]),
        ({"open": 30}, ["25 10:00", "27 10:00", "30 10:00"]),
        ({"close": 1200}, ["25 12:00", "26 12:00", "28 09:00"]),  # of the day before
    ],
)
def test_it_fires_by_the_hours_of_each_day(session, expected):
    after = datetime(2026, 11, 25, 13, tzinfo=UTC)
    assert at({"session": session, "calendar": "nyse"}, after=after) == expected


def test_strictly_after_and_across_clock_changes():
    close = datetime(2026, 10, 30, 20, tzinfo=UTC)
    assert at({"session": {"close": 0}, "calendar": "nyse"}, after=close, limit=1) == ["02 16:00"]


def test_it_is_written_back_and_said():
    when = {"session": {"close": -15}, "calendar": "nyse", "zone": "UTC"}
    timing = timing_from(when, default_zone="UTC", **NAMES)
    assert timing_to(timing, calendars=NAMES["calendars"]) == when
    assert [words(timing, language) for language in ("en", "de", "es", "fr")] == [
        "15 minutes before the close on days of NYSE, UTC",
        "15 Minuten vor Schluss an Handelstagen von NYSE, UTC",
        "15 minutos antes del cierre los días de NYSE, UTC",
        "15 minutes avant la clôture les jours de NYSE, UTC",
    ]


def test_a_calendar_that_runs_out_of_days_ends_it():
    years = tuple(
        (date.fromordinal(day), "over") for day in range(date(2027, 1, 1).toordinal(), date(2060, 1, 1).toordinal())
    )
    ended = Business("ended", sources=(FixedDays(closed=years),), hours=Hours(time(9), time(17), "UTC"))
    timing = timing_from({"session": {"close": 0}, "calendar": "x"}, default_zone="UTC", calendars={"x": ended})
    assert [firing.at.day for firing in firings(timing, after=datetime(2026, 12, 30, 18, tzinfo=UTC))] == [31]


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ({"session": {"close": -15}, "calendar": "plain"}, "calendar: Monday to Friday has no opening hours."),
        ({"session": {"clos": -15}, "calendar": "nyse"}, 'session.clos: there is no such key. Did you mean "close"?'),
        ({"session": "close", "calendar": "nyse"}, 'session: "close" is not a time of a session.'),
        ({"session": {"close": -2000}, "calendar": "nyse"}, "session.close: -2000 minutes are more than a day."),
    ],
)
def test_a_mistake_is_refused_with_its_cure(when, problem):
    with pytest.raises(RuleError) as caught:
        timing_from(when, default_zone="UTC", **NAMES)
    assert str(caught.value).startswith(problem)
