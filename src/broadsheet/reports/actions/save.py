"""Keep a report's definition as a new version, and brands."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from broadsheet.access.reach import place_where_allowed, thing
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition import checked_report
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import Loaded, dump
from broadsheet.core.policy import Actor, require, require_somewhere
from broadsheet.core.policy.roles import unscoped
from broadsheet.reports.models import Report, ReportVersion
from broadsheet.reports.queries import catalogue, fields_of
from broadsheet.sources.secured.clearance import require_cleared

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_report(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A new version when anything differs from the latest. Raises DefinitionError with all that is wrong."""
    require_somewhere(actor, "report.edit")
    definition = checked_report(loaded, catalogue(unscoped(actor)))
    require_cleared(unscoped(actor), fields_of(definition))
    text = dump("report", loaded.name, loaded.data)
    found = Report.objects.select_for_update().filter(organization_id=actor.organization_id, name=loaded.name).first()
    if found is not None:
        require(actor, "report.edit", thing(actor, "report", found.pk, found.name))
        latest = ReportVersion.objects.get(report=found, number=found.latest)
        if latest.definition == text:
            return "same"
    report = found or Report(organization_id=actor.organization_id, name=loaded.name, latest=0)
    report.title, report.description = definition.title, definition.description
    report.latest, report.updated_at = report.latest + 1, now
    report.save()
    if found is None:
        place_where_allowed(actor, "report.edit", "report", report.pk)
    ReportVersion.objects.create(report=report, number=report.latest, definition=text, made_at=now, made_by=actor.name)
    before = "" if found is None else latest.definition
    record(actor, "report.saved", loaded.name, now=now, version=report.latest, changed=difference(before, text))
    return "added" if found is None else "changed"
