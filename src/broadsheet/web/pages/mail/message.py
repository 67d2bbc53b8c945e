"""One caught mail: as its reader sees it, as text, its headers, its files. Nothing of it is trusted."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.delivery import queries
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.delivery.mail_reading import Message, read
from broadsheet.delivery.models import CaughtMail
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download
from broadsheet.web.letters import letter
from broadsheet.web.templatetags.broadsheet import instant, size


@require_safe
@member("mail.read")
def mail_message(request: HttpRequest, key: int) -> HttpResponse:
    """``?view=`` is html, text or headers; what the mail does not have falls back to what it has."""
    caught = _caught(request, key)
    message = read(bytes(caught.content))
    views = [name for name, there in (("html", message.html), ("text", message.text), ("headers", True)) if there]
    view = request.GET.get("view", "")
    view = view if view in views else views[0]
    labels = {"html": _("As its reader sees it"), "text": _("As plain text"), "headers": _("Headers")}
    context = {
        "section": "mail",
        "crumbs": [{"label": _("Caught mail"), "href": reverse("web:mail")}],
        "headline": caught.subject or _("(no subject)"),
        "facts": _facts(caught, message),
        "acts": _acts(request, caught),
        "view": view,
        "tabs": [{"label": labels[name], "href": f"?view={name}", "current": name == view} for name in views],
        "html_src": reverse("web:mail-html", args=[key]),
        "text": message.text,
        "headers": [{"name": name, "value": value} for name, value in message.headers],
        "files": _files(caught, message),
        "fault": message.fault,
    }
    return render(request, "pages/mail_message.html", context)


@require_safe
@member("mail.read")
def html(request: HttpRequest, key: int) -> HttpResponse:
    """The HTML part alone, in a sandbox."""
    message = read(bytes(_caught(request, key).content))
    return letter(message.html, {part.cid: (part.media_type, part.data) for part in message.parts if part.cid})


@require_safe
@member("mail.read")
def source(request: HttpRequest, key: int) -> HttpResponse:
    """The mail's bytes as they came, for a mail program."""
    caught = _caught(request, key)
    return download(bytes(caught.content), filename=f"mail-{caught.pk}.eml", media_type="message/rfc822")


@require_safe
@member("mail.read")
def part(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """An attachment, by its place from 1."""
    attachments = read(bytes(_caught(request, key).content)).attachments
    if not 1 <= number <= len(attachments):
        raise Http404
    found = attachments[number - 1]
    return download(found.data, filename=found.filename, media_type=found.media_type)


def _caught(request: HttpRequest, key: int) -> CaughtMail:
    try:
        return queries.caught_mail(request.actor, key)  # type: ignore[attr-defined]
    except (UnknownDelivery, OverflowError) as error:
        raise Http404 from error


def _facts(caught: CaughtMail, message: Message) -> list[dict[str, Any]]:
    facts = [
        {"term": _("From"), "value": message.header("From") or caught.sender},
        {"term": _("To"), "value": caught.recipient},
        {"term": _("Caught"), "value": instant(caught.received_at)},
        {"term": _("Size"), "value": size(len(caught.content))},
    ]
    return facts


def _acts(request: HttpRequest, caught: CaughtMail) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = []
    delivery = queries.of_messages(request.actor, [caught.message_id]).get(caught.message_id)  # type: ignore[attr-defined]
    if delivery is not None:
        acts.append({"label": _("Its delivery"), "href": reverse("web:delivery", args=[delivery.pk]), "outlined": True})
    acts.append(
        {"label": _("Download the mail"), "href": reverse("web:mail-source", args=[caught.pk]), "download": True}
    )
    return acts


def _files(caught: CaughtMail, message: Message) -> list[dict[str, Any]]:
    return [
        {
            "name": one.filename,
            "href": reverse("web:mail-part", args=[caught.pk, number]),
            "bytes": one.size,
            "digest": hashlib.sha256(one.data).hexdigest(),
        }
        for number, one in enumerate(message.attachments, start=1)
    ]
