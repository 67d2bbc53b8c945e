"""What a report's row rules compare, and whether a schedule's readers give it; whoever lacks it would see no row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.policy import Reader
from broadsheet.reports import queries as reports
from broadsheet.reports.models import Report
from broadsheet.schedules.audience import Audience, Invalid
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.sources import queries as sources


def needed(organization_id: int, report: ReportDefinition) -> tuple[str, ...]:
    """Attributes that the rules of the report's datasets, and of the tables that they read, compare, sorted; a dataset that is gone needs none."""
    asked = {request.dataset for request in report.data.values()}
    found = sources.all_datasets(organization_id).filter(name__in=asked)
    return tuple(sorted({attribute for one in found for attribute in sources.needs_of(one)}))


def lacking(organization_id: int, *, report: str, audience: AudienceDefinition) -> tuple[str, ...]:
    """Attributes that the report called *report* needs and *audience* does not give to everybody, sorted.

    Of a dataset's audience its ``attributes`` count, of people those that each of them has. () where the report is
    not there.
    """
    return tuple(name for name in needed_by(organization_id, report) if not gives(audience, name))


def needed_by(organization_id: int, report: str) -> tuple[str, ...]:
    """What `needed` says of the latest version of the report called *report*; () where it is not there."""
    found = Report.objects.filter(organization_id=organization_id, name=report).first()
    return needed(organization_id, reports.definition_of(reports.latest(found))) if found else ()


def lacked(reader: Reader, wanted: Sequence[str]) -> tuple[str, ...]:
    """Which of the *wanted* attributes *reader* does not have."""
    return tuple(name for name in wanted if name not in reader.attributes)


def told(lacks: Sequence[str]) -> tuple[str, str]:
    """Message and fix for an audience that *lacks* these."""
    named, them = _listed(f"reader.{name}" for name in lacks), "it" if len(lacks) == 1 else "them"
    message = f"The report shows rows by {named}, and this audience does not give {them}."
    return message, f"Add {_listed(lacks)} to attributes."


def with_what_it_needs(found: Audience, wanted: Sequence[str]) -> Audience:
    """*found* without the readers who lack one of the *wanted* attributes; they are invalid rows instead."""
    readers: list[Reader] = []
    invalid = list(found.invalid)
    for reader in found.readers:
        lacks = lacked(reader, wanted)
        if lacks:
            invalid.append(Invalid(found.rows.get(reader.key, 0), reader.name, *told(lacks)))
        else:
            readers.append(reader)
    return replace(found, readers=tuple(readers), invalid=tuple(sorted(invalid, key=lambda one: one.row)))


def gives(audience: AudienceDefinition, name: str) -> bool:
    """Whether everybody in *audience* has the attribute *name*; of contacts and teams it is known when they are asked."""
    return name in audience.attributes if audience.dataset else all(name in one.attributes for one in audience.people)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)
