"""Calendars from their definition files: read, refused with a cure, joined, cached."""

from datetime import date, time

import pytest

from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.core.recurrence.calendars import HalfDay
from broadsheet.schedules.calendars import (
    CalendarDefinition,
    CalendarError,
    Shelf,
    calendar_from,
    calendar_of,
    calendar_schema,
    fiscal_of,
    named_first,
)
from broadsheet.schedules.calendars.definition import arranged

FILE = """\
calendar: new-york
label: New York
countries: [US]
hours: {opens: "09:00", closes: "17:00", zone: America/New_York}
half_days: [{date: 2026-12-24, closes: "13:00", name: Christmas Eve}]
---
calendar: london
label: London
countries: [GB-ENG]
---
calendar: both
all_of: [new-york, london]
---
calendar: either
union: [new-york, london]
---
calendar: only-london
union: [london]
except: [new-york]
---
calendar: retail
weekend: [sunday]
closed:
  - {every: 12-24, name: Christmas Eve}
  - {date: 2026-07-06, until: 2026-07-18, name: works holidays}
open: [{date: 2026-11-29, name: Advent Sunday}]
fiscal: {pattern: 4-5-4, ends: {month: 1, weekday: sat, rule: nearest}, named_by: start}
---
calendar: board
label: Board
events:
  closed: true
  zone: Europe/London
  text: |
    BEGIN:VCALENDAR
    BEGIN:VEVENT
    DTSTART;VALUE=DATE:20261126
    SUMMARY:Board meeting
    END:VEVENT
    END:VCALENDAR
"""
DEFINITIONS = {one.name: calendar_from(one) for one in load(FILE, file="calendars.yaml")}
SHELF = Shelf(DEFINITIONS, around=date(2026, 11, 24))
THANKSGIVING, BOXING = date(2026, 11, 26), date(2026, 12, 28)


@pytest.mark.feature("SCH-15")
@pytest.mark.parametrize(
    ("name", "thanksgiving", "boxing"),
    [
        ("new-york", "Thanksgiving Day (US)", ""),
        ("london", "", "Boxing Day (observed) (GB-ENG)"),
        ("both", "Thanksgiving Day (US)", "Boxing Day (observed) (GB-ENG)"),
        ("either", "", ""),
        ("only-london", "", "Boxing Day (observed) (GB-ENG)"),
        ("board", "Board meeting", ""),
        ("us", "Thanksgiving Day (US)", ""),  # no file is needed for countries and markets
        ("US-CA", "Thanksgiving Day (US-CA)", ""),
        ("nyse", "Thanksgiving Day (NYSE)", ""),
        ("weekdays", "", ""),
    ],
)
def test_a_calendar_is_found_by_name_and_says_why_it_is_closed(name, thanksgiving, boxing):
    calendar = SHELF.calendar(name)
    assert (calendar.closure(THANKSGIVING), calendar.closure(BOXING)) == (thanksgiving, boxing)


@pytest.mark.feature("SCH-11")
def test_days_of_ones_own_are_kept():
    retail = SHELF.calendar("retail")
    assert retail.closure(date(2031, 12, 24)) == "Christmas Eve"
    assert retail.closure(date(2026, 7, 18)) == "works holidays"
    assert retail.closure(date(2026, 7, 19)) == "Sunday"
    assert retail.closure(date(2026, 11, 28)) == retail.closure(date(2026, 11, 29)) == ""
    assert SHELF.calendar("new-york").half_day(date(2026, 12, 24)) == HalfDay("Christmas Eve", time(13))


@pytest.mark.feature("SCH-12")
def test_a_calendar_has_its_fiscal_year():
    assert SHELF.fiscal("retail").period(date(2024, 2, 3), "week").label == "FY2023 W53"
    assert SHELF.fiscal("london").period(THANKSGIVING, "quarter").label == "2026 Q4"
    iso = CalendarDefinition.model_validate({"name": "x", "fiscal": "iso"})
    assert fiscal_of(iso.fiscal).period(date(2027, 1, 1), "week").label == "2026-W53"


def test_names_below_a_calendar_are_found_through_every_level():
    assert SHELF.names_under("only-london") == {"only-london", "london", "new-york"}


def test_what_is_stored_reads_back_equal():
    for name, definition in DEFINITIONS.items():
        [again] = load(dump("calendar", name, definition.stored()), file="again.yaml")
        assert calendar_from(again) == definition


