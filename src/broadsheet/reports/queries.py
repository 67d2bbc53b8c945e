"""Reports and brands that an actor may see, and what their definitions say."""

from __future__ import annotations

import base64
import difflib
from functools import lru_cache

from django.db.models import F, QuerySet

from broadsheet.access.reach import thing, within
from broadsheet.core.document.compose import edged
from broadsheet.core.document.definition import DatasetNames, ReportDefinition, report_from
from broadsheet.core.document.loading import load
from broadsheet.core.policy import Actor, Decision, may, require
from broadsheet.core.theme import DEFAULT, Theme
from broadsheet.core.theme.derive import themed
from broadsheet.core.theme.tokens import Logo
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.models import Brand, Report, ReportVersion
from broadsheet.sources import queries as sources


def reports(actor: Actor, permission: str = "report.read") -> QuerySet[Report]:
    """The organization's reports on which the actor holds *permission*, by title. Raises Refused."""
    return Report.objects.filter(within(actor, permission, "report"), organization_id=actor.organization_id)


def report(actor: Actor, name: str, permission: str = "report.read") -> Report:
    """The report called *name*, to do with it what *permission* says. Raises UnknownReport, which suggests the nearest
    name, and Refused where the actor may read it and not do that."""
    found = reports(actor).filter(name=name).first()
    if found is not None and permission != "report.read":
        require(actor, permission, thing(actor, "report", found.pk, name))
    if found is None:
        names = list(reports(actor).values_list("name", flat=True))
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(names) or 'none yet'}."
        raise UnknownReport(f"There is no report “{name}”. {hint}")
    return found


def may_on(actor: Actor, permission: str, report: Report) -> Decision:
    """Whether *actor* holds *permission* on the report of their organization."""
    return may(actor, permission, thing(actor, "report", report.pk, report.name))


def latest(report: Report) -> ReportVersion:
    """The version that runs and pages use."""
    return ReportVersion.objects.select_related("report").get(report=report, number=report.latest)


def latest_versions(actor: Actor) -> QuerySet[ReportVersion]:
    """The latest version of each report, by the report's title. Raises Refused."""
    reached = within(actor, "report.read", "report", at="report_id")
    mine = ReportVersion.objects.filter(reached, report__organization_id=actor.organization_id)
    mine = mine.filter(number=F("report__latest"))
    return mine.select_related("report").order_by("report__title", "report__name")


def all_latest(organization_id: int) -> QuerySet[ReportVersion]:
    """The latest version of each report of an organization, by name, for acts that have checked their rights."""
    mine = ReportVersion.objects.filter(report__organization_id=organization_id, number=F("report__latest"))
    return mine.select_related("report").order_by("report__name")


def versions(actor: Actor, name: str) -> QuerySet[ReportVersion]:
    """All versions of the report called *name*, newest first. Raises UnknownReport, Refused."""
    return report(actor, name).versions.select_related("report").order_by("-number")


def version(actor: Actor, name: str, number: int) -> ReportVersion:
    """One version. Raises UnknownReport, Refused."""
    found = versions(actor, name).filter(number=number).first()
    if found is None:
        raise UnknownReport(f"The report “{name}” has no version {number}. Look at the list of its versions.")
    return found


def definition_of(version: ReportVersion) -> ReportDefinition:
    """What the version's text says."""
    return parsed(version.definition)


@lru_cache(maxsize=256)
def parsed(text: str) -> ReportDefinition:
    """The definition in *text*, which was checked when it was saved."""
    [loaded] = load(text, file="report")
    return report_from(loaded)


def fields_of(definition: ReportDefinition) -> dict[str, set[str]]:
    """The names of fields that the report asks for, by dataset; a dataset's time that it does not name is left out."""
    found: dict[str, set[str]] = {}
    for request in definition.data.values():
        named = [*(one.dimension for one in request.by), *(one.dimension for one in request.where), *request.metrics]
        found.setdefault(request.dataset, set()).update(name for name in named if name)
    return found


def catalogue(actor: Actor) -> dict[str, DatasetNames]:
    """The names that a report's definition may use, by dataset that the actor reaches. Raises Refused."""
    found: dict[str, DatasetNames] = {}
    for stored in sources.datasets(actor):
        found[stored.name] = sources.definition_of(stored).names
    return found


def apart(organization_id: int, definition: ReportDefinition) -> frozenset[tuple[str, str]]:
    """The metrics of *definition* whose figures may not be added up, as (dataset, name), as far as it shows sums of them;
    nothing is read where it shows none."""
    shown = edged(definition)
    names = {definition.data[data].dataset for data in shown}
    found = {one.name: one for one in sources.all_datasets(organization_id).filter(name__in=names)} if names else {}
    pairs = {(definition.data[data].dataset, metric) for data, (_, metric) in shown.items()}
    metrics = {name: sources.definition_of(one).dataset.metrics for name, one in found.items()}
    return frozenset(
        (name, metric)
        for name, metric in pairs
        if metric in metrics.get(name, {}) and not metrics[name][metric].additive
    )


def brands(actor: Actor) -> QuerySet[Brand]:
    """The organization's brands, by name. Raises Refused."""
    require(actor, "brand.read")
    return Brand.objects.filter(organization_id=actor.organization_id)


def theme_of(organization_id: int, brand: str = "") -> Theme:
    """The theme of the brand called *brand*, else of the organization's own brand, else the product's."""
    mine = Brand.objects.filter(organization_id=organization_id)
    found = mine.filter(name=brand).first() if brand else mine.filter(default=True).first()
    if found is None:
        if brand:
            raise UnknownReport(f"There is no brand “{brand}”. Look at Settings, Brand.")
        return DEFAULT
    return theme_from(found)


def themes(organization_id: int) -> list[Theme]:
    """Those of all the organization's brands, and the product's own."""
    found = Brand.objects.filter(organization_id=organization_id)
    return [*(theme_from(brand) for brand in found), DEFAULT]


def theme_from(brand: Brand) -> Theme:
    """The theme that *brand*, saved or not, gives. Raises ThemeError."""
    logo = (bytes(brand.logo), brand.logo_type) if brand.logo else None
    return _theme(brand.label, brand.accent, logo, brand.footer)


@lru_cache(maxsize=64)
def _theme(name: str, accent: str, logo: tuple[bytes, str] | None, footer: str) -> Theme:
    return themed(name, accent=accent, logo=Logo(logo[0], logo[1], name) if logo else None, footer=footer)


def brand_names(organization_id: int) -> list[str]:
    """Names of an organization's brands, for acts that have checked their rights."""
    return list(Brand.objects.filter(organization_id=organization_id).values_list("name", flat=True))


def logo_text(brand: Brand) -> str:
    """The logo as a definition file writes it: SVG as it is, pictures in base64."""
    data = bytes(brand.logo or b"")
    return data.decode() if brand.logo_type == "image/svg+xml" else base64.b64encode(data).decode()
