"""The `when:` mapping of a definition file, read and written. Reference: docs/reference/when.md.

Reads what a YAML 1.1 parser makes of the file, traps included: `on` as a key becomes True, and 17:00 without quotes
becomes the number 1020. The first is understood, the second refused with the cure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from broadsheet.core.recurrence.calendars import Calendar
from broadsheet.core.recurrence.calendars.events import Events
from broadsheet.core.recurrence.combined import OPERATIONS, Combined, Operation
from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.rrule import RRuleSet
from broadsheet.core.recurrence.rule import AnyRule, has_times
from broadsheet.core.recurrence.rule_definition import KEYS as RULE_KEYS
from broadsheet.core.recurrence.rule_definition import Known, members_at, rule_from, under, with_on
from broadsheet.core.recurrence.rule_written import Names, rule_to
from broadsheet.core.recurrence.timing import Timing
from broadsheet.core.recurrence.values import date_at, keys_known, times_at
from broadsheet.core.recurrence.words import clock
from broadsheet.core.recurrence.zones import GAPS, OVERLAPS, Gap, Overlap

TIMING_KEYS = ("at", "zone", "from", "until", "gap", "overlap")
KEYS = (*RULE_KEYS, *TIMING_KEYS)
RECIPIENT = "recipient"  # the zone of a timing on each recipient's own clock


def timing_from(
    data: Mapping[Any, Any] | Sequence[Mapping[Any, Any]],
    *,
    default_zone: str,
    calendars: Mapping[str, Calendar] | None = None,
    fiscal: Mapping[str, FiscalCalendar] | None = None,
    events: Mapping[str, Events] | None = None,
) -> Timing:
    """The timing that a `when:` mapping describes; `default_zone` (IANA) where it names none.

    A list of mappings is their union. The zone "recipient" is each recipient's own: for whom is not said, the default
    one stands. calendars, fiscal, events: what the names in the mapping stand for.
    Raises RuleError with the key path inside the mapping, what is wrong and how to mend it.
    """
    known = Known(default_zone, calendars or {}, fiscal or {}, events or {})
    if isinstance(data, list | tuple) and data:
        return _timing({"union": list(data)}, known, listed=True)
    if not isinstance(data, Mapping):
        raise RuleError("", f'"{data}" is not a mapping', 'Write for instance {every: day, at: "08:00"}.')
    return _timing(with_on(data), known)


def timing_to(
    timing: Timing,
    *,
    calendars: Mapping[str, Calendar] | None = None,
    fiscal: Mapping[str, FiscalCalendar] | None = None,
) -> dict[str, Any]:
    """The mapping that `timing_from` reads back to an equal timing; the zone is always written out.

    Values are strings, whole numbers, dates, lists and mappings of these: ready for YAML. RuleError for a rule that
    has no written form, such as one over a calendar that `calendars` does not name.
    """
    names = Names(calendars or {}, fiscal or {})
    rule = timing.rule
    if isinstance(rule, Combined):
        written: dict[str, Any] = {
            rule.operation: [timing_to(member, calendars=calendars, fiscal=fiscal) for member in rule.members]
        }
    else:
        written = rule_to(rule, names)
    anchor = written.pop("anchor", None)
    if timing.times:
        at = [clock(moment) for moment in timing.times]
        written["at"] = at[0] if len(at) == 1 else at
    written["zone"] = RECIPIENT if timing.personal else timing.zone
    if timing.starts is not None:
        written["from"] = timing.starts
    if anchor is not None and (anchor != timing.starts or not {"interval", "rrule"} & written.keys()):
        written["anchor"] = anchor
    if timing.until is not None:
        written["until"] = timing.until
    gap, overlap = usual(rule)
    if timing.gap != gap:
        written["gap"] = timing.gap
    if timing.overlap != overlap:
        written["overlap"] = timing.overlap
    return written


def usual(rule: AnyRule) -> tuple[Gap, Overlap]:
    """What a clock change does unless said: cron jobs of every hour or minute run on, all else fires once."""
    inner: Any = None if isinstance(rule, Combined) else rule
    while not hasattr(inner, "keeps_pace") and (hasattr(inner, "rule") or hasattr(inner, "members")):
        inner = inner.rule if hasattr(inner, "rule") else inner.members[0]
    return ("skip", "both") if getattr(inner, "keeps_pace", False) else (GAPS[0], OVERLAPS[0])


def _timing(given: dict[str, Any], known: Known, *, listed: bool = False) -> Timing:
    keys_known(given, KEYS, path="")
    starts = date_at(given, "from")
    zone, personal = _text(given, "zone", known.zone), known.personal and given.get("zone") is None
    if zone == RECIPIENT:
        zone, personal = known.zone, True
        given = {key: value for key, value in given.items() if key != "zone"}
    known = replace(known, zone=zone, personal=personal)
    operation = next((name for name in OPERATIONS if given.get(name) is not None), None)
    if operation is not None and given.get("at") is None:
        members = members_at(given, operation)
        if _are_timings(operation, members):
            return _combined(given, operation, members, known, listed=listed)
    rule = rule_from(given, known, starts=starts)
    if isinstance(rule, RRuleSet) and rule.has_times:
        zone = _rrule_zone(given, rule, known)
    gap, overlap = usual(rule)
    timed = has_times(rule)
    if timed and given.get("at") is not None:
        raise RuleError("at", "the rule has its own times", "Leave at out.")
    return Timing(
        rule=rule,
        times=() if timed else times_at(given, "at"),
        zone=zone,
        gap=cast(Gap, _choice(given, "gap", GAPS, gap)),
        overlap=cast(Overlap, _choice(given, "overlap", OVERLAPS, overlap)),
        starts=starts,
        until=date_at(given, "until"),
        personal=personal,
    )


def _combined(
    given: dict[str, Any], operation: Operation, members: list[dict[str, Any]], known: Known, *, listed: bool
) -> Timing:
    for key in given:
        if key not in (operation, "zone", "from", "until"):
            raise RuleError(key, "it has no effect on rules that have their own times", f"Write {key} in each of them.")
    timings = []
    for number, member in enumerate(members):
        try:
            timings.append(_timing(member, known))
        except RuleError as error:
            raise under(error, f"[{number}]" if listed else f"{operation}[{number}]") from None
    if len(timings) == 1 and set(given) == {operation}:
        return timings[0]
    if len({timing.personal for timing in timings}) > 1:
        message = "some of the rules go by each recipient's own clock, and some do not"
        raise RuleError("zone", message, 'Write "zone: recipient" beside all of them, or in none.')
    zone = known.zone if timings[0].personal else str(given.get("zone", timings[0].zone))
    return Timing(
        Combined(operation, tuple(timings)), (), zone, starts=date_at(given, "from"), until=date_at(given, "until"),
        personal=timings[0].personal,
    )  # fmt: skip


def _is_whole(member: Mapping[str, Any]) -> bool:
    """Whether a member says itself at what time it fires."""
    if any(member.get(key) is not None for key in ("at", "cron", "session")) or isinstance(
        member.get("every"), Mapping
    ):
        return True
    if member.get("rrule") is not None:
        text = str(member["rrule"]).upper()
        return any(
            word in text for word in ("HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND", "DTSTART")
        )
    inner = next((member[name] for name in OPERATIONS if member.get(name) is not None), None)
    if isinstance(inner, list | tuple):
        return all(isinstance(one, Mapping) and _is_whole(with_on(one)) for one in inner)
    dates = member.get("dates")
    first = dates[0] if isinstance(dates, list | tuple) and dates else dates
    return ":" in str(first)


def _are_timings(operation: Operation, members: list[dict[str, Any]]) -> bool:
    """Whether members are whole timings, whose instants are combined; else they are rules of one timing."""
    if any(member.get(key) is not None for member in members for key in TIMING_KEYS):
        return True
    whole = [_is_whole(member) for member in members]
    if operation == "union":
        return any(whole) and (not all(whole) or any(isinstance(member.get("every"), Mapping) for member in members))
    return any(whole[1:])  # with times in the first alone, the others only say on which dates


def _rrule_zone(given: Mapping[str, Any], rule: RRuleSet, known: Known) -> str:
    if known.personal and rule.zone != known.zone:
        fix = "Leave TZID out of DTSTART, or the zone."
        raise RuleError("zone", f'it is each recipient\'s own, but DTSTART says "{rule.zone}"', fix)
    if given.get("zone") not in (None, rule.zone):
        raise RuleError("zone", f'it is "{given["zone"]}", but DTSTART says "{rule.zone}"', "Keep one of the two.")
    return rule.zone


def _choice(given: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str) -> str:
    value = given.get(key, default)
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
