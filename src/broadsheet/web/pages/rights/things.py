"""Who has a role on a report, dataset, channel, schedule or workspace, and in which workspaces it stands."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.access import queries, rosters
from broadsheet.access.actions.arrange import displace, place
from broadsheet.access.actions.grants import give, grants_on, key_of
from broadsheet.access.things import PLACED, things
from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.grants import KINDS
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.subpages import frame

from .keeping import said
from .words import kind_word, page_of, role_choices

TEAM = "team:"  # before a team's name in the form, where a member's mail address may stand


@require_safe
@member("person.edit")
def grants(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Who has which role on it, with the forms that give one and take it away."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    title = _title(actor, kind, name)
    context = {
        **frame(actor, "settings-workspaces" if kind == "workspace" else ""),
        "crumbs": [
            {"label": f"{kind_word(kind)[:1].upper()}{kind_word(kind)[1:]}: {title}", "href": page_of(kind, name)}
        ],
        "headline": _("Access to %(title)s") % {"title": title},
        "access": access_of(actor, kind, name),
        "give": _giving(actor),
        "place": _placing(actor, kind, name),
        "place_action": reverse("web:settings-placing", args=[kind, name]),
    }
    return render(request, "pages/rights_access.html", context)


@require_POST
@member("person.edit")
def give_role(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """``who`` (a mail address, or “team:” and a name) has ``role`` on it; an empty role takes it away."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    _title(actor, kind, name)
    who, role = request.POST.get("who", "").replace("\0", ""), request.POST.get("role", "")
    team, person = (who.removeprefix(TEAM), "") if who.startswith(TEAM) else ("", who)
    act = partial(give, actor, kind, name, role, person=person, team=team, now=timezone.now())
    done = _("%(who)s has the role “%(role)s” on it.") if role else _("%(who)s has no role on it any more.")
    said(request, act, done=done % {"who": team or person, "role": role})
    return redirect("web:settings-grants", kind=kind, name=name)


@require_POST
@member("workspace.edit")
def place_thing(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Put it into the ``workspace``, or with ``act`` “out” take it out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    _title(actor, kind, name)
    room, out = request.POST.get("workspace", "").replace("\0", ""), request.POST.get("act") == "out"
    act = partial(displace if out else place, actor, room, kind, [name], now=timezone.now())
    done = _("It stands in “%(room)s” no more.") if out else _("It stands in “%(room)s” now.")
    said(request, act, done=done % {"room": room})
    if may(actor, "person.edit"):
        return redirect("web:settings-grants", kind=kind, name=name)
    return redirect(page_of(kind, name))


def access_of(actor: Actor, kind: str, name: str) -> dict[str, Any] | None:
    """What `partials/access.html` shows of the thing, for who may give roles or place things; None for others."""
    gives, places = bool(may(actor, "person.edit")), bool(may(actor, "workspace.edit"))
    if not (gives or places):
        return None
    key = key_of(actor, kind, name)
    rooms = rosters.rooms_of(actor, kind, key) if kind in PLACED and may(actor, "report.read") else []
    return {
        "kind": kind, "word": kind_word(kind), "name": name, "gives": gives, "places": places and kind in PLACED,
        "rows": [_row(one) for one in grants_on(actor, kind, name)] if gives and may(actor, "person.read") else [],
        "rooms": [
            {"id": one.name, "label": str(one), "open": one.open, "href": page_of("workspace", one.name)} for one in rooms
        ],
        "placed": kind in PLACED, "closed": bool(rooms) and not any(one.open for one in rooms),
        "href": reverse("web:settings-grants", args=[kind, name]) if gives else "",
        "give_action": reverse("web:settings-grant", args=[kind, name]),
        "place_action": reverse("web:settings-placing", args=[kind, name]),
    }  # fmt: skip


def _row(one: dict[str, str]) -> dict[str, Any]:
    team = bool(one["team"])
    return {
        "who": one["team"] or one["person"], "team": team, "role": one["role"],
        "value": f"{TEAM}{one['team']}" if team else one["person"],
        "href": reverse("web:settings-team", args=[one["team"]]) if team else "",
    }  # fmt: skip


def _title(actor: Actor, kind: str, name: str) -> str:
    """What it is called for people. Raises UnknownThing, and 404 for what is no kind."""
    if kind not in KINDS:
        raise Http404
    key = key_of(actor, kind, name)
    return str(things(actor, kind).get(pk=key))


def _giving(actor: Actor) -> list[dict[str, Any]]:
    people = [(one.user.email, f"{one.user} ({one.user.email})") for one in queries.people(actor)]
    teams = [(f"{TEAM}{one.name}", _("team: %(name)s") % {"name": one}) for one in queries.teams(actor)]
    roles = [(name, label) for name, label, _hint in role_choices(actor, on_things=True)]
    return [
        {"name": "who", "label": _("Who"), "kind": "select", "choices": [*teams, *people], "value": ""},
        {"name": "role", "label": _("Role"), "kind": "select", "choices": roles, "value": "viewer"},
    ]


def _placing(actor: Actor, kind: str, name: str) -> dict[str, Any] | None:
    """A field to choose a workspace in which it does not stand yet; None where there is none, or it is not for them."""
    if kind not in PLACED or not may(actor, "workspace.edit"):
        return None
    stands = {one.pk for one in rosters.rooms_of(actor, kind, key_of(actor, kind, name))}
    left = [(one.name, str(one)) for one in rosters.workspaces(actor) if one.pk not in stands]
    return (
        {"name": "workspace", "label": _("Workspace"), "kind": "select", "choices": left, "value": ""} if left else None
    )
