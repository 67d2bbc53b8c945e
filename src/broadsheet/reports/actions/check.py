"""Look at what keeping a report's definition would do, without keeping it."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.core.document.definition import checked_report
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import Loaded, dump
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.reports.models import Report, ReportVersion
from broadsheet.reports.queries import catalogue

from .save import Change


@dataclass(frozen=True, slots=True)
class Checked:
    """``effect`` is what saving would answer; ``difference`` a unified diff against the latest version."""

    effect: Change
    difference: str


def check_report(actor: Actor, loaded: Loaded) -> Checked:
    """Raises DefinitionError with all that is wrong, as `save_report` would."""
    require(actor, "report.edit")
    checked_report(loaded, catalogue(actor.organization_id))
    text = dump("report", loaded.name, loaded.data)
    report = Report.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if report is None:
        return Checked("added", difference("", text))
    now = ReportVersion.objects.get(report=report, number=report.latest).definition
    return Checked("same" if now == text else "changed", difference(now, text))
