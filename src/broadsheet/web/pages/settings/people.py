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

from broadsheet.access import rosters
from broadsheet.access.actions.add_person import add_person
from broadsheet.access.actions.change_person import change_role, remove_person
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Membership
from broadsheet.access.queries import people as found_people
from broadsheet.core.policy import Actor, may
from broadsheet.schedules.actions.hand_over import hand_over
from broadsheet.web.access_rules import member
from broadsheet.web.pages.rights.words import Choice, role_choices
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
        heir = _heir(request)
        names = remove_person(request.actor, user_id, now=timezone.now(), heir=heir)  # type: ignore[attr-defined]
        messages.success(request, _left(membership, names, heir=heir))
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("web:settings-people")


@require_POST
@member("person.edit")
def pass_on(request: HttpRequest, user_id: int) -> HttpResponse:
    """All schedules of the person to another member, who stays one."""
    membership = _member(request, user_id)
    try:
        heir = _heir(request)
        if heir is None:
            raise AccessError(_("Choose who takes over."))
        names = hand_over(request.actor, user_id, to=heir, now=timezone.now())  # type: ignore[attr-defined]
        said = ngettext("%(n)d schedule of %(who)s has another owner now.", "%(n)d schedules of %(who)s have another owner now.", len(names))  # fmt: skip
        messages.success(request, said % {"n": len(names), "who": membership.user})
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("web:settings-people")


def _heir(request: HttpRequest) -> int | None:
    text = request.POST.get("heir", "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _left(membership: Membership, names: list[str], *, heir: int | None) -> str:
    said = _("%(who)s is a member no more. Their tokens have ended; what they made stays.") % {"who": membership.user}
    if not names:
        return said
    if heir is None:
        more = ngettext("%(n)d schedule of theirs is paused.", "%(n)d schedules of theirs are paused.", len(names))
    else:
        more = ngettext("%(n)d schedule of theirs has another owner now.", "%(n)d schedules of theirs have another owner now.", len(names))  # fmt: skip
    return f"{said} {more % {'n': len(names)}}"


def _page(
    request: HttpRequest,
    *,
    given: dict[str, str] | None = None,
    error: str = "",
    secret: dict[str, str] | None = None,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "person.edit"))
    choices = role_choices(actor)
    rows = [(one.service, _row(one, actor, choices, editor=editor)) for one in rosters.people(actor)]
    context = {
        **frame(actor, "settings-people"),
        "headline": _("People"),
        "secret": secret,
        "people": [row for service, row in rows if not service],
        "services": [row for service, row in rows if service],
        "editor": editor,
        "error": error,
        "fields": _fields(given or {}, choices) if editor else [],
        "action": request.path,
        "service_fields": _service_fields(choices) if editor else [],
        "service_action": reverse("web:settings-service-add"),
    }
    response = render(request, "pages/settings_people.html", context, status=422 if error else 200)
    response["Cache-Control"] = "no-store"
    return response


def _row(one: Membership, actor: Actor, choices: list[Choice], *, editor: bool) -> dict[str, Any]:
    return {
        "id": one.user_id,
        "name": str(one.user),
        "email": "" if one.service else one.user.email,
        "href": reverse("web:settings-person", args=[one.user_id]),
        "role": one.role,
        "teams": ", ".join(str(team) for team in one.user.teams_here),  # type: ignore[attr-defined]
        "active": one.active,
        "since": instant(one.since, "day"),
        "you": one.user_id == actor.user_id,
        "editable": editor and one.user_id != actor.user_id,
        "role_action": reverse("web:settings-person-role", args=[one.user_id]),
        "choices": [{"value": name, "label": label, "chosen": name == one.role} for name, label, _says in choices],
    }


def _fields(given: dict[str, str], choices: list[Choice]) -> list[dict[str, Any]]:
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


def _service_fields(choices: list[Choice]) -> list[dict[str, Any]]:
    roles = [(name, label) for name, label, _says in choices if name != "owner"]
    return [
        {
            "name": "name", "id": "id-service-name", "label": _("What it is"), "required": True,
            "hint": _("Such as Nightly export."), "attrs": {"maxlength": 200, "autocomplete": "off"},
        },
        {
            "name": "role", "id": "id-service-role", "label": _("Role"), "kind": "select", "value": "viewer",
            "choices": roles,
        },
    ]  # fmt: skip


def _member(request: HttpRequest, user_id: int) -> Membership:
    found = found_people(request.actor).filter(user_id=user_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
