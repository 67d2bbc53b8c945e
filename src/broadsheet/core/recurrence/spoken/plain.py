"""Cron expressions and RRULEs that a sentence can say exactly: as the rules that have words.

Only what a sentence says shortly is taken, and only where it fires at the same moments, clock changes included. All
else keeps its own text.
"""

from dataclasses import replace
from datetime import time
from itertools import product

from broadsheet.core.recurrence.algebra import Union
from broadsheet.core.recurrence.cron import Cron, Expression, expression_from
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.month_patterns import DayOfMonth, MonthPattern, NthWeekday
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.periodic import Yearly
from broadsheet.core.recurrence.rrule import Parts, RRule
from broadsheet.core.recurrence.rule import Rule
from broadsheet.core.recurrence.timing import Timing
from broadsheet.core.recurrence.weekly import Weekly

MOST_TIMES = 6
MOST_DATES = 4  # dates of a month, said one after another
WORKDAYS = (0, 1, 2, 3, 4)
Said = tuple[Rule, tuple[time, ...]]


def plain(timing: Timing) -> Timing:
    """The same moments by rules that have words; the timing itself where there are none that are exact and short."""
    match timing.rule:
        case Cron(expression=expression, days=days):
            found = _cron(expression_from(expression), both=days == "both")
        case RRule(parts=parts, start=None):
            found = _rrule(parts, timing.times)
        case _:
            return timing
    return replace(timing, rule=found[0], times=found[1]) if found else timing


def _cron(read: Expression, *, both: bool) -> Said | None:
    number = len(read.hours) * len(read.minutes) * len(read.seconds)
    if number > MOST_TIMES or read.every_hour:  # a job of every hour runs on while clocks jump
        return None
    rules = _dates(read, both=both)
    if not 0 < len(rules) <= MOST_DATES:
        return None
    times = tuple(time(*one) for one in product(read.hours, read.minutes, read.seconds))
    return (rules[0] if len(rules) == 1 else Union(tuple(rules))), times


def _dates(read: Expression, *, both: bool) -> list[Rule]:
    """The rules of which any gives a date; none where a sentence would have to say more than that."""
    all_days, all_weekdays = len(read.days) == 31, len(read.weekdays) == 7
    if read.nearest or any(back for back in read.days_from_last):
        return []
    patterns: list[MonthPattern] = [DayOfMonth(day, "skip" if day > 28 else "clamp") for day in read.days]
    patterns += [DayOfMonth(31) for _ in read.days_from_last]
    nths: list[MonthPattern] = [NthWeekday(nth, weekday) for nth, weekday in read.nth_weekdays]
    if both or read.every_day or read.every_weekday:
        if not all_days and not all_weekdays:
            return []
        patterns = nths if all_days else patterns
        weekdays = read.weekdays if all_days else ()
    else:
        weekdays = tuple(range(7)) if all_days or all_weekdays else read.weekdays
        patterns = [] if all_days or all_weekdays else [*patterns, *nths]
    if len(weekdays) == 7:
        patterns = []
    if len(read.months) < 12:
        return [] if weekdays else [Yearly(on, read.months) for on in patterns]
    return [*(Monthly(on) for on in patterns), *([_weekly(weekdays)] if weekdays else [])]


def _weekly(weekdays: tuple[int, ...]) -> Rule:
    if len(weekdays) == 7:
        return Daily()
    return Daily(weekdays_only=True) if tuple(weekdays) == WORKDAYS else Weekly(frozenset(weekdays))


def _rrule(parts: Parts, times: tuple[time, ...]) -> Said | None:
    by_clock = (parts.by_hour, parts.by_minute, parts.by_second)
    own = tuple(time(*one) for one in product(*by_clock) if max(one) < 60)
    if parts.has_times and (not all(by_clock) or len(own) > MOST_TIMES):
        return None
    plainly = Parts(parts.freq, by_day=parts.by_day, by_month_day=parts.by_month_day, by_hour=parts.by_hour,
                    by_minute=parts.by_minute, by_second=parts.by_second, week_start=parts.week_start)  # fmt: skip
    rule = _rrule_dates(parts) if parts == plainly else None
    return (rule, own if parts.has_times else times) if rule else None


def _rrule_dates(parts: Parts) -> Rule | None:
    """What the period and BYDAY or BYMONTHDAY say, where there is nothing else."""
    weekdays = tuple(weekday for nth, weekday in parts.by_day if not nth)
    if parts.freq in ("DAILY", "WEEKLY") and not parts.by_month_day:
        if parts.freq == "WEEKLY" and not weekdays:
            return None
        return _weekly(weekdays) if weekdays else Daily()
    if parts.freq != "MONTHLY" or weekdays or bool(parts.by_day) == bool(parts.by_month_day):
        return None
    if any(day < 1 for day in parts.by_month_day):
        return None
    on: list[MonthPattern] = [NthWeekday(nth, weekday) for nth, weekday in parts.by_day]
    on += [DayOfMonth(day, "skip" if day > 28 else "clamp") for day in parts.by_month_day]
    rules = [Monthly(one) for one in on]
    if len(rules) > MOST_DATES:
        return None
    return rules[0] if len(rules) == 1 else Union(tuple(rules))
