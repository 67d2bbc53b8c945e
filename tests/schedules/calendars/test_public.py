"""Holidays against what governments publish."""

from datetime import date

import pytest

from broadsheet.core.recurrence.calendars import closure_of
from broadsheet.schedules.calendars import CalendarError, countries, country_calendar, subdivisions
from broadsheet.schedules.calendars.public import country_source


def day(text):
    return date.fromisoformat(text)


@pytest.mark.feature("SCH-11")
@pytest.mark.parametrize(
    ("place", "on", "closure"),
    [
        # US federal holidays (opm.gov): Thanksgiving is the fourth Thursday; a Saturday's holiday is observed on Friday.
        ("US", "2026-11-26", "Thanksgiving Day (US)"),
        ("US", "2025-11-27", "Thanksgiving Day (US)"),
        ("US", "2026-07-03", "Independence Day (observed) (US)"),
        ("US", "2027-12-24", "Christmas Day (observed) (US)"),
        ("US", "2021-12-31", "New Year's Day (observed) (US)"),
        ("US", "2026-11-27", ""),  # the day after is a holiday in California, not a federal one
        ("US-CA", "2026-11-27", "Day After Thanksgiving (US-CA)"),
        ("US", "2026-02-14", "Saturday"),  # Valentine's Day is named, not a day off
        # UK bank holidays (gov.uk): substitute days on Mondays and Tuesdays; regions differ.
        ("GB-ENG", "2026-12-28", "Boxing Day (observed) (GB-ENG)"),
        ("GB-ENG", "2021-12-28", "Boxing Day (observed) (GB-ENG)"),
        ("GB-ENG", "2022-06-03", "Platinum Jubilee of Elizabeth II (GB-ENG)"),
        ("GB-ENG", "2026-11-30", ""),
        ("GB-SCT", "2026-11-30", "Saint Andrew's Day (GB-SCT)"),
        ("GB-SCT", "2026-04-06", ""),  # Easter Monday is none in Scotland
        # Japan's Golden Week (cao.go.jp): 3 May 2026 is a Sunday, its substitute Wednesday the 6th.
        ("JP", "2026-05-04", "Greenery Day (JP)"),
        ("JP", "2026-05-05", "Children's Day (JP)"),
        ("JP", "2026-05-06", "Substitute Holiday (JP)"),
        ("JP", "2026-05-07", ""),
        # United Arab Emirates: Friday and Saturday until 2021, Saturday and Sunday after.
        ("AE", "2021-12-24", "Friday"),
        ("AE", "2021-12-26", ""),
        ("AE", "2022-01-07", ""),
        ("AE", "2022-01-09", "Sunday"),
        # Saudi Arabia: Thursday and Friday until June 2013.
        ("SA", "2013-06-27", "Thursday"),
        ("SA", "2013-06-29", "Saturday"),
        ("SA", "2013-07-04", ""),
        # Germany by land: Corpus Christi in Bavaria, not in Berlin.
        ("DE-BY", "2026-06-04", "Corpus Christi (DE-BY)"),
        ("DE-BE", "2026-06-04", ""),
        # China (gov.cn): Saturdays and Sundays that make up for days off are worked.
        ("CN", "2026-01-04", ""),
        ("CN", "2026-01-10", "Saturday"),
    ],
)
def test_a_date_is_a_day_off_or_not_as_published(place, on, closure):
    country, _, part = place.partition("-")
    assert country_calendar(country, part).closure(day(on)) == closure


@pytest.mark.feature("SCH-11")
@pytest.mark.parametrize(
    ("language", "name"), [("de", "Neujahr"), ("de-CH", "Neujahr"), ("en", "New Year's Day"), ("xx", "New Year's Day")]
)
def test_names_come_in_the_wanted_language_or_english(language, name):
    assert country_calendar("DE", language=language).closure(day("2026-01-01")) == f"{name} (DE)"


@pytest.mark.feature("SCH-11")
@pytest.mark.parametrize(
    ("place", "language", "name"),
    [
        ("DE", "de-AT", "Erster Weihnachtstag (DE)"),
        ("AT", "de", "Christtag (AT)"),
        ("CH", "fr", "Noël (CH)"),
        ("US", "de", "Christmas Day (US)"),  # the package has no German names of it
        ("DE", "en", "Christmas Day (DE)"),
    ],
)
def test_readers_get_names_in_their_own_language_where_there_are_any(place, language, name):
    assert closure_of(country_calendar(place), day("2026-12-25"), language) == name


@pytest.mark.feature("SCH-11")
@pytest.mark.parametrize("place", ["DE-BY", "FR", "ES", "CH", "CN", "US", "BR", "AE"])
def test_a_language_opens_and_closes_nothing(place):
    calendar = country_calendar(*place.split("-"))
    days = [date.fromordinal(one) for one in range(date(2026, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
    for language in ("de", "es", "fr"):
        assert [one for one in days if closure_of(calendar, one, language)] == [
            one for one in days if calendar.closure(one)
        ]
        assert all(bool(calendar.opened(one, language)) is bool(calendar.opened(one)) for one in days)


def test_other_categories_are_closed_only_when_asked_for():
    banks = country_source("JP", categories=["public", "bank"])
    assert day("2026-12-31") in banks.days_in(2026).closed
    assert day("2026-12-31") not in country_source("JP").days_in(2026).closed


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("Germny",), "There are no holidays for “Germny”. Did you mean “DE” (Germany)?"),
        (("QQ",), "There are no holidays for “QQ”. Write its two-letter ISO code."),
        (("GB", "ENK"), "GB has no subdivision “ENK”. Did you mean “ENG”?"),
        (("US", "Californa"), "US has no subdivision “Californa”. Did you mean “CA”?"),
    ],
)
def test_an_unknown_place_is_refused_with_the_nearest(given, message):
    with pytest.raises(CalendarError) as caught:
        country_source(*given)
    assert f"{caught.value.message} {caught.value.fix}" == message


def test_an_unknown_category_is_refused_with_those_there_are():
    with pytest.raises(CalendarError, match="Known are: bank, public"):
        country_source("JP", categories=["schol"])


def test_subdivisions_are_known_by_name_and_code():
    assert country_source("US", "California").place == country_source("us", "US-CA").place == "US-CA"
    assert "ENG" in subdivisions("GB")
    assert countries()["GB"] == "United Kingdom"
    assert len(countries()) > 200
