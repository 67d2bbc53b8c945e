"""What the form holds: a definition's values in its fields, and the definition that its fields make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS

from . import ready
from .lines import occasions, written

WEEKS = ("4-4-5", "4-5-4", "5-4-4")
JOINS = ("all_of", "union")
Data = dict[str, Any]
Wrong = dict[str, list[str]]
OTHERS = ""  # of Wrong: what belongs to no field
FIELD_OF = {
    "countries": "places", "markets": "places", "except": "without", "events": "url", "half_days": "half", "all_of": "members",
    "union": "members", "calendar": "name",
}  # fmt: skip


def post_of(data: Mapping[str, Any], name: str = "") -> QueryDict:
    """The fields of a form that would make *data*."""
    post = QueryDict(mutable=True)
    join = next((one for one in JOINS if data.get(one)), "")
    fiscal, events = dict(data.get("fiscal") or {}), dict(data.get("events") or {})
    ends = dict(fiscal.get("ends") or {})
    post.update(
        {
            "name": name, "label": data.get("label", ""), "join": join, "members": ", ".join(data.get(join) or ()),
            "without": ", ".join(data.get("except") or ()), "closed": written(data.get("closed") or ()),
            "open": written(data.get("open") or ()), "half": written(data.get("half_days") or ()),
            "pattern": fiscal.get("pattern", "months") if data.get("fiscal") is not None else "",
            "start": str(fiscal.get("start", 1)), "named_by": fiscal.get("named_by", "end"),
            "end_month": str(ends.get("month", 12)), "end_weekday": ends.get("weekday", "sat"),
            "end_rule": ends.get("rule", "last"), "url": events.get("url", ""),
        }
    )  # fmt: skip
    markets = [_market(one) for one in data.get("markets") or ()]
    post.setlist("places", [*(_place(one) for one in data.get("countries") or ()), *markets])
    weekend = data.get("weekend")
    post.setlist("weekend", ["none"] if weekend == [] else list(weekend or ()))
    post.setlist("events_closed", ["on"] if events.get("closed") else [])
    return post


def data_from(post: QueryDict, *, before: Mapping[str, Any], zone: str) -> tuple[Data, Wrong]:
    """The definition that the fields make, and what is wrong in them. What the form does not show stays as *before*."""
    wrong: Wrong = {}
    data: Data = {"label": post.get("label", "").strip()}
    join = post.get("join", "")
    if join in JOINS:
        data[join] = _names(post.get("members", ""))
        if not data[join]:
            wrong["members"] = [_("Name the calendars that it is joined from.")]
    data |= _made(post, before, wrong)  # of a joined calendar too: what it does not take is refused, never lost
    data["except"] = _names(post.get("without", ""))
    data["fiscal"] = _fiscal(post, before)
    data["events"] = _events(post, before, zone=zone)
    return {key: value for key, value in data.items() if value or (key, value) == ("weekend", [])}, wrong


def _made(post: QueryDict, before: Mapping[str, Any], wrong: Wrong) -> Data:
    data: Data = {}
    countries = {_place(one): one for one in before.get("countries") or ()}
    markets = {_market(one): one for one in before.get("markets") or ()}
    chosen = _once(post.getlist("places"))
    apart = {one for one in chosen if one in markets or ready.is_market(one)}
    data["countries"] = [countries.get(one) or {"country": one.upper()} for one in chosen if one not in apart]
    data["markets"] = [markets.get(one) or {"market": one.upper()} for one in chosen if one in apart]
    weekend = [one for one in WEEKDAY_KEYS if one in post.getlist("weekend")]
    data["weekend"] = weekend or ([] if "none" in post.getlist("weekend") else None)
    for key, name, timed, yearly in (
        ("closed", "closed", False, True), ("open", "open", False, False), ("half_days", "half", True, True),
    ):  # fmt: skip
        data[key], faults = occasions(post.get(name, ""), timed=timed, yearly=yearly)
        if faults:
            wrong[name] = faults
    data["hours"] = before.get("hours")
    return data


def _fiscal(post: QueryDict, before: Mapping[str, Any]) -> Data | None:
    pattern = post.get("pattern", "")
    if not pattern:
        return None
    fiscal: Data = {"pattern": pattern, "named_by": post.get("named_by", "end")}
    if pattern == "months":
        fiscal["start"] = _number(post.get("start", "1"))
    if pattern in WEEKS:
        month = _number(post.get("end_month", "12"))
        fiscal["ends"] = {"month": month, "weekday": post.get("end_weekday"), "rule": post.get("end_rule")}
        old = before.get("fiscal")
        if isinstance(old, dict) and old.get("leap_month"):
            fiscal["leap_month"] = old["leap_month"]
    return fiscal


def _events(post: QueryDict, before: Mapping[str, Any], *, zone: str) -> Data | None:
    """The address of the form; a text or a file that is there already stays, since the form shows neither."""
    old = before.get("events") or {}
    url, closed = post.get("url", "").strip(), bool(post.get("events_closed"))
    if not url and not (old.get("text") or old.get("file")):
        return None
    kept = {"zone": old.get("zone", zone), "closed": closed}
    return {**kept, "url": url} if url else {**old, **kept}


def wrong_from(error: DefinitionError) -> Wrong:
    """The problems of a definition by the form's field that each belongs to."""
    found: Wrong = {}
    for problem in error.problems:
        first, _dot, rest = problem.path.partition(".")
        name = FIELD_OF.get(first, first)
        if first == "fiscal":
            name = "start" if rest == "start" else "end_month" if rest.startswith("ends") else "pattern"
        shown = {"name", "label", "places", "weekend", "closed", "open", "half", "url", "members", "without",
                 "pattern", "start", "end_month"}  # fmt: skip
        found.setdefault(name if name in shown else OTHERS, []).append(f"{problem.message} {problem.fix}".strip())
    return found


def _place(one: Any) -> str:
    code = str(_short(one, "country"))
    part = one.get("subdivision", "") if isinstance(one, dict) else ""
    return (f"{code}-{part}" if part else code).lower()


def _market(one: Any) -> str:
    return str(_short(one, "market")).lower()


def _short(one: Any, key: str) -> Any:
    return one.get(key, "") if isinstance(one, dict) else one


def _once(given: list[str]) -> list[str]:
    return list(dict.fromkeys(one.strip().lower() for one in given if one.strip()))


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\s,;]+", text.lower())))


def _number(text: str | None) -> int | str | None:
    return int(text) if text and text.isascii() and text.isdigit() else text
