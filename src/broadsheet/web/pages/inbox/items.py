"""One thing in the inbox: the report as it was sent, and its files. Opening it marks it read."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.delivery.actions.mark_read import mark_read
from broadsheet.delivery.composing import outgoing
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.ports import Outgoing
from broadsheet.delivery.queries import inbox_item
from broadsheet.runs.ports import StoreError
from broadsheet.runs.store import artifact_store
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download
from broadsheet.web.letters import letter
from broadsheet.web.templatetags.broadsheet import instant

from .presenting import file_rows, files_of, made_from, name_of, sender_of


@require_safe
@member("report.read")
def item(request: HttpRequest, key: UUID) -> HttpResponse:
    """The letter and its files."""
    try:
        found = mark_read(request.actor, request.user.email, key, now=timezone.now())  # type: ignore[attr-defined, union-attr]
    except UnknownDelivery as error:
        raise Http404 from error
    made = made_from(found)
    facts = [
        {"term": _("Period"), "value": made["period"]} if made.get("period") else None,
        {"term": _("Received"), "value": instant(found.settled_at)},
        {"term": _("From"), "value": sender_of(found)},
    ]
    context = {
        "section": "inbox",
        "crumbs": [{"label": _("Your inbox"), "href": reverse("web:inbox")}],
        "headline": name_of(found),
        "facts": [fact for fact in facts if fact],
        "letter_src": reverse("web:inbox-letter", args=[found.pk]) if _has_body(found) else "",
        "files": file_rows(found),
    }
    return render(request, "pages/inbox_item.html", context)


@require_safe
@member("report.read")
def body(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was written to the person, in a sandbox."""
    sent = _sent(_mine(request, key))
    return letter(sent.html, {one.cid: (one.media_type, one.data) for one in sent.inline})


@require_safe
@member("report.read")
def file(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    """One of the files that this person got, with the bytes of that day."""
    found = _mine(request, key)
    for one in files_of(found):
        if one.format == form:
            try:
                data = artifact_store().get(one.artifact.sha256)
            except StoreError as error:
                raise Http404 from error
            return download(data, filename=one.filename, media_type=one.artifact.media_type)
    raise Http404


def _mine(request: HttpRequest, key: UUID) -> Delivery:
    try:
        return inbox_item(request.actor, request.user.email, key)  # type: ignore[attr-defined, union-attr]
    except UnknownDelivery as error:
        raise Http404 from error


def _sent(item: Delivery) -> Outgoing:
    """The message composed again from what is kept: the same bytes, the same words."""
    if not _has_body(item):
        raise Http404
    schedule = item.occurrence.schedule
    definition = ScheduleDefinition.model_validate({**item.occurrence.definition, "name": schedule.name})
    try:
        return outgoing(item, definition=definition, store=artifact_store())
    except StoreError as error:
        raise Http404 from error


def _has_body(item: Delivery) -> bool:
    return bool(item.slice) and any(file.format == "mail" for file in item.slice.files.all())  # type: ignore[union-attr]
