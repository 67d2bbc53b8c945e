"""A schedule being written by the form: what was filled in becomes the data of a definition, over what it was before.

What the form does not show (a person's key, conditions on rows that are waited for) stays as it was; the rule is `rule`'s
business. All checks are those of the definition itself: this module only reads words; `placing` finds the field of a problem.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.loading import NAME
from broadsheet.core.document.parameters import parameter_fields
from broadsheet.core.document.periods import PLAIN, PeriodCalendars
from broadsheet.core.policy import Reader
from broadsheet.schedules.definition import Policies
from broadsheet.schedules.recipients import file_formats

from .beginning_fields import CLOCKLESS, YES, put_beginnings
from .condition_fields import conditions_from
from .details.checks import checks_from
from .details.defaults import defaults_from, homeless, rows_where
from .details.making import making_from
from .details.retries import retry_from
from .falling_back import fallback_from
from .limiting import limits_from
from .people import groups_from, mended, people_from
from .rule.numbers import Errors, number, whole
from .rule.parts import RECIPIENT
from .rule.settling import settle, today_in

Data = dict[str, Any]
COLUMNS = (
    "key", "name", "address", "language", "zone", "currency", "formats", "at", "hours", "calendar", "fallback",
    "fallback_address",
)  # fmt: skip
PARAMETER = "with-"  # before the names of the report's parameters
PARAMETERS_OF = "parameters-of"  # the report whose parameters the form shows
FORMATS_OF = "formats-"  # before the names of channels
PEOPLE = ":people"  # the choice of the audience that is not a dataset
LISTS = ("people", "contacts", "teams")  # keys of an audience that is not a dataset


def data_from(
    post: QueryDict,
    *,
    before: Mapping[str, Any],
    report: ReportDefinition | None,
    now: datetime,
    zone: str,
    calendars: PeriodCalendars = PLAIN,
) -> tuple[Data, Errors]:
    """The definition's data, and what could not be read, by field. *zone*: the organization's, for a rule without.
    *calendars*: what the report's periods are counted by."""
    settled = settle(post, zone=zone, today=today_in(zone, now=now))
    errors = defaultdict(list) if post.get(CLOCKLESS) == YES else settled.errors  # of a rule that nobody asks for
    data = copy.deepcopy(dict(before))
    _set(data, "title", post.get("title", "").strip())
    data["report"] = post.get("report", "")
    put_beginnings(data, post, settled.when, errors)
    _set(data, "with", _given(post, report, before.get("with", {}), now=now, calendars=calendars))
    data["audience"] = audience_from(post, before.get("audience", {}), errors, zone=zone_of(settled.when, zone=zone))
    data["channels"] = _channels(post)
    _set(data, "brand", post.get("brand", before.get("brand", "")))
    mail = {**data.get("mail", {})}
    _set(mail, "subject", post.get("subject", "").strip())
    _set(mail, "why", post.get("why", "").strip())
    _set(data, "mail", mail)
    ready, only_if = conditions_from(post, before, errors)
    _set(data, "ready", ready)
    _set(data, "only_if", only_if)
    _set(data, "policies", _policies(post, before.get("policies", {}), errors))
    _set(data, "checks", checks_from(post, before.get("checks", {}), errors))
    return data, _only_wrong(errors)


def _only_wrong(errors: Errors) -> Errors:
    """Without the fields of which nothing is said."""
    return defaultdict(list, {field: texts for field, texts in errors.items() if texts})


def zone_of(when: Any, *, zone: str) -> str:
    """The clock that a rule goes by, for people without one; *zone* where it is each recipient's own, or not said."""
    named = when.get("zone") if isinstance(when, Mapping) else ""
    return zone if not named or named == RECIPIENT else str(named)


def _given(
    post: QueryDict,
    report: ReportDefinition | None,
    before: Mapping[str, str],
    *,
    now: datetime,
    calendars: PeriodCalendars,
) -> dict[str, str]:
    """Parameters that differ from the report's defaults, and those that were written out before."""
    if report is None:
        return dict(before)
    usual = {
        one.name: one.value for one in parameter_fields(report, reader=Reader("", ""), now=now, calendars=calendars)
    }
    given = {}
    for name, default in usual.items():
        value = post.get(f"{PARAMETER}{name}")
        if value is None:
            value = before.get(name)
        if value is not None and (value != default or name in before):
            given[name] = str(value)
    return given


def audience_from(post: QueryDict, before: Mapping[str, Any], errors: Errors, *, zone: str) -> Data:
    """The `audience:` mapping. *zone*: where people live who do not say it."""
    chosen, defaults = post.get("audience", ""), defaults_from(post, before.get("defaults", {}))
    if chosen == PEOPLE:
        return _people(post, before, errors, defaults=defaults, zone=zone)
    data: Data = {"defaults": defaults} if defaults else {}
    data["dataset"] = chosen
    same = before.get("dataset") == chosen
    for name in COLUMNS:
        kept = before.get(name, "") if same else ""
        _set(data, name, post.get(f"column-{name}", kept).strip())
    if not data.get("key"):
        errors["column-key"].append(_("The key column is missing: it tells recipients apart. Write its name."))
    attributes = [one for one in re.split(r"[,\s]+", post.get("attributes", "")) if one]
    _set(data, "attributes", attributes)
    where = rows_where(post, before.get("where", {}) if same else {}, errors)
    return {**data, "where": where} if where else data


def _people(post: QueryDict, before: Mapping[str, Any], errors: Errors, *, defaults: Data, zone: str) -> Data:
    """People as they are written; those without a zone live where the rule's clock is, unless it was said otherwise."""
    written = post.get("people", "")
    persons, groups = groups_from(written)
    people, wrong = people_from(persons, formats=file_formats(), before=before.get("people", ()))
    for one in wrong:
        errors["people"].append(_with_fix(one, written))
    if not people and not groups:
        errors["people"].append(_("Nobody is on the list. Write one person a line."))
    if zone and not defaults.get("zone") and homeless({"people": people}):
        defaults["zone"] = zone
    return {**({"people": people} if people else {}), **groups, **({"defaults": defaults} if defaults else {})}


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
    for name in ("misfire", "overlap", "empty", "priority", "weight"):
        _unless(data, name, post.get(name, getattr(usual, name)), getattr(usual, name))
    for name, field in (("deadline_hours", "deadline"), ("catch_up_hours", "catch_up")):
        _unless(data, name, number(post, field, errors, default=getattr(usual, name)), getattr(usual, name))
    _unless(data, "at_once", whole(post, "at_once", errors, default=usual.at_once), usual.at_once)
    data = making_from(post, data, errors)
    _set(data, "retry", retry_from(post, data.get("retry", {}), errors))
    fallback = fallback_from(post, data.pop("fallback", None), errors)
    if fallback is not None:
        data["fallback"] = fallback
    _set(data, "limits", limits_from(post, data.get("limits", {}), errors))
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


def name_problem(name: str) -> str:
    """Why *name* cannot be a schedule's name: it is part of addresses and of files. Empty when it can."""
    if not name:
        return _("A name is missing. Write small letters and hyphens, such as buyers-monday.")
    if not NAME.fullmatch(name):
        return _("A name has small letters, digits and hyphens only: it is part of addresses and files.")
    return ""
