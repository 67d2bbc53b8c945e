"""Exchanges and settlement systems: days by themselves, hours with the extra."""

import builtins
from datetime import UTC, date, datetime, time

import pytest

from broadsheet.core.recurrence.calendars import Business, HalfDay
from broadsheet.schedules.calendars import CalendarError, Shelf
from broadsheet.schedules.calendars.markets import market_source

pytestmark = pytest.mark.feature("SCH-14")


@pytest.mark.parametrize(
    ("market", "on", "closure"),
    [
        ("nyse", date(2026, 4, 3), "Good Friday (NYSE)"),  # no federal holiday, but no trading
        ("nyse", date(2026, 10, 12), ""),  # Columbus Day is traded
        ("nyse", date(2018, 12, 5), "Day of Mourning for President George H. W. Bush (NYSE)"),
        ("ecb", date(2026, 5, 1), "Labour Day (ECB)"),
        ("ecb", date(2026, 4, 6), "Easter Monday (ECB)"),
        ("ecb", date(2026, 5, 14), ""),  # Ascension Day settles
    ],
)
def test_markets_are_closed_on_their_own_days(market, on, closure):
    found = Shelf({}).calendar(market).closure(on)
    assert found == closure or (closure.startswith("Day of Mourning") and found.endswith("(NYSE)") and found)


def test_names_are_english_whatever_the_machine_speaks_and_of_the_reader_where_there_are_any(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de")
    frankfurt = Shelf({}).calendar("xfra")
    assert frankfurt.closure(date(2029, 12, 25)) == "Christmas Day (XFRA)"
    assert frankfurt.closure_in(date(2029, 12, 25), "de") == "Erster Weihnachtstag (XFRA)"
    assert frankfurt.closure_in(date(2029, 12, 25), "es") == "Christmas Day (XFRA)"


def test_half_days_say_when_the_market_closes():
    days = market_source("NYSE").days_in(2026)
    assert days.half[date(2026, 11, 27)] == HalfDay("Day after Thanksgiving Day", time(13))


def test_hours_are_exact_with_the_extra():
    pytest.importorskip("exchange_calendars")
    nyse = Business("NYSE", sources=(market_source("NYSE", exact=True),))
    assert nyse.closure(date(2026, 11, 26)) == "Thanksgiving Day (NYSE)"
    assert nyse.session(date(2026, 11, 26)) is None
    early = nyse.session(date(2026, 11, 27))
    assert early and early.closes == datetime(2026, 11, 27, 18, tzinfo=UTC)  # 13:00 in New York
    usual = nyse.session(date(2026, 11, 25))
    assert usual and (usual.opens, usual.closes) == (
        datetime(2026, 11, 25, 14, 30, tzinfo=UTC),
        datetime(2026, 11, 25, 21, tzinfo=UTC),
    )
    assert nyse.half_day(date(2026, 11, 27)) == HalfDay("early close (NYSE)", time(13))


def test_without_the_extra_hours_are_refused_by_its_name(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "exchange_calendars":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CalendarError, match=r"pip install '.\[exchanges\]'"):
        market_source("NYSE", exact=True)


@pytest.mark.parametrize("exact", [False, True])
def test_an_unknown_market_is_refused_with_the_nearest(exact):
    if exact:
        pytest.importorskip("exchange_calendars")
    with pytest.raises(CalendarError, match="Did you mean “"):
        market_source("XNYZ", exact=exact)
