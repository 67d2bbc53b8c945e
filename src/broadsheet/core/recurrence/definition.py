"""The `when:` mapping of a definition file, read and written. Reference: docs/reference/when.md.

Reads what a YAML 1.1 parser makes of the file, traps included: `on` as a key becomes True, and 17:00 without quotes
becomes the number 1020. The first is understood, the second refused with the cure.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.month_definition import pattern_from, pattern_to
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS
from broadsheet.core.recurrence.rule import Rule
from broadsheet.core.recurrence.timing import Timing
from broadsheet.core.recurrence.values import date_at, keys_known, times_at, weekday_at, whole_at
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.words import clock
from broadsheet.core.recurrence.zones import GAPS, OVERLAPS, Gap, Overlap

KEYS = ("every", "on", "at", "zone", "interval", "from", "anchor", "until", "gap", "overlap")
EVERY = ("day", "weekday", "week", "month")
EVERY_SPELLINGS = {
    **{name: name for name in EVERY},
    **{"daily": "day", "days": "day", "weekdays": "weekday", "workday": "weekday", "weekly": "week"},
    **{"weeks": "week", "monthly": "month", "months": "month"},
}


def timing_from(data: Mapping[Any, Any], *, default_zone: str) -> Timing:
    """The timing that a `when:` mapping describes; `default_zone` (IANA) where it names none.

    Raises RuleError with the key path inside the mapping, what is wrong and how to mend it.
    """
    if not isinstance(data, Mapping):
        raise RuleError("", f'"{data}" is not a mapping', 'Write for instance {every: day, at: "08:00"}.')
    given = {("on" if key is True else key): value for key, value in data.items()}
    keys_known(given, KEYS, path="")
    starts = date_at(given, "from")
    return Timing(
        rule=_rule(given, starts=starts),
        times=times_at(given, "at"),
        zone=_text(given, "zone", default_zone),
        gap=cast(Gap, _choice(given, "gap", GAPS)),
        overlap=cast(Overlap, _choice(given, "overlap", OVERLAPS)),
        starts=starts,
        until=date_at(given, "until"),
    )


def timing_to(timing: Timing) -> dict[str, Any]:
    """The mapping that `timing_from` reads back to an equal timing; the zone is always written out.

    Values are strings, whole numbers, dates, lists and mappings of these: ready for YAML. RuleError for a rule that
    has no written form, such as one over a calendar of its own.
    """
    at = [clock(moment) for moment in timing.times]
    written = _rule_to(timing.rule)
    anchor = written.pop("anchor", None)
    written |= {"at": at[0] if len(at) == 1 else at, "zone": timing.zone}
    if timing.starts is not None:
        written["from"] = timing.starts
    if anchor is not None and (anchor != timing.starts or "interval" not in written):
        written["anchor"] = anchor
    if timing.until is not None:
        written["until"] = timing.until
    if timing.gap != GAPS[0]:
        written["gap"] = timing.gap
    if timing.overlap != OVERLAPS[0]:
        written["overlap"] = timing.overlap
    return written


def _rule(given: Mapping[str, Any], *, starts: date | None) -> Rule:
    every = _every(given)
    interval = whole_at(given, "interval", default=1)
    anchor = date_at(given, "anchor") or (starts if interval > 1 else None)
    if every in ("day", "weekday"):
        if given.get("on") is not None:
            raise RuleError("on", f'"every: {every}" takes no "on"', 'Write "every: week" or "every: month" with it.')
        return Daily(interval=interval, weekdays_only=every == "weekday", anchor=anchor)
    if every == "week":
        return Weekly(_weekdays(given.get("on")), interval=interval, anchor=anchor)
    return Monthly(pattern_from(given.get("on")), interval=interval, anchor=anchor)


def _every(given: Mapping[str, Any]) -> str:
    every = given.get("every")
    if every is None:
        raise RuleError("every", "it is missing", f"Write one of: {', '.join(EVERY)}.")
    if every not in EVERY:
        fix = did_you_mean(every, EVERY_SPELLINGS, otherwise=f"Write one of: {', '.join(EVERY)}.")
        raise RuleError("every", f'"{every}" is not known', fix)
    return str(every)


def _weekdays(on: object) -> frozenset[int]:
    if on is None or on == []:
        raise RuleError("on", '"every: week" needs its weekdays', 'Write "on: [mon, thu]".')
    if isinstance(on, Mapping):
        raise RuleError("on", '"every: week" takes weekdays, not a mapping', 'Write "on: [mon, thu]".')
    if not isinstance(on, list | tuple):
        return frozenset({weekday_at(on, path="on")})
    return frozenset(weekday_at(name, path=f"on[{number}]") for number, name in enumerate(on))


def _choice(given: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = given.get(key, choices[0])
    if value not in choices:
        otherwise = f"Write one of: {', '.join(choices)}."
        raise RuleError(
            key, f'"{value}" is not known', did_you_mean(value, {c: c for c in choices}, otherwise=otherwise)
        )
    return str(value)


def _text(given: Mapping[str, Any], key: str, default: str) -> str:
    value = given.get(key, default)
    if not isinstance(value, str):
        raise RuleError(key, f'"{value}" is not text', 'Write an IANA name such as "Europe/London".')
    return value


def _rule_to(rule: Rule) -> dict[str, Any]:
    match rule:
        case Daily(weekdays_only=weekdays_only):
            written: dict[str, Any] = {"every": "weekday" if weekdays_only else "day"}
        case Weekly(weekdays=weekdays):
            written = {"every": "week", "on": [WEEKDAY_KEYS[weekday] for weekday in sorted(weekdays)]}
        case Monthly(on=pattern):
            written = {"every": "month", "on": pattern_to(pattern)}
        case _:
            raise RuleError("every", f"{rule} has no written form", "Keep it in code.")
    if rule.interval > 1:
        written["interval"] = rule.interval
    if rule.anchor is not None:
        written["anchor"] = rule.anchor
    return written
