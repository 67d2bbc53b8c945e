"""Algebra, rolls and arithmetic against definitions written out day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import MONDAY_TO_FRIDAY, RuleError
from broadsheet.core.recurrence.calendars import (
    CONVENTIONS,
    AllOf,
    AnyOf,
    Business,
    Except,
    FixedDays,
    add_business_days,
    business_days_between,
    rolled,
)

ONE = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
SETTINGS = settings(max_examples=40, deadline=None)


@st.composite
def calendars(draw, name="here"):
    days_off = draw(st.frozensets(st.integers(0, 6), max_size=3))
    closed = draw(st.lists(DAYS, max_size=12)) + [
        start + ONE * offset for start in draw(st.lists(DAYS, max_size=2)) for offset in range(40)
    ]
    return Business(name, days_off, sources=(FixedDays(closed=tuple((day, "closed") for day in closed)),))


def oracle(day, calendar, convention):
    """What each convention says, one day at a time."""

    def walk(step):
        found = day
        while not calendar.is_business_day(found):
            found += ONE * step
        return found

    after, before = walk(1), walk(-1)
    same_month = {"following": after.month == day.month, "preceding": before.month == day.month}
    return {
        "following": after,
        "preceding": before,
        "modified-following": after if same_month["following"] else before,
        "modified-preceding": before if same_month["preceding"] else after,
        "nearest": before if day - before < after - day else after,
        "skip": day if calendar.is_business_day(day) else None,
    }[convention]


@pytest.mark.feature("SCH-11")
@SETTINGS
@given(calendars(), DAYS, st.sampled_from(CONVENTIONS))
def test_a_roll_goes_where_the_convention_says(calendar, day, convention):
    assert rolled(day, calendar, convention) == oracle(day, calendar, convention)


@SETTINGS
@given(calendars(), DAYS, st.sampled_from(CONVENTIONS[:-1]))
def test_rolling_twice_is_rolling_once(calendar, day, convention):
    once = rolled(day, calendar, convention)
    assert once is not None and rolled(once, calendar, convention) == once


@pytest.mark.feature("SCH-15")
@SETTINGS
@given(calendars("a"), calendars("b"), calendars("c"), DAYS)
def test_the_algebra_of_calendars_holds(a, b, c, day):
    def is_open(calendar):
        return calendar.is_business_day(day)

    assert is_open(AllOf((a, b))) == (is_open(a) and is_open(b)) == is_open(AllOf((b, a)))
    assert is_open(AnyOf((a, b))) == (is_open(a) or is_open(b)) == is_open(AnyOf((b, a)))
    assert is_open(AllOf((a, AnyOf((b, c))))) == is_open(AnyOf((AllOf((a, b)), AllOf((a, c)))))
    assert is_open(Except(a, AllOf((b, c)))) == is_open(AnyOf((Except(a, b), Except(a, c))))  # De Morgan
    assert is_open(AllOf((a, a))) == is_open(a) == is_open(AnyOf((a, a)))
    assert not is_open(Except(a, a))
    for made in (AllOf((a, b)), AnyOf((a, b)), Except(a, b)):
        assert bool(made.closure(day)) is not is_open(made)


@SETTINGS
@given(calendars(), DAYS, st.integers(-80, 80))
def test_adding_business_days_is_walking_them(calendar, day, number):
    if number == 0:
        found = oracle(day, calendar, "following")
    else:
        found, left, step = day, abs(number), ONE if number > 0 else -ONE
        while left:
            found += step
            left -= calendar.is_business_day(found)
    assert add_business_days(day, number, calendar) == found


@SETTINGS
@given(calendars(), DAYS, DAYS)
def test_business_days_between_are_those_counted(calendar, start, end):
    low, high = min(start, end), max(start, end)
    counted = sum(calendar.is_business_day(low + ONE * offset) for offset in range((high - low).days))
    assert business_days_between(start, end, calendar) == (counted if start <= end else -counted)


@SETTINGS
@given(calendars(), DAYS, st.integers(-80, 80))
def test_adding_and_counting_undo_each_other(calendar, day, number):
    start = rolled(day, calendar, "following")
    assert business_days_between(start, add_business_days(start, number, calendar), calendar) == number


@pytest.mark.parametrize(
    ("made", "day", "closure"),
    [
        ("all", date(2026, 11, 26), "Thanksgiving (New York)"),
        ("all", date(2026, 11, 27), "Friday (Dubai)"),
        ("all", date(2026, 11, 28), "Saturday"),
        ("all", date(2026, 11, 25), ""),
        ("any", date(2026, 11, 27), ""),
        ("any", date(2026, 11, 28), "Saturday"),
        ("except", date(2026, 11, 25), "a business day in Dubai"),
        ("except", date(2026, 11, 27), ""),
        ("except", date(2026, 11, 26), "Thanksgiving"),
    ],
)
def test_reasons_of_joined_calendars_name_the_place_where_they_differ(made, day, closure):
    new_york = Business("New York", own=(FixedDays(closed=((date(2026, 11, 26), "Thanksgiving"),)),))
    dubai = Business("Dubai", frozenset({4, 5}))
    joined = {"all": AllOf((new_york, dubai)), "any": AnyOf((new_york, dubai)), "except": Except(new_york, dubai)}
    assert joined[made].closure(day) == closure
    assert [calendar.name for calendar in joined.values()] == [
        "New York and Dubai", "New York or Dubai", "New York without Dubai",
    ]  # fmt: skip


def test_a_calendar_without_business_days_ends_the_search():
    never = Business("never", frozenset(range(7)))
    assert [rolled(date(2026, 1, 1), never, one) for one in CONVENTIONS] == [None] * len(CONVENTIONS)
    assert add_business_days(date(2026, 1, 1), 1, never) is None
    assert add_business_days(date(2026, 1, 1), -1, never) is None


def test_the_ends_of_time_are_no_business_days():
    assert add_business_days(date(9999, 12, 31), 1, MONDAY_TO_FRIDAY) is None
    assert add_business_days(date(1, 1, 1), -1, MONDAY_TO_FRIDAY) is None


def test_an_unknown_convention_is_refused_with_the_near_one():
    with pytest.raises(RuleError, match=r'Did you mean "following"\?'):
        rolled(date(2026, 11, 28), MONDAY_TO_FRIDAY, "folowing")
