"""`zone: recipient`: one firing on many clocks."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.recurrence import (
    OwnClock,
    RuleError,
    Spread,
    firings,
    firings_over,
    moment_on,
    next_over,
    on_clock,
    timing_from,
    timing_to,
    words,
)
from broadsheet.core.recurrence.language import parse
from broadsheet.core.recurrence.language.writer import write

pytestmark = pytest.mark.feature("SCH-06")
MONDAYS = {"every": "week", "on": ["mon"], "at": "08:00", "zone": "recipient"}
SYDNEY, LONDON, CHICAGO = OwnClock("Australia/Sydney"), OwnClock("Europe/London"), OwnClock("America/Chicago")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday


def timing(**more: object):
    return timing_from({**MONDAYS, **more}, default_zone="Europe/London")


def spreads(clocks, *, limit: int, after: datetime = NOW, **more: object) -> list[Spread]:
    return [one for one in firings_over(timing(**more), clocks, after=after, limit=limit) if isinstance(one, Spread)]


def test_a_firing_begins_with_the_first_clock_and_ends_with_the_last():
    [one] = spreads([CHICAGO, SYDNEY, LONDON], limit=1)
    assert one.wall == datetime(2026, 11, 30, 8)
    assert one.at == datetime(2026, 11, 29, 21, tzinfo=UTC)  # 08:00 in Sydney, UTC+11
    assert one.last == datetime(2026, 11, 30, 14, tzinfo=UTC)  # 08:00 in Chicago, UTC-6
    assert (one.local.hour, one.last_local.hour) == (8, 8)


def test_each_clock_shows_the_wall_time_over_all_changes_of_clocks():
    for one in spreads([SYDNEY, LONDON, CHICAGO], limit=200):
        for clock in (SYDNEY, LONDON, CHICAGO):
            local = moment_on(timing(), one.wall, clock).at.astimezone(ZoneInfo(clock.zone))
            assert local.replace(tzinfo=None) == one.wall


def test_an_hour_of_ones_own_replaces_the_rules_own():
    early = OwnClock("Europe/London", time(6, 30))
    [one] = spreads([LONDON, early], limit=1)
    assert (one.at.hour, one.at.minute, one.last.hour) == (6, 30, 8)
    assert moment_on(timing(), one.wall, early).local.time() == time(6, 30)


def test_of_several_times_a_day_none_is_replaced():
    twice = timing(at=["08:00", "17:00"])
    assert moment_on(twice, datetime(2026, 11, 30, 17), OwnClock("UTC", time(6, 30))).at.hour == 17


def test_a_clock_less_brings_no_firing_back():
    rule = timing()
    [fired] = spreads([SYDNEY, CHICAGO], limit=1)
    later = fired.at + timedelta(minutes=1)
    assert next_over(rule, [CHICAGO], after=later).at.day == 30  # without its memory it would come again
    following = next_over(rule, [CHICAGO], after=later, past=fired.wall)
    assert following is not None and following.at == datetime(2026, 12, 7, 14, tzinfo=UTC)


def test_in_a_gap_it_comes_at_the_first_valid_instant_and_says_so():
    berlin = moment_on(timing(at="02:30"), datetime(2027, 3, 28, 2, 30), OwnClock("Europe/Berlin"))
    assert berlin.at == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert berlin.reason == "moved to 03:00: clocks went forward"


def test_without_any_clock_the_zone_of_the_timing_counts():
    assert next_over(timing(), [], after=NOW).at == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_any_other_timing_is_walked_as_it_is():
    rule = timing(zone="Asia/Tokyo")
    assert list(firings_over(rule, [CHICAGO], after=NOW, limit=3)) == list(firings(rule, after=NOW, limit=3))
    assert on_clock(rule, "UTC") is rule


def test_rules_of_several_go_by_the_recipients_clock_together():
    rule = timing_from(
        {
            "union": [{"every": "day", "at": "08:00"}, {"every": "week", "on": "mon", "at": "17:00"}],
            "zone": "recipient",
        },
        default_zone="UTC",
    )
    walls = [one.wall.hour for one in firings_over(rule, [SYDNEY, LONDON], after=NOW, limit=8)]
    assert walls == [8, 8, 8, 8, 8, 8, 17, 8]  # Tuesday's has begun in Sydney; Monday has both


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"every": {"hours": 5}, "on": None, "at": None, "anchor": "2026-01-05 08:00"}, "one instant for everybody"),
        ({"gap": "skip"}, "exactly once"),
        ({"overlap": "both"}, "exactly once"),
    ],
)
def test_what_has_no_time_on_each_clock_is_refused(more: dict[str, object], message: str):
    with pytest.raises(RuleError, match=message) as refused:
        timing_from({key: value for key, value in {**MONDAYS, **more}.items() if value}, default_zone="UTC")
    assert refused.value.path == "zone" and refused.value.fix


def test_rules_that_disagree_about_whose_clock_counts_are_refused():
    members = [{"every": "day", "at": "08:00", "zone": "recipient"}, {"every": "day", "at": "17:00"}]
    with pytest.raises(RuleError, match="some do not"):
        timing_from({"union": members}, default_zone="UTC")


def test_the_definition_and_the_words_come_back():
    rule = timing()
    assert timing_to(rule)["zone"] == "recipient"
    assert timing_from(timing_to(rule), default_zone="Europe/London") == rule
    text = write(MONDAYS)
    assert text == "every Monday at 08:00 in each recipient's zone"
    assert timing_from(parse(text, default_zone="UTC"), default_zone="Europe/London") == rule
    assert words(rule) == "Every Monday at 08:00, each recipient’s own time"
    assert words(rule, "de").endswith("Ortszeit jedes Empfängers")


@pytest.mark.parametrize("said", ["local time", "in the recipient’s own zone", "in each recipient's time"])
def test_other_ways_of_saying_it(said: str):
    assert parse(f"every Monday at 08:00 {said}", default_zone="UTC")["zone"] == "recipient"


ZONES = [
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "America/St_Johns",
]
clocks = st.builds(
    OwnClock, st.sampled_from(ZONES), st.none() | st.times().map(lambda one: one.replace(microsecond=0, fold=0))
)


@given(
    st.lists(clocks, min_size=1, max_size=4),
    st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
    st.times().map(lambda one: f"{one:%H:%M}"),
)
def test_they_ascend_and_stand_between_all_their_moments(chosen, after, at):
    rule = timing_from({"every": "day", "at": at, "zone": "recipient"}, default_zone="UTC")
    found = list(firings_over(rule, chosen, after=after, limit=6))
    assert [one.at for one in found] == sorted({one.at for one in found}) and all(one.at > after for one in found)
    for one, following in pairwise(found):
        moments = [moment_on(rule, one.wall, clock).at for clock in chosen]
        assert (one.at, one.last) == (min(moments), max(moments))
        assert following.wall - one.wall == timedelta(days=1)  # no date is left out, none comes twice
        assert next_over(rule, chosen, after=one.at) == following
