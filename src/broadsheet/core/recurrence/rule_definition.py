"""The part of a `when:` mapping that says which dates (or moments), read. Reference: docs/reference/when.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, cast

from broadsheet.core.recurrence.algebra import Difference, Intersection, Union
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, Convention
from broadsheet.core.recurrence.calendars.events import Events
from broadsheet.core.recurrence.cron import Cron
from broadsheet.core.recurrence.cron.rule import Days
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.every import UNITS, Every
from broadsheet.core.recurrence.fiscal.calendar import FiscalCalendar
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR, FiscalMonths
from broadsheet.core.recurrence.month_definition import pattern_from
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.naming import MONTH_KEYS
from broadsheet.core.recurrence.period_definition import EVERY_PERIOD, months_at, period_rule
from broadsheet.core.recurrence.relative import OnEvents
from broadsheet.core.recurrence.rolled import Rolled, Shifted
from broadsheet.core.recurrence.rrule import Parts, RRule
from broadsheet.core.recurrence.rrule.lines import rule_from as lines_from
from broadsheet.core.recurrence.rule import AnyRule, has_times
from broadsheet.core.recurrence.sessions import EDGES, AtSession
from broadsheet.core.recurrence.values import date_at, dates_at, keys_known, moment_at, weekday_at, whole_at
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.written import Dates, WrittenMoments

KINDS = ("every", "rrule", "cron", "dates", "events", "session", "union", "all_of", "except")
KEYS = (
    *KINDS,
    "on",
    "interval",
    "anchor",
    "months",
    "cron_days",
    "calendar",
    "fiscal",
    "offset",
    "roll",
    "also",
    "not_on",
)
EVERY = ("day", "weekday", "week", "month", *EVERY_PERIOD)
EVERY_SPELLINGS = {
    **{name: name for name in EVERY},
    **{"daily": "day", "days": "day", "weekdays": "weekday", "workday": "weekday", "weekly": "week"},
    **{"weeks": "week", "monthly": "month", "months": "month", "quarterly": "quarter", "quarters": "quarter"},
    **{"yearly": "year", "years": "year", "annually": "year", "halves": "half"},
}
OWN_KEYS = {  # key -> the kinds that it belongs to
    "on": ("every",),
    "interval": ("every",),
    "months": ("every",),
    "fiscal": ("every",),
    "cron_days": ("cron",),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What names in a definition stand for, and the zone where it names none; whether that is each recipient's own."""

    zone: str
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    fiscal: Mapping[str, FiscalCalendar] = field(default_factory=dict)
    events: Mapping[str, Events] = field(default_factory=dict)
    personal: bool = False


def rule_from(given: Mapping[str, Any], known: Known, *, starts: date | None = None) -> AnyRule:
    """The rule that the mapping's keys describe; `starts` is what an interval counts from. Raises RuleError."""
    kind = _kind(given)
    _refuse_stray(given, kind)
    calendar = _calendar(given, known)
    rule = _base(given, kind, known, calendar, starts=starts)
    if given.get("offset") is not None:
        rule = _offset(given["offset"], rule, calendar)
    if given.get("roll") is not None:
        rule = Rolled(rule, calendar, cast(Convention, given["roll"]))
    if given.get("also"):
        more = dates_at(given, "also")
        extra = WrittenMoments(_moments(more, "also")) if has_times(rule) else Dates(_plain(more, "also"))
        rule = Union((rule, extra))
    return Difference((rule, *_without(given["not_on"], known))) if given.get("not_on") else rule


def with_on(data: Mapping[Any, Any]) -> dict[str, Any]:
    """The mapping with the key `on`, which YAML 1.1 reads as True."""
    return {("on" if key is True else key): value for key, value in data.items()}


