"""A rule's mapping as the parts of the form, where they can show it; else it is kept as it is.

A part that is not of the rule's kind stands at what is usual, for whoever presses another kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from broadsheet.core.recurrence import RuleError, timing_from
from broadsheet.core.recurrence.naming import MONTH_KEYS, WEEKDAY_KEYS
from broadsheet.core.recurrence.period_definition import MONTH_SPELLINGS
from broadsheet.core.recurrence.values import WEEKDAY_SPELLINGS
from broadsheet.schedules.calendars import any_names

from .days import date_words, list_words, moment_words, times_words
from .parts import CYCLES, KEPT, MANY, OWN_TIMES, PLACED, RECIPIENT, When, when_from

Fields = dict[str, str | list[str]]
NAMING = ("calendar", "fiscal", "events")  # keys whose values are names: what they stand for is not looked at here
USUAL: Fields = {
    "every": "week", "interval": "1", "days": [], "nth": "1", "what": "day", "side": "end", "short": "clamp",
    "months": [], "fiscal": "", "each": "90", "unit": "minutes", "dates": "", "events": "", "minutes": "15",
    "edge": "before-close", "rrule": "", "cron": "", "cron_days": "either", "offset": "", "offset_unit": "business_days",
    "offset_side": "before", "calendar": "", "roll": "", "also": "", "not_on": "", "at": "08:00", "clock": "zone",
    "zone": "", "starts": "", "until": "", "anchor": "", "jump": "", "repeat": "",
}  # fmt: skip


def fields_of(when: Any, *, zone: str) -> Fields:
    """Every part of the form for the rule *when*; the kind is `kept` where parts cannot say it. *zone*: where it names none."""
    try:
        shown = _shown(when, zone=zone)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        shown = None  # another shape than any that the parts have
    if shown is not None and same(when, _read_back(shown), zone=zone):
        return shown
    return {**USUAL, "every": KEPT, "zone": zone}


def filled(shown: Fields) -> QueryDict:
    """The same as a browser would send it."""
    post = QueryDict(mutable=True)
    for name, value in shown.items():
        if name in MANY:
            post.setlist(name, list(value))
        else:
            post[name] = str(value)
    return post


def plain(value: Any) -> Any:
    """A mapping of words alone, as JSON keeps it."""
    if isinstance(value, Mapping):
        return {("on" if key is True else str(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return value.isoformat() if isinstance(value, date) else value


def same(one: Any, other: Any, *, zone: str) -> bool:
    """Whether two rules mean the same, by calendars of the same names."""
    if _named(one) != _named(other):
        return False
    try:
        return timing_from(one, default_zone=zone, **any_names()) == timing_from(
            other, default_zone=zone, **any_names()
        )
    except RuleError:
        return bool(plain(one) == plain(other))


def is_rule(when: Any, *, zone: str) -> bool:
    """Whether the mapping is whole, whatever calendars there are."""
    try:
        timing_from(when, default_zone=zone, **any_names())
    except RuleError:
        return False
    return True


def _named(value: Any) -> list[str]:
    """What the rule names, in order; a fiscal year's month is one however it is spelled."""
    if isinstance(value, list | tuple):
        return [name for one in value for name in _named(one)]
    if not isinstance(value, Mapping):
        return []
    own = [_fiscal(value[key]) if key == "fiscal" else str(value[key]).lower() for key in NAMING if value.get(key)]
    return own + [name for one in value.values() for name in _named(one)]


def _read_back(shown: Fields) -> When:
    return when_from(filled(shown), defaultdict(list))


def _shown(when: Mapping[str, Any], *, zone: str) -> Fields | None:
    kind, one = _kind(when)
    if not kind:
        return None
    personal = when.get("zone") == RECIPIENT
    own_zone = "" if "DTSTART" in str(when.get("rrule", "")).upper() else zone
    timed = "08:00" if kind in OWN_TIMES else times_words(when.get("at"))
    return {
        **USUAL,
        "every": kind,
        **_details(kind, one),
        **_shift(when),
        "calendar": str(when.get("calendar") or one.get("calendar") or ""),
        "roll": str(when.get("roll") or ""),
        "also": list_words(when.get("also")),
        "not_on": list_words(when.get("not_on")),
        "at": timed,
        "clock": RECIPIENT if personal else "zone",
        "zone": zone if personal else str(when.get("zone") or own_zone),
        "starts": date_words(when.get("from")),
        "until": date_words(when.get("until")),
        "anchor": moment_words(when.get("anchor") or one.get("anchor")),
        "jump": str(when.get("gap") or ""),
        "repeat": str(when.get("overlap") or ""),
    }


