"""The kinds of definitions, in the order in which one may name another; each belongs to an app, which keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.core.document.loading import Loaded, dump
from broadsheet.core.policy import Actor
from broadsheet.delivery import queries as delivery
from broadsheet.delivery.actions.channels import save_channel
from broadsheet.reports import queries as reports
from broadsheet.reports.actions.save import save_report
from broadsheet.reports.actions.save_brand import save_brand
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.save_calendar import save_calendar
from broadsheet.schedules.calendars import kept, named_first
from broadsheet.schedules.calendars.definition import arranged as arranged_calendar
from broadsheet.schedules.definition import arranged
from broadsheet.sources import queries as sources
from broadsheet.sources.actions.save import save_dataset, save_source

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
        data = {"kind": one.kind, "label": one.label, "settings": one.settings}
        yield one.name, dump("channel", one.name, {key: value for key, value in data.items() if value})


def _reports(actor: Actor) -> Iterator[Named]:
    return ((one.name, reports.latest(one).definition) for one in reports.reports(actor))


def _calendars(actor: Actor) -> Iterator[Named]:
    return ((one.name, dump("calendar", one.name, arranged_calendar(one.definition))) for one in kept.calendars(actor))


def _schedules(actor: Actor) -> Iterator[Named]:
    return ((one.name, dump("schedule", one.name, arranged(one.definition))) for one in schedules.schedules(actor))


KINDS = (
    Kind("source", save_source, _sources),
    Kind("dataset", save_dataset, _datasets),
    Kind("calendar", save_calendar, _calendars, named_first),
    Kind("brand", save_brand, _brands),
    Kind("channel", save_channel, _channels),
    Kind("report", save_report, _reports),
    Kind("schedule", save_schedule, _schedules),
)
ORDER = {kind.name: position for position, kind in enumerate(KINDS)}
