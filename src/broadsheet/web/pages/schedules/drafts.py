"""A schedule being written by the form: what was filled in becomes the data of a definition, over what it was before.

What the form does not show (clock-change rules, conditions on the audience, waits between tries) stays as it was. All
checks are those of the definition itself: this module only reads words; `placing` finds the field of a problem.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.loading import NAME
from broadsheet.core.document.parameters import parameter_fields
from broadsheet.core.policy import Reader
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS
from broadsheet.schedules.definition import Policies, RetryDefinition
from broadsheet.schedules.recipients import file_formats

from .people import mended, people_from
from .rules import Unreadable, date_from, month_from, times_from

Data = dict[str, Any]
Errors = defaultdict[str, list[str]]
COLUMNS = ("key", "name", "address", "language", "zone", "currency", "formats")
PARAMETER = "with-"  # before the names of the report's parameters
FORMATS_OF = "formats-"  # before the names of channels
PEOPLE = ":people"  # the choice of the audience that is not a dataset
PEOPLE_ZONE = "people-zone"  # whether people without a zone get the rule's, or what the definition said before
KEPT = "kept"


def data_from(
    post: QueryDict, *, before: Mapping[str, Any], report: ReportDefinition | None, now: Any, zone: str = ""
) -> tuple[Data, Errors]:
    """The definition's data, and what could not be read, by field. *zone*: the organization's, for a rule without."""
    errors: Errors = defaultdict(list)
    data = copy.deepcopy(dict(before))
    _set(data, "title", post.get("title", "").strip())
    data["report"] = post.get("report", "")
    data["when"] = when_from(post, before=before.get("when", {}), errors=errors)
    _set(data, "with", _given(post, report, before.get("with", {}), now=now))
    data["audience"] = _audience(post, before.get("audience", {}), errors, zone=data["when"].get("zone", zone))
    data["channels"] = _channels(post)
    _set(data, "brand", post.get("brand", ""))
    mail = {**data.get("mail", {})}
    _set(mail, "subject", post.get("subject", "").strip())
    _set(mail, "why", post.get("why", "").strip())
    _set(data, "mail", mail)
    _set(data, "policies", _policies(post, before.get("policies", {}), errors))
    return data, errors


def when_from(post: QueryDict, *, before: Mapping[str, Any], errors: Errors) -> Data:
    """The `when:` mapping; gap, overlap and anchor are kept from *before*."""
    every = post.get("every", "week")
    when: Data = {"every": every}
    if every == "week":
        when["on"] = [day for day in WEEKDAY_KEYS if day in post.getlist("days")]
    elif every == "month":
        try:
            when["on"] = month_from(post.get("month_days", ""))
        except Unreadable as error:
            errors["month_days"].append(f"{error.message} {error.fix}")
            when["on"] = {"day": 1}
        if when["on"] == {"day": 31} and isinstance(before.get("on"), Mapping) and before["on"].get("day") == 31:
            when["on"] = dict(before["on"])
    interval = _whole(post, "interval", errors, default=1)
    if interval != 1:
        when["interval"] = interval
    when["at"] = times_from(post.get("at", ""))
    _set(when, "zone", post.get("zone", "").strip())
    for key, field in (("from", "starts"), ("until", "until")):
        try:
            day = date_from(post.get(field, ""))
        except Unreadable as error:
            errors[field].append(f"{error.message} {error.fix}")
            continue
        if day is not None:
            when[key] = day.isoformat()
    kept = {key: before[key] for key in ("anchor", "gap", "overlap") if key in before}
    if interval == 1:
        kept.pop("anchor", None)
    return when | kept


def _given(post: QueryDict, report: ReportDefinition | None, before: Mapping[str, str], *, now: Any) -> dict[str, str]:
    """Parameters that differ from the report's defaults, and those that were written out before."""
    if report is None:
        return dict(before)
    usual = {one.name: one.value for one in parameter_fields(report, reader=Reader("", ""), now=now)}
    given = {}
    for name, default in usual.items():
        value = post.get(f"{PARAMETER}{name}")
        if value is None:
            value = before.get(name)
        if value is not None and (value != default or name in before):
            given[name] = str(value)
    return given


