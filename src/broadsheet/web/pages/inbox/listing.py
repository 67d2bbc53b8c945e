"""What was delivered to the signed-in person on this server."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.delivery import queries
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet, words_of

from .presenting import item_row


@require_safe
@member("report.read")
def inbox(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?q=`` looks into schedules and files."""
    actor, address = request.actor, request.user.email  # type: ignore[attr-defined, union-attr]
    words = words_of(request)
    found = sheet(request, queries.inbox(actor, address, text=words), length=40)
    unread = queries.unread(actor, address)
    context = {
        "section": "inbox",
        "headline": _("Your inbox, %(n)d not read") % {"n": unread} if unread else _("Your inbox"),
        "filters": {"action": request.path, "q": words, "placeholder": _("Filter by report or file")},
        "items": [item_row(one) for one in found.rows],
        "unread": unread,
        "pager": found.pager,
    }
    return render(request, "pages/inbox.html", context)
