"""One report, live: its parameters, through whose eyes, the report itself, and what it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import ParameterError, parameter_fields
from broadsheet.core.document.periods import PLAIN
from broadsheet.core.markup import fragment
from broadsheet.core.policy import Actor, Reader, may, may_somewhere
from broadsheet.reports import queries
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.models import ReportVersion
from broadsheet.reports.ports import FORMATS
from broadsheet.runs.actions.preview import PreviewError, Shown, as_reader, reader_for, show
from broadsheet.runs.readers import readers_of
from broadsheet.schedules.needs import lacked
from broadsheet.schedules.periods import period_calendars
from broadsheet.schedules.queries import schedules
from broadsheet.schedules.recipients import file_formats
from broadsheet.sources import queries as datasets
from broadsheet.sources.errors import SourceError
from broadsheet.web.access_rules import member
from broadsheet.web.pages.rights.things import access_of

from .exporting import READER
from .eyes import chosen_eyes, reader_field
from .looks import script_fingerprint, sheet
from .presenting import parameter_field

USUAL = ("pdf", "xlsx")  # what people ask for first
MAIN_COLUMN = 792  # px at 1440: what rail, margins and the report's own margin column leave


@dataclass(frozen=True, slots=True)
class Made:
    """What came of drawing the report: ``shown`` or ``error``, and whose eyes it was drawn for.

    ``asked`` is what the address says; ``given`` adds what the reader's schedule does."""

    reader: Reader
    asked: Mapping[str, str]
    given: Mapping[str, str]
    shown: Shown | None
    error: PreviewError | None


