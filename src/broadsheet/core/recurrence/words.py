"""A timing as an English sentence. Other languages have modules of their own in `spoken`."""

from datetime import date, time
from typing import Any

from broadsheet.core.recurrence.algebra import Difference, Intersection, Union
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY
from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.cron import Cron
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.every import Every
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR
from broadsheet.core.recurrence.month_patterns import DayOfMonth, NthBusinessDay, NthWeekday
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.naming import MONTHS, WEEKDAYS, listed, long_date, ordinal, position
from broadsheet.core.recurrence.periodic import InPeriod, Yearly
from broadsheet.core.recurrence.places import place
from broadsheet.core.recurrence.relative import OnEvents
from broadsheet.core.recurrence.rolled import Rolled, Shifted
from broadsheet.core.recurrence.rrule import RRule, RRuleSet, parts_to
from broadsheet.core.recurrence.rule import AnyRule
from broadsheet.core.recurrence.sessions import AtSession
from broadsheet.core.recurrence.spoken import speech_of
from broadsheet.core.recurrence.spoken.plain import plain
from broadsheet.core.recurrence.timing import Timing
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.written import Dates, WrittenMoments

SHORT_MONTH_WORDS = {
    "clamp": "or the last day of a shorter month",
    "skip": "leaving out shorter months",
    "next": "or the first of the month after a shorter one",
}
GAP_WORDS = {
    "first-valid": "",
    "skip": "skipped when clocks jump over it",
    "shift": "as much later as clocks jump over it",
}
ROLL_WORDS = {
    "following": "moved to the next business day",
    "preceding": "moved to the business day before",
    "modified-following": "moved to the next business day of the month",
    "modified-preceding": "moved to the business day before in the month",
    "nearest": "moved to the nearest business day",
    "skip": "left out when no business day",
}
JOINED = {"union": " and ", "all_of": " where also ", "except": " but not "}
OVERLAP_WORDS = {"first": "", "second": "the second time when clocks repeat it", "both": "twice when clocks repeat it"}


def words(timing: Timing, language: str = "en") -> str:
    """ "Every Monday at 08:00, New York time". Limits and clock rules follow only where they differ from the usual.

    language: a BCP 47 tag. German, Spanish and French have words of their own; the sentence is English for all others.
    """
    if speech := speech_of(language):
        return speech.words(timing)
    if isinstance(timing.rule, Combined):
        said = [words(member, language) for member in timing.rule.members]
        limits = [_from(timing), _until(timing)]
        return ", ".join(
            [JOINED[timing.rule.operation].join([said[0], *map(_lowered, said[1:])]), *filter(None, limits)]
        )
    timing = plain(timing)
    dates, *asides = _rule_parts(timing.rule, starts=timing.starts)
    if not timing.times:
        return ", ".join([dates, *asides, _clock_words(timing), *filter(None, [_from(timing), _until(timing)])])
    at = f"at {listed([clock(moment) for moment in timing.times])}"
    when = ", ".join([dates, *asides, at]) if asides else f"{dates} {at}"
    extras = [
        _from(timing),
        _until(timing),
        GAP_WORDS[timing.gap],
        OVERLAP_WORDS[timing.overlap],
    ]
    return ", ".join([when, _clock_words(timing), *filter(None, extras)])


def _clock_words(timing: Timing) -> str:
    return "each recipient’s own time" if timing.personal else zone_words(timing.zone)


def _from(timing: Timing) -> str:
    return f"from {long_date(timing.starts)}" if timing.starts else ""


def _until(timing: Timing) -> str:
    return f"until {long_date(timing.until)}" if timing.until else ""


def _lowered(text: str) -> str:
    """A sentence in the middle of another."""
    return text[:1].lower() + text[1:]


def rule_words(rule: AnyRule) -> str:
    """The dates alone: "Every 2 weeks on Monday and Thursday"."""
    return ", ".join(_rule_parts(rule, starts=None))


