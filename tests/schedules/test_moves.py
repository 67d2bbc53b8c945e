"""What moved, what is gone and what is new, between two lists of firings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.recurrence import OwnClock, firings, firings_over, timing_from
from broadsheet.core.recurrence.calendars import Business, FixedDays
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.moves import Coming, shifts

pytestmark = pytest.mark.feature("SCH-06")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
UNTIL = NOW + timedelta(days=20)
MONDAYS = {"every": "week", "on": ["mon"], "at": "08:00", "roll": "following", "calendar": "ours"}
THIRD = {"every": "month", "on": {"business_day": 3}, "at": "08:00", "calendar": "ours"}
BUSINESS_DAYS = {"every": "week", "at": "08:00", "roll": "skip", "calendar": "ours"}


def ours(*closed: date, opened: tuple[date, ...] = ()) -> Business:
    days = FixedDays(tuple((day, "stocktaking") for day in closed), tuple((day, "fair") for day in opened))
    return Business("ours", own=(days,)) if closed or opened else Business("ours")


def coming(when, calendar, *, until=UNTIL + timedelta(days=14)):
    timing = timing_from(when, default_zone="UTC", calendars={"ours": calendar})
    return Coming(Schedule(), timing, tuple(firings(timing, after=NOW, until=until)))


def told(before, after, *, until=UNTIL):
    def day(firing):
        return f"{firing.at:%d %b}" if firing else None

    return [(day(one.was), day(one.now)) for one in shifts(before, after, until=until)]


@pytest.mark.parametrize(
    ("when", "closed", "expected"),
    [
        (MONDAYS, [date(2026, 11, 30)], [("30 Nov", "01 Dec")]),
        (MONDAYS, [date(2026, 11, 30), date(2026, 12, 7)], [("30 Nov", "01 Dec"), ("07 Dec", "08 Dec")]),
        ({**MONDAYS, "roll": "skip"}, [date(2026, 11, 30)], [("30 Nov", None)]),
        (THIRD, [date(2026, 12, 3)], [("03 Dec", "04 Dec")]),
        (THIRD, [date(2026, 12, 2)], [("03 Dec", "04 Dec")]),
        (MONDAYS, [date(2027, 3, 1)], []),
        (MONDAYS, [], []),
    ],
)
def test_a_closed_day_moves_what_it_touches(when, closed, expected) -> None:
    assert told(coming(when, ours()), coming(when, ours(*closed))) == expected
    assert told(coming(when, ours(*closed)), coming(when, ours())) == [(now, was) for was, now in expected]


def test_a_firing_that_moves_past_the_end_has_moved(monkeypatch) -> None:
    before, after = coming(MONDAYS, ours()), coming(MONDAYS, ours(date(2026, 12, 14), date(2026, 12, 15)))
    assert told(before, after) == [("14 Dec", "16 Dec")]


def test_what_begins_and_ends_after_the_end_is_not_told() -> None:
    assert told(coming(MONDAYS, ours()), coming(MONDAYS, ours(date(2026, 12, 21)))) == []


def test_a_rule_that_can_be_read_again_has_all_of_them_anew() -> None:
    unread = Coming(Schedule(), None)
    assert told(unread, coming(MONDAYS, ours())) == [(None, "30 Nov"), (None, "07 Dec"), (None, "14 Dec")]
    assert told(unread, unread) == []


def test_a_day_that_closes_and_another_that_opens_are_no_move() -> None:
    when = {**BUSINESS_DAYS, "on": ["mon", "sat"]}
    before, after = coming(when, ours()), coming(when, ours(date(2026, 11, 30), opened=(date(2026, 11, 28),)))
    assert told(before, after) == [(None, "28 Nov"), ("30 Nov", None)]
    assert told(after, before) == [("28 Nov", None), (None, "30 Nov")]


def test_beyond_the_most_nothing_is_guessed(monkeypatch) -> None:
    monkeypatch.setattr("broadsheet.schedules.moves.MOST", 3)
    before, after = (coming(when, ours()) for when in (MONDAYS, {**MONDAYS, "at": "09:00"}))

    def cut(one):
        return replace(one, firings=one.firings[:3])

    assert [was for was, _ in told(cut(before), cut(after), until=UNTIL + timedelta(days=365))] == ["30 Nov", "07 Dec", "14 Dec"]  # fmt: skip


def test_a_firing_on_many_clocks_is_known_by_its_wall_time() -> None:
    clocks = (OwnClock("Asia/Tokyo"), OwnClock("America/New_York"))

    def over(calendar):
        when = {**MONDAYS, "zone": "recipient"}
        timing = timing_from(when, default_zone="UTC", calendars={"ours": calendar})
        return Coming(Schedule(), timing, tuple(firings_over(timing, clocks, after=NOW, until=UNTIL)))

    [shift, *rest] = shifts(over(ours()), over(ours(date(2026, 11, 30))), until=UNTIL)
    assert (f"{shift.was.wall:%d %b %H:%M}", f"{shift.now.wall:%d %b %H:%M}") == ("30 Nov 08:00", "01 Dec 08:00")
    assert rest == []


@given(
    st.sampled_from([MONDAYS, THIRD, {**MONDAYS, "roll": "preceding"}, {"every": "day", "at": "08:00", "roll": "nearest", "calendar": "ours"}]),
    st.sets(st.dates(date(2026, 11, 24), date(2026, 12, 20)), max_size=6),
    st.sets(st.dates(date(2026, 11, 24), date(2026, 12, 20)), max_size=6),
)  # fmt: skip
def test_every_difference_is_told_once_and_nothing_else(when, closed, later) -> None:
    """Taking the shifts away from what was, and putting them in, gives what is."""
    before, after = coming(when, ours(*closed)), coming(when, ours(*later))
    changes = shifts(before, after, until=UNTIL + timedelta(days=365))
    was, now = [one.was.at for one in changes if one.was], [one.now.at for one in changes if one.now]
    assert len(was) == len(set(was)) and len(now) == len(set(now))
    assert {one.at for one in before.firings} - set(was) | set(now) == {one.at for one in after.firings}
    assert set(was).isdisjoint(now)
