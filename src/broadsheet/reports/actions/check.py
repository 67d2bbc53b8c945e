"""Look at what keeping a report's definition would do, without keeping it."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.access.reach import thing
from broadsheet.core.document.definition import checked_report
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import Loaded, dump
from broadsheet.core.policy import Actor, require, require_somewhere
from broadsheet.core.policy.roles import unscoped
from broadsheet.reports.models import Report, ReportVersion
from broadsheet.reports.queries import catalogue, fields_of
from broadsheet.sources.secured.clearance import require_cleared

from .save import Change


@dataclass(frozen=True, slots=True)
class Checked:
    """``effect`` is what saving would answer; ``difference`` a unified diff against the latest version."""

    effect: Change
    difference: str


def check_report(actor: Actor, loaded: Loaded) -> Checked:
    """Raises DefinitionError with all that is wrong, as `save_report` would."""
    require_somewhere(actor, "report.edit")
    require_cleared(unscoped(actor), fields_of(checked_report(loaded, catalogue(unscoped(actor)))))
    text = dump("report", loaded.name, loaded.data)
    report = Report.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if report is not None:
        require(actor, "report.edit", thing(actor, "report", report.pk, report.name))
    else:
        return Checked("added", difference("", text))
    now = ReportVersion.objects.get(report=report, number=report.latest).definition
    return Checked("same" if now == text else "changed", difference(now, text))