def clock(moment: time) -> str:
    """ "08:00", with seconds only where there are some."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def zone_words(zone: str) -> str:
    """ "New York time" for America/New_York; zones without a place keep their name."""
    area, slash, _name = zone.rpartition("/")
    return f"{place(zone)} time" if slash and area != "Etc" else zone


def _rule_parts(rule: Any, *, starts: date | None) -> list[str]:
    """The dates first, then asides; what an interval counts from is one only when the start does not say it."""
    match rule:
        case Daily(interval=interval, weekdays_only=weekdays_only, anchor=anchor):
            unit = "weekday" if weekdays_only else "day"
            return [f"Every {unit}" if interval == 1 else f"Every {interval} {unit}s", *_counted(rule, anchor, starts)]
        case Weekly(weekdays=weekdays, interval=interval, anchor=anchor):
            days = listed([WEEKDAYS[weekday] for weekday in sorted(weekdays)])
            dates = f"Every {days}" if interval == 1 else f"Every {interval} weeks on {days}"
            return [dates, *_counted(rule, anchor, starts)]
        case Monthly(on=pattern, interval=interval, anchor=anchor):
            months = "every month" if interval == 1 else f"every {interval} months"
            return [*_month_parts(pattern, months), *_counted(rule, anchor, starts)]
        case Rolled(rule=inner, calendar=calendar, convention=convention):
            by = "" if calendar == MONDAY_TO_FRIDAY else f" ({calendar.name})"
            return [*_rule_parts(inner, starts=starts), f"{ROLL_WORDS[convention]}{by}"]
        case Union(members=members) | Intersection(members=members) | Difference(members=members):
            joined = JOINED[{Union: "union", Intersection: "all_of", Difference: "except"}[type(rule)]]
            said = [", ".join(_rule_parts(member, starts=starts)) for member in members]
            return [joined.join([said[0], *map(_lowered, said[1:])])]
        case Shifted(rule=inner, days=days, calendar=calendar):
            unit = "business day" if calendar else "day"
            number, side = abs(days), "after" if days > 0 else "before"
            first, *rest = _rule_parts(inner, starts=starts)
            return [f"{number} {unit}{'s' if number > 1 else ''} {side}: {_lowered(first)}", *rest]
        case _:
            return _listed_parts(rule, starts=starts)


def _listed_parts(rule: Any, *, starts: date | None) -> list[str]:
    """Rules by text, by list, by period and by distance."""
    match rule:
        case Cron(expression=expression, days=days):
            return [f'By cron "{expression}"', *(["on days that fit both day and weekday"] if days == "both" else [])]
        case RRule(parts=parts):
            return [f"By the rule {parts_to(parts)}"]
        case RRuleSet(rules=rules, start=start):
            by = " and ".join(parts_to(parts) for parts in rules)
            return [f"By the rule {by}" if by else "Once", f"from {long_date(start)}"]
        case Every(anchor=anchor):
            return [f"Every {rule.distance}", f"counted from {long_date(anchor)} {clock(anchor.time())}"]
        case Dates(days=days):
            return [f"On {listed([long_date(day) for day in days])}"]
        case WrittenMoments(moments=moments):
            return [f"On {listed([f'{long_date(moment)} at {clock(moment.time())}' for moment in moments])}"]
        case AtSession(calendar=calendar):
            return [f"{rule.distance[:1].upper()}{rule.distance[1:]} on days of {calendar.name}"]
        case OnEvents(events=events):
            return [f"On each of {events.name}"]
        case InPeriod(unit=unit, interval=interval, anchor=anchor):
            noun = "month" if unit == "period" else unit
            fiscal = "" if rule.fiscal == CALENDAR_YEAR else "fiscal "
            whats = f"every {fiscal}{noun}" if interval == 1 else f"every {interval} {fiscal}{noun}s"
            return [f"On the {position(rule.nth)} {rule.counted} of {whats}", *_counted(rule, anchor, starts)]
        case Yearly(on=pattern, months=months, interval=interval, anchor=anchor):
            named = listed([MONTHS[month - 1] for month in months])
            years = named if interval == 1 else f"{named} of every {interval} years"
            return [*_month_parts(pattern, years), *_counted(rule, anchor, starts)]
        case _:
            return [str(rule)]


def _counted(rule: Daily | Weekly | Monthly | InPeriod | Yearly, anchor: date | None, starts: date | None) -> list[str]:
    if rule.interval == 1 or anchor is None or anchor == starts:
        return []
    return [f"counted from {long_date(anchor)}"]


def _month_parts(pattern: object, months: str) -> list[str]:
    match pattern:
        case DayOfMonth(day=day, short_month=short_month):
            return [f"On the {ordinal(day)} of {months}", *([SHORT_MONTH_WORDS[short_month]] if day > 28 else [])]
        case NthWeekday(nth=nth, weekday=weekday):
            return [f"On the {position(nth)} {WEEKDAYS[weekday]} of {months}"]
        case NthBusinessDay(nth=nth):
            return [f"On the {position(nth)} business day of {months}"]
        case _:
            return [f"On {pattern} of {months}"]
