"""Limits: how many runs may go on at once, what is used of each right now, and a form that sets them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor, may
from broadsheet.runs.actions.limit import limits_of, save_limits
from broadsheet.runs.limited import Use, uses
from broadsheet.runs.limits_definition import NAME
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.forms import Wrong
from broadsheet.web.pages.settings.presenting import form_notice

from .subpages import frame

Shown = dict[str, Any]
RUNS, SOURCE = "runs", "source-"
AT_ONCE = {"min": 1, "max": 10_000, "inputmode": "numeric"}


@require_http_methods(["GET", "HEAD", "POST"])
@member("delivery.read")
def page(request: HttpRequest) -> HttpResponse:
    """What is set and used; a POST sets it, which needs more."""
    wrong = _saved(request) if request.method == "POST" else None
    if request.method == "POST" and wrong is None:
        return redirect("web:operations-limits")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = uses(actor, now=request.now)  # type: ignore[attr-defined]
    context = {
        **frame(actor, "operations-limits"),
        "headline": _sentence(found),
        **_rows(found),
        "src": reverse("web:operations-limits-part"),
        "form": _form(request, found, wrong) if may(actor, "operation.steer") else None,
        "result": form_notice(wrong),
    }
    return render(request, "pages/operations_limits.html", context, status=422 if wrong else 200)


@never_cache
@require_safe
@member("delivery.read")
def part(request: HttpRequest) -> HttpResponse:
    """What renews itself: the rows."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    return render(request, "partials/limits.html", _rows(uses(actor, now=now)))


def _sentence(found: list[Use]) -> str:
    waiting = sum(one.waiting for one in found if one.kind != "schedule")
    if waiting:
        words = ngettext("%(n)d run waits for a limit", "%(n)d runs wait for a limit", waiting)
        return words % {"n": waiting}
    limited = any(one.most is not None for one in found if one.kind != "schedule")
    return _("No run waits for a limit") if limited else _("Nothing is limited")


def _rows(found: list[Use]) -> Shown:
    return {
        "limits": [_row(one) for one in found if one.kind != "schedule"],
        "schedules": [_row(one) for one in found if one.kind == "schedule"],
    }


def _row(one: Use) -> Shown:
    titles = {"installation": _("The whole installation"), "organization": _("Your organization")}
    used = (one.most or 0) * one.full if one.used is None else one.used
    return {
        "title": titles.get(one.kind) or one.label or _("Another source"),
        "under": _("source") if one.kind == "source" else "",
        "href": reverse("web:schedule", args=[one.name]) if one.kind == "schedule" else "",
        "used": used,
        "most": one.most,
        "value": min(used, one.most) if one.most else 0,
        "words": _numbers(one),
        "state": "conflict" if one.waiting else "running" if one.full else "ok" if one.most else "due",
        "word": _word(one),
        "waiting": one.waiting,
    }


def _numbers(one: Use) -> str:
    if one.used is None:
        return _("at most %(most)d") % {"most": one.most} if one.most else ""
    if one.most is None:
        return f"{one.used}"
    words = _("%(used)d that you see, of %(most)d") if one.full and one.used < one.most else _("%(used)d of %(most)d")
    return words % {"used": one.used, "most": one.most}


def _word(one: Use) -> str:
    if one.waiting:
        return ngettext("full, %(n)d waits", "full, %(n)d wait", one.waiting) % {"n": one.waiting}
    if one.full:
        return _("full, nothing waits")
    return _("free") if one.most else _("no limit")


def _form(request: HttpRequest, found: list[Use], wrong: Wrong | None) -> Shown:
    """See `partials/settings_form.html`. The base is what was set when the form was opened."""
    faults, typed = (wrong or Wrong()).fields, request.POST
    own = next(one for one in found if one.kind == "organization")
    empty = _("Empty: as many as there are workers for.")
    fields = [_field(RUNS, _("Runs of your organization at once"), own.most, typed, faults, hint=empty)]
    for one in found:
        if one.kind == "source" and one.name:
            label = _("Runs at once that ask “%(source)s”") % {"source": one.label}
            fields.append(_field(SOURCE + one.name, label, one.most, typed, faults))
    return {
        "action": request.path, "fields": fields, "save_label": _("Save the limits"),
        "base": typed.get("base") or _base(limits_of(request.actor)),  # type: ignore[attr-defined]
    }  # fmt: skip


def _field(
    name: str, label: str, value: int | None, typed: Mapping[str, str], faults: Mapping[str, list[str]], *, hint: str = ""
) -> Shown:  # fmt: skip
    return {
        "name": name, "id": f"id-{name}", "kind": "number", "label": label, "hint": hint, "attrs": AT_ONCE,
        "value": typed.get(name, "" if value is None else value), "errors": faults.get(name, []),
    }  # fmt: skip


def _base(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True)


def _saved(request: HttpRequest) -> Wrong | None:
    """What is wrong with the form; None where the limits count."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    before = limits_of(actor)
    if request.POST.get("base", _base(before)) != _base(before):
        return Wrong(
            {}, (_("Somebody set other limits meanwhile: they stand above. Load the page again and set yours."),)
        )
    loaded = Loaded("limits", NAME, _data(request.POST, before), {}, _("the form"))
    try:
        effect = save_limits(actor, loaded, now=request.now)  # type: ignore[attr-defined]
    except DefinitionError as error:
        return _wrong(error)
    if effect == "same":
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("The limits count. What goes on already goes on; what is due waits for a place."))
    return None


def _data(given: Mapping[str, str], before: Mapping[str, Any]) -> Shown:
    """As the definition writes it; a source that the form does not show keeps its limit, and what is no number goes in as it
    is, for the definition's own check to name."""
    shown = {name.removeprefix(SOURCE): _whole(value) for name, value in given.items() if name.startswith(SOURCE)}
    asked = {**before.get("sources", {}), **shown}
    runs = _whole(given.get(RUNS, ""))
    data: Shown = {"sources": {name: value for name, value in asked.items() if value is not None}}
    return data if runs is None else {**data, "runs": runs}


def _whole(text: str) -> int | str | None:
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() else stripped or None


def _wrong(error: DefinitionError) -> Wrong:
    fields: dict[str, list[str]] = {}
    others = []
    for problem in error.problems:
        said = f"{problem.message} {problem.fix}".strip()
        head, _dot, name = problem.path.partition("sources.")
        field = SOURCE + name if name else RUNS if head == RUNS else ""
        if field:
            fields.setdefault(field, []).append(said)
        else:
            others.append(said)
    return Wrong(fields, tuple(others))
