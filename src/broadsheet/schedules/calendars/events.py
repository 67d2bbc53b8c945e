"""Events out of iCalendar text (RFC 5545), which comes from strangers and is treated so.

Read are VEVENTs alone: their dates, titles, recurrence and overrides. Time zone definitions, alarms and all else are cut
out before the parser sees them; zones are known by their IANA or Windows names. Sizes, counts and lengths are limited,
and what repeats is expanded between two dates only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.calendars import Event, Events
from broadsheet.core.recurrence.rrule import RRuleSet, parts_from

from .errors import CalendarError

MOST_BYTES = 1_000_000  # a club's whole year is some 50 kB
MOST_EVENTS = 5_000
MOST_OCCURRENCES = 20_000
MOST_COUNT = 10_000  # repetitions that a rule may name
MOST_DATES = 2_000  # dates written out for one event
LONGEST = 366  # days of one event
LONGEST_TITLE = 200
LONGEST_YEARS = 30  # between the two dates
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
BLOCK = re.compile(r"(BEGIN|END):\s*([A-Z-]+)\s*", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
PATH = ("events",)


@dataclass(frozen=True, slots=True)
class Window:
    """Dates between which repeating events are expanded, both included."""

    first: date
    last: date


def events_from(text: str | bytes, *, name: str, zone: str, first: date, last: date) -> Events:
    """The events of a file that touch the dates from *first* to *last*, in *zone*'s local dates, without doubles.

    Cancelled events are left out. Raises CalendarError for what is no calendar, too large, or cannot be understood; the
    title of the event is in the message.
    """
    if not first <= last <= first + timedelta(days=366 * LONGEST_YEARS):
        raise CalendarError(PATH, f"{first} to {last} is no stretch of at most {LONGEST_YEARS} years.", "Ask for less.")
    window = Window(first, last)
    components = _components(_checked(text))
    replaced = {
        (str(one.get("UID")), _instant(one["RECURRENCE-ID"].dt, zone)) for one in components if "RECURRENCE-ID" in one
    }
    found: list[Event] = []
    for component in components:
        if str(component.get("STATUS", "")).upper() == "CANCELLED":
            continue
        try:
            found += _occurrences(component, zone, window, replaced=replaced)
        except RuleError as error:
            raise CalendarError(PATH, f"“{_title(component)}” cannot be used: {error.message}.", error.fix) from error
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise CalendarError(PATH, f"“{_title(component)}” cannot be read.", "Correct the event’s dates.") from error
        if len(found) > MOST_OCCURRENCES:
            raise _too_much(f"There are more than {MOST_OCCURRENCES:,} dates.")
    return Events(name, tuple(found), covers=last)


def _checked(text: str | bytes) -> str:
    if len(text) > MOST_BYTES:
        raise _too_much(f"The file is larger than {MOST_BYTES // 1000:,} kB.")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CalendarError(PATH, "The file is not UTF-8 text.", "Save it as UTF-8.") from error
    if not text.lstrip("\ufeff \r\n\t")[:15].upper().startswith("BEGIN:VCALENDAR"):
        raise CalendarError(PATH, "This is not an iCalendar file.", "It must begin with “BEGIN:VCALENDAR”.")
    return text.lstrip("\ufeff")


def _components(text: str) -> list[Any]:
    lines = list(_event_lines(text))
    if sum(line == "BEGIN:VEVENT" for line in lines) > MOST_EVENTS:
        raise _too_much(f"There are more than {MOST_EVENTS:,} events.")
    whole = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Broadsheet//EN", *lines, "END:VCALENDAR", ""])
    try:
        return list(icalendar.Calendar.from_ical(whole).walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise CalendarError(PATH, "The file has a line that cannot be read.", "Export it again.") from error


def _event_lines(text: str) -> Iterator[str]:
    """The lines of VEVENTs, unfolded, without the components inside them."""
    open_blocks: list[str] = []
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        found = BLOCK.fullmatch(line)
        if not found:
            if open_blocks == ["VCALENDAR", "VEVENT"] and line.strip():
                yield line
            continue
        verb, name = found[1].upper(), found[2].upper()
        if verb == "BEGIN":
            open_blocks.append(name)
            if len(open_blocks) > 6:
                raise CalendarError(PATH, "The file is nested too deeply.", "Export it again.")
        inside = open_blocks == ["VCALENDAR", "VEVENT"] and name == "VEVENT"
        if verb == "END" and (not open_blocks or open_blocks.pop() != name):
            raise CalendarError(PATH, f"“END:{name}” ends nothing.", "Export the file again.")
        if inside:
            yield f"{verb}:VEVENT"
    if open_blocks:
        raise CalendarError(PATH, f"“BEGIN:{open_blocks[-1]}” has no end.", "The file was cut off: fetch it again.")


def _occurrences(component: Any, zone: str, window: Window, *, replaced: set[tuple[str, Any]]) -> Iterator[Event]:
    start = component["DTSTART"].dt
    length = _length(component, start)
    title = _title(component)
    uid = str(component.get("UID"))
    for moment in _moments(component, start, window, length):
        if "RECURRENCE-ID" not in component and (uid, _instant(moment, zone)) in replaced:
            continue
        event = _event(moment, length, title, zone)
        if event.day <= window.last and event.until >= window.first:
            yield event


def _moments(component: Any, start: Any, window: Window, length: timedelta) -> Iterator[Any]:
    """The starts: dates, or datetimes as aware as DTSTART."""
    if "RRULE" not in component and "RDATE" not in component:
        yield start
        return
    naive = start.replace(tzinfo=None) if isinstance(start, datetime) else start
    rules = tuple(_rule(one) for one in _several(component.get("RRULE")))
    also, but = (_dates(component.get(name), start) for name in ("RDATE", "EXDATE"))
    rule = RRuleSet(naive, _zone_name(start), rules, also=also if rules else (*also, naive), but=but)
    begin = window.first - timedelta(days=length.days + 2)
    for many, (day, clock) in enumerate(rule.days_from(begin)):
        if day > window.last + timedelta(days=1) or many > MOST_OCCURRENCES:
            return
        for second in clock.seconds_from(0):
            if isinstance(start, datetime):
                wall = datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)
                yield wall.replace(tzinfo=start.tzinfo)
            else:
                yield day
                break


def _rule(value: Any) -> Any:
    parts = parts_from(value.to_ical().decode().replace("\\", ""))  # what it cannot read, the parser escapes
    if parts.freq not in FREQUENCIES or parts.has_times:
        raise RuleError("rrule.FREQ", "an event repeats at most daily", f"Write one of: {', '.join(FREQUENCIES)}.")
    if parts.count is not None and parts.count > MOST_COUNT:
        raise RuleError("rrule.COUNT", f"{parts.count} repetitions are too many", f"At most {MOST_COUNT:,}.")
    return parts


def _dates(values: Any, start: Any) -> tuple[Any, ...]:
    """The dates of RDATE or EXDATE, on the wall clock of DTSTART; those of periods are their starts."""
    found = []
    for values_of_line in _several(values):
        for one in values_of_line.dts:
            moment = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            if isinstance(moment, datetime):
                zone = start.tzinfo if isinstance(start, datetime) else None
                moment = (
                    moment.astimezone(zone).replace(tzinfo=None)
                    if moment.tzinfo and zone
                    else moment.replace(tzinfo=None)
                )
                moment = moment if isinstance(start, datetime) else moment.date()
            found.append(moment)
            if len(found) > MOST_DATES:
                raise RuleError("rrule", f"more than {MOST_DATES} dates are written out", "Use a rule.")
    return tuple(found)


def _length(component: Any, start: Any) -> timedelta:
    """How long it lasts; a date without an end is one day, a time without one a moment (RFC 5545, section 3.6.1)."""
    length: timedelta
    if "DTEND" in component:
        end = component["DTEND"].dt
        if isinstance(end, datetime) and isinstance(start, datetime) and (end.tzinfo is None) != (start.tzinfo is None):
            end = end.replace(tzinfo=start.tzinfo)
        length = end - start
    elif "DURATION" in component:
        length = component["DURATION"].dt
    else:
        length = timedelta(0) if isinstance(start, datetime) else timedelta(days=1)
    if length > timedelta(days=LONGEST):
        raise RuleError("events", f"it lasts longer than {LONGEST} days", "Split it.")
    return max(length, timedelta(0))


def _event(moment: Any, length: timedelta, title: str, zone: str) -> Event:
    if not isinstance(moment, datetime):
        return Event(moment, title, until=moment + max(length, timedelta(days=1)) - timedelta(days=1))
    local = _local(moment, zone)
    last = _local(moment + length, zone) - timedelta(seconds=1 if length else 0)
    return Event(local.date(), title, until=last.date(), starts=f"{local:%H:%M}")


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment.tzinfo else moment


def _instant(moment: Any, zone: str) -> Any:
    """What tells occurrences apart: a date, or the time in the list's zone."""
    return _local(moment, zone) if isinstance(moment, datetime) else moment


def _zone_name(start: Any) -> str:
    key = getattr(getattr(start, "tzinfo", None), "key", None)
    return key if isinstance(key, str) else "UTC"


def _several(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _title(component: Any) -> str:
    return UNSEEN.sub(" ", str(component.get("SUMMARY", ""))).strip()[:LONGEST_TITLE]


def _too_much(message: str) -> CalendarError:
    return CalendarError(PATH, message, "Export a shorter stretch, or fewer events.")
