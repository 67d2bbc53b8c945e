"""Deliveries wait for the recipient's working hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.recurrence import RuleError, Weekends
from broadsheet.core.recurrence.working_hours import opening, working_hours

pytestmark = pytest.mark.feature("SCH-09")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "asked", "opens", "why"),
    [
        ("09:00-17:00", "UTC", "2026-11-24 10:00", "2026-11-24 10:00", ""),
        ("09:00-17:00", "UTC", "2026-11-24 09:00", "2026-11-24 09:00", ""),
        ("09:00-17:00", "UTC", "2026-11-24 17:00", "2026-11-25 09:00", "17:00 is outside 09:00-17:00; working hours begin Wednesday 25 November 2026 09:00"),
        ("09:00-17:00", "America/New_York", "2026-11-24 09:00", "2026-11-24 14:00", "04:00 is outside 09:00-17:00; working hours begin Tuesday 24 November 2026 09:00"),
        ("09:00-17:00", "UTC", "2026-11-27 18:00", "2026-11-30 09:00", "18:00 is outside 09:00-17:00; working hours begin Monday 30 November 2026 09:00"),
        ("09:00-17:00", "UTC", "2026-11-28 12:00", "2026-11-30 09:00", "Saturday; working hours begin Monday 30 November 2026 09:00"),
        ("08:00-12:00 13:00-17:00", "UTC", "2026-11-24 12:10", "2026-11-24 13:00", "12:10 is outside 08:00-12:00 13:00-17:00; working hours begin Tuesday 24 November 2026 13:00"),
        ("mon-thu 08:00-17:00, fri 08:00-13:00", "UTC", "2026-11-27 14:00", "2026-11-30 08:00", "14:00 is outside mon-thu 08:00-17:00, fri 08:00-13:00; working hours begin Monday 30 November 2026 08:00"),
        ("22:00-24:00 00:00-06:00", "UTC", "2026-11-24 23:30", "2026-11-24 23:30", ""),
    ],
)  # fmt: skip
def test_when_it_may_go_out(hours: str, zone: str, asked: str, opens: str, why: str):
    found = opening(working_hours(hours), zone, after=at(asked))
    assert found is not None
    assert (found.at, found.reason) == (at(opens), why)


def test_the_weekend_is_the_calendars():
    hours = working_hours("09:00-17:00", Weekends(frozenset({4, 5})))
    assert opening(hours, "Asia/Dubai", after=at("2026-11-27 08:00")).at == at(
        "2026-11-29 05:00"
    )  # Sunday is a working day


def test_hours_in_a_gap_begin_with_the_first_valid_instant():
    hours = working_hours("02:30-03:30", Weekends(frozenset()))
    assert opening(hours, "Europe/Berlin", after=at("2027-03-28 00:30")).at == at("2027-03-28 01:00")


def test_a_calendar_that_never_opens_is_said():
    assert (
        opening(working_hours("09:00-17:00", Weekends(frozenset(range(7)))), "UTC", after=at("2026-11-24 12:00"))
        is None
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"), ("nine to five", "not a weekday"), ("mon-fri", "no times of day|not understood"), ("9-17", "not understood"),
        ("25:00-26:00", "not a time of day"), ("17:00-09:00", "ends before it begins"), ("mon-xyz 08:00-09:00", "not a weekday"),
        ("08:00-09:00," * 40, "too long"), ("mon ", "not understood|no times"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_a_cure(text: str, message: str):
    with pytest.raises(RuleError, match=message) as refused:
        working_hours(text)
    assert refused.value.fix and refused.value.path == "hours"


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Dublin", "America/St_Johns", "Asia/Tokyo"]),
)
def test_it_is_open_then_and_not_before(asked: datetime, zone: str):
    hours = working_hours("mon-wed 09:15-12:00 13:00-17:00, thu-fri 10:00-16:00")
    found = opening(hours, zone, after=asked)
    assert found is not None and found.at >= asked
    assert opening(hours, zone, after=found.at).at == found.at
    if found.at > asked:
        assert opening(hours, zone, after=found.at - timedelta(seconds=1)).at == found.at
