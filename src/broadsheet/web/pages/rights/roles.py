"""Roles: what each carries, and those of the organization's own, made by form or as text."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broadsheet.access import rosters
from broadsheet.access.actions.roles import remove_role, role_data, save_role
from broadsheet.access.actions.trying import tried
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Role
from broadsheet.access.permissions import missing
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, dump
from broadsheet.core.policy import Actor, may, permissions_of
from broadsheet.core.policy.roles import GIVEN
from broadsheet.web.access_rules import member
from broadsheet.web.definitions import one_document, problem_row
from broadsheet.web.pages.settings.forms import Wrong
from broadsheet.web.pages.settings.permissions import permission_groups
from broadsheet.web.pages.settings.presenting import form_notice
from broadsheet.web.pages.settings.subpages import frame

from .keeping import keep, said
from .role_form import RoleForm, form_fields, form_of, typed
from .words import condition_words, role_says

FIELDS = ("description", "permissions", "conditions")


@require_safe
@member("person.read")
def roles(request: HttpRequest) -> HttpResponse:
    """All roles, and which permission the built-in ones carry."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    use = rosters.role_use(actor)
    new = {"label": _("New role"), "href": reverse("web:settings-role-new"), "outlined": True}
    context = {
        **frame(actor, "settings-roles"),
        "headline": _("Roles"),
        "acts": [new] if may(actor, "role.edit") else [],
        "roles": [_line(one, use.get(one.name, rosters.Use(0, 0))) for one in rosters.roles(actor)],
        "columns": GIVEN,
        "groups": [
            (title, [(name, words, [name in permissions_of(role) for role in GIVEN]) for name, words in found.items()])
            for title, found in permission_groups()
        ],
    }
    return render(request, "pages/rights_roles.html", context)


@require_safe
@member("person.read")
def role(request: HttpRequest, name: str) -> HttpResponse:
    """One role: a form for who may change it, else what it carries."""
    found = rosters.role(request.actor, name)  # type: ignore[attr-defined]
    return _page(request, found, form_of(found))


