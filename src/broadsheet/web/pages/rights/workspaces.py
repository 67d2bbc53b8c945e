"""Workspaces: what stands in them, who has a role on them, and whether they are open."""

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

from broadsheet.access import rosters
from broadsheet.access.actions.arrange import displace, place, set_open
from broadsheet.access.actions.workspaces import remove_workspace, save_workspace, workspace_data
from broadsheet.access.models import Workspace
from broadsheet.access.things import PLACED, READING, things
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.forms import Wrong, label_fields
from broadsheet.web.pages.settings.presenting import form_notice
from broadsheet.web.pages.settings.subpages import frame

from .keeping import keep, said
from .things import access_of
from .words import kind_word, page_of

MOST = 500  # things of a kind to choose from


@require_http_methods(["GET", "HEAD", "POST"])
@member("report.read")
def workspaces(request: HttpRequest) -> HttpResponse:
    """All that the reader may see; a POST adds one."""
    return _add(request) if request.method == "POST" else _list(request)


@require_safe
@member("report.read")
def workspace(request: HttpRequest, name: str) -> HttpResponse:
    """One workspace; who may edit workspaces finds its forms."""
    return _page(request, rosters.workspace(request.actor, name))  # type: ignore[attr-defined]


@require_POST
@member("workspace.edit")
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Another label or description; what stands in it stays."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = rosters.workspace(actor, name)
    data = {**workspace_data(actor, found), **_texts(request)}
    wrong = keep(request, "workspace", name, data, save_workspace, fields=("description",))
    return _page(request, found, wrong=wrong) if wrong else redirect("web:settings-workspace", name=name)


@require_POST
@member("workspace.edit")
def turn(request: HttpRequest, name: str) -> HttpResponse:
    """``open`` is 1 to open it, else it is closed."""
    rosters.workspace(request.actor, name)  # type: ignore[attr-defined]
    wanted = request.POST.get("open") == "1"
    act = partial(set_open, request.actor, name, open=wanted, now=timezone.now())  # type: ignore[attr-defined]
    done = _("“%(name)s” is open to everybody’s role.") if wanted else _("“%(name)s” is closed to all but those with a role on it.")  # fmt: skip
    said(request, act, done=done % {"name": name})
    return redirect("web:settings-workspace", name=name)


@require_POST
@member("workspace.edit")
def move(request: HttpRequest, name: str) -> HttpResponse:
    """Put the ``thing`` of ``kind`` in, or with ``act`` “out” take it out."""
    rosters.workspace(request.actor, name)  # type: ignore[attr-defined]
    kind, thing = request.POST.get("kind", ""), request.POST.get("thing", "").replace("\0", "")
    out = request.POST.get("act") == "out"
    act = partial(displace if out else place, request.actor, name, kind, [thing], now=timezone.now())  # type: ignore[attr-defined]
    done = _("“%(thing)s” stands in it no more.") if out else _("“%(thing)s” stands in it now.")
    said(request, act, done=done % {"thing": thing})
    return redirect("web:settings-workspace", name=name)


