"""What was before: at the ends of months, in leap years, and by several groups of time; against counts by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import ENGINES, Connection, Engine, Limits

from .asking import dataset, rows, span

FIRST, DAYS = date(2023, 1, 1), 731
TEXT = """\
dataset: days
source: s
sql: select * from days
time: day
dimensions: {day: date, kind: text}
metrics:
  worth: sum(worth)
  year: {of: worth, before: 1 year}
  month: {of: worth, before: 1 month}
  week: {of: worth, before: 7 days}
  previous: {of: worth}
"""
pytestmark = pytest.mark.feature("EXT-19")


def worth(first: date, end: date) -> int:
    """Of the days from *first* to before *end*; each is worth its number."""
    return sum(number for number in range((first - FIRST).days, (end - FIRST).days) if 0 <= number < DAYS)


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Connection]]:
    file = tmp_path_factory.mktemp("days") / "days.db"
    database = sqlite3.connect(file)
    database.execute("create table days (day text, kind text, worth integer)")
    every = [((FIRST + timedelta(days=number)).isoformat(), "x", number) for number in range(DAYS)]
    database.executemany("insert into days values (?, ?, ?)", every)
    database.commit()
    database.close()
    opened = ENGINES.get("sqlite").open({"database": str(file)}, secrets={}, limits=Limits())
    yield ENGINES.get("sqlite"), opened
    opened.close()


STRETCHES = [
    # asked from, before; a year before, from, before; a month before, from, before
    ("2024-02-28", "2024-02-29", "2023-02-28", "2023-03-01", "2024-01-28", "2024-01-29"),
    ("2024-02-29", "2024-03-01", "2023-02-28", "2023-03-01", "2024-01-29", "2024-01-30"),
    ("2024-03-30", "2024-03-31", "2023-03-30", "2023-03-31", "2024-02-29", "2024-03-01"),
    ("2024-03-01", "2024-03-30", "2023-03-01", "2023-03-30", "2024-02-01", "2024-03-01"),
    ("2024-03-01", "2024-04-01", "2023-03-01", "2023-04-01", "2024-02-01", "2024-03-01"),
    ("2024-02-01", "2024-03-01", "2023-02-01", "2023-03-01", "2024-01-01", "2024-02-01"),
    ("2024-10-31", "2024-11-01", "2023-10-31", "2023-11-01", "2024-09-30", "2024-10-01"),
]


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda one: f"{one[0]} to {one[1]}")
def test_a_stretch_has_its_own_length_before(days, stretch):
    at = [date.fromisoformat(one) for one in stretch]
    ask = Ask("days", ("worth", "year", "month"), span=span(*stretch[:2]))
    assert rows(days, dataset(TEXT), ask) == [(worth(*at[:2]), worth(*at[2:4]), worth(*at[4:]))]


def month(year: int, number: int) -> date:
    return date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


WAYS = [("quarter", "month"), ("month", "quarter"), ("year", "quarter", "month"), ("fiscal_quarter", "fiscal_month")]


@pytest.mark.parametrize("grains", WAYS, ids=" ".join)
def test_months_in_their_quarters_have_what_was_before(days, grains):
    by = tuple(Grouping("day", grain) for grain in grains)
    found = rows(days, dataset(TEXT), Ask("days", ("year", "previous"), by, span("2024-01-01", "2024-07-01")))
    before = [
        (worth(month(2023, n), month(2023, n + 1)), worth(month(2024, n - 1), month(2024, n))) for n in range(1, 7)
    ]
    before[0] = (before[0][0], worth(month(2023, 12), month(2024, 1)))
    assert sorted(row[-2:] for row in found) == sorted(before)


def test_days_have_the_weekday_that_they_had_before(days):
    by = (Grouping("day", "day"), Grouping("day", "weekday"), Grouping("day", "month"))
    found = rows(days, dataset(TEXT), Ask("days", ("week", "previous"), by, span("2024-05-01", "2024-05-03")))
    at = (date(2024, 5, 1) - FIRST).days
    assert [row[3:] for row in found] == [(at - 7, at - 1), (at - 6, at)]


def test_a_day_that_is_grouped_as_it_is_has_another_day_before(days):
    found = rows(
        days,
        dataset(TEXT),
        Ask("days", ("worth", "previous", "year"), (Grouping("day"),), span("2024-05-01", "2024-05-03")),
    )
    at = (date(2024, 5, 1) - FIRST).days
    assert [row[1:] for row in found] == [(at, at - 1, at - 366), (at + 1, at, at - 365)]


@pytest.mark.parametrize("grain", ["month", "fiscal_month"])
def test_part_of_a_month_is_compared_with_as_much_of_another(days, grain):
    ask = Ask("days", ("worth", "previous"), (Grouping("day", grain),), span("2024-03-01", "2024-03-11"))
    expected = (worth(date(2024, 3, 1), date(2024, 3, 11)), worth(date(2024, 2, 1), date(2024, 2, 11)))
    assert [row[1:] for row in rows(days, dataset(TEXT), ask, fiscal=CALENDAR_YEAR)] == [expected]


def test_groups_of_which_one_does_not_follow_from_the_other_are_refused(days):
    by = (Grouping("day", "month"), Grouping("day", "week"))
    with pytest.raises(QueryRefused, match="grouped by “month” and “week” at once"):
        rows(days, dataset(TEXT), Ask("days", ("previous",), by, span("2024-05-01", "2024-06-01")))
    moments = dataset(TEXT.replace("day: date", "day: instant"))
    with pytest.raises(QueryRefused, match="Group by day or month, not by “day”"):
        rows(days, moments, Ask("days", ("previous",), (Grouping("day"),), span("2024-05-01", "2024-06-01")))
