"""Teams: who is in them, and what they have a role on."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broadsheet.access import queries, rosters
from broadsheet.access.actions.arrange import join, leave
from broadsheet.access.actions.teams import remove_team, save_team, team_data
from broadsheet.access.models import Team
from broadsheet.core.policy import Actor, may
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.forms import Wrong, label_fields
from broadsheet.web.pages.settings.presenting import form_notice
from broadsheet.web.pages.settings.subpages import frame

from .keeping import keep, said
from .words import granted_rows, listed


@require_http_methods(["GET", "HEAD", "POST"])
@member("person.read")
def teams(request: HttpRequest) -> HttpResponse:
    """All teams; a POST adds one."""
    if request.method == "POST":
        return _add(request)
    return _list(request)


@require_safe
@member("person.read")
def team(request: HttpRequest, name: str) -> HttpResponse:
    """One team; who may edit people finds its forms."""
    return _page(request, rosters.team(request.actor, name))  # type: ignore[attr-defined]


@require_POST
@member("person.edit")
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Another label or description; who is in it stays."""
    found = rosters.team(request.actor, name)  # type: ignore[attr-defined]
    data = {**team_data(found), "label": _typed(request, "label"), "description": _typed(request, "description")}
    wrong = keep(request, "team", name, data, save_team, fields=("description",))
    return _page(request, found, wrong=wrong) if wrong else redirect("web:settings-team", name=name)


@require_POST
@member("person.edit")
def put_in(request: HttpRequest, name: str) -> HttpResponse:
    """A member (``member``, a mail address) or a contact (``contact``, a name) more."""
    rosters.team(request.actor, name)  # type: ignore[attr-defined]
    who = [one for one in (_typed(request, "member"), _typed(request, "contact")) if one]
    act = partial(join, request.actor, name, who, now=timezone.now())  # type: ignore[attr-defined]
    said(request, act, done=_("%(who)s is in the team now.") % {"who": ", ".join(who)})
    return redirect("web:settings-team", name=name)


@require_POST
@member("person.edit")
def take_out(request: HttpRequest, name: str) -> HttpResponse:
    """``who`` is in it no more."""
    rosters.team(request.actor, name)  # type: ignore[attr-defined]
    who = _typed(request, "who")
    act = partial(leave, request.actor, name, [who], now=timezone.now())  # type: ignore[attr-defined]
    said(request, act, done=_("%(who)s is in the team no more.") % {"who": who})
    return redirect("web:settings-team", name=name)


@require_POST
@member("person.edit")
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """With every role that was given to it."""
    rosters.team(request.actor, name)  # type: ignore[attr-defined]
    act = partial(remove_team, request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    said(request, act, done=_("The team “%(name)s” is gone.") % {"name": name})
    return redirect("web:settings-teams")


def _add(request: HttpRequest) -> HttpResponse:
    name, actor = _typed(request, "name"), request.actor  # type: ignore[attr-defined]
    if queries.teams(actor).filter(name=name).exists():
        taken = _("There is a team “%(name)s” already. Choose another name.") % {"name": name}
        return _list(request, wrong=Wrong({"name": [taken]}))
    data = {"label": _typed(request, "label"), "description": _typed(request, "description")}
    wrong = keep(request, "team", name, data, save_team, fields=("description",))
    return _list(request, wrong=wrong) if wrong else redirect("web:settings-team", name=name)


def _list(request: HttpRequest, *, wrong: Wrong | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "person.edit"))
    context = {
        **frame(actor, "settings-teams"),
        "headline": _("Teams"),
        "teams": [_line(one, actor) for one in queries.teams(actor)],
        "fields": _fields(request, wrong=wrong) if editor else [],
        "action": request.path,
        "result": form_notice(wrong),
    }
    return render(request, "pages/rights_teams.html", context, status=422 if wrong else 200)


def _line(one: Team, actor: Actor) -> dict[str, Any]:
    members = [str(person) for person in one.members.all()]
    contacts = len(one.contacts.all()) if may(actor, "contact.read") else 0
    said_of = ngettext("%(n)d contact", "%(n)d contacts", contacts) % {"n": contacts} if contacts else ""
    return {
        "name": str(one), "id": one.name, "href": reverse("web:settings-team", args=[one.name]),
        "about": one.description, "members": listed(members), "number": len(members), "contacts": said_of,
    }  # fmt: skip


def _page(request: HttpRequest, found: Team, *, wrong: Wrong | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor, sees_contacts = bool(may(actor, "person.edit")), bool(may(actor, "contact.read"))
    members = sorted(found.members.all(), key=str)
    context = {
        **frame(actor, "settings-teams"),
        "crumbs": [
            {"label": _("Settings"), "href": reverse("web:settings")},
            {"label": _("Teams"), "href": reverse("web:settings-teams")},
        ],
        "headline": str(found),
        "facts": [{"term": _("Name"), "value": found.name}],
        "about": found.description,
        "members": [{"name": str(one), "who": one.email, "id": one.pk} for one in members],
        "contacts": [_contact(one) for one in sorted(found.contacts.all(), key=str)] if sees_contacts else [],
        "granted": granted_rows(rosters.granted_to(actor, team=found)),
        "editor": editor,
        "join": _joining(actor, found, contacts=sees_contacts) if editor else [],
        "join_action": reverse("web:settings-team-join", args=[found.name]),
        "leave_action": reverse("web:settings-team-leave", args=[found.name]),
        "fields": _fields(request, found=found, wrong=wrong) if editor else [],
        "action": reverse("web:settings-team-save", args=[found.name]),
        "result": form_notice(wrong),
        "remove_action": reverse("web:settings-team-remove", args=[found.name]),
    }
    return render(request, "pages/rights_team.html", context, status=422 if wrong else 200)


def _contact(one: Any) -> dict[str, str]:
    return {"name": str(one), "who": one.name, "href": reverse("web:settings-contact", args=[one.name])}


def _joining(actor: Actor, found: Team, *, contacts: bool) -> list[dict[str, Any]]:
    inside = {one.pk for one in found.members.all()}
    members = [
        (one.user.email, f"{one.user} ({one.user.email})") for one in queries.people(actor) if one.user_id not in inside
    ]
    fields: list[dict[str, Any]] = [
        {
            "name": "member",
            "label": _("A member"),
            "kind": "select",
            "choices": [("", _("nobody")), *members],
            "value": "",
        }
    ]
    if contacts:
        hint = _("Its name, as the list of contacts has it.")
        fields.append(
            {
                "name": "contact",
                "label": _("Or a contact"),
                "hint": hint,
                "attrs": {"autocomplete": "off", "maxlength": 100},
            }
        )
    return fields


def _fields(request: HttpRequest, *, found: Team | None = None, wrong: Wrong | None = None) -> list[dict[str, Any]]:
    kept = {"label": found.label, "description": found.description} if found else {"label": "", "description": ""}
    shown = {key: _typed(request, key) for key in ("name", *kept)} if wrong else {"name": "", **kept}
    about = {
        "name": "description", "label": _("What it is for"), "value": shown["description"],
        "errors": (wrong or Wrong()).fields.get("description", []), "attrs": {"maxlength": 2000},
    }  # fmt: skip
    return [
        *label_fields(within="team", name=shown["name"], label=shown["label"], new=found is None, wrong=wrong),
        about,
    ]


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()
