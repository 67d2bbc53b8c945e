"""From the parts that were pressed and typed to the `when:` mapping. `showing` goes the other way.

Only words become values here: which mapping makes sense is `core.recurrence`'s business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from broadsheet.core.recurrence.naming import MONTH_KEYS, WEEKDAY_KEYS

from .days import Unreadable, date_from, list_from, moment_from, times_from
from .numbers import Errors, places, whole

When = dict[str, Any]
KEPT = "kept"  # the kind of a rule that has more to it than parts
PLACED = ("month", "quarter", "half", "year", "period")  # kinds that need a day in them
CYCLES = ("day", "weekday", "week", *PLACED)
OWN_TIMES = ("distance", "session", "cron")  # kinds whose times of day are their own
RECIPIENT = "recipient"  # the zone that means each recipient's own clock
MANY = ("days", "months")  # fields of which several may be pressed
FIELDS = (
    "every", "interval", "days", "nth", "what", "side", "short", "months", "fiscal", "each", "unit", "dates", "events",
    "minutes", "edge", "rrule", "cron", "cron_days", "offset", "offset_unit", "offset_side", "calendar", "roll", "also",
    "not_on", "at", "clock", "zone", "starts", "until", "anchor", "jump", "repeat",
)  # fmt: skip


def when_from(post: QueryDict, errors: Errors) -> When:
    """The mapping; what cannot be read goes into *errors* by field. The kind `kept` has no mapping of its own."""
    kind = post.get("every", "week")
    when = KINDS.get(kind, _cycle)(post, kind, errors)
    _offset(when, post, errors)
    for key, field in (("roll", "roll"), ("gap", "jump"), ("overlap", "repeat")):
        _set(when, key, post.get(field, ""))
    if kind in PLACED or {"offset", "roll", "session"} & when.keys() or post.get("calendar", "").strip():
        _calendar(when, post)
    for key in ("also", "not_on"):
        _set(when, key, _read(list_from, post, key, errors))
    if kind not in OWN_TIMES and (post.get("at", "").strip() or kind not in ("dates", "rrule")):
        when["at"] = times_from(post.get("at", ""))
    _set(when, "zone", RECIPIENT if post.get("clock") == RECIPIENT else post.get("zone", "").strip())
    for key, field in (("from", "starts"), ("until", "until")):
        day = _read(date_from, post, field, errors)
        _set(when, key, day.isoformat() if day else "")
    counted = [one for one in (when, *when.get("union", ())) if "interval" in one]
    for one in [when] if kind in ("distance", "rrule") else counted:
        _set(one, "anchor", _read(moment_from, post, "anchor", errors) or (when.get("from") if one is not when else ""))
    return when


def _cycle(post: QueryDict, kind: str, errors: Errors) -> When:
    when: When = {"every": kind}
    interval = whole(post, "interval", errors, default=1)
    if interval != 1:
        when["interval"] = interval
    if kind == "week":
        when["on"] = [day for day in WEEKDAY_KEYS if day in post.getlist("days")]
    elif kind in PLACED:
        months = [month for month in MONTH_KEYS if month in post.getlist("months")] if kind in ("month", "year") else []
        _set(when, "months", months)
        if kind not in ("month",) and not months:
            _set(when, "fiscal", post.get("fiscal", ""))
        return _placed(when, post, months=kind == "month" or bool(months), errors=errors)
    return when


def _placed(when: When, post: QueryDict, *, months: bool, errors: Errors) -> When:
    """With the day of the month or period; several are a union of rules that differ in nothing else."""
    what, sign = post.get("what", "day"), -1 if post.get("side") == "end" else 1
    found = []
    for nth in places(post, "nth", errors):
        on: dict[str, Any] = {"nth": sign * nth, "weekday": what}
        if what == "day":
            on = {"day": 31 if months and sign * nth == -1 else sign * nth}
            if months and sign > 0 and post.get("short", "clamp") != "clamp":
                on["short"] = post["short"]
        elif what == "business_day":
            on = {"business_day": sign * nth}
        found.append({**when, "on": on})
    if len(found) == 1:
        return found[0]
    if what == "business_day":
        for one in found:
            _calendar(one, post)
    return {"union": found}


def _distance(post: QueryDict, _kind: str, errors: Errors) -> When:
    return {"every": {post.get("unit", "minutes"): whole(post, "each", errors, default=90)}}


def _dates(post: QueryDict, _kind: str, errors: Errors) -> When:
    return {"dates": _read(list_from, post, "dates", errors) or []}


def _session(post: QueryDict, _kind: str, errors: Errors) -> When:
    side, _dash, edge = post.get("edge", "before-close").partition("-")
    minutes = whole(post, "minutes", errors, default=0)
    return {"session": {edge: -minutes if side == "before" else minutes}}


def _text(key: str) -> Callable[[QueryDict, str, Errors], When]:
    def read(post: QueryDict, _kind: str, _errors: Errors) -> When:
        when: When = {key: post.get(key, "").replace("\r\n", "\n").strip()}
        if key == "cron" and post.get("cron_days", "either") != "either":
            when["cron_days"] = post["cron_days"]
        return when

    return read


KINDS: dict[str, Callable[[QueryDict, str, Errors], When]] = {
    "distance": _distance, "dates": _dates, "session": _session,
    "events": _text("events"), "rrule": _text("rrule"), "cron": _text("cron"),
}  # fmt: skip


def _offset(when: When, post: QueryDict, errors: Errors) -> None:
    if post.get("every") in OWN_TIMES or not post.get("offset", "").strip():
        return
    number = whole(post, "offset", errors, default=0)
    if number:
        when["offset"] = {post.get("offset_unit", "days"): -number if post.get("offset_side") == "before" else number}


def _calendar(when: When, post: QueryDict) -> None:
    """A union whose members count business days has its calendar inside."""
    members = when.get("union", ())
    if not any("calendar" in one for one in members):
        _set(when, "calendar", post.get("calendar", "").strip())


def _read(read: Callable[[str], Any], post: QueryDict, field: str, errors: Errors) -> Any:
    try:
        return read(post.get(field, ""))
    except Unreadable as error:
        errors[field].append(f"{error.message} {error.fix}")
        return None


def _set(when: When, key: str, value: Any) -> None:
    """*value* under *key*, and no key for what is empty."""
    if value:
        when[key] = value
