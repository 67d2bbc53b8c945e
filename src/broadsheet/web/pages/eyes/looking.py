"""Begin and stop looking through a member's eyes. While it lasts every page says so, and takes no form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from broadsheet.access.actions.view_as import begin, end
from broadsheet.access.errors import AccessError
from broadsheet.core.policy import Actor
from broadsheet.web.access_rules import member
from broadsheet.web.callers import circumstances

KEY = "looking_as"  # in the session: the membership looked at


@require_POST
@member("person.view_as")
def look_as(request: HttpRequest) -> HttpResponse:
    """From now on the pages are those of the member with the address ``who``."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        request.session[KEY] = begin(actor, request.POST.get("who", ""), given=circumstances(request))
    except AccessError as error:
        messages.error(request, str(error))
        return redirect("web:settings-people")
    return redirect("web:today")


@require_POST
@member()
def stop(request: HttpRequest) -> HttpResponse:
    """Back to one's own eyes."""
    viewer: Actor = getattr(request, "viewer", None) or request.actor  # type: ignore[attr-defined]
    if request.session.pop(KEY, None) is not None:
        end(viewer, request.user.email, now=request.now)  # type: ignore[attr-defined, union-attr]
        messages.success(request, _("You see with your own eyes again."))
    return redirect("web:settings-people")
