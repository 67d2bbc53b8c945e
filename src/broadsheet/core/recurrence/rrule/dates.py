"""The dates of one year, month or week that a rule's parts leave over.

Parts are taken in the order of RFC 5545, section 3.3.10; where one of them spreads a period out into dates, the others
then only limit. A date counts to the calendar year and month that it lies in, also with BYWEEKNO.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable
from datetime import date

from broadsheet.core.recurrence.rrule.parts import Parts
from broadsheet.core.recurrence.rule import LAST_ORDINAL


def dates_in_year(parts: Parts, year: int) -> list[int]:
    """Day ordinals, ascending. With SKIP they may lie a day outside the year."""
    if parts.by_year_day:
        found = _year_days(parts, year)
    elif parts.by_month_day:
        found = [day for month in parts.by_month or range(1, 13) for day in _month_days(parts, year, month)]
    elif parts.by_week_no or not parts.by_month:
        found = _weekdays_of_year(parts, year)
    else:
        found = [day for month in parts.by_month for day in _weekdays_of_month(parts, year, month)]
    return sorted(set(_limited(parts, found, year)))


def dates_in_month(parts: Parts, year: int, month: int) -> list[int]:
    """Day ordinals, ascending, for a MONTHLY rule. With SKIP they may lie a day outside the month."""
    if parts.by_month and month not in parts.by_month:
        return []
    if not parts.by_month_day:
        return _weekdays_of_month(parts, year, month)
    found = set(_month_days(parts, year, month))
    if parts.by_day:
        found = {day for day in found if _is_weekday(parts, day, by_month=True)}
    return sorted(found)


def dates_in_week(parts: Parts, first: int) -> list[int]:
    """Day ordinals, ascending, of the week that begins on the ordinal `first`."""
    wanted = {weekday for _, weekday in parts.by_day}
    found = [day for day in range(max(first, 1), min(first + 7, LAST_ORDINAL + 1)) if (day - 1) % 7 in wanted]
    return [day for day in found if date.fromordinal(day).month in parts.by_month] if parts.by_month else found


def dates_limited(parts: Parts, year: int, month: int) -> list[int]:
    """Day ordinals of a month, ascending, where the parts only limit: for rules from DAILY down to SECONDLY."""
    if parts.by_month and month not in parts.by_month:
        return []
    start, length = date(year, month, 1).toordinal(), monthrange(year, month)[1]
    found: Iterable[int] = range(start, start + length)
    if parts.by_month_day:
        found = _month_days(parts, year, month)
    if parts.by_year_day:
        wanted = set(_year_days(parts, year))
        found = [day for day in found if day in wanted]
    if parts.by_day:
        weekdays = {weekday for _, weekday in parts.by_day}
        found = [day for day in found if (day - 1) % 7 in weekdays]
    return sorted(set(found))


def _limited(parts: Parts, found: list[int], year: int) -> Iterable[int]:
    days: Iterable[int] = found
    if parts.by_month and (parts.by_year_day or parts.by_week_no):
        days = [day for day in days if date.fromordinal(day).month in parts.by_month]
    if parts.by_week_no and (parts.by_year_day or parts.by_month_day):
        days = [day for day in days if _is_week(parts, day)]
    if parts.by_month_day and parts.by_year_day:
        days = [day for day in days if _is_month_day(parts, day)]
    if parts.by_day and (parts.by_year_day or parts.by_month_day):
        days = [day for day in days if _is_weekday(parts, day, by_month=bool(parts.by_month))]
    return days


def _year_days(parts: Parts, year: int) -> list[int]:
    first, length = date(year, 1, 1).toordinal(), 366 if isleap(year) else 365
    return [
        first + (number - 1 if number > 0 else length + number) for number in parts.by_year_day if abs(number) <= length
    ]


def _month_days(parts: Parts, year: int, month: int) -> list[int]:
    """SKIP decides on a day that the month has not: the day before it, the day after, or none (RFC 7529, section 4.1)."""
    first, length = date(year, month, 1).toordinal(), monthrange(year, month)[1]
    found = []
    for number in parts.by_month_day:
        if abs(number) <= length:
            found.append(first + (number - 1 if number > 0 else length + number))
        elif parts.skip != "OMIT":
            after = first + (length if number > 0 else 0)  # the first day behind the hole
            found.append(after if parts.skip == "FORWARD" else after - 1)
    return [day for day in found if day >= 1]


def _weekdays_of_month(parts: Parts, year: int, month: int) -> list[int]:
    first = date(year, month, 1).toordinal()
    return _nth_weekdays(parts.by_day, first, first + monthrange(year, month)[1])


def _weekdays_of_year(parts: Parts, year: int) -> list[int]:
    first, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
    if not parts.by_week_no:
        return _nth_weekdays(parts.by_day, first, end)
    wanted = {weekday for _, weekday in parts.by_day}
    return [day for day in range(first, end) if (day - 1) % 7 in wanted and _is_week(parts, day)]


def _nth_weekdays(by_day: tuple[tuple[int, int], ...], first: int, end: int) -> list[int]:
    """Weekdays, numbered ones too, in `first` <= ordinal < `end`."""
    found: set[int] = set()
    for nth, weekday in by_day:
        days = range(first + (weekday - (first - 1)) % 7, end, 7)
        if not nth:
            found.update(days)
        elif abs(nth) <= len(days):
            found.add(days[nth - 1 if nth > 0 else nth])
    return sorted(found)


def _is_weekday(parts: Parts, day: int, *, by_month: bool) -> bool:
    weekday = (day - 1) % 7
    if any(not nth and weekday == wanted for nth, wanted in parts.by_day):
        return True
    if not any(nth and weekday == wanted for nth, wanted in parts.by_day):
        return False
    on = date.fromordinal(day)
    if by_month or parts.freq == "MONTHLY":
        return day in _weekdays_of_month(parts, on.year, on.month)
    return day in _nth_weekdays(parts.by_day, date(on.year, 1, 1).toordinal(), date(on.year, 12, 31).toordinal() + 1)


def _is_month_day(parts: Parts, day: int) -> bool:
    on = date.fromordinal(day)
    return on.day in parts.by_month_day or on.day - monthrange(on.year, on.month)[1] - 1 in parts.by_month_day


def _is_week(parts: Parts, day: int) -> bool:
    """Whether the week that the day lies in has a wanted number, counted from either end of its own year of weeks."""
    year = date.fromordinal(day).year
    begin = _first_week(year, parts.week_start)
    if day < begin:
        begin, end = _first_week(year - 1, parts.week_start), begin
    else:
        end = _first_week(year + 1, parts.week_start)
        if day >= end:
            begin, end = end, _first_week(year + 2, parts.week_start)
    number = (day - begin) // 7 + 1
    return number in parts.by_week_no or number - (end - begin) // 7 - 1 in parts.by_week_no


def _first_week(year: int, week_start: int) -> int:
    """The ordinal on which week 1 begins: the first week with four days or more in the year (section 3.3.10)."""
    new_year = date(min(max(year, 1), 9999), 1, 1).toordinal()
    into = (new_year - 1 - week_start) % 7  # days of that week before 1 January
    return new_year - into if into <= 3 else new_year - into + 7
