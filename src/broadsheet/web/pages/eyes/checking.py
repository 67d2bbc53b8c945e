"""“May Ana see the revenue of buyer 12?” answered with every step of the decision; and the way to look through her eyes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.access.errors import AccessError
from broadsheet.access.explaining import Explanation, given_of, may_do, may_see, values_of
from broadsheet.access.queries import contacts, people
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.core.policy.grants import KINDS
from broadsheet.core.policy.roles import ADMIN
from broadsheet.sources.queries import datasets
from broadsheet.web.access_rules import member
from broadsheet.web.callers import circumstances
from broadsheet.web.pages.settings.subpages import frame

ASKED = ("who", "dataset", "fields", "where", "permission", "kind", "name")


@require_safe
@member()
def check(request: HttpRequest) -> HttpResponse:
    """``?who=`` with ``dataset``, ``fields`` and ``where``, or with ``permission``, ``kind`` and ``name``. Everybody may ask
    for themselves."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    asked["who"] = asked["who"] or request.user.email  # type: ignore[union-attr]
    found, error = _answer(request, asked)
    context: dict[str, Any] = {
        **frame(actor, "settings-access"),
        "headline": _("Check access"),
        "explanation": found,
        "error": error,
        "see_fields": [_who(actor, asked), *_what(actor, asked)],
        "do_fields": [_who(actor, asked, form="do"), *_act(asked)],
        "look": reverse("web:look-as") if found and "@" in asked["who"] and _others(actor, asked) else "",
        "who": asked["who"],
    }
    return render(request, "pages/settings_access.html", context, status=422 if error else 200)


def _answer(request: HttpRequest, asked: dict[str, str]) -> tuple[Explanation | None, str]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = circumstances(request)
    try:
        if asked["dataset"]:
            fields, where = given_of(asked["fields"]), values_of(given_of(asked["where"]))
            return may_see(actor, asked["who"], asked["dataset"], fields=fields, where=where, given=given), ""
        if asked["permission"]:
            kind, name = asked["kind"], asked["name"]
            return may_do(actor, asked["who"], asked["permission"], kind=kind, name=name, given=given), ""
    except AccessError as error:
        return None, str(error)
    return None, ""


def _others(actor: Actor, asked: dict[str, str]) -> bool:
    return bool(may(actor, "person.view_as")) and asked["who"] in {one for one, _label in _everybody(actor)[1:]}


def _everybody(actor: Actor) -> list[tuple[str, str]]:
    """Who the actor may ask for, as the value that names them and a label; themselves first."""
    found = []
    if may(actor, "person.edit"):
        found += [(one.user.email, f"{one.user} ({one.user.email})") for one in people(actor)]
        found.sort(key=lambda one: one[0] != _own(actor))
    if may(actor, "contact.read"):
        found += [(one.name, _("%(who)s, a contact") % {"who": one.label}) for one in contacts(actor)[:500]]
    return found


def _own(actor: Actor) -> str:
    from broadsheet.access.queries import address_of

    return address_of(actor)


def _who(actor: Actor, asked: dict[str, str], *, form: str = "see") -> dict[str, Any]:
    choices = _everybody(actor) or [(asked["who"], _("you"))]
    if form == "do":
        choices = [one for one in choices if "@" in one[0]]
    return {
        "name": "who", "id": f"{form}-who", "label": _("Who"), "kind": "select", "value": asked["who"],
        "choices": [(value, label) for value, label in choices],
    }  # fmt: skip


def _what(actor: Actor, asked: dict[str, str]) -> list[dict[str, Any]]:
    names = [one.name for one in datasets(actor)] if may_somewhere(actor, "source.read") else []
    return [
        {"name": "dataset", "label": _("Dataset"), "kind": "select", "value": asked["dataset"],
         "choices": [(name, name) for name in names]},
        {"name": "fields", "label": _("Fields"), "value": asked["fields"], "hint": _("Names, with commas; none: its rows alone.")},
        {"name": "where", "label": _("In the rows where"), "value": asked["where"], "hint": _("For instance buyer_id = 12.")},
    ]  # fmt: skip


def _act(asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": "permission", "label": _("Permission"), "kind": "select", "value": asked["permission"],
         "choices": [(one, one) for one in sorted(ADMIN)]},
        {"name": "kind", "label": _("On a"), "kind": "select", "value": asked["kind"] or "report",
         "choices": [(one, one) for one in KINDS]},
        {"name": "name", "label": _("Called"), "value": asked["name"], "hint": _("Its name; empty: in the whole organization.")},
    ]  # fmt: skip
