"""One place's calendar: what outranks what, why a day is closed, and the hours of the others."""

import pickle
from datetime import UTC, date, datetime, time

import pytest

from broadsheet.core.recurrence import MONDAY_TO_FRIDAY, RuleError, Weekends
from broadsheet.core.recurrence.calendars import (
    Business,
    Event,
    EventDays,
    Events,
    FixedDays,
    HalfDay,
    Hours,
    YearlyDays,
)

THANKSGIVING = date(2026, 11, 26)
FRIDAY_AFTER = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
HOLIDAYS = FixedDays(
    closed=((THANKSGIVING, "Thanksgiving Day (US)"),),
    opened=((SATURDAY, "make-up day (US)"),),
    half=((FRIDAY_AFTER, HalfDay("Day after Thanksgiving", time(13))),),
)
NINE_TO_FIVE = Hours(time(9), time(17), "America/New_York")


def business(**given):
    return Business("New York", **{"sources": (HOLIDAYS,), **given})


@pytest.mark.feature("SCH-11")
@pytest.mark.parametrize(
    ("calendar", "day", "closure"),
    [
        (business(), date(2026, 11, 25), ""),
        (business(), THANKSGIVING, "Thanksgiving Day (US)"),
        (business(), SATURDAY, ""),  # the source opens it
        (business(), date(2026, 11, 29), "Sunday"),
        (business(own=(FixedDays(opened=((THANKSGIVING, "year's end"),)),)), THANKSGIVING, ""),
        (business(own=(FixedDays(closed=((SATURDAY, "stocktaking"),)),)), SATURDAY, "stocktaking"),
        (business(own=(YearlyDays(closed=(((12, 24), "Christmas Eve"),)),)), date(2031, 12, 24), "Christmas Eve"),
        (business(own=(YearlyDays(closed=(((2, 29), "Leap Day"),)),)), date(2027, 3, 1), ""),
        (business(sources=(HOLIDAYS, FixedDays(closed=((SATURDAY, "St Andrew (GB)"),)))), SATURDAY, "St Andrew (GB)"),
        (business(days_off=frozenset({4, 5})), FRIDAY_AFTER, "Friday"),
        (business(days_off=frozenset()), date(2026, 11, 29), ""),
    ],
)
def test_a_date_is_closed_for_the_reason_that_outranks_the_others(calendar, day, closure):
    assert calendar.closure(day) == closure
    assert calendar.is_business_day(day) is (closure == "")


@pytest.mark.feature("SCH-11")
def test_a_weekend_changes_on_its_date():
    dubai = Business("Dubai", frozenset({4, 5}), weekends=((date(2022, 1, 1), frozenset({5, 6})),))
    assert dubai.closure(date(2021, 12, 31)) == "Friday"
    assert dubai.is_business_day(date(2021, 12, 26))  # a Sunday under the old weekend
    assert dubai.closure(date(2022, 1, 2)) == "Sunday"
    assert dubai.is_business_day(date(2022, 1, 7))  # a Friday under the new one


@pytest.mark.feature("SCH-14")
@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (THANKSGIVING, None),
        (FRIDAY_AFTER, (datetime(2026, 11, 27, 14, tzinfo=UTC), datetime(2026, 11, 27, 18, tzinfo=UTC))),
        (date(2026, 11, 30), (datetime(2026, 11, 30, 14, tzinfo=UTC), datetime(2026, 11, 30, 22, tzinfo=UTC))),
    ],
)
def test_hours_end_early_on_half_days(day, hours):
    session = business(hours=NINE_TO_FIVE).session(day)
    assert (session and (session.opens, session.closes)) == hours


def test_hours_past_midnight_end_on_the_next_date():
    session = Hours(time(18), time(2), "UTC").session(date(2026, 11, 26))
    assert session.closes == datetime(2026, 11, 27, 2, tzinfo=UTC)


def test_the_year_at_a_glance_lists_closures_and_half_days():
    calendar = business(own=(FixedDays(closed=((date(2026, 1, 2), "bridge day"),)),))
    assert list(calendar.holidays(2026)) == [(date(2026, 1, 2), "bridge day"), (THANKSGIVING, "Thanksgiving Day (US)")]
    assert [day for day, _ in calendar.half_days(2026)] == [FRIDAY_AFTER]
    assert calendar.opened(SATURDAY) == "make-up day (US)"
    assert list(calendar.holidays(2027)) == []


@pytest.mark.feature("SCH-13")
def test_events_close_each_of_their_dates_across_a_year_end():
    events = Events("works", (Event(date(2026, 12, 30), "Move of the office", until=date(2027, 1, 4)),))
    calendar = Business("HQ", sources=(EventDays(events),))
    assert calendar.closure(date(2026, 12, 31)) == "Move of the office"
    assert calendar.closure(date(2027, 1, 4)) == "Move of the office"
    assert calendar.closure(date(2027, 1, 5)) == ""


def test_a_calendar_crosses_processes_equal_and_alive():
    calendar = business(own=(YearlyDays(),), hours=NINE_TO_FIVE)
    copy = pickle.loads(pickle.dumps(calendar))
    assert (copy, hash(copy)) == (calendar, hash(calendar))
    assert copy.closure(THANKSGIVING) == "Thanksgiving Day (US)"


def test_a_weekend_of_other_things_than_weekdays_is_refused():
    with pytest.raises(RuleError, match="made of weekdays"):
        Business("x", frozenset({7}))


@pytest.mark.parametrize(
    ("days_off", "name"),
    [
        ({5, 6}, "Monday to Friday"),
        ({4, 5}, "Sunday to Thursday"),
        ({6}, "Monday to Saturday"),
        (set(), "every day"),
        ({0, 2}, "Tuesday, Thursday, Friday, Saturday, Sunday"),
        (set(range(7)), "no day"),
        (set(range(6)), "Sunday"),
    ],
)
def test_a_week_is_named_by_its_run_of_days(days_off, name):
    assert Weekends(frozenset(days_off)).name == name


def test_names_of_weekends_do_not_part_equal_calendars():
    assert Weekends(name="ours") == MONDAY_TO_FRIDAY