@require_POST
@member("role.edit")
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the form, or show it with one row more."""
    found = rosters.role(request.actor, name)  # type: ignore[attr-defined]
    given = typed(request.POST)
    return _keep(request, RoleForm(name, given.label, given.description, given.permissions, given.conditions), found)


@require_http_methods(["GET", "HEAD", "POST"])
@member("role.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A role that is not there yet."""
    if request.method != "POST":
        return _page(request, None, RoleForm())
    given = typed(request.POST)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if given.name in {one.name for one in rosters.roles(actor)}:
        taken = _("There is a role “%(name)s” already. Choose another name.") % {"name": given.name}
        return _page(request, None, given, wrong=Wrong({"name": [taken]}))
    return _keep(request, given, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member("role.edit")
def text(request: HttpRequest, name: str) -> HttpResponse:
    """The role as its definition file has it; “Check” keeps nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = rosters.role(actor, name)
    old = dump("role", name, role_data(found))
    written = request.POST.get("text", "").replace("\r\n", "\n") if request.method == "POST" else old
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            loaded = one_document(written, kind="role", name=name)
            effect = tried(save_role, actor, loaded, now=timezone.now())
            if "check" not in request.POST:
                save_role(actor, loaded, now=timezone.now())
                messages.success(request, _("“%(name)s” is kept.") % {"name": name})
                return redirect("web:settings-role", name=name)
            new_text = dump("role", name, loaded.data)
            context["checked"] = {"effect": effect, "difference": difference(old, new_text)}
        except DefinitionError as error:
            context["problems"] = [problem_row(problem, written) for problem in error.problems]
        except AccessError as error:
            context["problems"] = [{"line": 1, "path": "", "message": str(error), "fix": "", "excerpt": ""}]
    page = {**_frame(actor, found, _("Edit %(title)s") % {"title": found}), **_written(found, written), **context}
    return render(request, "pages/definition_form.html", page, status=422 if context.get("problems") else 200)


@require_POST
@member("role.edit")
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Only one that nobody has."""
    rosters.role(request.actor, name)  # type: ignore[attr-defined]
    act = partial(remove_role, request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    if said(request, act, done=_("The role “%(name)s” is gone.") % {"name": name}):
        return redirect("web:settings-roles")
    return redirect("web:settings-role", name=name)


def _keep(request: HttpRequest, form: RoleForm, found: Role | None) -> HttpResponse:
    if request.POST.get("act") == "more":
        return _page(request, found, form, more=2)
    wrong = keep(request, "role", form.name, form.data(), save_role, fields=FIELDS)
    if wrong is not None:
        return _page(request, found, form, wrong=wrong)
    return redirect("web:settings-role", name=form.name)


def _page(
    request: HttpRequest, found: Role | None, form: RoleForm, *, wrong: Wrong | None = None, more: int = 1
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editable = may(actor, "role.edit") and (found is None or found.pk is not None)
    use = rosters.role_use(actor).get(form.name, rosters.Use(0, 0)) if found else rosters.Use(0, 0)
    context = {
        **_frame(actor, found, str(found) if found else _("New role"), here=False),
        "facts": _facts(found, use) if found else [],
        "about": role_says(found) if found else "",
        "form": form_fields(form, actor, new=found is None, wrong=wrong, more=more) if editable else None,
        "action": reverse("web:settings-role-save", args=[found.name]) if found else request.path,
        "text": reverse("web:settings-role-text", args=[found.name]) if found and editable else "",
        "removable": reverse("web:settings-role-remove", args=[found.name]) if found and editable else "",
        "result": form_notice(wrong),
        "mind": _mind(form) if not wrong else None,
        "carries": _carries(form),
        "conditions": [condition_words(one) for one in form.conditions],
        "cancel": reverse("web:settings-roles"),
    }
    return render(request, "pages/rights_role.html", context, status=422 if wrong else 200)


def _mind(form: RoleForm) -> dict[str, Any] | None:
    """What the role carries that is of little use alone."""
    found = [
        _("“%(one)s” is of little use without “%(on)s”.") % {"one": one, "on": on}
        for one, on in missing(form.permissions)
    ]
    return {"state": "conflict", "title": _("Mind this"), "points": found} if found else None


def _carries(form: RoleForm) -> list[tuple[str, list[tuple[str, str]]]]:
    held = set(form.permissions)
    found = [(title, [(k, v) for k, v in words.items() if k in held]) for title, words in permission_groups()]
    return [(title, words) for title, words in found if words]


def _facts(found: Role, use: rosters.Use) -> list[dict[str, Any]]:
    given = ngettext("%(n)d member", "%(n)d members", use.members) % {"n": use.members}
    on = ngettext("on %(n)d thing", "on %(n)d things", use.grants) % {"n": use.grants}
    kind = _("built in") if found.pk is None else _("your own")
    return [
        {"term": _("Name"), "value": found.name}, {"term": _("Kind"), "value": kind},
        {"term": _("Held by"), "value": f"{given}, {on}"},
    ]  # fmt: skip


def _line(one: Role, use: rosters.Use) -> dict[str, Any]:
    return {
        "name": str(one), "href": reverse("web:settings-role", args=[one.name]), "id": one.name, "own": one.pk is not None,
        "says": role_says(one), "carries": len(one.permissions), "members": use.members, "grants": use.grants,
        "conditions": [condition_words(each) for each in one.conditions],
    }  # fmt: skip


def _frame(actor: Actor, found: Role | None, headline: str, *, here: bool = True) -> dict[str, Any]:
    crumbs = [
        {"label": _("Settings"), "href": reverse("web:settings")},
        {"label": _("Roles"), "href": reverse("web:settings-roles")},
    ]
    if here and found:
        crumbs.append({"label": str(found), "href": reverse("web:settings-role", args=[found.name])})
    return {**frame(actor, "settings-roles"), "crumbs": crumbs, "headline": headline}


def _written(found: Role, written: str) -> dict[str, Any]:
    return {
        "field": {
            "name": "text", "label": _("Definition"), "kind": "code", "value": written, "required": True,
            "attrs": {"rows": min(40, max(16, written.count("\n") + 3)), "autocapitalize": "off", "autocomplete": "off"},
        },
        "cancel": reverse("web:settings-role", args=[found.name]),
        "save_label": _("Keep"),
    }  # fmt: skip