def _audience(post: QueryDict, before: Mapping[str, Any], errors: Errors, *, zone: str) -> Data:
    chosen = post.get("audience", "")
    data: Data = {key: before[key] for key in ("defaults",) if key in before}
    if chosen == PEOPLE:
        return data | _people(post, before, errors, zone=zone)
    data["dataset"] = chosen
    for name in COLUMNS:
        _set(data, name, post.get(f"column-{name}", "").strip())
    if not data.get("key"):
        errors["column-key"].append(_("The key column is missing: it tells recipients apart. Write its name."))
    attributes = [one for one in re.split(r"[,\s]+", post.get("attributes", "")) if one]
    _set(data, "attributes", attributes)
    if before.get("dataset") == chosen and before.get("where"):
        data["where"] = before["where"]
    return data


def _people(post: QueryDict, before: Mapping[str, Any], errors: Errors, *, zone: str) -> Data:
    """People as they are written; those without a zone live where the rule's clock is, unless it was said otherwise."""
    written = post.get("people", "")
    people, wrong = people_from(written, formats=file_formats(), before=before.get("people", ()))
    for one in wrong:
        errors["people"].append(_with_fix(one, written))  # type: ignore[arg-type]
    if not people:
        errors["people"].append(_("Nobody is on the list. Write one person a line."))
    if post.get(PEOPLE_ZONE) == KEPT or all(one.get("zone") for one in people):
        return {"people": people}
    return {"people": people, "defaults": {**before.get("defaults", {}), "zone": zone}} if zone else {"people": people}


def _with_fix(wrong: Mapping[str, Any], written: str) -> Mapping[str, Any]:
    if "fix" not in wrong:
        return {"text": wrong["text"]}
    label = _("Use %(name)s") % {"name": wrong["fix"][1]}
    value = f"people={mended(written, wrong['fix'])}"
    return {"text": wrong["text"], "fix": {"label": label, "name": "fix", "value": value}}


def _channels(post: QueryDict) -> list[Data]:
    destinations = []
    for name in post.getlist("channels"):
        formats = post.getlist(f"{FORMATS_OF}{name}")
        destinations.append({"channel": name, **({"formats": formats} if formats else {})})
    return destinations


def _policies(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    usual, data = Policies(), copy.deepcopy(dict(before))
    for name in ("misfire", "overlap", "empty"):
        _unless(data, name, post.get(name, getattr(usual, name)), getattr(usual, name))
    for name, field in (("deadline_hours", "deadline"), ("catch_up_hours", "catch_up")):
        _unless(data, name, _number(post, field, errors, default=getattr(usual, name)), getattr(usual, name))
    retry = dict(data.get("retry", {}))
    _unless(retry, "tries", _whole(post, "tries", errors, default=RetryDefinition().tries), RetryDefinition().tries)
    _set(data, "retry", retry)
    return data


def _set(data: Data, key: str, value: Any) -> None:
    """*value* under *key*, and no key for what is empty."""
    if value:
        data[key] = value
    else:
        data.pop(key, None)


def _unless(data: Data, key: str, value: Any, usual: Any) -> None:
    """*value* under *key* unless it is the *usual* one, which a definition leaves out."""
    if value == usual:
        data.pop(key, None)
    else:
        data[key] = value


def _whole(post: QueryDict, field: str, errors: Errors, *, default: int) -> int:
    number = _number(post, field, errors, default=default)
    if number != int(number):
        errors[field].append(_("This is not a whole number. Write for instance 2."))
    return int(number)


def _number(post: QueryDict, field: str, errors: Errors, *, default: float) -> float:
    text = post.get(field, "").strip()
    try:
        number = float(text) if text else float(default)
        if number != number or abs(number) > 1e9:
            raise ValueError
    except ValueError:
        errors[field].append(_("“%(text)s” is not a number. Write for instance 12.") % {"text": text})
        return float(default)
    return number


def name_problem(name: str) -> str:
    """Why *name* cannot be a schedule's name: it is part of addresses and of files. Empty when it can."""
    if not name:
        return _("A name is missing. Write small letters and hyphens, such as buyers-monday.")
    if not NAME.fullmatch(name):
        return _("A name has small letters, digits and hyphens only: it is part of addresses and files.")
    return ""
