"""What the signed-in person was told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.collaboration import queries
from broadsheet.collaboration.actions.mark_read import mark_all_read, mark_read
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet

from .presenting import item

UNREAD = "unread"
LENGTH = 20


@require_safe
@member("schedule.read")
def notifications(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?show=unread``: those that are not read yet."""
    actor = request.actor  # type: ignore[attr-defined]
    only = request.GET.get("show") == UNREAD
    found = sheet(request, queries.notifications(actor, unread=only), length=LENGTH)
    unread = queries.unread(actor)
    mark = {"label": _("Mark all read"), "action": reverse("web:notifications-read"), "outlined": True}
    context = {
        "section": "notifications",
        "headline": _("Notifications, %(n)d not read") % {"n": unread} if unread else _("Notifications"),
        "acts": [mark] if unread else [],
        "views": [
            {"label": _("All"), "href": request.path, "current": not only},
            {"label": _("Not read"), "href": f"{request.path}?show={UNREAD}", "current": only},
        ],
        "items": [item(one) for one in found.rows],
        "only_unread": only,
        "pager": found.pager,
    }
    return render(request, "pages/notifications.html", context)


@require_POST
@member("schedule.read")
def read(request: HttpRequest, key: int) -> HttpResponse:
    """One of them; ``?to=today`` leads back there."""
    mark_read(request.actor, key, now=request.now)  # type: ignore[attr-defined]
    if request.GET.get("to") == "today":
        return redirect("web:today")
    return redirect(f"{reverse('web:notifications')}#n{key}")


@require_POST
@member("schedule.read")
def read_all(request: HttpRequest) -> HttpResponse:
    """All that had come when the button was pressed."""
    mark_all_read(request.actor, now=request.now)  # type: ignore[attr-defined]
    return redirect("web:notifications")
