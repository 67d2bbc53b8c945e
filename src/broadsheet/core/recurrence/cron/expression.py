"""A cron expression, taken apart. When it fires is `rule`'s business.

Fields as in crontab(5), with a first one for seconds where there are six, and the L, W and # of Quartz.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.core.recurrence.cron.fields import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    WEEKDAY,
    Field,
    numbers_from,
)
from broadsheet.core.recurrence.errors import RuleError, did_you_mean

MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
FROM_LAST = re.compile(r"L(?:-(\d{1,2}))?", re.IGNORECASE)
NEAREST = re.compile(r"(?:L|(\d{1,2}))W", re.IGNORECASE)
LAST_WEEKDAY = re.compile(r"([0-7]|[a-z]{3})L", re.IGNORECASE)
NTH_WEEKDAY = re.compile(r"([0-7]|[a-z]{3})#(\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expression:
    """The fields, each ascending.

    days: numbers of the month. days_from_last: 0 for the last day, 3 for L-3. nearest: numbers of the month whose
        nearest Monday to Friday is meant; 0 for LW. weekdays: 0 = Monday. nth_weekdays: (n, weekday), -1 for the last.
    every_day: the day field begins with * or ?. every_weekday: the weekday field does.
    every_hour: the minute or the hour field begins with *: what Debian's cron takes for a job that clocks do not move.
    """

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    days_from_last: tuple[int, ...]
    nearest: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    nth_weekdays: tuple[tuple[int, int], ...]
    every_day: bool
    every_weekday: bool
    every_hour: bool


@lru_cache(maxsize=4096)
def expression_from(text: str) -> Expression:
    """Read five or six fields, or a name such as @daily. Raises RuleError with path "cron.<field>"."""
    fields = _fields(text)
    second, minute, hour, day, month, weekday = fields if len(fields) == 6 else ["0", *fields]
    days, from_last, nearest = _days(day)
    weekdays, nth = _weekdays(weekday)
    return Expression(
        _plain(second, SECOND), _plain(minute, MINUTE), _plain(hour, HOUR), days, from_last, nearest,
        _plain(month, MONTH), weekdays, nth,
        every_day=day[0] in "*?", every_weekday=weekday[0] in "*?", every_hour=minute[0] == "*" or hour[0] == "*",
    )  # fmt: skip


def _fields(text: str) -> list[str]:
    stripped = text.strip()
    if stripped.startswith("@"):
        if stripped.lower() == "@reboot":
            raise RuleError("cron", "@reboot is no time: nothing here starts with the machine", "Write when it is due.")
        if stripped.lower() not in MACROS:
            fix = did_you_mean(stripped, {name: name for name in MACROS}, otherwise=f"Names are: {', '.join(MACROS)}.")
            raise RuleError("cron", f'"{stripped}" is not known', fix)
        stripped = MACROS[stripped.lower()]
    fields = stripped.split()
    if len(fields) not in (5, 6):
        raise RuleError(
            "cron",
            f'"{text}" has {len(fields)} fields',
            'Write minute, hour, day, month and weekday, such as "0 8 * * 1-5"; a sixth field in front is seconds.',
        )
    return fields


def _plain(text: str, field: Field) -> tuple[int, ...]:
    return tuple(sorted(set().union(*(numbers_from(item, field) for item in text.split(",")))))


def _days(text: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    days: set[int] = set()
    from_last: set[int] = set()
    nearest: set[int] = set()
    for item in text.split(","):
        if found := FROM_LAST.fullmatch(item):
            if (back := int(found[1] or 0)) > 30:
                raise RuleError(DAY.path, f'"{item}" lies before every month', "Write L-30 at most.")
            from_last.add(back)
        elif found := NEAREST.fullmatch(item):
            number = int(found[1]) if found[1] else 0
            if found[1] and not 1 <= number <= 31:
                raise RuleError(DAY.path, f"{number} is out of range", "Write 1W to 31W, or LW.")
            nearest.add(number)
        else:
            days |= numbers_from(item, DAY)
    return tuple(sorted(days)), tuple(sorted(from_last)), tuple(sorted(nearest))


def _weekdays(text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Cron counts from Sunday, 0 or 7; we from Monday, 0."""
    plain: set[int] = set()
    nth: set[tuple[int, int]] = set()
    for item in text.split(","):
        if item.upper() == "L":
            raise RuleError(
                WEEKDAY.path, '"L" alone means Saturday to some and the last day to others', "Write 6, or 5L."
            )
        if found := LAST_WEEKDAY.fullmatch(item):
            nth |= {(-1, _monday_first(number)) for number in numbers_from(found[1], WEEKDAY)}
        elif found := NTH_WEEKDAY.fullmatch(item):
            if not 1 <= int(found[2]) <= 5:
                raise RuleError(WEEKDAY.path, f'"{item}": no month has that one', "Write #1 to #5.")
            nth |= {(int(found[2]), _monday_first(number)) for number in numbers_from(found[1], WEEKDAY)}
        else:
            plain |= {_monday_first(number) for number in numbers_from(item, WEEKDAY)}
    return tuple(sorted(plain)), tuple(sorted(nth))


def _monday_first(number: int) -> int:
    return (number - 1) % 7
