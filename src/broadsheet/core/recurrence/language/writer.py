"""From a `when:` mapping to plain English that `parse` reads back to an equal mapping."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.core.recurrence.definition import timing_to
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.language.vocabulary import (
    CRON_DAYS,
    DEFAULT_FISCAL,
    GAPS,
    JOINED_BY,
    OVERLAPS,
    OWN_CLOCKS,
    ROLLS,
    SHORTS,
    is_free,
)
from broadsheet.core.recurrence.naming import MONTH_KEYS, MONTHS, WEEKDAY_KEYS, WEEKDAYS, listed, ordinal, position
from broadsheet.core.recurrence.timing import Timing

PLAIN_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
PLAIN_ZONE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+")
UNITS = {"period": "fiscal month", "month": "month", "quarter": "quarter", "half": "half", "year": "year"}
BASE = {"every", "on", "interval", "months", "fiscal", "rrule", "cron", "dates", "events", "session"}


def write(
    rule: Timing | Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    calendars: Mapping[str, Any] | None = None,
    fiscal: Mapping[str, Any] | None = None,
) -> str:
    """The sentence for a timing, or for a mapping as `timing_to` gives it.

    calendars, fiscal: what names stand for, for a timing that uses any. Raises RuleError for what has no words.
    """
    if isinstance(rule, Timing):
        rule = timing_to(rule, calendars=calendars, fiscal=fiscal)
    return _whole(rule if isinstance(rule, Mapping) else {"union": list(rule)})


def _whole(rule: Mapping[str, Any]) -> str:
    dates = _dates(rule)
    asides = list(filter(None, _asides(rule)))
    tail = " ".join(filter(None, [_at(rule), _zone(rule)]))
    limits = [f"{word} {rule[word]}" for word in ("from", "until") if rule.get(word) is not None]
    clocks = [
        _phrase(phrases, rule[key], key) for key, phrases in (("gap", GAPS), ("overlap", OVERLAPS)) if key in rule
    ]
    if asides and asides[0].startswith("on "):
        dates = f"{dates} {asides.pop(0)}"
    timed = not asides and "at" in rule
    begin = [f"{dates} {tail}"] if timed else [dates, *asides, *([tail] if tail else [])]
    return ", ".join([*begin, *limits, *clocks])


def _dates(rule: Mapping[str, Any]) -> str:
    said = _joined_or_base(rule)
    if "offset" not in rule:
        return said
    [(unit, days)] = rule["offset"].items()
    noun = "business day" if unit == "business_days" else "day"
    side = f"{abs(days)} {noun}{'' if abs(days) == 1 else 's'} {'before' if days < 0 else 'after'}"
    joint = any(key in rule for key in JOINED_BY)
    inner = said if not joint or (said.startswith("(") and len(rule[_joint(rule)]) == 1) else f"({said})"
    return f"{side} {inner.removeprefix('on ')}"


def _joint(rule: Mapping[str, Any]) -> str:
    return next((key for key in JOINED_BY if key in rule), "")


def _joined_or_base(rule: Mapping[str, Any]) -> str:
    joint = _joint(rule)
    if not joint:
        return _base(rule)
    members = list(rule[joint])
    if joint == "union" and len(members) > 1 and (said := _several_positions(members)):
        return said
    if len(members) == 1:
        return f"({_whole(members[0])})"
    return f" {JOINED_BY[joint]} ".join(_whole(one) if _is_bare(one) else f"({_whole(one)})" for one in members)


def _is_bare(rule: Mapping[str, Any]) -> bool:
    """Whether nothing is said behind the dates, so that a joiner may follow."""
    on = rule.get("on")
    return set(rule) <= BASE and not (isinstance(on, Mapping) and "short" in on)


def _several_positions(members: list[Mapping[str, Any]]) -> str:
    """ "on the 1st and 15th of every month": days of one kind of month, said together."""
    firsts = [{key: value for key, value in one.items() if key != "on"} for one in members]
    plain = all(set(one) <= BASE - {"dates"} and isinstance(one.get("on"), Mapping) for one in members)
    if not plain or any(one != firsts[0] for one in firsts) or firsts[0].get("every") == "week":
        return ""
    days = [one["on"] for one in members]
    if any(set(on) != {"day"} or on["day"] < 1 for on in days):
        return ""
    return f"on the {listed([ordinal(on['day']) for on in days])} {_of(members[0])}"


def _base(rule: Mapping[str, Any]) -> str:
    for key in ("cron", "rrule"):
        if key in rule:
            return f"{key} {_quoted(str(rule[key]))}"
    if "dates" in rule:
        return f"on {listed([str(day) for day in rule['dates']])}"
    if "events" in rule:
        name = rule["events"]
        return f"each {name if PLAIN_NAME.fullmatch(name) and is_free(name) else _quoted(name)}"
    if "session" in rule:
        [(edge, minutes)] = rule["session"].items()
        if not minutes:
            return f"at the {edge}"
        return (
            f"{abs(minutes)} minute{'' if abs(minutes) == 1 else 's'} {'before' if minutes < 0 else 'after'} the {edge}"
        )
    return _every(rule)


def _every(rule: Mapping[str, Any]) -> str:
    every, interval = rule.get("every"), rule.get("interval", 1)
    if isinstance(every, Mapping):
        parts = [(number, unit) for unit, number in every.items()]
        if parts[0][0] == 1 and len(parts) == 1:
            return f"every {parts[0][1][:-1]}"
        return f"every {' '.join(f'{number} {unit}' for number, unit in parts)}"
    if every in ("day", "weekday"):
        if rule.get("roll") == "skip" and _base_says_business(rule):
            return "every business day"
        return f"every {every}" if interval == 1 else f"every {interval} {every}s"
    if every == "week":
        on = rule["on"] if isinstance(rule["on"], list | tuple) else [rule["on"]]
        days = listed([WEEKDAYS[WEEKDAY_KEYS.index(day)] for day in on])
        return f"every {days}" if interval == 1 else f"every {interval} weeks on {days}"
    if every in UNITS:
        return f"on the {_position(rule['on'], rule)} {_of(rule)}"
    raise RuleError("every", f'"{every}" has no words', "Write it as a mapping.")


def _position(on: Any, rule: Mapping[str, Any]) -> str:
    on = on if isinstance(on, Mapping) else {"day": on}
    if "business_day" in on:
        return f"{position(on['business_day'])} business day"
    if "nth" in on:
        return f"{position(on['nth'])} {WEEKDAYS[WEEKDAY_KEYS.index(on['weekday'])]}"
    return ordinal(on["day"]) if on["day"] > 0 else f"{position(on['day'])} day"


def _of(rule: Mapping[str, Any]) -> str:
    interval = rule.get("interval", 1)
    if "months" in rule:
        names = listed([MONTHS[MONTH_KEYS.index(month)] for month in rule["months"]])
        return f"of {names}" if interval == 1 else f"of {names} of every {interval} years"
    unit = UNITS[rule["every"]]
    if "fiscal" in rule and rule["every"] != "period":
        unit = f"fiscal {unit}"
    elif rule["every"] == "period" and "fiscal" not in rule:
        unit = "period"
    name = rule.get("fiscal", DEFAULT_FISCAL)
    plural = "s" if interval > 1 else ""
    plural = plural if not unit.endswith("half") or not plural else "-years"
    by = "" if name == DEFAULT_FISCAL else f" by {_name(_month(name))}"
    return f"of every {f'{interval} ' if interval > 1 else ''}{unit}{plural}{by}"


def _month(name: str) -> str:
    return MONTHS[MONTH_KEYS.index(name)].lower() if name in MONTH_KEYS else name


def _asides(rule: Mapping[str, Any]) -> list[str]:
    anchor, on = rule.get("anchor"), rule.get("on")
    firsts = [one.get("on") for one in rule.get("union", ())]
    shorts = {one["short"] for one in (on, *firsts) if isinstance(one, Mapping) and "short" in one}
    return [
        "" if anchor is None else f"counted from {anchor}",
        *(_phrase(SHORTS, short, "short") for short in shorts if isinstance(on, Mapping)),
        _phrase(CRON_DAYS, rule["cron_days"], "cron_days") if "cron_days" in rule else "",
        _roll(rule),
        f"plus {listed([str(day) for day in rule['also']])}" if rule.get("also") else "",
        f"except {listed([_left_out(one) for one in rule['not_on']])}" if rule.get("not_on") else "",
    ]


def _left_out(one: Any) -> str:
    return f"({_whole(one)})" if isinstance(one, Mapping) else str(one)


def _roll(rule: Mapping[str, Any]) -> str:
    roll, calendar = rule.get("roll"), rule.get("calendar")
    days = f"on {_name(calendar)} days" if calendar is not None else ""
    if roll is None or (roll == "skip" and _base_says_business(rule)):
        return days
    if roll == "skip":
        return f"only {days or 'on business days'}"
    return f"{_phrase(ROLLS, roll, 'roll')} {days}".rstrip()


def _base_says_business(rule: Mapping[str, Any]) -> bool:
    return rule.get("every") == "day" and rule.get("interval", 1) == 1 and "offset" not in rule


def _at(rule: Mapping[str, Any]) -> str:
    at = rule.get("at")
    if at is None:
        return ""
    return f"at {listed(list(at)) if isinstance(at, list | tuple) else at}"


def _zone(rule: Mapping[str, Any]) -> str:
    zone = rule.get("zone")
    if zone is None or zone == "UTC":
        return zone or ""
    if zone == "recipient":
        return OWN_CLOCKS[0]
    return zone if PLAIN_ZONE.fullmatch(zone) else f"in {_quoted(zone)}"


def _name(name: str) -> str:
    return name if PLAIN_NAME.fullmatch(name) and name != "business" else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _phrase(phrases: Mapping[str, str], meaning: Any, key: str) -> str:
    found = next((phrase for phrase, one in phrases.items() if one == meaning), None)
    if found is None:
        raise RuleError(key, f'"{meaning}" has no words', "Write it as a mapping.")
    return found
