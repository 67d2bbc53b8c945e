"""One member: role, teams, attributes, what they own; deactivated, let in again, handed over, removed. Services likewise."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from broadsheet.access import rosters
from broadsheet.access.actions.add_person import add_service
from broadsheet.access.actions.change_person import change_attributes, deactivate, reactivate
from broadsheet.access.attributes import attribute_lines, attributes_from
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Membership
from broadsheet.access.queries import people
from broadsheet.access.standing import carried
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.schedules.queries import schedules
from broadsheet.sources.actions.pass_on import owned_by
from broadsheet.sources.queries import datasets
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.subpages import frame
from broadsheet.web.templatetags.broadsheet import instant

from .keeping import said
from .words import granted_rows, role_choices


@require_safe
@member("person.read")
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """What is known of them; forms for who may edit people."""
    return _page(request, _member(request, user_id))


@require_POST
@member("person.edit")
def attributes(request: HttpRequest, user_id: int) -> HttpResponse:
    """What row rules and masks compare when they look at a report, one a line."""
    found = _member(request, user_id)
    lines = request.POST.get("attributes", "").replace("\0", "")
    try:
        wanted = attributes_from(lines.splitlines())
        change_attributes(request.actor, user_id, attributes=wanted, now=timezone.now())  # type: ignore[attr-defined]
    except AccessError as error:
        return _page(request, found, lines=lines, error=str(error))
    messages.success(request, _("The attributes of %(who)s are kept.") % {"who": found.user})
    return redirect("web:settings-person", user_id=user_id)


@require_POST
@member("person.edit")
def end(request: HttpRequest, user_id: int) -> HttpResponse:
    """They can do nothing from this moment on; ``heir`` takes over their schedules, or these pause."""
    found = _member(request, user_id)
    text = request.POST.get("heir", "")
    heir = int(text) if text.isdecimal() and len(text) < 16 else None
    try:
        names = deactivate(request.actor, user_id, now=timezone.now(), heir=heir)  # type: ignore[attr-defined]
        messages.success(request, _gone(found, names, heir=heir))
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("web:settings-person", user_id=user_id)


@require_POST
@member("person.edit")
def let_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """Role, tokens and feed hold again; schedules that paused stay so."""
    found = _member(request, user_id)
    act = partial(reactivate, request.actor, user_id, now=timezone.now())  # type: ignore[attr-defined]
    said(request, act, done=_("%(who)s may do again what the role says.") % {"who": found.user})
    return redirect("web:settings-person", user_id=user_id)


@require_POST
@member("person.edit")
def service(request: HttpRequest) -> HttpResponse:
    """A service identity more, for tokens of its own."""
    given = {key: request.POST.get(key, "").replace("\0", "").strip() for key in ("name", "role")}
    act = partial(add_service, request.actor, **given, now=timezone.now())  # type: ignore[attr-defined]
    said(request, act, done=_("The service “%(name)s” is added. Issue a token for it.") % {"name": given["name"]})
    return redirect("web:settings-people")


def _gone(found: Membership, names: list[str], *, heir: int | None) -> str:
    told = _("%(who)s can do nothing here any more.") % {"who": found.user}
    if not names:
        return told
    if heir is None:
        more = ngettext("%(n)d schedule of theirs is paused.", "%(n)d schedules of theirs are paused.", len(names))
    else:
        more = ngettext("%(n)d schedule of theirs has another owner now.", "%(n)d schedules of theirs have another owner now.", len(names))  # fmt: skip
    return f"{told} {more % {'n': len(names)}}"


def _page(request: HttpRequest, found: Membership, *, lines: str | None = None, error: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    you = found.user_id == actor.user_id
    editor = bool(may(actor, "person.edit"))
    owned = [*_owned(actor, found.user_id), *_datasets(actor, found.user.email)]
    known = rosters.attributes_of(actor, found)
    context = {
        **frame(actor, "settings-people"),
        "crumbs": [
            {"label": _("Settings"), "href": reverse("web:settings")},
            {"label": _("People"), "href": reverse("web:settings-people")},
        ],
        "headline": str(found.user),
        "facts": _facts(found),
        "acts": [_check(found)] if editor and not found.service else [],
        "person": {"name": str(found.user), "id": found.user_id, "active": found.active, "service": found.service, "you": you},
        "teams": [
            {"label": str(team), "href": reverse("web:settings-team", args=[team.name])}
            for team in found.user.teams_here  # type: ignore[attr-defined]
        ],
        "granted": granted_rows(rosters.granted_to(actor, user_id=found.user_id)),
        "editor": editor,
        "attributes": attribute_lines(known) if known is not None else None,  # type: ignore[arg-type]
        "field": _field(known or {}, lines, error) if editor else None,
        "owned": owned,
        "heirs": _heirs(actor, found.user_id) if editor and owned else [],
        "editable": editor and not you,
        "error": error,
        "roles": [{"value": name, "label": label, "chosen": name == found.role} for name, label, _says in role_choices(actor)],
        "actions": {
            key: reverse(f"web:settings-person-{key}", args=[found.user_id])
            for key in ("attributes", "end", "role", "remove")
        },
        "let_in_action": reverse("web:settings-person-let-in", args=[found.user_id]),
        "hand_over_action": reverse("web:settings-person-hand-over", args=[found.user_id]),
    }  # fmt: skip
    return render(request, "pages/rights_person.html", context, status=422 if error else 200)


def _facts(found: Membership) -> list[dict[str, Any]]:
    address = [] if found.service else [{"term": _("Address"), "value": found.user.email}]
    state = [] if found.active else [{"term": _("State"), "value": _("deactivated")}]
    return [
        *address, {"term": _("Role"), "value": found.role}, {"term": _("Since"), "value": instant(found.since, "day")}, *state,
    ]  # fmt: skip


def _check(found: Membership) -> dict[str, str]:
    address = f"{reverse('web:settings-access')}?{urlencode({'who': found.user.email})}"
    return {"label": _("Check their access"), "href": address}


def _field(known: dict[str, Any], lines: str | None, error: str) -> dict[str, Any]:
    text = "\n".join(attribute_lines(known)) if lines is None else lines
    return {
        "name": "attributes", "label": _("Attributes"), "kind": "textarea", "value": text,
        "hint": _("What row rules and masks compare, one a line, such as buyer_id = 12."),
        "errors": [error] if error else [], "attrs": {"rows": max(4, text.count("\n") + 2), "spellcheck": "false"},
    }  # fmt: skip


def _owned(actor: Actor, user_id: int) -> list[dict[str, str]]:
    if not may_somewhere(actor, "schedule.read"):
        return []
    mine = schedules(actor).filter(owner_id=user_id).values_list("name", "title")
    return [{"label": title, "href": reverse("web:schedule", args=[name])} for name, title in mine]


def _datasets(actor: Actor, email: str) -> list[dict[str, str]]:
    if not may_somewhere(actor, "source.read"):
        return []
    reached = set(datasets(actor).values_list("pk", flat=True))
    mine = [one for one in owned_by(actor.organization_id, email) if one.pk in reached]
    said = _("the dataset %(name)s")
    return [{"label": said % {"name": one}, "href": reverse("web:data-set", args=[one.name])} for one in mine]


def _heirs(actor: Actor, leaving: int) -> list[tuple[int, str]]:
    """Members who may change schedules, but who goes."""
    may_edit: dict[str, bool] = {}
    found = []
    for one in people(actor).filter(active=True, service=False).exclude(user_id=leaving):
        if one.role not in may_edit:
            may_edit[one.role] = "schedule.edit" in carried(actor.organization_id, one.role)
        if may_edit[one.role]:
            found.append((one.user_id, str(one.user)))
    return found


def _member(request: HttpRequest, user_id: int) -> Membership:
    found = rosters.people(request.actor).filter(user_id=user_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
