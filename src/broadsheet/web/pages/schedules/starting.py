"""Where the form starts: what the organization offers, a schedule's definition as the form would send it, and a
sensible proposal for a new one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.policy import Actor
from broadsheet.delivery.queries import channels
from broadsheet.reports import queries as reports
from broadsheet.reports.errors import UnknownReport
from broadsheet.schedules.definition import Policies
from broadsheet.sources import queries as sources
from broadsheet.sources.dataset import Dimension

from .beginning_fields import USUAL_RULE, beginnings_posted
from .condition_fields import conditions_posted
from .details.checks import checks_posted
from .details.defaults import defaults_posted
from .details.making import making_posted
from .details.retries import retry_posted
from .drafts import COLUMNS, FORMATS_OF, LISTS, PARAMETER, PEOPLE, zone_of
from .falling_back import fallback_posted
from .limiting import limits_posted
from .people import group_words, people_words
from .proposing import propose
from .rule.numbers import number_text
from .rule.settling import start

GUESSES = {
    "name": ("contact", "name", "recipient"), "address": ("email", "mail", "address"), "language": ("language", "locale"),
    "zone": ("zone", "timezone", "time_zone"), "currency": ("currency",), "formats": ("formats", "format"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """What the organization has that a schedule may name. ``reachable``: datasets whose rows have an address."""

    reports: list[tuple[str, str]]
    datasets: dict[str, list[str]]
    labels: dict[str, str]
    channels: list[tuple[str, str]]
    brands: list[tuple[str, str]]
    reachable: frozenset[str] = frozenset()
    metrics: dict[str, list[str]] = field(default_factory=dict)


def offer(actor: Actor) -> Offer:
    """Names and labels, and each dataset's dimensions."""
    stored = list(sources.datasets(actor))
    found = {one.name: sources.definition_of(one).dataset for one in stored}
    dimensions = {name: one.dimensions for name, one in found.items()}
    return Offer(
        reports=list(reports.reports(actor).values_list("name", "title")),
        datasets={name: list(columns) for name, columns in dimensions.items()},
        reachable=frozenset(name for name, columns in dimensions.items() if any(map(_address_like, columns.values()))),
        metrics={name: list(one.metrics) for name, one in found.items()},
        labels={one.name: str(one) for one in stored},
        channels=[(one.name, str(one)) for one in channels(actor)],
        brands=[(one.name, one.label) for one in reports.brands(actor)],
    )


def _address_like(column: Dimension) -> bool:
    return column.kind == "text" and any(word in column.name.lower() for word in ("mail", "address"))


def posted(data: Mapping[str, Any], *, name: str, zone: str) -> QueryDict:
    """What the form would send if *data* (a definition's) stood in it: the one way from a definition to fields."""
    when, audience, policies = data.get("when", {}), data.get("audience", {}), data.get("policies", {})
    usual = Policies()
    found = start(when or {**USUAL_RULE, "zone": zone}, zone=zone)
    single = {
        "name": name, "title": data.get("title", ""), "report": data.get("report", ""),
        "audience": PEOPLE if any(audience.get(one) for one in LISTS) else audience.get("dataset", ""),
        "people": _list(audience), "attributes": ", ".join(audience.get("attributes", ())),
        "brand": data.get("brand", ""), "subject": data.get("mail", {}).get("subject", ""),
        "why": data.get("mail", {}).get("why", ""), "misfire": policies.get("misfire", usual.misfire),
        **{one: policies.get(one, getattr(usual, one)) for one in ("priority", "weight", "at_once")},
        "overlap": policies.get("overlap", usual.overlap), "empty": policies.get("empty", usual.empty),
        "deadline": number_text(policies.get("deadline_hours", usual.deadline_hours)),
        "catch_up": number_text(policies.get("catch_up_hours", usual.catch_up_hours)),
        **making_posted(policies),
        **retry_posted(policies.get("retry", {})),
        **checks_posted(data.get("checks", {})),
        **conditions_posted(data),
        **beginnings_posted(data),
        **limits_posted(policies.get("limits", {})),
        **fallback_posted(policies.get("fallback")),
        **defaults_posted(audience, rule_zone=zone_of(when, zone=zone)),
        **{f"column-{column}": audience.get(column, "") for column in COLUMNS},
        **{f"{PARAMETER}{key}": value for key, value in data.get("with", {}).items()},
    }  # fmt: skip
    for key, value in single.items():
        found.setlist(key, value if isinstance(value, list) else [str(value)])
    found.setlist("channels", [one["channel"] for one in data.get("channels", ())])
    for one in data.get("channels", ()):
        if isinstance(one.get("formats"), list):
            found.setlist(f"{FORMATS_OF}{one['channel']}", one["formats"])
    return found


def _list(audience: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, (group_words(audience), people_words(audience.get("people", ())))))


def fresh(actor: Actor, offered: Offer, *, report: str, zone: str) -> QueryDict:
    """A new schedule's form: sensible, and saved only when the rest is filled."""
    dataset = next((name for name in offered.datasets if name in offered.reachable), "")
    known = dict(offered.reports)
    chosen = report if report in known else next(iter(known), "")
    draft = posted(
        {"report": chosen, "when": {"every": "week", "on": ["mon"], "at": "08:00", "zone": zone}}, name="", zone=zone
    )
    draft["audience"] = dataset or PEOPLE
    for column, guess in guesses(offered.datasets.get(dataset, ())).items():
        draft[f"column-{column}"] = guess
    propose(actor, draft, report_named(actor, chosen), offered.datasets.get(dataset, ()), fresh=True)
    return draft


def report_named(actor: Actor, name: str) -> ReportDefinition | None:
    """The newest version of the report called *name*; None when there is none."""
    try:
        return reports.definition_of(reports.latest(reports.report(actor, name)))
    except UnknownReport:
        return None


def guesses(dimensions: Collection[str]) -> dict[str, str]:
    """Which column probably says what; the key is the first whose name says that it is one."""
    found = {field: next((name for name in names if name in dimensions), "") for field, names in GUESSES.items()}
    key = next((name for name in dimensions if name in ("id", "key") or name.endswith(("_id", "_key"))), "")
    return {**found, "key": key}