def test_equal_definitions_share_one_calendar():
    one, two = (calendar_of(DEFINITIONS["london"], {}) for _ in range(2))
    assert one is two


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("weekend: [fri, satt]", '2: weekend.1: "satt" is not a weekday. Did you mean "sat"?'),
        ("countires: [US]", "2: countires: “countires” is not known here. Did you mean “countries”?"),
        ("closed: [{every: 13-01}]", "2: closed.0: “13-01” is no month and day. Write “12-24” for 24 December."),
        ("closed: [{name: x}]", "2: closed.0: Either a date or “every” is needed. Write “date: 2026-12-24”, or “every: 12-24”."),
        ("closed: [{date: soon}]", '2: closed.0.date: "soon" is not a date. Write year-month-day, such as 2026-01-05.'),
        ("closed: [{date: 2026-02-01, until: 2026-01-01}]", "2: closed.0: 2026-01-01 is before 2026-02-01. Write a later date."),
        ("half_days: [{date: 2026-12-24, closes: 13:00}]", '2: half_days.0.closes: "780" is not a time of day. Write it in quotes, as "13:00".'),
        ("fiscal: {pattern: 4-4-5}", "2: fiscal: “4-4-5” needs to know where years end. Add “ends: {month: 1, weekday: sat, rule: nearest}”, for instance."),
        ("fiscal: {start: 13}", "2: fiscal.start: 13 is too large. Write 12 or less."),
        ("events: {closed: true}", "2: events: Events have exactly one of text, file and url. Write for instance “url: https://…”."),
        ("events: {url: 'ftp://x'}", "2: events.url"),
        ("hours: {opens: '9:00', closes: '17:00', zone: London}", '2: hours.zone: There is no time zone "London". Did you mean "Europe/London"?'),
        ("all_of: [us]\ncountries: [GB]", "3: countries: “countries” has no effect on joined calendars. Make a calendar of it, and name that one too."),
        ("open: [{every: 12-24}]", "1: Extra working days have dates of their own. Write “date:” instead of “every:”."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_cure(text, problem):
    [loaded] = load(f"calendar: x\n{text}", file="x.yaml")
    with pytest.raises(DefinitionError) as caught:
        calendar_from(loaded)
    told = str(caught.value).removeprefix("x.yaml:")
    assert told == problem or (problem.endswith(".url") and told.startswith("2: events: “ftp://x” is no web address."))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"countries": ["US", "GB-ENK"]}, "countries.1.subdivision: GB has no subdivision “ENK”. Did you mean “ENG”?"),
        ({"markets": ["NYZE"]}, "markets.0.market: There are no days for market “NYZE”. Did you mean “"),
        ({"all_of": ["us", "londn"]}, "all_of.1: There is no calendar “londn”. Did you mean “london”?"),
        ({"countries": ["US", "IL"]}, "US and IL have different weekends. Write “weekend: [sat, sun]”"),
        ({"union": ["x"]}, "union.0: The calendars go in a circle: x → x. Take one of the names out."),
        ({"union": ["new-york", "nowhere"]}, "union.1: In “nowhere”: There are no holidays for “Atlantis”."),
        ({"union": ["a"]}, "union.0: The calendars go in a circle: x → a → b → x. Take one of the names out."),
    ],
)  # fmt: skip
def test_names_that_lead_nowhere_are_refused_with_their_place(data, message):
    circle = {
        "a": CalendarDefinition.model_validate({"name": "a", "union": ["b"]}),
        "nowhere": CalendarDefinition.model_validate({"name": "nowhere", "countries": ["Atlantis"]}),
        "b": CalendarDefinition.model_validate({"name": "b", "all_of": ["x"]}),
    }
    definition = CalendarDefinition.model_validate({"name": "x", **data})
    with pytest.raises(CalendarError) as caught:
        calendar_of(definition, {**DEFINITIONS, **circle})
    assert message in str(caught.value)


def test_calendars_joined_over_endless_levels_are_refused():
    text = "---\n".join(f"calendar: c{number}\nunion: [c{number + 1}]\n" for number in range(1500))
    documents = load(text, file="x.yaml")
    assert len(named_first(documents)) == 1500
    shelf = Shelf({one.name: calendar_from(one) for one in documents})
    with pytest.raises(CalendarError, match="more than 20 levels"):
        shelf.calendar("c0")


def test_events_not_fetched_yet_are_refused():
    definition = CalendarDefinition.model_validate({"name": "x", "events": {"url": "https://x.example/a.ics"}})
    with pytest.raises(CalendarError, match="have not been fetched yet"):
        Shelf({"x": definition}, around=THANKSGIVING).events("x")
    with pytest.raises(CalendarError, match="has no events"):
        SHELF.events("london")
    assert [event.title for event in SHELF.events("board").items] == ["Board meeting"]


def test_norway_is_understood_although_yaml_reads_it_as_no():
    [loaded] = load("calendar: oslo\ncountries: [NO]", file="x.yaml")
    assert calendar_of(calendar_from(loaded), {}).closure(date(2026, 5, 17)) != ""


def test_the_schema_knows_the_kind():
    schema = calendar_schema()
    assert schema["required"] == ["calendar"]
    assert {"countries", "except", "fiscal"} <= set(schema["properties"])


SHUFFLED = """calendar: shop
hours: {zone: Europe/Berlin, closes: "18:00", opens: "09:00"}
closed: [{name: Eve, every: 12-24}, {until: 2026-07-20, date: 2026-07-18}]
countries: [DE]
label: Shop
"""


def test_a_calendar_is_written_in_one_order_on_every_database():
    [loaded] = load(SHUFFLED, file="calendar")
    stored = calendar_from(loaded).stored()
    shuffled = {key: stored[key] for key in sorted(stored, key=lambda key: (len(key), key))}  # as JSONB keeps keys
    shuffled["closed"] = [dict(sorted(one.items(), reverse=True)) for one in stored["closed"]]
    written = arranged(shuffled)
    assert list(written) == ["label", "countries", "closed", "hours"] and list(written["hours"]) == [
        "opens",
        "closes",
        "zone",
    ]
    assert [list(one) for one in written["closed"]] == [["every", "name"], ["date", "until"]]
    assert calendar_from(load(dump("calendar", "shop", written), file="calendar")[0]).stored() == stored
