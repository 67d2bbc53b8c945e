"""Rules as the mappings that `rule_definition` reads back to equal rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broadsheet.core.recurrence.algebra import Difference, Intersection, Union
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar
from broadsheet.core.recurrence.cron import Cron
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.every import Every
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR, FiscalMonths
from broadsheet.core.recurrence.month_definition import pattern_to
from broadsheet.core.recurrence.month_patterns import NthBusinessDay
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.naming import MONTH_KEYS, WEEKDAY_KEYS
from broadsheet.core.recurrence.period_definition import period_to
from broadsheet.core.recurrence.periodic import InPeriod, Yearly
from broadsheet.core.recurrence.relative import OnEvents
from broadsheet.core.recurrence.rolled import Rolled, Shifted
from broadsheet.core.recurrence.rrule import RRule, RRuleSet, parts_to
from broadsheet.core.recurrence.rrule.lines import rule_to as lines_to
from broadsheet.core.recurrence.sessions import AtSession
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.written import Dates, WrittenMoments


@dataclass(frozen=True, slots=True)
class Names:
    """What calendars are called in definitions."""

    calendars: Mapping[str, Calendar]
    fiscal: Mapping[str, FiscalCalendar]

    def calendar(self, calendar: Calendar) -> str:
        return _name(calendar, self.calendars, path="calendar")

    def fiscal_calendar(self, calendar: FiscalCalendar) -> str:
        if isinstance(calendar, FiscalMonths) and calendar == FiscalMonths(calendar.start):
            return MONTH_KEYS[calendar.start - 1]
        return _name(calendar, self.fiscal, path="fiscal")


def rule_to(rule: Any, names: Names) -> dict[str, Any]:
    """The keys that describe the rule. RuleError for one without a written form."""
    match rule:
        case Difference(members=(inner, *others)):
            return _with(inner, names, not_on=[item for other in others for item in _left_out(other, names)])
        case Union(members=(inner, Dates(days=days))) if not isinstance(inner, Dates):
            return _with(inner, names, also=list(days))
        case Union(members=(inner, WrittenMoments(moments=moments))) if not isinstance(inner, WrittenMoments):
            return _with(inner, names, also=[_stamp(moment) for moment in moments])
        case Rolled(rule=inner, calendar=calendar, convention=convention):
            return _over(inner, names, calendar, roll=convention)
        case Shifted(rule=inner, days=days, calendar=None):
            return _with(inner, names, offset={"days": days})
        case Shifted(rule=inner, days=days):
            calendar = rule.calendar or MONDAY_TO_FRIDAY
            return _over(inner, names, calendar, offset={"business_days": days})
        case _:
            return _base(rule, names)


ORDER = ("offset", "roll", "also", "not_on")  # the order in which a mapping's keys are applied


def _with(inner: Any, names: Names, **more: Any) -> dict[str, Any]:
    """The inner rule's keys and one more; where the order of keys would change the meaning, the inner one is nested."""
    written = rule_to(inner, names)
    key = next(iter(more))
    if any(later in written for later in ORDER[ORDER.index(key) :]):
        written = {"union": [written]}
    return written | more


def _over(inner: Any, names: Names, calendar: Calendar, **more: Any) -> dict[str, Any]:
    """As `_with`, for what asks a calendar; an inner rule that asks another one is nested."""
    mine = {} if calendar == MONDAY_TO_FRIDAY else {"calendar": names.calendar(calendar)}
    written = _with(inner, names, **more)
    if "union" not in written and _asks(inner) and written.get("calendar") != mine.get("calendar"):
        written = {"union": [rule_to(inner, names)]} | more
    return written | mine


def _asks(rule: Any) -> bool:
    """Whether a rule asks a calendar anywhere on its way in."""
    if isinstance(rule, Rolled) or (isinstance(rule, Shifted) and rule.calendar is not None):
        return True
    if isinstance(rule, InPeriod):
        return rule.count == "business_day"
    return isinstance(getattr(rule, "on", None), NthBusinessDay) or (hasattr(rule, "rule") and _asks(rule.rule))


def _base(rule: Any, names: Names) -> dict[str, Any]:
    match rule:
        case RRule(parts=parts, start=start):
            written: dict[str, Any] = {"rrule": parts_to(parts)}
            return written if start is None else written | {"anchor": _stamp(start)}
        case RRuleSet():
            return {"rrule": lines_to(rule)}
        case Cron(expression=expression, days=days):
            return {"cron": expression} if days == "either" else {"cron": expression, "cron_days": days}
        case Dates(days=dates):
            return {"dates": list(dates)}
        case WrittenMoments(moments=moments):
            return {"dates": [_stamp(moment) for moment in moments]}
        case Every(anchor=anchor):
            number, unit = rule.parts
            return {"every": {unit: number}, "anchor": _stamp(anchor)}
        case AtSession(calendar=calendar, edge=edge, minutes=minutes):
            return {"session": {edge: minutes}, "calendar": names.calendar(calendar)}
        case OnEvents(events=events):
            return {"events": events.name}
        case Union(members=members):
            return {"union": [rule_to(member, names) for member in members]}
        case Intersection(members=members):
            return {"all_of": [rule_to(member, names) for member in members]}
        case _:
            return _every(rule, names)


def _every(rule: Any, names: Names) -> dict[str, Any]:
    match rule:
        case Daily(weekdays_only=weekdays_only):
            written: dict[str, Any] = {"every": "weekday" if weekdays_only else "day"}
        case Weekly(weekdays=weekdays):
            written = {"every": "week", "on": [WEEKDAY_KEYS[weekday] for weekday in sorted(weekdays)]}
        case Monthly(on=pattern):
            written = {"every": "month", "on": pattern_to(pattern)}
        case Yearly(on=pattern, months=months):
            written = {
                "every": "year",
                "months": [MONTH_KEYS[month - 1] for month in months],
                "on": pattern_to(pattern),
            }
        case InPeriod(fiscal=fiscal):
            written = period_to(rule)
            if fiscal != CALENDAR_YEAR:
                written["fiscal"] = names.fiscal_calendar(fiscal)
        case _:
            raise RuleError("every", f"{rule} has no written form", "Keep it in code.")
    calendar = _calendar_of(rule)
    if calendar != MONDAY_TO_FRIDAY:
        written["calendar"] = names.calendar(calendar)
    if rule.interval > 1:
        written["interval"] = rule.interval
    if rule.anchor is not None:
        written["anchor"] = rule.anchor
    return written


def _calendar_of(rule: Any) -> Calendar:
    if isinstance(rule, InPeriod) and rule.count == "business_day":
        return rule.calendar
    pattern = getattr(rule, "on", None)
    return pattern.calendar if isinstance(pattern, NthBusinessDay) else MONDAY_TO_FRIDAY


def _left_out(rule: Any, names: Names) -> list[Any]:
    return list(rule.days) if isinstance(rule, Dates) else [rule_to(rule, names)]


def _name(value: Any, known: Mapping[str, Any], *, path: str) -> str:
    found = next((name for name, one in known.items() if one == value), None)
    if found is None:
        raise RuleError(path, f"{value} has no name, and so no written form", "Keep it in code, or name it.")
    return found


def _stamp(moment: Any) -> Any:
    """A time as text, which YAML and JSON keep alike; a date as it is."""
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00") if hasattr(moment, "hour") else moment