@require_POST
@member("workspace.edit")
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """What stood in it stays; a closed one must be empty."""
    rosters.workspace(request.actor, name)  # type: ignore[attr-defined]
    act = partial(remove_workspace, request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    if said(request, act, done=_("The workspace “%(name)s” is gone.") % {"name": name}):
        return redirect("web:settings-workspaces")
    return redirect("web:settings-workspace", name=name)


def _add(request: HttpRequest) -> HttpResponse:
    name, actor = request.POST.get("name", "").replace("\0", "").strip(), request.actor  # type: ignore[attr-defined]
    if rosters.workspaces(actor).filter(name=name).exists():
        taken = _("There is a workspace “%(name)s” already. Choose another name.") % {"name": name}
        return _list(request, wrong=Wrong({"name": [taken]}))
    data = {**_texts(request), **({} if request.POST.get("open") else {"open": False})}
    wrong = keep(request, "workspace", name, data, save_workspace, fields=("description",))
    return _list(request, wrong=wrong) if wrong else redirect("web:settings-workspace", name=name)


def _list(request: HttpRequest, *, wrong: Wrong | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        **frame(actor, "settings-workspaces"),
        "headline": _("Workspaces"),
        "workspaces": [_line(one) for one in rosters.workspaces(actor)],
        "fields": _fields(request, wrong=wrong) if may(actor, "workspace.edit") else [],
        "action": request.path,
        "result": form_notice(wrong),
    }
    return render(request, "pages/rights_workspaces.html", context, status=422 if wrong else 200)


def _line(one: Any) -> dict[str, Any]:
    return {
        "name": str(one), "id": one.name, "href": reverse("web:settings-workspace", args=[one.name]),
        "about": one.description, "open": one.open,
        "standing": ngettext("%(n)d thing", "%(n)d things", one.standing) % {"n": one.standing},
    }  # fmt: skip


def _page(request: HttpRequest, found: Workspace, *, wrong: Wrong | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "workspace.edit"))
    data = workspace_data(actor, found)
    stands = [(kind, name) for kind in PLACED for name in data.get(f"{kind}s", ())]
    context = {
        **frame(actor, "settings-workspaces"),
        "crumbs": [
            {"label": _("Settings"), "href": reverse("web:settings")},
            {"label": _("Workspaces"), "href": reverse("web:settings-workspaces")},
        ],
        "headline": str(found),
        "facts": [{"term": _("Name"), "value": found.name}],
        "about": found.description,
        "open": found.open,
        "stands": [
            {"kind": kind, "word": kind_word(kind), "name": name, "href": page_of(kind, name)} for kind, name in stands
        ],
        "access": _access(actor, found),
        "editor": editor,
        "puts": _puts(actor, stands) if editor else [],
        "move_action": reverse("web:settings-workspace-move", args=[found.name]),
        "turn_action": reverse("web:settings-workspace-turn", args=[found.name]),
        "fields": _fields(request, found=found, wrong=wrong) if editor else [],
        "action": reverse("web:settings-workspace-save", args=[found.name]),
        "result": form_notice(wrong),
        "remove_action": reverse("web:settings-workspace-remove", args=[found.name]),
    }
    return render(request, "pages/rights_workspace.html", context, status=422 if wrong else 200)


def _access(actor: Actor, found: Workspace) -> dict[str, Any] | None:
    access = access_of(actor, "workspace", found.name)
    return {**access, "closed": not found.open} if access else None


def _puts(actor: Actor, stands: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """A select for each kind, of what does not stand in it yet."""
    labels = {"report": _("A report"), "dataset": _("A dataset"), "channel": _("A channel")}
    found = []
    for kind in PLACED:
        if may_somewhere(actor, READING[kind]):
            names = things(actor, kind).order_by("name").values_list("name", flat=True)[:MOST]
            left = [(name, name) for name in names if (kind, name) not in stands]
            if left:
                field = {
                    "name": "thing",
                    "id": f"id-put-{kind}",
                    "label": labels[kind],
                    "kind": "select",
                    "choices": left,
                }
                found.append({"kind": kind, "field": {**field, "value": ""}})
    return found


def _fields(
    request: HttpRequest, *, found: Workspace | None = None, wrong: Wrong | None = None
) -> list[dict[str, Any]]:
    kept = {"label": found.label, "description": found.description} if found else {"label": "", "description": ""}
    shown = {"name": request.POST.get("name", ""), **_texts(request)} if wrong else {"name": "", **kept}
    about = {
        "name": "description", "label": _("What it is for"), "value": shown["description"],
        "errors": (wrong or Wrong()).fields.get("description", []), "attrs": {"maxlength": 2000},
    }  # fmt: skip
    fields = [
        *label_fields(within="workspace", name=shown["name"], label=shown["label"], new=found is None, wrong=wrong),
        about,
    ]
    if found is None:
        hint = _("In an open one everybody’s role counts. In a closed one only roles given on it do.")
        fields.append({"name": "open", "label": _("Open"), "kind": "checkbox", "value": True, "hint": hint})
    return fields


def _texts(request: HttpRequest) -> dict[str, str]:
    return {key: request.POST.get(key, "").replace("\0", "").strip() for key in ("label", "description")}
