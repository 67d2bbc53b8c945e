"""The `on:` mapping of a monthly rule, read and written."""

from collections.abc import Mapping
from typing import Any, cast

from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.month_patterns import DayOfMonth, MonthPattern, NthBusinessDay, NthWeekday, ShortMonth
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS
from broadsheet.core.recurrence.values import keys_known, weekday_at, whole_at

KEYS = ("day", "short", "nth", "weekday", "business_day")
FORMS = "Write {day: 15}, {nth: 1, weekday: mon} or {business_day: 3}."


def pattern_from(on: object, calendar: Calendar = MONDAY_TO_FRIDAY) -> MonthPattern:
    """The pattern that `on:` describes; `calendar` says what a business day is. A lone number is a day of the month. Raises RuleError."""
    if isinstance(on, int) and not isinstance(on, bool):
        return DayOfMonth(on)
    if not isinstance(on, Mapping):
        problem = '"every: month" needs its date' if on is None else f'"{on}" is not a date of a month'
        raise RuleError("on", problem, FORMS)
    keys_known(on, KEYS, path="on")
    kinds = [kind for kind in ("day", "nth", "business_day") if kind in on]
    if len(kinds) != 1:
        raise RuleError("on", f"exactly one of day, nth and business_day is needed, not {len(kinds)}", FORMS)
    _refuse_stray(on, kind=kinds[0])
    if kinds[0] == "day":
        short = cast(ShortMonth, on.get("short", "clamp"))
        return DayOfMonth(whole_at(on, "day", under="on"), short_month=short)
    if kinds[0] == "business_day":
        return NthBusinessDay(whole_at(on, "business_day", under="on"), calendar)
    return NthWeekday(whole_at(on, "nth", under="on"), weekday=weekday_at(on.get("weekday"), path="on.weekday"))


def pattern_to(pattern: MonthPattern) -> dict[str, Any]:
    """The mapping that `pattern_from` reads back, with the same calendar. RuleError where there is none."""
    match pattern:
        case DayOfMonth(day=day, short_month=short_month):
            return {"day": day} if short_month == "clamp" else {"day": day, "short": short_month}
        case NthWeekday(nth=nth, weekday=weekday):
            return {"nth": nth, "weekday": WEEKDAY_KEYS[weekday]}
        case NthBusinessDay(nth=nth):
            return {"business_day": nth}
        case _:
            raise RuleError("on", f"{pattern} has no written form", "Keep it in code.")


def _refuse_stray(on: Mapping[str, Any], *, kind: str) -> None:
    """A key that belongs to another form would be silently without effect."""
    companion = {"day": "short", "nth": "weekday"}.get(kind)
    for key in on:
        if key not in (kind, companion):
            raise RuleError(f"on.{key}", f'it has no effect beside "{kind}"', f"Leave {key} out.")
