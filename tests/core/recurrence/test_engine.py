"""Limits of a walk, and the answers about single dates."""

import pickle
from datetime import UTC, date, datetime, time

import pytest

from broadsheet.core.recurrence import (
    Daily,
    DayOfMonth,
    Monthly,
    RuleError,
    Timing,
    Weekly,
    explain,
    firings,
    next_firing,
    timing_from,
)

EIGHT = (time(8),)
FIRST_OF_JUNE = date(2026, 6, 1)


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_firing_exactly_at_the_instant_is_past():
    timing = Timing(Daily(), EIGHT, "UTC")
    firing = next_firing(timing, after=instant("2026-01-01T08:00"))
    assert firing is not None
    assert firing.at == instant("2026-01-02T08:00")


def test_until_is_included_and_limit_ends_the_walk():
    timing = Timing(Daily(), EIGHT, "UTC")
    walk = firings(timing, after=instant("2026-01-01T08:00"), until=instant("2026-01-03T08:00"))
    assert [firing.at.day for firing in walk] == [2, 3]
    assert [firing.at.day for firing in firings(timing, after=instant("2026-01-01T08:00"), limit=1)] == [2]


@pytest.mark.feature("SCH-01")
def test_start_and_end_are_local_dates_both_included():
    timing = Timing(Daily(), EIGHT, "Asia/Tokyo", starts=FIRST_OF_JUNE, until=date(2026, 6, 2))
    found = [firing.at for firing in firings(timing, after=instant("2020-01-01T00:00"))]
    assert found == [instant("2026-05-31T23:00"), instant("2026-06-01T23:00")]  # 08:00 in Tokyo is 23:00 UTC before
    assert next_firing(timing, after=found[-1]) is None


def test_naive_instants_are_refused_at_once():
    timing = Timing(Daily(), EIGHT, "UTC")
    with pytest.raises(ValueError, match="with a zone"):
        firings(timing, after=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="with a zone"):
        firings(timing, after=instant("2026-01-01T00:00"), until=datetime(2026, 1, 1))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "UTC"])
def test_the_ends_of_the_calendar_are_no_fault(zone):
    timing = Timing(Daily(), EIGHT, zone)
    assert next_firing(timing, after=datetime.min.replace(tzinfo=UTC)) is not None
    assert next_firing(timing, after=datetime.max.replace(tzinfo=UTC)) is None
    assert len(list(firings(timing, after=instant("9999-12-20T00:00")))) < 12


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"times": ()}, "at"),
        ({"times": (time(8, tzinfo=UTC),)}, "at"),
        ({"times": (time(8, 0, 0, 5),)}, "at"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"gap": "later"}, "gap"),
        ({"overlap": "third"}, "overlap"),
        ({"until": date(2026, 5, 31)}, "until"),
    ],
)
def test_a_timing_without_meaning_is_refused_at_its_key(change, path):
    with pytest.raises(RuleError) as refused:
        Timing(**{"rule": Daily(), "times": EIGHT, "zone": "UTC", "starts": FIRST_OF_JUNE, **change})
    assert refused.value.path == path


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(
    ("timing", "on", "fires", "reason"),
    [
        (Timing(Weekly(frozenset({0})), EIGHT, "UTC"), "2026-06-01", True, "08:00, every Monday"),
        (
            Timing(Weekly(frozenset({0})), EIGHT, "UTC"),
            "2026-06-02",
            False,
            "Tuesday 2 June 2026 is not one of the rule's dates; the next is Monday 8 June 2026.",
        ),
        (
            Timing(Monthly(DayOfMonth(31)), EIGHT, "UTC"),
            "2026-06-30",
            True,
            "08:00, last day of the month: June has no 31st",
        ),
        (
            Timing(Monthly(DayOfMonth(31, "next")), EIGHT, "UTC"),
            "2026-07-01",
            True,
            "08:00, first of the next month: June has no 31st",
        ),
        (
            Timing(Daily(), EIGHT, "UTC", starts=FIRST_OF_JUNE),
            "2026-05-31",
            False,
            "The schedule starts on 1 June 2026.",
        ),
        (Timing(Daily(), EIGHT, "UTC", until=FIRST_OF_JUNE), "2026-06-02", False, "The schedule ended on 1 June 2026."),
        (
            Timing(Weekly(frozenset({0})), EIGHT, "UTC", until=date(2026, 6, 3)),
            "2026-06-02",
            False,
            "Tuesday 2 June 2026 is not one of the rule's dates, and none follows.",
        ),
        (
            Timing(Daily(), (time(2, 30),), "America/New_York", gap="skip"),
            "2026-03-08",
            False,
            "Clocks went forward over that time, and the schedule skips such times.",
        ),
    ],
)
def test_one_date_is_explained(timing, on, fires, reason):
    explanation = explain(timing, on=date.fromisoformat(on))
    assert (explanation.fires, explanation.reason) == (fires, reason)


def test_a_refusal_survives_the_way_between_processes():
    refused = RuleError("on.day", "32 is no day of a month", "Write 1 to 31.")
    assert str(pickle.loads(pickle.dumps(refused))) == "on.day: 32 is no day of a month. Write 1 to 31."


@pytest.mark.parametrize("every", ["quarter", "half", "year", "period"])
@pytest.mark.parametrize("limits", [{"from": "9999-12-31"}, {"from": "9999-12-31", "interval": 2}])
def test_a_period_at_the_end_of_all_dates_has_no_firing(every: str, limits: dict) -> None:
    timing = timing_from({"every": every, "on": {"day": -1}, "at": "08:00", **limits}, default_zone="UTC")
    assert list(firings(timing, after=datetime(2026, 1, 1, tzinfo=UTC))) == []
