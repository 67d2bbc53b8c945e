"""Quarterly and yearly forms and months by name, read and written."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from broadsheet.core.recurrence.calendars import Calendar
from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR
from broadsheet.core.recurrence.month_definition import pattern_from
from broadsheet.core.recurrence.naming import MONTH_KEYS, MONTHS, WEEKDAY_KEYS
from broadsheet.core.recurrence.periodic import Count, InPeriod, PeriodUnit, Yearly
from broadsheet.core.recurrence.values import keys_known, weekday_at, whole_at

EVERY_PERIOD = ("period", "quarter", "half", "year")
MONTH_SPELLINGS = {**{key: key for key in MONTH_KEYS}, **{name.lower(): name[:3].lower() for name in MONTHS}}
FORMS = "Write {day: 1}, {day: -1}, {nth: -1, weekday: fri} or {business_day: 3}."
COUNTS: dict[str, Count] = {"day": "day", "nth": "weekday", "business_day": "business_day"}


def period_rule(
    every: str,
    on: object,
    months: tuple[int, ...],
    calendar: Calendar,
    fiscal: FiscalCalendar,
    *,
    interval: int,
    anchor: date | None,
) -> InPeriod | Yearly:
    """The rule of `every: quarter` and its like, or of any `months`. Raises RuleError."""
    if months:
        if every not in ("month", "year"):
            raise RuleError("months", f'it has no effect on "every: {every}"', 'Write "every: year" with it.')
        if fiscal != CALENDAR_YEAR:
            raise RuleError("fiscal", "months by name are those of the calendar", "Leave fiscal out.")
        if every == "month" and interval > 1:
            raise RuleError("interval", "it cannot stand beside months", 'Write "every: year" to leave years out.')
        return Yearly(pattern_from(on, calendar), months, interval=interval, anchor=anchor)
    if not isinstance(on, Mapping):
        problem = f'"every: {every}" needs its date' if on is None else f'"{on}" is not a date of a {every}'
        raise RuleError("on", problem, FORMS)
    keys_known(on, ("day", "nth", "weekday", "business_day"), path="on")
    kinds = [kind for kind in COUNTS if kind in on]
    if len(kinds) != 1:
        raise RuleError("on", f"exactly one of day, nth and business_day is needed, not {len(kinds)}", FORMS)
    if "weekday" in on and kinds[0] != "nth":
        raise RuleError("on.weekday", f'it has no effect beside "{kinds[0]}"', "Leave weekday out.")
    return InPeriod(
        cast(PeriodUnit, every),
        whole_at(on, kinds[0], under="on"),
        COUNTS[kinds[0]],
        weekday_at(on.get("weekday"), path="on.weekday") if kinds[0] == "nth" else None,
        calendar,
        fiscal,
        interval,
        anchor,
    )


def period_to(rule: InPeriod) -> dict[str, Any]:
    """`every` and `on` of such a rule."""
    key = next(key for key, count in COUNTS.items() if count == rule.count)
    on: dict[str, Any] = {key: rule.nth}
    if rule.weekday is not None:
        on["weekday"] = WEEKDAY_KEYS[rule.weekday]
    return {"every": rule.unit, "on": on}


def months_at(given: Mapping[str, Any]) -> tuple[int, ...]:
    """Months by number or English name; none where the key is missing."""
    value = given.get("months")
    if value is None:
        return ()
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(_month(item, path=f"months[{number}]") for number, item in enumerate(items))


def _month(value: object, *, path: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return value
    if isinstance(value, str) and (key := MONTH_SPELLINGS.get(value.strip().lower())):
        return MONTH_KEYS.index(key) + 1
    fix = did_you_mean(value, MONTH_SPELLINGS, otherwise=f"Write one of: {', '.join(MONTH_KEYS)}.")
    raise RuleError(path, f'"{value}" is not a month', fix)
