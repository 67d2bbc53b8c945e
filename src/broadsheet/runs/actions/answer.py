"""The answer to one of a report's data requests, now: the figures of a block for a machine, with the asker's rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from broadsheet.core.document.compose import asks
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.document.tables import DataTable
from broadsheet.core.policy import Actor
from broadsheet.reports import queries as reports
from broadsheet.reports.errors import UnknownReport
from broadsheet.schedules.periods import period_calendars
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import SourceError

from .preview import PreviewError, reader_for


def data_of(
    actor: Actor,
    name: str,
    request: str,
    *,
    now: datetime,
    recipient: str = "",
    given: Mapping[str, str] | None = None,
) -> DataTable:
    """The rows of *request* (``items``, ``items.previous``, ``items.history``, ``items.total``) of the report *name*.

    *recipient* is as in `preview`. Raises UnknownReport for a name that is not there, PreviewError, Refused.
    """
    definition = reports.definition_of(reports.latest(reports.report(actor, name, "report.render")))
    reader, defaults = reader_for(actor, name, recipient, now=now)
    try:
        given = {**defaults, **(given or {})}
        calendars = period_calendars(actor.organization_id, definition, given, now=now)
        parameters = resolve(definition, given, reader=reader, now=now, calendars=calendars)
        apart = reports.apart(actor.organization_id, definition)
        found = asks(definition, parameters, reader=reader, apart=apart)
        if request not in found:
            raise UnknownReport(f"“{name}” asks no “{request}”. {near(request, list(found))}".rstrip())
        return answer_all(actor.organization_id, [Request(request, found[request], reader)], as_of=now)[request]
    except (ParameterError, SourceError) as error:
        raise PreviewError(str(error)) from error
    except OverflowError as error:
        raise PreviewError("The period reaches beyond the calendar. Choose one of this century.") from error


def requests_of(actor: Actor, name: str) -> list[str]:
    """The data requests of a report, as its definition names them. Raises UnknownReport, Refused."""
    return list(reports.definition_of(reports.latest(reports.report(actor, name))).data)
