"""Single values out of a definition's mapping, each refused with its path and its cure."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any

from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS, WEEKDAYS

WEEKDAY_SPELLINGS = {
    **{key: key for key in WEEKDAY_KEYS},
    **{name.lower(): key for name, key in zip(WEEKDAYS, WEEKDAY_KEYS, strict=True)},
}
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
HIGHEST_SEXAGESIMAL = 24 * 3600


def keys_known(given: Mapping[Any, Any], known: Collection[str], *, path: str) -> None:
    """Refuse a key that is not in `known`."""
    for key in given:
        if key not in known:
            fix = did_you_mean(key, {k: k for k in known}, otherwise=f"Keys are: {', '.join(known)}.")
            raise RuleError(f"{path}.{key}" if path else str(key), "there is no such key", fix)


def whole_at(given: Mapping[Any, Any], key: str, *, under: str = "", default: int | None = None) -> int:
    """A whole number; `default` where the key is missing."""
    value = given.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        path = f"{under}.{key}" if under else key
        raise RuleError(path, f'"{value}" is not a whole number', "Write a number such as 2, without quotes.")
    return value


def date_at(given: Mapping[Any, Any], key: str) -> date | None:
    """A local date, from a YAML date or ISO text; None where the key is missing or empty."""
    value = given.get(key)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass  # refused below, as everything else that is no date
    raise RuleError(key, f'"{value}" is not a date', "Write year-month-day, such as 2026-01-05.")


def moment_at(given: Mapping[Any, Any], key: str) -> datetime | None:
    """A local time from a YAML time or ISO text; a date is its midnight. None where the key is missing or empty."""
    value = given.get(key)
    if value is None:
        return None
    found = _stamp(value, path=key)
    return found if isinstance(found, datetime) else datetime.combine(found, time())


def dates_at(given: Mapping[Any, Any], key: str) -> list[date]:
    """Local dates or local times (naive datetimes), one or a list of them, in the order given."""
    value = given.get(key)
    if isinstance(value, list | tuple):
        return [_stamp(item, path=f"{key}[{number}]") for number, item in enumerate(value)]
    return [] if value is None else [_stamp(value, path=key)]


def _stamp(value: object, *, path: str) -> date:
    """A date or naive datetime."""
    try:
        found = value
        if isinstance(value, str):
            found = date.fromisoformat(value) if len(value.strip()) == 10 else datetime.fromisoformat(value.strip())
    except ValueError:
        found = None
    if not isinstance(found, date):
        raise RuleError(path, f'"{value}" is not a date', 'Write 2026-01-05, or "2026-01-05 08:00".')
    if isinstance(found, datetime) and (found.tzinfo is not None or found.microsecond):
        raise RuleError(
            path, f'"{value}" has a zone or parts of seconds', 'Write local time, such as "2026-01-05 08:00".'
        )
    return found


def times_at(given: Mapping[Any, Any], key: str) -> tuple[time, ...]:
    """One or more times of day."""
    value = given.get(key)
    if value is None or value == []:
        raise RuleError(key, "no time of day is given", 'Write at: "08:00".')
    if isinstance(value, list | tuple):
        return tuple(_time(item, path=f"{key}[{number}]") for number, item in enumerate(value))
    return (_time(value, path=key),)


def weekday_at(value: object, *, path: str) -> int:
    """A weekday by its English name, whole or three letters; 0 = Monday."""
    if isinstance(value, str) and (name := WEEKDAY_SPELLINGS.get(value.strip().lower())):
        return WEEKDAY_KEYS.index(name)
    fix = did_you_mean(value, WEEKDAY_SPELLINGS, otherwise=f"Write one of: {', '.join(WEEKDAY_KEYS)}.")
    problem = "the weekday is missing" if value is None else f'"{value}" is not a weekday'
    raise RuleError(path, problem, fix)


def _time(value: object, *, path: str) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and (found := CLOCK.fullmatch(value.strip())):
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second)
    raise RuleError(path, f'"{value}" is not a time of day', f'Write it in quotes, as "{_guess(value)}".')


def _guess(value: object) -> str:
    """What was probably meant: YAML 1.1 reads 17:00 without quotes as 17 × 60 = 1020."""
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value < HIGHEST_SEXAGESIMAL:
        minutes = value if value < 24 * 60 else value // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return "08:00"