@require_safe
@member("report.render")
def report(request: HttpRequest, name: str) -> HttpResponse:
    """The report as ``?reader=`` sees it, with the parameters of the query. Viewers see their own rows alone."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    try:
        version = queries.latest(queries.report(actor, name))
    except UnknownReport as error:
        raise Http404 from error
    definition = queries.definition_of(version)
    eyes = readers_of(actor, name, now=now) if may(actor, "data.all") else []
    chosen = chosen_eyes(request, name, eyes, personal=_personal(version))
    given = {key: str(value) for key, value in request.GET.items() if key != READER}
    made = _made(actor, name, chosen, given)
    context = {
        "section": "reports",
        "crumbs": [{"label": _("Reports"), "href": reverse("web:reports")}],
        **_head(version, actor, made),
        "parameters": _parameters(definition, made, organization_id=version.report.organization_id),
        "reader": reader_field(eyes, chosen) if eyes else None,
        **_body(made, actor),
        "withheld": _withheld(definition, made, version.report.organization_id),
        **_offered(
            name,
            made,
            chosen,
            others=_others(definition, made, chosen, actor),
            export=bool(queries.may_on(actor, "report.export", version.report)),
        ),
        "schedules": [
            {"label": one.title, "href": reverse("web:schedule", args=[one.name])}
            for one in (schedules(actor).filter(report=version.report) if may_somewhere(actor, "schedule.read") else ())
        ],
        "text": version.definition,
        "access": access_of(actor, "report", name),
    }
    return render(request, "pages/report.html", context)


def _personal(version: ReportVersion) -> bool:
    """Whether its texts speak to one reader, so that nobody in particular is not who to show it as."""
    return "{reader." in version.definition


def _others(definition: ReportDefinition, made: Made, chosen: str, actor: Actor) -> tuple[bool, bool]:
    """Whether some of its datasets, and whether all, hold rows that belong to others, since the actor has not the attributes
    that their rules compare."""
    if made.reader.unrestricted or chosen:
        return False, False
    names = {request.dataset for request in definition.data.values()}
    found = datasets.all_datasets(actor.organization_id).filter(name__in=names)
    ruled = [bool(lacked(made.reader, datasets.needs_of(one))) for one in found]
    return any(ruled), bool(ruled) and all(ruled)


def _withheld(definition: ReportDefinition, made: Made, organization_id: int) -> list[str]:
    """Labels of the fields that the report asks for and this reader gets no true value of, by mask or class."""
    asked = queries.fields_of(definition)
    found: dict[str, None] = {}
    for stored in datasets.all_datasets(organization_id).filter(name__in=list(asked)):
        dataset = datasets.definition_of(stored).dataset
        hidden = dataset.hidden_from(made.reader) & asked[stored.name]
        labels = {name: one.label for name, one in dataset.askable.items()}
        labels |= {name: one.label for name, one in dataset.metrics.items()}
        found |= dict.fromkeys(labels[one] for one in sorted(hidden))
    return list(found)


def _offered(name: str, made: Made, chosen: str, *, others: tuple[bool, bool], export: bool) -> dict[str, Any]:
    """An empty report would say untrue things of data that is only hidden, so nothing of it is shown or given."""
    some, everything = others
    given = {READER: chosen, **made.asked} if chosen else made.asked
    if everything:
        return {"personal": True, "fragment": "", "problems": (), "exports": []}
    return {"personal": some, "exports": _exports(name, given) if export else []}


def _made(actor: Actor, name: str, chosen: str, given: Mapping[str, str]) -> Made:
    now, reader = timezone.now(), as_reader(actor)
    defaults: dict[str, str] = {}
    try:
        reader, defaults = reader_for(actor, name, chosen, now=now)
        wanted = {**defaults, **given}
        return Made(reader, given, wanted, show(actor, name, reader=reader, given=wanted, now=now), None)
    except PreviewError as error:
        return Made(reader, given, {**defaults, **given}, None, error)


def _parameters(definition: ReportDefinition, made: Made, *, organization_id: int) -> list[dict[str, Any]]:
    cause = made.error.__cause__ if made.error else None
    wrong: dict[str, list[str]] = {}
    for problem in cause.problems if isinstance(cause, ParameterError) else ():
        wrong.setdefault(problem.name, []).append(f"{problem.message} {problem.fix}".strip())
    eyes = replace(made.reader, language=get_language() or "en")  # the form speaks to whoever looks, in that zone
    now = timezone.now()
    try:
        calendars = period_calendars(organization_id, definition, made.given, now=now)
    except ParameterError:
        calendars = PLAIN  # the error stands above the form
    fields = parameter_fields(definition, reader=eyes, now=now, given=made.given, calendars=calendars)
    return [parameter_field(field, errors=wrong.get(field.name, ())) for field in fields]


def _exports(name: str, query: Mapping[str, str]) -> list[dict[str, str]]:
    tail = f"?{urlencode(query)}" if query else ""
    return [
        {
            "label": FORMATS.get(form).descriptor.label,
            "href": reverse("web:report-file", args=[name, form]) + tail,
        }
        for form in sorted(file_formats(), key=lambda form: (FORMATS.get(form).descriptor.id not in USUAL, form))
    ]  # fmt: skip


def _head(version: ReportVersion, actor: Actor, made: Made) -> dict[str, Any]:
    report, document = version.report, made.shown.document if made.shown else None
    number = _("%(n)d, by %(who)s") % {"n": version.number, "who": version.made_by}
    acts: list[dict[str, object]] = [
        {"label": _("Versions"), "href": reverse("web:report-versions", args=[report.name])}
    ]
    if queries.may_on(actor, "report.edit", report):
        edit = {"label": _("Edit"), "href": reverse("web:report-edit", args=[report.name]), "outlined": True}
        acts.insert(0, edit)
    return {
        "headline": document.title if document else report.title,
        "deck": document.subtitle if document else "",
        "language": document.language if document else "",
        "about": report.description,
        "acts": acts,
        "facts": [{"term": _("Version"), "value": number, "href": reverse("web:report-versions", args=[report.name])}],
    }


def _body(made: Made, actor: Actor) -> dict[str, Any]:
    if made.shown is None:
        return {"error": _notice(made.error, actor)}
    _css, fingerprint = sheet(made.shown.theme)
    html = fragment(made.shown.document, theme=made.shown.theme, width=MAIN_COLUMN, head=False)
    return {
        "fragment": mark_safe(html),  # core.markup escapes all that comes from definitions and data
        "report_css": reverse("web:report-css", args=[fingerprint]),
        "report_js": reverse("web:report-js", args=[script_fingerprint()]),
        "problems": made.shown.document.problems,
    }


def _notice(error: PreviewError | None, actor: Actor) -> dict[str, Any]:
    cause = error.__cause__ if error else None
    acts = []
    if isinstance(cause, SourceError) and may(actor, "source.edit"):
        acts = [{"label": _("Look at the sources"), "href": reverse("web:settings-sources"), "outlined": True}]
    title = _("A parameter cannot be taken") if isinstance(cause, ParameterError) else _("It cannot be shown now")
    return {"state": "failed", "title": title, "points": str(error).splitlines(), "acts": acts}
