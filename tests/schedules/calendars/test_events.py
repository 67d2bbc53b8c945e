"""iCalendar files: read as meant, bounded, and hostile ones refused quickly."""

import time
from datetime import date

import pytest

from broadsheet.core.recurrence.calendars import Event
from broadsheet.schedules.calendars import CalendarError, events_from

pytestmark = pytest.mark.feature("SCH-13")


def ics(*events):
    blocks = [f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events]
    return "\r\n".join("\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *blocks, "END:VCALENDAR"]).split("\n")) + "\r\n"


def read(text, zone="Europe/London"):
    found = events_from(text, name="board", zone=zone, first=date(2026, 1, 1), last=date(2027, 12, 31))
    return found.items


@pytest.mark.parametrize(
    ("text", "events"),
    [
        pytest.param(
            ics("DTSTART;VALUE=DATE:20260310\nDTEND;VALUE=DATE:20260312\nSUMMARY:Board"),
            (Event(date(2026, 3, 10), "Board", until=date(2026, 3, 11)),),
            id="whole days, the end not included",
        ),
        pytest.param(ics("DTSTART;VALUE=DATE:20260310\nSUMMARY:A\\, b"), (Event(date(2026, 3, 10), "A, b"),), id="one day"),
        pytest.param(
            ics("DTSTART;TZID=America/New_York:20260310T200000\nDURATION:PT2H\nSUMMARY:Call"),
            (Event(date(2026, 3, 11), "Call", starts="00:00"),),
            id="the date is that of the list's zone",
        ),
        pytest.param(
            ics("DTSTART:20260310T090000\nDTEND:20260311T000000\nSUMMARY:Floating"),
            (Event(date(2026, 3, 10), "Floating", starts="09:00"),),
            id="floating, until midnight",
        ),
        pytest.param(
            ics("DTSTART;TZID=W. Europe Standard Time:20260310T090000\nSUMMARY:Windows"),
            (Event(date(2026, 3, 10), "Windows", starts="08:00"),),
            id="a zone by its Windows name",
        ),
        pytest.param(
            ics("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=MONTHLY;COUNT=3;BYDAY=1MO\nEXDATE;VALUE=DATE:20260202\nSUMMARY:B"),
            (Event(date(2026, 1, 5), "B"), Event(date(2026, 3, 2), "B")),
            id="a rule with an exception",
        ),
        pytest.param(
            ics("DTSTART;VALUE=DATE:20260105\nRDATE;VALUE=DATE:20260107\nSUMMARY:B"),
            (Event(date(2026, 1, 5), "B"), Event(date(2026, 1, 7), "B")),
            id="dates written out",
        ),
        pytest.param(
            ics(
                "UID:1\nDTSTART:20260105T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nSUMMARY:B",
                "UID:1\nRECURRENCE-ID:20260106T090000Z\nDTSTART:20260109T100000Z\nSUMMARY:Moved",
            ),
            (Event(date(2026, 1, 5), "B", starts="09:00"), Event(date(2026, 1, 9), "Moved", starts="10:00")),
            id="one of a series moved",
        ),
        pytest.param(
            ics("DTSTART;VALUE=DATE:20260105\nSTATUS:CANCELLED\nSUMMARY:Off"), (), id="cancelled"
        ),
        pytest.param(ics("DTSTART;VALUE=DATE:20250105\nSUMMARY:Past"), (), id="before the window"),
        pytest.param(
            ics("DTSTART;VALUE=DATE:20260105\nSUMMARY:B\nBEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM"),
            (Event(date(2026, 1, 5), "B"),),
            id="alarms are cut out",
        ),
        pytest.param(
            ics("DTSTART;VALUE=DATE:20260105\nSUMMARY:ab\u202egnp\x07c"), (Event(date(2026, 1, 5), "ab gnp c"),), id="titles are cleaned"
        ),
        pytest.param("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", (), id="empty"),
    ],
)  # fmt: skip
def test_events_are_read_as_meant(text, events):
    assert read(text) == events
    assert read(text.encode()) == events


EVIL_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19000101T000000\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("<html>", "This is not an iCalendar file.", id="no calendar"),
        pytest.param(b"\xff\xfe\x00B", "The file is not UTF-8 text.", id="bytes"),
        pytest.param("BEGIN:VCALENDAR" + "x" * 1_000_001, "larger than 1,000 kB", id="size"),
        pytest.param("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "“BEGIN:VEVENT” has no end.", id="cut off"),
        pytest.param("BEGIN:VCALENDAR\nEND:VEVENT\n", "“END:VEVENT” ends nothing.", id="crossed"),
        pytest.param("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 50_000, "nested too deeply", id="nesting"),
        pytest.param(ics(*["DTSTART:20260101T000000Z"] * 5001), "more than 5,000 events", id="events"),
        pytest.param(ics(*["UID:1\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"] * 40), "more than 20,000 dates", id="dates"),
        pytest.param(ics("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY"), "repeats at most daily", id="every second"),
        pytest.param(ics("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;BYSECOND=1,2,3"), "repeats at most daily", id="seconds"),
        pytest.param(ics("DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;COUNT=99999999"), "repetitions are too many", id="count"),
        pytest.param(ics("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:99990101"), "longer than 366 days", id="length"),
        pytest.param(ics("SUMMARY:Board"), "“Board” cannot be read.", id="no start"),
        pytest.param(ics("DTSTART:2026\nSUMMARY:Board"), "“Board” cannot be read.", id="bad start"),
        pytest.param(ics("DTSTART:20260101\nRRULE:FREQ=WEEKLY;BYDAY=XX\nSUMMARY:Board"), "“Board” cannot be used", id="bad rule"),
    ],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused_in_time(text, message):
    begun = time.perf_counter()
    with pytest.raises(CalendarError) as caught:
        read(text)
    assert message in str(caught.value)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:19000101T000000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "DTSTART:00010101T000000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;INTERVAL=7",
        "DTSTART:19000101T000000Z\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=366",
    ],
)
def test_a_rule_that_never_comes_true_costs_nothing(event):
    begun = time.perf_counter()
    assert read(ics(event)) == ()
    assert time.perf_counter() - begun < 2


def test_zone_definitions_of_the_file_are_not_run():
    begun = time.perf_counter()
    text = ics("DTSTART;TZID=X:20260105T090000\nSUMMARY:B").replace("BEGIN:VEVENT", f"{EVIL_ZONE}\r\nBEGIN:VEVENT", 1)
    assert read(text) == (Event(date(2026, 1, 5), "B", starts="09:00"),)
    assert time.perf_counter() - begun < 2