def _kind(when: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The kind of parts, and the mapping that has what is of that kind; "" for a rule without."""
    for kind in ("dates", "session", "events", "rrule", "cron"):
        if when.get(kind) is not None:
            return kind, when
    every = when.get("every")
    if isinstance(every, Mapping):
        return ("distance" if len(every) == 1 else ""), when
    if every in CYCLES:
        return str(every), when
    members = when.get("union") or []
    bare = [{key: value for key, value in one.items() if key != "on"} for one in members]
    if len(members) > 1 and bare[0].get("every") in PLACED and all(one == bare[0] for one in bare):
        ons = [one["on"] for one in members]
        return str(bare[0]["every"]), {**bare[0], "on": ons}
    return "", when


def _details(kind: str, one: Mapping[str, Any]) -> Fields:
    on = one.get("on")
    match kind:
        case "week":
            days = on if isinstance(on, list | tuple) else [on]
            keys = {WEEKDAY_SPELLINGS[str(day).strip().lower()] for day in days}
            return {**_interval(one), "days": [day for day in WEEKDAY_KEYS if day in keys]}
        case "distance":
            [(unit, number)] = one["every"].items()
            return {"each": str(number), "unit": str(unit)}
        case "dates":
            return {"dates": list_words(one["dates"], between="\n")}
        case "session":
            [(edge, minutes)] = one["session"].items()
            return {"minutes": str(abs(minutes)), "edge": f"{'after' if minutes > 0 else 'before'}-{edge}"}
        case "events" | "rrule" | "cron":
            text = one[kind]
            lines = "\n".join(map(str, text)) if isinstance(text, list | tuple) else str(text).strip()
            return {kind: lines, "cron_days": str(one.get("cron_days") or "either")}
        case "day" | "weekday":
            return _interval(one)
    months = one.get("months") or []
    months = months if isinstance(months, list | tuple) else [months]
    keys = {MONTH_KEYS[m - 1] if isinstance(m, int) else MONTH_SPELLINGS[m.strip().lower()] for m in months}
    return {
        **_interval(one),
        "months": [month for month in MONTH_KEYS if month in keys],
        "fiscal": _fiscal(one.get("fiscal")),
        **_place(on if isinstance(on, list) else [on], months=kind == "month" or bool(months)),
    }


def _fiscal(value: Any) -> str:
    text = str(value or "")
    return MONTH_SPELLINGS.get(text.strip().lower(), text)


def _interval(one: Mapping[str, Any]) -> Fields:
    return {"interval": str(one.get("interval", 1))}


def _place(ons: list[Any], *, months: bool) -> Fields:
    """The days counted, what is counted and from which side; KeyError where the places differ in more than their number."""
    found = [_counted(on, months=months) for on in ons]
    what, side, short = found[0][1:]
    if any(one[1:] != found[0][1:] for one in found):
        raise KeyError("places of several kinds")
    return {"nth": ", ".join(str(one[0]) for one in found), "what": what, "side": side, "short": short}


def _counted(on: Any, *, months: bool) -> tuple[int, str, str, str]:
    on = on if isinstance(on, Mapping) else {"day": on}
    short = str(on.get("short", "clamp"))
    if "business_day" in on:
        number, what = on["business_day"], "business_day"
    elif "nth" in on:
        number, what = on["nth"], WEEKDAY_SPELLINGS[str(on["weekday"]).strip().lower()]
    else:
        number, what = on["day"], "day"
        if months and number == 31 and short == "clamp":
            number = -1
    return abs(number), what, "end" if number < 0 else "start", short


def _shift(when: Mapping[str, Any]) -> Fields:
    if not when.get("offset"):
        return {}
    [(unit, number)] = when["offset"].items()
    return {
        "offset": str(abs(number)),
        "offset_unit": str(unit),
        "offset_side": "before" if number < 0 else "after",
    }
