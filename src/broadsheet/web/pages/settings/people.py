"""Who belongs to the organization, with what role."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.actions.add_person import GIVEN, add_person
from broadsheet.access.actions.change_person import change_role, remove_person
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Membership
from broadsheet.access.queries import people as found_people
from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.roles import permissions_of
from broadsheet.schedules.queries import schedules
from broadsheet.web.access_rules import member
from broadsheet.web.templatetags.broadsheet import instant

from .subpages import frame

PASSWORD_BYTES = 12  # 16 signs, 96 bits


@require_http_methods(["GET", "HEAD", "POST"])
@member("person.read")
def people(request: HttpRequest) -> HttpResponse:
    """All members. POST adds one; a password that was drawn is shown on that answer alone."""
    if request.method == "POST":
        return _add(request)
    return _page(request)


def _add(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = {name: request.POST.get(name, "").strip() for name in ("email", "name", "role")}
    password, now = secrets.token_urlsafe(PASSWORD_BYTES), timezone.now()
    try:
        membership = add_person(actor, **given, password=password, now=now)
    except AccessError as error:
        return _page(request, given=given, error=str(error))
    user = membership.user
    if user.joined_at != now:  # somebody who signs in here already, for another organization
        messages.success(
            request, _("%(who)s is a member now, and signs in with the password they have.") % {"who": user}
        )
        return redirect("web:settings-people")
    return _page(request, secret={"whose": str(user), "email": user.email, "text": password})


@require_POST
@member("person.edit")
def role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Another role, from this moment on."""
    membership = _member(request, user_id)
    wanted = request.POST.get("role", "")
    try:
        change_role(request.actor, user_id, role=wanted, now=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, _("%(who)s is %(role)s now.") % {"who": membership.user, "role": wanted})
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("web:settings-people")


@require_POST
@member("person.edit")
def remove(request: HttpRequest, user_id: int) -> HttpResponse:
    """End the membership; what the person made stays."""
    membership = _member(request, user_id)
    try:
        remove_person(request.actor, user_id, now=timezone.now())  # type: ignore[attr-defined]
        said = _("%(who)s is a member no more. Their tokens have ended; what they made stays.")
        messages.success(request, said % {"who": membership.user})
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("web:settings-people")


def _page(
    request: HttpRequest,
    *,
    given: dict[str, str] | None = None,
    error: str = "",
    secret: dict[str, str] | None = None,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "person.edit"))
    owned: dict[int, int] = {}
    for owner in schedules(actor).values_list("owner_id", flat=True):
        if owner is not None:
            owned[owner] = owned.get(owner, 0) + 1
    context = {
        **frame(actor, "settings-people"),
        "headline": _("People"),
        "secret": secret,
        "people": [_row(one, actor, owned.get(one.user_id, 0), editor=editor) for one in found_people(actor)],
        "editor": editor,
        "error": error,
        "fields": _fields(given or {}) if editor else [],
        "action": request.path,
        "roles": [(name, _says(name)) for name in GIVEN],
    }
    response = render(request, "pages/settings_people.html", context, status=422 if error else 200)
    response["Cache-Control"] = "no-store"
    return response


def _row(one: Membership, actor: Actor, owned: int, *, editor: bool) -> dict[str, Any]:
    stays = ngettext("%(n)d schedule that they own stays", "%(n)d schedules that they own stay", owned) % {"n": owned}
    return {
        "id": one.user_id,
        "name": str(one.user),
        "email": one.user.email,
        "role": one.role,
        "since": instant(one.since, "day"),
        "you": one.user_id == actor.user_id,
        "editable": editor and one.user_id != actor.user_id,
        "owned": owned,
        "note": stays if owned else _("They own no schedule"),
        "role_action": reverse("web:settings-person-role", args=[one.user_id]),
        "remove_action": reverse("web:settings-person-remove", args=[one.user_id]),
        "choices": [{"value": name, "label": name, "chosen": name == one.role} for name in GIVEN],
    }


def _fields(given: dict[str, str]) -> list[dict[str, Any]]:
    choices = [(name, name, _says(name)) for name in reversed(GIVEN)]
    return [
        {
            "name": "email", "label": _("Mail address"), "kind": "email", "value": given.get("email", ""),
            "required": True, "attrs": {"autocomplete": "off", "maxlength": 254},
        },
        {"name": "name", "label": _("Name"), "value": given.get("name", ""), "attrs": {"maxlength": 200, "autocomplete": "off"}},
        {
            "name": "role", "label": _("Role"), "kind": "radios", "value": given.get("role", "viewer"),
            "choices": choices,
        },
    ]  # fmt: skip


def _says(role: str) -> str:
    said = {
        "owner": _("everything, owners included"),
        "admin": _("everything but who is an owner"),
        "editor": _("makes and sends reports, edits sources; no channels, people or tokens"),
        "viewer": _("looks at reports, schedules and deliveries"),
    }
    return said.get(role, ", ".join(sorted(permissions_of(role))))


def _member(request: HttpRequest, user_id: int) -> Membership:
    found = found_people(request.actor).filter(user_id=user_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
