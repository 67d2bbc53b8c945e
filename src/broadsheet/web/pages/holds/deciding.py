"""Looking at what would go out of the chosen, and releasing or dropping them together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from broadsheet.core.policy import Actor
from broadsheet.delivery.errors import DeliveryError
from broadsheet.runs.actions.decide import Decided, decide
from broadsheet.runs.errors import RunError
from broadsheet.runs.held import Goes, what_goes
from broadsheet.web.access_rules import member
from broadsheet.web.pages.operations.subpages import frame

from .listing import decidable
from .words import goes_words, made_words, unsure

Shown = dict[str, Any]


@require_POST
@member("schedule.run")
def look(request: HttpRequest) -> HttpResponse:
    """What would go out, and what is unsure, before anything is decided. Nothing is changed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    runs, deliveries = chosen(request)
    found = what_goes(actor, runs_of=runs, deliveries=deliveries, now=request.now)  # type: ignore[attr-defined]
    mine = decidable(actor, [one.run.pk for one in found])
    found = [one for one in found if one.run.pk in mine]
    if not found:
        messages.warning(request, _("Nothing of what was chosen is held any more. Choose from the list."))
        return redirect("web:held")
    whole = {one.run.pk for one in found if one.of_all}
    context = {
        **frame(actor, "held"),
        "headline": _question(found),
        "crumbs": [{"label": _("Held"), "href": reverse("web:held")}],
        "rows": [_row(one) for one in found],
        "total": _total(found),
        "runs": [key for key in runs if key in whole],
        "deliveries": deliveries,
        "action": reverse("web:held-decide"),
        "release": _release_words(found),
    }
    return render(request, "pages/held_look.html", context)


@require_POST
@member("schedule.run")
def decide_on(request: HttpRequest) -> HttpResponse:
    """``verdict``: release or drop; all of them or none."""
    runs, deliveries = chosen(request)
    verdict = request.POST.get("verdict", "")
    if verdict not in ("release", "drop") or not (runs or deliveries):
        messages.warning(request, _("Nothing was chosen. Tick what is to go, or to be dropped."))
        return redirect("web:held")
    try:
        done = decide(
            request.actor, verdict, runs=runs, deliveries=deliveries, now=request.now,  # type: ignore[attr-defined,arg-type]
            why=request.POST.get("why", ""),
        )  # fmt: skip
    except (RunError, DeliveryError) as error:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": error})
    else:
        messages.success(request, _said(verdict, done))
    return redirect("web:held")


def chosen(request: HttpRequest) -> tuple[list[UUID], list[UUID]]:
    """Runs and deliveries that the form names; what is no id is left out. A form with more fields than
    `DATA_UPLOAD_MAX_NUMBER_FIELDS` is refused whole before it comes here, so that none is left out unseen."""
    return _ids(request.POST.getlist("run")), _ids(request.POST.getlist("delivery"))


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _question(found: list[Goes]) -> str:
    return ngettext("Release what is held of this run?", "Release what is held of these %(n)d runs?", len(found)) % {
        "n": len(found)
    }


def _total(found: list[Goes]) -> str:
    number = sum(one.number for one in found)
    about = any(one.foreseen for one in found)
    if about and not number:
        return _("How much would go out is not known yet")
    words = (
        ngettext("About %(n)s delivery would go out", "About %(n)s deliveries would go out", number)
        if about
        else ngettext("%(n)s delivery would go out", "%(n)s deliveries would go out", number)
    )
    return words % {"n": f"{number:,}"}


def _release_words(found: list[Goes]) -> str:
    number = sum(one.number for one in found)
    if not number or any(one.foreseen for one in found):
        return ngettext("Release this one", "Release these %(n)d", len(found)) % {"n": len(found)}
    return ngettext("Release %(n)d delivery", "Release %(n)d deliveries", number) % {"n": number}


def _row(one: Goes) -> Shown:
    return {
        "href": reverse("web:run", args=[one.run.pk]),
        "title": one.run.schedule.title,
        "fired": one.run.fire_at,
        "goes": goes_words(one),
        "made": made_words(one),
        "unsure": unsure(one),
    }


def _said(verdict: str, done: Decided) -> str:
    parts = []
    if done.runs:
        parts.append(ngettext("%(n)d run", "%(n)d runs", done.runs) % {"n": done.runs})
    if done.deliveries:
        parts.append(ngettext("%(n)d delivery", "%(n)d deliveries", done.deliveries) % {"n": done.deliveries})
    words = _("Released: %(what)s. They go on now.") if verdict == "release" else _("Dropped: %(what)s. Nothing of them goes out.")  # fmt: skip
    return words % {"what": ", ".join(parts)}