def members_at(given: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The mappings of `union`, `all_of` or `except`."""
    members = given[kind]
    if not isinstance(members, list | tuple) or not members:
        raise RuleError(kind, "rules are missing", f'Write "{kind}: [{{every: day}}, {{every: week, on: mon}}]".')
    for number, member in enumerate(members):
        if not isinstance(member, Mapping):
            raise RuleError(f"{kind}[{number}]", f'"{member}" is not a mapping', "Write for instance {every: day}.")
    return [with_on(member) for member in members]


def _kind(given: Mapping[str, Any]) -> str:
    kinds = [kind for kind in KINDS if given.get(kind) is not None]
    if not kinds:
        raise RuleError("every", "it is missing", f"Write one of: {', '.join(EVERY)}.")
    if len(kinds) > 1:
        raise RuleError(kinds[1], f'it cannot stand beside "{kinds[0]}"', 'Keep one, or write "union: [{…}, {…}]".')
    return kinds[0]


def _refuse_stray(given: Mapping[str, Any], kind: str) -> None:
    for key, kinds in OWN_KEYS.items():
        if given.get(key) is not None and kind not in kinds:
            raise RuleError(key, f'it has no effect beside "{kind}"', f"Leave {key} out.")


def _base(given: Mapping[str, Any], kind: str, known: Known, calendar: Calendar, *, starts: date | None) -> AnyRule:
    if kind == "every":
        return _every(given, known, calendar, starts=starts)
    if kind == "rrule":
        return _rrule(given, known, starts=starts)
    if kind == "cron":
        return Cron(_text(given, "cron"), cast(Days, given.get("cron_days", "either")))
    if kind == "dates":
        dates = dates_at(given, "dates")
        timed = any(isinstance(one, datetime) for one in dates)
        return WrittenMoments(_moments(dates, "dates")) if timed else Dates(_plain(dates, "dates"))
    if kind == "session":
        return _session(given["session"], calendar)
    if kind == "events":
        return OnEvents(named(given["events"], known.events, path="events", what="list of events"))
    members = []
    for number, member in enumerate(members_at(given, kind)):
        try:
            keys_known(member, KEYS, path="")
            members.append(rule_from(member, known))
        except RuleError as error:
            raise under(error, f"{kind}[{number}]") from None
    if kind == "union" and len(members) == 1:
        return members[0]
    if kind == "union":
        return Union(tuple(members))
    return Intersection(tuple(members)) if kind == "all_of" else Difference(tuple(members))


def _session(value: object, calendar: Calendar) -> AtSession:
    """session: {close: -15}."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise RuleError(
            "session", f'"{value}" is not a time of a session', "Write {open: 30} or {close: -15}, in minutes."
        )
    keys_known(value, EDGES, path="session")
    edge = next(iter(value))
    return AtSession(calendar, edge, whole_at(value, edge, under="session"))


def _every(given: Mapping[str, Any], known: Known, calendar: Calendar, *, starts: date | None) -> AnyRule:
    if isinstance(given["every"], Mapping):
        return _distance(given, starts=starts)
    every = given["every"]
    if every not in EVERY:
        fix = did_you_mean(every, EVERY_SPELLINGS, otherwise=f"Write one of: {', '.join(EVERY)}.")
        raise RuleError("every", f'"{every}" is not known', fix)
    interval = whole_at(given, "interval", default=1)
    anchor = date_at(given, "anchor") or (starts if interval > 1 else None)
    on = given.get("on")
    if every in EVERY_PERIOD or given.get("months") is not None:
        fiscal = _fiscal(given, known)
        return period_rule(every, on, months_at(given), calendar, fiscal, interval=interval, anchor=anchor)
    if given.get("fiscal") is not None:
        raise RuleError(
            "fiscal", f'it has no effect on "every: {every}"', 'Write "every: quarter", "period" or "year".'
        )
    if every in ("day", "weekday"):
        if on is not None:
            raise RuleError("on", f'"every: {every}" takes no "on"', 'Write "every: week" or "every: month" with it.')
        return Daily(interval=interval, weekdays_only=every == "weekday", anchor=anchor)
    if every == "week":
        return Weekly(_weekdays(on), interval=interval, anchor=anchor)
    return Monthly(pattern_from(on, calendar), interval=interval, anchor=anchor)


def _distance(given: Mapping[str, Any], *, starts: date | None) -> Every:
    """every: {minutes: 90}."""
    parts = given["every"]
    sizes = {"days": 86_400, **dict(UNITS)}
    keys_known(parts, tuple(sizes), path="every")
    for key in ("on", "interval", "months", "fiscal"):
        if given.get(key) is not None:
            raise RuleError(key, "it has no effect on a fixed distance", f"Leave {key} out.")
    seconds = sum(whole_at(parts, unit, under="every") * sizes[unit] for unit in parts)
    anchor = moment_at(given, "anchor") or (datetime.combine(starts, time()) if starts else None)
    if anchor is None:
        fix = 'Add "anchor: 2026-01-05 08:00", a local time that is one of them, or "from".'
        raise RuleError("anchor", "a fixed distance needs a time to count from", fix)
    return Every(seconds, anchor)


def _rrule(given: Mapping[str, Any], known: Known, *, starts: date | None) -> AnyRule:
    value = given["rrule"]
    text = "\n".join(map(str, value)) if isinstance(value, list | tuple) else _text(given, "rrule")
    zone = str(given.get("zone", known.zone))
    found = lines_from(text, default_zone=zone)
    if not isinstance(found, Parts):
        if given.get("anchor") is not None:
            raise RuleError("anchor", "it has no effect beside DTSTART", "Leave anchor out.")
        return found
    anchors = dates_at(given, "anchor")
    return RRule(found, anchors[0] if anchors else starts, zone if _is_utc(found.until) else "UTC")


