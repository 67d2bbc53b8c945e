"""A timing as an English sentence. Other languages get modules of their own beside this one."""

from datetime import date, time

from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.month_patterns import DayOfMonth, NthBusinessDay, NthWeekday
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.naming import WEEKDAYS, listed, long_date, ordinal, position
from broadsheet.core.recurrence.places import place
from broadsheet.core.recurrence.rule import Rule
from broadsheet.core.recurrence.timing import Timing
from broadsheet.core.recurrence.weekly import Weekly

SHORT_MONTH_WORDS = {
    "clamp": "or the last day of a shorter month",
    "skip": "leaving out shorter months",
    "next": "or the first of the month after a shorter one",
}
GAP_WORDS = {"first-valid": "", "skip": "skipped when clocks jump over it"}
OVERLAP_WORDS = {"first": "", "second": "the second time when clocks repeat it", "both": "twice when clocks repeat it"}


def words(timing: Timing, language: str = "en") -> str:
    """ "Every Monday at 08:00, New York time". Limits and clock rules follow only where they differ from the usual.

    language: a BCP 47 tag. The sentence is English whatever it says, until that language has its words.
    """
    dates, *asides = _rule_parts(timing.rule, starts=timing.starts)
    at = f"at {listed([clock(moment) for moment in timing.times])}"
    when = ", ".join([dates, *asides, at]) if asides else f"{dates} {at}"
    extras = [
        f"from {long_date(timing.starts)}" if timing.starts else "",
        f"until {long_date(timing.until)}" if timing.until else "",
        GAP_WORDS[timing.gap],
        OVERLAP_WORDS[timing.overlap],
    ]
    return ", ".join([when, zone_words(timing.zone), *filter(None, extras)])


def rule_words(rule: Rule) -> str:
    """The dates alone: "Every 2 weeks on Monday and Thursday"."""
    return ", ".join(_rule_parts(rule, starts=None))


def clock(moment: time) -> str:
    """ "08:00", with seconds only where there are some."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def zone_words(zone: str) -> str:
    """ "New York time" for America/New_York; zones without a place keep their name."""
    area, slash, _name = zone.rpartition("/")
    return f"{place(zone)} time" if slash and area != "Etc" else zone


def _rule_parts(rule: Rule, *, starts: date | None) -> list[str]:
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
        case _:
            return [str(rule)]


def _counted(rule: Daily | Weekly | Monthly, anchor: date | None, starts: date | None) -> list[str]:
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
