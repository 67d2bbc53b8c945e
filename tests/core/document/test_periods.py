"""Periods by words and dates: what they span, what came before, and how they read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.document.dates import dates_for
from broadsheet.core.document.periods import PLAIN, WORDS, PeriodCalendars, PeriodError, parse
from broadsheet.core.recurrence.calendars import Weekends
from broadsheet.core.recurrence.fiscal import ISO, FiscalMonths, FiscalWeeks, YearEnd

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IN_CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    ("words", "first", "last", "before_first", "before_last"),
    [
        ("today", "2026-11-23", "2026-11-23", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21"),
        ("last 7 days", "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15"),
        ("last 1 day", "2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21"),
        ("this week", "2026-11-23", "2026-11-23", "2026-11-16", "2026-11-16"),
        ("last week", "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15"),
        ("this month", "2026-11-01", "2026-11-23", "2026-10-01", "2026-10-23"),
        ("Month to date", "2026-11-01", "2026-11-23", "2026-10-01", "2026-10-23"),
        ("last month", "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"),
        ("last_month", "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"),
        ("this quarter", "2026-10-01", "2026-11-23", "2026-07-01", "2026-08-23"),
        ("last quarter", "2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30"),
        ("last year", "2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"),
        ("year to date", "2026-01-01", "2026-11-23", "2025-01-01", "2025-11-23"),
        ("2026-10", "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"),
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("2026-W43", "2026-10-19", "2026-10-25", "2026-10-12", "2026-10-18"),
        ("2026-W01", "2025-12-29", "2026-01-04", "2025-12-22", "2025-12-28"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30"),
        ("2026", "2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
        ("2026-10-14", "2026-10-14", "2026-10-14", "2026-10-13", "2026-10-13"),
        ("2026-10-01..2026-10-10", "2026-10-01", "2026-10-10", "2026-09-21", "2026-09-30"),
    ],
)
def test_days_of_a_period_and_of_the_one_before(
    words: str, first: str, last: str, before_first: str, before_last: str
) -> None:
    period = parse(words, now=MONDAY, zone="UTC")
    before = period.previous()
    found = [period.start, period.last, before.start, before.last]
    assert found == [date.fromisoformat(day) for day in (first, last, before_first, before_last)]


def test_the_end_of_a_long_month_is_compared_with_all_of_a_short_one() -> None:
    period = parse("month to date", now=datetime(2026, 3, 31, 12, tzinfo=UTC), zone="UTC")
    assert (period.previous().start, period.previous().last) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.feature("DLV-07")
def test_a_readers_own_clock_decides_which_month_is_over() -> None:
    now = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)  # still October in Chicago, long November in Tokyo
    assert parse("last month", now=now, zone="Asia/Tokyo").key == "2026-10"
    assert parse("last month", now=now, zone=IN_CHICAGO).key == "2026-09"


def test_a_span_runs_from_midnight_to_midnight_through_the_end_of_summer_time() -> None:
    span = parse("2026-11", now=MONDAY, zone=IN_CHICAGO).span
    assert span.start.isoformat() == "2026-11-01T00:00:00-05:00"
    assert span.end.isoformat() == "2026-12-01T00:00:00-06:00"


@pytest.mark.parametrize(
    ("language", "text", "long", "whole", "short"),
    [
        ("en-GB", "2026-10", "1–31 October 2026", "October 2026", "Oct"),
        ("en-US", "2026-10", "Oct 1\u2009–\u200931, 2026", "October 2026", "Oct"),
        ("en-GB", "2026-09", "1–30 September 2026", "September 2026", "Sep"),
        ("en", "2026-W43", "19–25 October 2026", "19–25 Oct 2026", "19–25 Oct"),
        ("en", "2026-W44", "26 October – 1 November 2026", "26 Oct – 1 Nov 2026", "26 Oct – 1 Nov"),
        ("en", "2026-W01", "29 December 2025 – 4 January 2026", "29 Dec 2025 – 4 Jan 2026", "29 Dec – 4 Jan"),
        ("en", "2026-Q3", "1 July – 30 September 2026", "Q3 2026", "Q3"),
        ("en", "2026-10-14", "14 Oct 2026", "14 Oct 2026", "14 Oct"),
        ("en", "2026", "1 January – 31 December 2026", "2026", "2026"),
        ("de-DE", "2026-10", "1.–31. Okt. 2026", "Oktober 2026", "Okt."),
        ("ja-JP", "2026-10", "2026年10月1日～31日", "2026年10月", "10月"),
        ("ar-AE", "2026-09", "1–30 سبتمبر 2026", "سبتمبر 2026", "سبتمبر"),
    ],
)
def test_periods_read_as_the_readers_language_has_them(
    language: str, text: str, long: str, whole: str, short: str
) -> None:
    period, dates = parse(text, now=MONDAY, zone="UTC"), dates_for(language)
    assert (period.range_text(dates), period.text(dates), period.short(dates)) == (long, whole, short)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("last mont", "“last mont” is not a period."),
        ("", "“” is not a period."),
        ("2026-13", "“2026-13” is not in the calendar."),
        ("2025-W53", "“2025-W53” is not in the calendar."),
        ("2026-10-31..2026-10-01", "“2026-10-31..2026-10-01” is -29 days; a period has 1 to 3660."),
        ("last 0 days", "“last 0 days” is 0 days; a period has 1 to 3660."),
        ("last 9999 days", "“last 9999 days” is 9999 days; a period has 1 to 3660."),
        ("0000-01", "“0000-01” is not in the calendar."),
        ("last fortnight", "“last fortnight” is not a period."),
        ("2026-10-01..", "“2026-10-01..” is not in the calendar."),
    ],
)
def test_what_is_no_period_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse(text, now=MONDAY, zone="UTC")
    assert str(refused.value) == said


@given(
    words=st.sampled_from([word for word in WORDS if word.startswith(("last", "yesterday"))]),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
)
def test_what_is_closed_is_over_and_follows_on_what_came_before(words: str, now: datetime) -> None:
    period = parse(words, now=now, zone=IN_CHICAGO)
    assert period.span.end <= now
    assert period.previous().end == period.start
    assert parse(period.key, now=now, zone=IN_CHICAGO).span == period.span


@pytest.mark.parametrize(
    ("text", "grain", "first"), [("2026-10", "month", "2025-10-01"), ("2026-W43", "week", "2026-07-27")]
)
def test_a_history_ends_with_the_period_itself(text: str, grain: str, first: str) -> None:
    period = parse(text, now=MONDAY, zone="UTC")
    past = period.history(13)
    assert (period.grain, past.start.isoformat(), past.end) == (grain, first, period.end)


def test_previous_periods_of_months_touch_each_other() -> None:
    period = parse("2026-10", now=MONDAY, zone="UTC")
    chain = [period]
    for _ in range(24):
        chain.append(chain[-1].previous())
    assert all(later.start == earlier.end for later, earlier in pairwise(chain))
    assert chain[-1].key == "2024-10"


def test_one_languages_months_never_show_in_another() -> None:
    october = date(2026, 10, 1)
    expected = {
        "ja": "10月",
        "he": "אוק׳",
        "sv": "okt.",
        "ko": "10월",
        "es": "oct",
        "bg": "окт",
        "ar": "أكتوبر",
        "ja-JP": "10月",
    }
    assert {language: dates_for(language).month_short(october) for language in expected} == expected


APRIL = PeriodCalendars(FiscalMonths(4), Weekends())


@pytest.mark.parametrize(
    ("words", "first", "last", "before_first", "before_last"),
    [
        ("last closed fiscal month", "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"),
        ("last closed fiscal quarter", "2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30"),
        ("last fiscal half", "2026-04-01", "2026-09-30", "2025-10-01", "2026-03-31"),
        ("last fiscal year", "2025-04-01", "2026-03-31", "2024-04-01", "2025-03-31"),
        ("fiscal year to date", "2026-04-01", "2026-11-23", "2025-04-01", "2025-11-23"),
        ("this fiscal quarter", "2026-10-01", "2026-11-23", "2026-07-01", "2026-08-23"),
        ("previous business day", "2026-11-20", "2026-11-20", "2026-11-19", "2026-11-19"),
        ("last 5 business days", "2026-11-16", "2026-11-20", "2026-11-09", "2026-11-13"),
        ("last 7 business days", "2026-11-12", "2026-11-20", "2026-11-03", "2026-11-11"),
    ],
)
def test_periods_by_fiscal_and_business_calendars(
    words: str, first: str, last: str, before_first: str, before_last: str
) -> None:
    found = parse(words, now=MONDAY, zone=IN_CHICAGO, calendars=APRIL)
    before = found.previous()
    assert [str(day) for day in (found.start, found.last, before.start, before.last)] == [
        first, last, before_first, before_last,
    ]  # fmt: skip
    again = parse(found.key, now=MONDAY, zone=IN_CHICAGO)
    assert (again.start, again.end, again.earlier) == (found.start, found.end, found.earlier)


RETAIL = PeriodCalendars(FiscalWeeks(YearEnd(1, 5, "nearest"), "4-5-4", "start"), Weekends())


@pytest.mark.parametrize(
    ("words", "now", "calendars", "text", "short", "before"),
    [
        ("last fiscal quarter", "2026-11-23", APRIL, "FY2027 Q2 (1 Jul – 30 Sep 2026)", "FY2027 Q2", "FY2027 Q1"),
        ("last fiscal month", "2026-11-23", RETAIL, "FY2026 P09 (4–31 Oct 2026)", "FY2026 P09", "FY2026 P08"),
        ("last fiscal week", "2024-02-05", RETAIL, "FY2023 W53 (28 Jan – 3 Feb 2024)", "FY2023 W53", "FY2023 W52"),
        ("last fiscal year", "2026-11-23", APRIL, "FY2026 (1 Apr 2025 – 31 Mar 2026)", "FY2026", "FY2025"),
        (
            "this fiscal quarter",
            "2026-11-23",
            APRIL,
            "FY2027 Q3 (1 Oct – 23 Nov 2026)",
            "1 Oct – 23 Nov",
            "1 Jul – 23 Aug",
        ),
        ("last fiscal quarter", "2026-11-23", PLAIN, "1 Jul – 30 Sep 2026", "1 Jul – 30 Sep", "1 Apr – 30 Jun"),
    ],
)
def test_fiscal_periods_are_called_what_their_calendar_calls_them(
    words: str, now: str, calendars: PeriodCalendars, text: str, short: str, before: str
) -> None:
    found = parse(words, now=datetime.fromisoformat(f"{now}T18:00+00:00"), zone=IN_CHICAGO, calendars=calendars)
    dates = dates_for("en")
    assert [one.replace(" ", " ") for one in (found.text(dates), found.short(dates), found.previous().short(dates))] == [
        text, short, before,
    ]  # fmt: skip


def test_fiscal_years_of_weeks_and_holidays_count() -> None:
    retail = PeriodCalendars(ISO, Weekends(frozenset({4, 5, 6})))
    assert parse("last fiscal year", now=MONDAY, zone=IN_CHICAGO, calendars=retail).key.startswith(
        "2024-12-30..2025-12-28"
    )
    assert str(parse("previous business day", now=MONDAY, zone=IN_CHICAGO, calendars=retail).start) == "2026-11-19"


def test_a_key_tells_periods_apart_that_are_compared_differently() -> None:
    fiscal = parse("last fiscal quarter", now=MONDAY, zone=IN_CHICAGO)
    plain = parse("2026-07-01..2026-09-30", now=MONDAY, zone=IN_CHICAGO)
    assert (fiscal.start, fiscal.end) == (plain.start, plain.end)
    assert fiscal.key != plain.key


@pytest.mark.parametrize(
    "words", ["last 0 business days", "last fiscal day", "next fiscal year", "2026-10~", "~2026-10"]
)
def test_what_calendars_do_not_know(words: str) -> None:
    with pytest.raises(PeriodError):
        parse(words, now=MONDAY, zone=IN_CHICAGO, calendars=APRIL)


def test_the_united_states_have_their_own_dates_and_other_english_the_house_style() -> None:
    friday = date(2026, 10, 2)
    said = {
        language: (dates.day_of_week(friday), dates.day(friday), dates.moment(datetime(2026, 10, 2, 6, 5, tzinfo=UTC)))
        for language in ("en-US", "en-GB", "en")
        for dates in [dates_for(language)]
    }
    house = ("Fri 2 Oct", "2 Oct 2026", "2 Oct 2026, 06:05 UTC")
    assert said == {"en-US": ("Fri, Oct 2", "Oct 2, 2026", "Oct 2, 2026, 06:05 UTC"), "en-GB": house, "en": house}
