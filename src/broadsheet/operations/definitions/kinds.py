"""The kinds of definitions, in the order in which one may name another; each belongs to an app, which keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from broadsheet.access import queries as access
from broadsheet.access import reach
from broadsheet.access.actions.grants import all_grants, save_grants
from broadsheet.access.actions.roles import role_data, save_role
from broadsheet.access.actions.teams import contact_data, save_contact, save_team, team_data
from broadsheet.access.actions.workspaces import save_workspace, workspace_data
from broadsheet.core.document.loading import Loaded, dump
from broadsheet.core.policy import Actor, may
from broadsheet.delivery import queries as delivery
from broadsheet.delivery.actions.channels import channel_data, save_channel
from broadsheet.reports import queries as reports
from broadsheet.reports.actions.save import save_report
from broadsheet.reports.actions.save_brand import save_brand
from broadsheet.runs.actions.limit import limits_of, save_limits
from broadsheet.runs.limits_definition import NAME as LIMITS
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.save_calendar import save_calendar
from broadsheet.schedules.calendars import kept, named_first
from broadsheet.schedules.calendars.definition import arranged as arranged_calendar
from broadsheet.schedules.definition import arranged
from broadsheet.sources import queries as sources
from broadsheet.sources.actions.save import save_dataset, save_source
from broadsheet.sources.semantic.join_definition import joined_first

Named = tuple[str, str]  # name, YAML text


@dataclass(frozen=True, slots=True)
class Kind:
    """``save`` keeps one document and says "added", "changed" or "same"; ``texts`` are all that there are."""

    name: str
    save: Callable[..., str]
    texts: Callable[[Actor], Iterator[Named]]
    arranged: Callable[[Sequence[Loaded]], Sequence[Loaded]] = list
    """Documents of the kind that may name each other, put so that a name comes after what it stands for."""


def _sources(actor: Actor) -> Iterator[Named]:
    return ((one.name, one.definition) for one in sources.sources(actor))


def _datasets(actor: Actor) -> Iterator[Named]:
    return ((one.name, one.definition) for one in sources.datasets(actor))


def _brands(actor: Actor) -> Iterator[Named]:
    for one in reports.brands(actor):
        data: dict[str, Any] = {"label": one.label, "accent": one.accent}
        if one.logo:
            data["logo"] = reports.logo_text(one)
        if one.footer:
            data["footer"] = one.footer
        if one.default:
            data["default"] = True
        yield one.name, dump("brand", one.name, data)


def _channels(actor: Actor) -> Iterator[Named]:
    for one in delivery.channels(actor):
        yield one.name, dump("channel", one.name, channel_data(one))


def _reports(actor: Actor) -> Iterator[Named]:
    return ((one.name, reports.latest(one).definition) for one in reports.reports(actor))


def _calendars(actor: Actor) -> Iterator[Named]:
    return ((one.name, dump("calendar", one.name, arranged_calendar(one.definition))) for one in kept.calendars(actor))


def _schedules(actor: Actor) -> Iterator[Named]:
    return ((one.name, dump("schedule", one.name, arranged(one.definition))) for one in schedules.schedules(actor))


def _roles(actor: Actor) -> Iterator[Named]:
    if may(actor, "person.read"):
        yield from ((one.name, dump("role", one.name, role_data(one))) for one in access.roles(actor))


def _contacts(actor: Actor) -> Iterator[Named]:
    if may(actor, "contact.read"):
        yield from ((one.name, dump("contact", one.name, contact_data(one))) for one in access.contacts(actor))


def _teams(actor: Actor) -> Iterator[Named]:
    if may(actor, "person.read") and may(actor, "contact.read"):
        yield from ((one.name, dump("team", one.name, team_data(one))) for one in access.teams(actor))


def _workspaces(actor: Actor) -> Iterator[Named]:
    found = reach.workspaces(actor)
    return ((one.name, dump("workspace", one.name, workspace_data(actor, one))) for one in found)


def _grants(actor: Actor) -> Iterator[Named]:
    if may(actor, "person.read"):
        yield from ((name, dump("grants", name, data)) for name, data in all_grants(actor))


def _limits(actor: Actor) -> Iterator[Named]:
    if may(actor, "delivery.read") and (data := limits_of(actor)):
        yield LIMITS, dump("limits", LIMITS, data)


KINDS = (
    Kind("source", save_source, _sources),
    # `apply` looks at what breaks when all are kept.
    Kind("dataset", partial(save_dataset, force=True), _datasets, joined_first),
    Kind("calendar", save_calendar, _calendars, named_first),
    Kind("brand", save_brand, _brands),
    Kind("channel", save_channel, _channels),
    Kind("report", save_report, _reports),
    Kind("role", save_role, _roles),
    Kind("contact", save_contact, _contacts),
    Kind("team", save_team, _teams),
    Kind("schedule", save_schedule, _schedules),
    Kind("workspace", save_workspace, _workspaces),
    Kind("grants", save_grants, _grants),
    Kind("limits", save_limits, _limits),
)
ORDER = {kind.name: position for position, kind in enumerate(KINDS)}
