"""A report as a file, made now for whoever asks."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.plugins import UnknownPart
from broadsheet.reports import queries
from broadsheet.reports.errors import UnknownReport
from broadsheet.reports.ports import FORMATS
from broadsheet.runs.actions.preview import PreviewError, preview
from broadsheet.schedules.recipients import file_formats
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download

READER = "reader"  # the one name that no parameter may have: texts use it for the reader's attributes


@require_safe
@member("report.render")
def file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """Always a download: an HTML file of ours would otherwise run beside the pages."""
    if form not in file_formats():
        raise Http404
    given = {key: str(value) for key, value in request.GET.items() if key != READER}
    try:
        queries.report(request.actor, name)  # type: ignore[attr-defined]
        made = preview(
            request.actor,  # type: ignore[attr-defined]
            name, form=form, now=timezone.now(), recipient=request.GET.get(READER, ""), given=given,
        )  # fmt: skip
    except (UnknownReport, UnknownPart) as error:
        raise Http404 from error
    except PreviewError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('web:report', args=[name])}?{request.GET.urlencode()}")
    kind = FORMATS.get(form)
    return download(made.files[form], filename=f"{made.filename}.{kind.extension}", media_type=kind.media_type)