def _is_utc(until: date | datetime | None) -> bool:
    return isinstance(until, datetime) and until.tzinfo is not None


def _offset(value: object, rule: AnyRule, calendar: Calendar) -> Shifted:
    if not isinstance(value, Mapping) or len(value) != 1:
        raise RuleError("offset", f'"{value}" is not an offset', "Write {days: -2} or {business_days: 2}.")
    keys_known(value, ("days", "business_days"), path="offset")
    unit = next(iter(value))
    return Shifted(rule, whole_at(value, unit, under="offset"), calendar if unit == "business_days" else None)


def _without(value: object, known: Known) -> list[AnyRule]:
    """`not_on`: dates, rules of dates, or both."""
    items = list(value) if isinstance(value, list | tuple) else [value]
    dates = _plain(dates_at({"not_on": [one for one in items if not isinstance(one, Mapping)]}, "not_on"), "not_on")
    rules: list[AnyRule] = [Dates(dates)] if dates else []
    for number, item in enumerate(items):
        if isinstance(item, Mapping):
            try:
                keys_known(member := with_on(item), KEYS, path="")
                rules.append(rule_from(member, known))
            except RuleError as error:
                raise under(error, f"not_on[{number}]") from None
    return rules


def _calendar(given: Mapping[str, Any], known: Known) -> Calendar:
    if given.get("calendar") is None:
        return MONDAY_TO_FRIDAY
    on, offset = given.get("on"), given.get("offset")
    counted = (isinstance(on, Mapping) and "business_day" in on) or (
        isinstance(offset, Mapping) and "business_days" in offset
    )
    if not counted and given.get("roll") is None and given.get("session") is None:
        raise RuleError("calendar", "it has no effect: nothing here asks for business days", 'Add "roll: following".')
    found: Calendar = named(given["calendar"], known.calendars, path="calendar", what="calendar")
    return found


def _fiscal(given: Mapping[str, Any], known: Known) -> FiscalCalendar:
    value = given.get("fiscal")
    if value is None:
        return CALENDAR_YEAR
    if isinstance(value, str) and value.strip().lower()[:3] in MONTH_KEYS and value not in known.fiscal:
        return FiscalMonths(MONTH_KEYS.index(value.strip().lower()[:3]) + 1)
    found: FiscalCalendar = named(value, known.fiscal, path="fiscal", what="fiscal calendar")
    return found


def named(value: object, known: Mapping[str, Any], *, path: str, what: str) -> Any:
    """What a name stands for. RuleError with the nearest one when there is none."""
    if isinstance(value, str) and value in known:
        return known[value]
    names = sorted(known)  # it may know more than it lists: countries are calendars without being made
    otherwise = f"Known are: {', '.join(names)}." if names else f"There is no {what} yet: make one first."
    raise RuleError(
        path, f'there is no {what} "{value}"', did_you_mean(value, {k: k for k in known}, otherwise=otherwise)
    )


def under(error: RuleError, path: str) -> RuleError:
    """The same refusal, with its place inside of `path`."""
    return RuleError(f"{path}.{error.path}" if error.path else path, error.message, error.fix)


def _weekdays(on: object) -> frozenset[int]:
    if on is None or on == []:
        raise RuleError("on", '"every: week" needs its weekdays', 'Write "on: [mon, thu]".')
    if isinstance(on, Mapping):
        raise RuleError("on", '"every: week" takes weekdays, not a mapping', 'Write "on: [mon, thu]".')
    if not isinstance(on, list | tuple):
        return frozenset({weekday_at(on, path="on")})
    return frozenset(weekday_at(name, path=f"on[{number}]") for number, name in enumerate(on))


def _plain(values: list[date], path: str) -> tuple[date, ...]:
    for value in values:
        if isinstance(value, datetime):
            raise RuleError(path, f"{value} has a time of day, others have none", "Write dates, and the time as at.")
    return tuple(values)


def _moments(values: list[date], path: str) -> tuple[datetime, ...]:
    for value in values:
        if not isinstance(value, datetime):
            raise RuleError(path, f"{value} has no time of day", f'Write "{value} 08:00".')
    return tuple(value for value in values if isinstance(value, datetime))


def _text(given: Mapping[str, Any], key: str) -> str:
    value = given[key]
    if not isinstance(value, str) or not value.strip():
        example = "0 8 * * 1-5" if key == "cron" else "FREQ=MONTHLY;BYDAY=-1FR"
        raise RuleError(key, f'"{value}" is not text', f'Write it in quotes, such as "{example}".')
    return value
