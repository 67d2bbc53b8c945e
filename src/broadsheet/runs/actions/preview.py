"""One report for one reader, now: for a page, a file by hand, a look before sending. Nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.access.queries import organization_of
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.compose import Context, asks, compose
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.model import Document
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.policy import Actor, Reader
from broadsheet.core.policy.roles import hidden_classes, may, require
from broadsheet.core.theme import Theme
from broadsheet.plugins import UnknownPart
from broadsheet.reports import queries as reports
from broadsheet.reports.errors import ReportError
from broadsheet.reports.ports import FORMATS, RenderError
from broadsheet.runs.rendering import Made
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.schedules.needs import lacked, needed_by, told
from broadsheet.schedules.periods import period_calendars
from broadsheet.schedules.recipients import file_formats, recipients
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import SourceError

CONTACT = "contact:"  # a recipient that is written so is a contact, whatever is scheduled


class PreviewError(Exception):
    """The report cannot be shown; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A composed report with its definition and the theme to draw it in."""

    document: Document
    definition: ReportDefinition
    theme: Theme


def show(actor: Actor, name: str, *, reader: Reader, given: Mapping[str, str], now: datetime, brand: str = "") -> Shown:
    """The report composed for *reader*, from the data of this moment. Raises PreviewError, Refused."""
    try:
        version = reports.latest(reports.report(actor, name, "report.render"))
        definition = reports.definition_of(version)
        calendars = period_calendars(actor.organization_id, definition, given, now=now)
        parameters = resolve(definition, given, reader=reader, now=now, calendars=calendars)
        apart = reports.apart(actor.organization_id, definition)
        found = asks(definition, parameters, reader=reader, apart=apart)
        requests = [Request(key, ask, reader) for key, ask in found.items()]
        answers = answer_all(actor.organization_id, requests, as_of=now)
        context = Context(organization_of(actor).name, now, now, f"v{version.number}")
        document = compose(definition, parameters, answers, reader=reader, context=context)
        return Shown(document, definition, reports.theme_of(actor.organization_id, brand))
    except (ReportError, ParameterError, SourceError) as error:
        raise PreviewError(str(error)) from error


def preview(
    actor: Actor,
    name: str,
    *,
    form: str,
    now: datetime,
    recipient: str = "",
    given: Mapping[str, str] | None = None,
    brand: str = "",
) -> Made:
    """The report as a file. *recipient* is the key of someone in the audience of a schedule over it; without one the
    actor looks at it as themselves. Raises PreviewError, Refused."""
    try:
        reports.report(actor, name, "report.export")
    except ReportError as error:
        raise PreviewError(str(error)) from error
    if form not in file_formats():
        raise PreviewError(f"There is no format “{form}”. Installed are: {', '.join(file_formats())}.")
    reader, defaults = reader_for(actor, name, recipient, now=now)
    shown = show(actor, name, reader=reader, given={**defaults, **(given or {})}, now=now, brand=brand)
    try:
        data = FORMATS.get(form).render(shown.document, theme=shown.theme)
    except (RenderError, UnknownPart) as error:
        raise PreviewError(str(error)) from error
    document = shown.document
    return Made({form: data}, document.filename, document.title, document.period_text, document.problems, 0.0)


def reader_for(actor: Actor, report: str, recipient: str, *, now: datetime) -> tuple[Reader, dict[str, str]]:
    """The reader with the key *recipient* in a schedule over *report*, and that schedule's parameters; the actor as a
    reader of everything when it is empty. A schedule that cannot be read, or does not give what the report's row rules
    compare, is passed over for another. Only who sees all rows looks through others' eyes."""
    if not recipient:
        return as_reader(actor), {}
    require(actor, "data.all")
    if recipient.startswith(CONTACT):
        contact = _contact(actor, recipient.removeprefix(CONTACT), now=now)
        return _through(actor, report, contact, now=now), {}
    wanted = needed_by(actor.organization_id, report)
    why = f"No schedule over “{report}” has a recipient “{recipient}”. Use a key or address of its audience."
    for schedule in schedules.schedules(actor).filter(report__name=report):
        definition = schedules.definition_of(schedule)
        try:
            found = recipients(actor.organization_id, definition.audience, as_of=now)
        except SourceError as error:
            why = f"The audience of “{schedule.name}” cannot be read. {error}"
            continue
        for reader in found.readers:
            if recipient in (reader.key, reader.address):
                lacks = lacked(reader, wanted)
                if not lacks:
                    return _through(actor, report, reader, now=now), dict(definition.given)
                why = f"Schedule “{schedule.name}”: {' '.join(told(lacks))}"
    raise PreviewError(why)


def _through(actor: Actor, report: str, reader: Reader, *, now: datetime) -> Reader:
    """*reader*, without what the actor may not see by any eyes; that they looked is in the journal."""
    record(actor, "report.viewed_as", report, now=now, recipient=reader.key, name=reader.name)
    return replace(reader, hidden_classes=hidden_classes(actor))


def _contact(actor: Actor, name: str, *, now: datetime) -> Reader:
    require(actor, "contact.read")
    found = recipients(actor.organization_id, AudienceDefinition(contacts=[name]), as_of=now).readers
    if not found:
        raise PreviewError(f"There is no active contact “{name}”. Look at the list of contacts.")
    return found[0]


def as_reader(actor: Actor) -> Reader:
    """The actor as a reader: who holds `data.all` sees every row and field; others what their attributes give them."""
    organization = organization_of(actor)
    key = f"user:{actor.user_id}" if actor.user_id else "system"
    return Reader(
        key=key,
        name=actor.own_name,
        language=organization.language,
        zone=organization.zone,
        currency="USD",
        attributes=dict(actor.attributes),
        unrestricted=bool(may(actor, "data.all")),
        hidden_classes=hidden_classes(actor),
    )
