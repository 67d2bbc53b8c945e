"""One field of a cron expression: lists, ranges, steps and names."""

import re
from dataclasses import dataclass

from broadsheet.core.recurrence.errors import RuleError, did_you_mean

ITEM = re.compile(r"(\*|\?|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/(\d+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may say. names: lower case, with their numbers."""

    name: str
    low: int
    high: int
    names: tuple[tuple[str, int], ...] = ()

    @property
    def path(self) -> str:
        return f"cron.{self.name}"


MONTHS = tuple(
    (name, number)
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
)
WEEKDAYS = tuple((name, number) for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"]))
SECOND = Field("second", 0, 59)
MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
DAY = Field("day", 1, 31)
MONTH = Field("month", 1, 12, MONTHS)
WEEKDAY = Field("weekday", 0, 7, WEEKDAYS)  # Sunday is 0 and 7


def numbers_from(text: str, field: Field) -> set[int]:
    """The numbers of one item: `*`, `5`, `1-5`, `*/15`, `10-50/20`, `5/10` (from 5 to the end). Raises RuleError."""
    found = ITEM.fullmatch(text)
    if not found:
        raise _refused(field, text)
    first, last, step = found[1], found[2], found[3]
    if first in "*?":
        if last is not None or (first == "?" and field.name not in ("day", "weekday")):
            raise _refused(field, text)
        low, high = field.low, 6 if field is WEEKDAY else field.high
    else:
        low = _number(first, field)
        high = _number(last, field, end=True) if last is not None else low
        if last is None and step is not None:
            high = 6 if field is WEEKDAY else field.high
    if high < low:
        fix = f"Write two ranges: {first}-{field.high} and {field.low}-{last}, with a comma."
        raise RuleError(field.path, f'"{text}" runs backwards', fix)
    return set(range(low, high + 1, _step(text, step, field)))


def _step(text: str, step: str | None, field: Field) -> int:
    number = 1 if step is None else int(step)
    if number < 1:
        raise RuleError(field.path, f'"{text}" has a step of 0', "Write 1 or more.")
    if number > field.high:
        unit = {"second": "seconds", "minute": "minutes", "hour": "hours", "day": "days"}.get(field.name)
        instead = f'For a fixed distance write "every: {{{unit}: {number}}}" instead.' if unit else "Write less."
        raise RuleError(field.path, f'"{text}" steps over the whole field and would match once only', instead)
    return number


def _number(text: str, field: Field, *, end: bool = False) -> int:
    names = dict(field.names)
    if text.isdigit() and text.isascii():
        number = int(text)
        if not field.low <= number <= field.high:
            raise RuleError(field.path, f"{number} is out of range", f"Write {field.low} to {field.high}.")
        return number
    if text.lower() in names:
        number = names[text.lower()]
        return 7 if end and field is WEEKDAY and number == 0 else number
    otherwise = f"Write {field.low} to {field.high}{f', or {field.names[0][0]} and so on' if names else ''}."
    fix = did_you_mean(text, {name: name for name in names}, otherwise=otherwise) if names else otherwise
    raise RuleError(field.path, f'"{text}" is not known', fix)


def _refused(field: Field, text: str) -> RuleError:
    return RuleError(
        field.path, f'"{text}" is not understood', "Write numbers, ranges (1-5), steps (*/15) and lists (1,3)."
    )
