"""What the built-in mail catcher took in place of the world."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.delivery import queries
from broadsheet.delivery.models import CaughtMail, Delivery
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet, words_of


@require_safe
@member("mail.read")
def mail(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?q=`` looks into subjects and recipients."""
    actor, words = request.actor, words_of(request)  # type: ignore[attr-defined]
    found = sheet(request, queries.caught(actor, text=words), length=40)
    deliveries = queries.of_messages(actor, [one.message_id for one in found.rows])
    note = _("Mail to 127.0.0.1:%(port)d is kept here and goes nowhere else.") % {"port": settings.CATCHER_PORT}
    context = {
        "section": "mail",
        "note": note,
        "filters": {"action": request.path, "q": words, "placeholder": _("Filter by subject or recipient")},
        "mails": [_row(one, deliveries.get(one.message_id)) for one in found.rows],
        "total": found.total,
        "pager": found.pager,
    }
    return render(request, "pages/mail.html", context)


def _row(caught: CaughtMail, delivery: Delivery | None) -> dict[str, Any]:
    return {
        "href": reverse("web:mail-message", args=[caught.pk]),
        "subject": caught.subject,
        "to": caught.recipient,
        "from": caught.sender,
        "at": caught.received_at,
        "bytes": caught.size,  # type: ignore[attr-defined]
        "attachments": [name.upper() for name in delivery.formats] if delivery else [],
    }
