"""How a run is laid out: who gets it, which of them share a slice, and a delivery for each and every channel.

Reads and reckons only; `actions.plan` writes it down, `actions.dry_run` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.access.reach import closed_away
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.document.periods import PeriodCalendars
from broadsheet.core.policy import Reader
from broadsheet.delivery.actions.enter import NO_FALLBACK, Entry, Fallback
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS
from broadsheet.reports import queries as reports
from broadsheet.reports.models import ReportVersion
from broadsheet.runs.due import Moments
from broadsheet.runs.errors import RunError, TryLater
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.slicing import plain, slice_key
from broadsheet.schedules.audience import Audience
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.needs import needed, with_what_it_needs
from broadsheet.schedules.periods import period_calendars
from broadsheet.schedules.recipients import calendars_for, recipients
from broadsheet.sources.errors import SourceError, Unreachable

BODY = "mail"  # the format that a message's body is drawn in


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of a schedule: the files that go along, and whether it carries a message's body."""

    channel: StoredChannel
    formats: tuple[str, ...] | None  # None: each recipient's own
    body: bool

    def formats_for(self, reader: Reader) -> tuple[str, ...]:
        return reader.formats if self.formats is None else self.formats


@dataclass(frozen=True, slots=True)
class Laid:
    """audience: with the rows that are not valid. slices: by their key, none of them kept yet. entries: of the ledger."""

    version: ReportVersion
    audience: Audience
    slices: dict[str, Slice]
    entries: list[Entry]


def lay_out(occurrence: Occurrence, *, now: datetime) -> Laid:
    """Of the newest version of the report, and the audience of this moment.

    Raises TryLater when the audience's source does not answer, RunError for what a person must mend.
    """
    definition = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    version = reports.latest(occurrence.schedule.report)
    try:
        found = recipients(occurrence.organization_id, definition.audience, as_of=now)
    except Unreachable as error:
        raise TryLater(str(error)) from error
    except SourceError as error:
        raise RunError(f"The audience cannot be read. {error}") from error
    found = with_what_it_needs(found, needed(occurrence.organization_id, reports.definition_of(version)))
    ways = _ways(occurrence.organization_id, definition)
    slices, entries = _laid_out(
        occurrence, definition, version, found, ways, Moments(occurrence, definition),
        _fallbacks(occurrence.organization_id, definition, found, report=version.report_id), now=now,
    )  # fmt: skip
    return Laid(version, found, slices, entries)


def _ways(organization_id: int, definition: ScheduleDefinition) -> list[Way]:
    stored = {one.name: one for one in StoredChannel.objects.filter(organization_id=organization_id)}
    ways = []
    for destination in definition.channels:
        channel = stored.get(destination.channel)
        if channel is None:
            raise RunError(f"The channel “{destination.channel}” is gone. Choose another in the schedule.")
        formats = None if destination.formats == "recipient" else tuple(destination.formats)
        ways.append(Way(channel, formats, _has_body(channel)))
    return ways


def _fallbacks(
    organization_id: int, definition: ScheduleDefinition, found: Audience, *, report: int
) -> dict[str, Fallback]:
    """What takes over for each reader, by key. A row that names a channel which is not there, which stands in a closed
    workspace without the report, or which the reader gets it by already, has the schedule's."""
    policy = definition.policies.fallback
    if policy is None:
        return {}
    stored = {one.name: one for one in StoredChannel.objects.filter(organization_id=organization_id)}
    if policy.channel and policy.channel not in stored:
        raise RunError(f"The channel “{policy.channel}” is gone. Choose another fallback in the schedule.")
    named = {way.channel for way in definition.channels}
    away = closed_away(organization_id, "channel", report) if definition.audience.dataset else frozenset()
    free = {name: one for name, one in stored.items() if name not in named and one.pk not in away}
    said = {reader.key: found.fallbacks.get(reader.key, ("", "")) for reader in found.readers}
    return {key: Fallback(free.get(name) or stored.get(policy.channel), where) for key, (name, where) in said.items()}


def _has_body(channel: StoredChannel) -> bool:
    return "inline" in CHANNELS.get(channel.kind).descriptor.capabilities


def _laid_out(
    occurrence: Occurrence,
    definition: ScheduleDefinition,
    version: ReportVersion,
    found: Audience,
    ways: list[Way],
    moments: Moments,
    fallbacks: dict[str, Fallback],
    *,
    now: datetime,
) -> tuple[dict[str, Slice], list[Entry]]:
    report = reports.definition_of(version)
    given = {**definition.given, **occurrence.given}
    try:
        calendars = period_calendars(occurrence.organization_id, report, given, now=occurrence.fire_at)
    except ParameterError as error:
        raise RunError(str(error)) from error
    hours = calendars_for(occurrence.organization_id, definition.audience, around=now.date())
    slices: dict[str, Slice] = {}
    entries: list[Entry] = []
    for reader in found.readers:
        key = _key(occurrence, definition, report, version, reader, calendars, now=moments.now_in(reader.zone))
        if key not in slices:
            slices[key] = Slice(occurrence=occurrence, key=key, reader=plain(reader))
        wanted = {name for way in ways for name in way.formats_for(reader)}
        fallback = fallbacks.get(reader.key, NO_FALLBACK)
        wanted |= {BODY for way in ways if way.body or (fallback.channel and _has_body(fallback.channel))}
        slices[key].formats = sorted({*slices[key].formats, *wanted})
        due = moments.due(reader.zone, found.times.get(reader.key), calendars=hours, now=now)
        entries += [Entry(reader, slices[key], way.channel, way.formats_for(reader), due, fallback) for way in ways]
    return slices, entries


def _key(
    occurrence: Occurrence,
    definition: ScheduleDefinition,
    report: ReportDefinition,
    version: ReportVersion,
    reader: Reader,
    calendars: PeriodCalendars,
    *,
    now: datetime,
) -> str:
    given = {**definition.given, **occurrence.given}
    try:
        parameters = resolve(report, given, reader=reader, now=now, calendars=calendars)
    except ParameterError as error:
        raise RunError(f"The report's parameters do not fit. {error}") from error
    return slice_key(report, parameters, reader, version=version.number, brand=definition.brand)
