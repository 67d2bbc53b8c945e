"""All that is held, the longest held first, to be chosen and decided on together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.collaboration.findings import findings_words
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.runs.held import held_runs
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.queries import reached_by
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.pages.operations.subpages import frame
from broadsheet.web.pages.runs.held import reason
from broadsheet.web.paging import sheet

Shown = dict[str, Any]
LENGTH = 50


@require_safe
@member("delivery.read")
def page(request: HttpRequest) -> HttpResponse:
    """The list; who may decide chooses from it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = sheet(request, held_runs(actor).defer("definition"), length=LENGTH)
    mine = decidable(actor, [one.pk for one in found.rows])
    within = found_within(found.rows)
    return render(
        request,
        "pages/held.html",
        {
            **frame(actor, "held"),
            "headline": _sentence(found.total),
            "rows": [_row(one, within.get(one.pk, []), chosen=one.pk in mine) for one in found.rows],
            "pager": found.pager,
            "look": reverse("web:held-look") if mine else "",
        },
    )


def decidable(actor: Actor, keys: list[UUID]) -> set[UUID]:
    """Those of the runs *keys* that the actor may release and drop."""
    if not keys or not may_somewhere(actor, "schedule.run"):
        return set()
    mine = Occurrence.objects.filter(reached_by(actor, "schedule.run"), pk__in=keys)
    return set(mine.values_list("pk", flat=True))


def found_within(rows: Sequence[Occurrence]) -> dict[UUID, list[dict[str, Any]]]:
    """What was found in the first held slice of each run, in one query."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    keys = [one.pk for one in rows]
    for key, said in Slice.objects.filter(occurrence__in=keys, verdict="held").order_by("-pk").values_list("occurrence_id", "findings"):  # fmt: skip
        found[key] = [one for one in said if one["do"] == "hold"]
    return found


def _sentence(number: int) -> str:
    if not number:
        return _("Nothing is held")
    words = ngettext("%(n)d run waits for a person", "%(n)d runs wait for a person", number)
    return words % {"n": number}


def _row(run: Occurrence, within: list[dict[str, Any]], *, chosen: bool) -> Shown:
    return {
        "key": run.pk,
        "href": reverse("web:run", args=[run.pk]),
        "title": run.schedule.title,
        "fired": run.fire_at,
        "what": what(run, run.waiting),  # type: ignore[attr-defined]
        "why": telling.cut(why(run, within), 220),
        "since": run.held_at,
        "choosable": chosen,
    }


def what(run: Occurrence, waiting: int) -> str:
    """The run, or so many deliveries of it."""
    if run.state == State.HELD and not waiting:
        return _("the run")
    return ngettext("%(n)d delivery", "%(n)d deliveries", waiting) % {"n": waiting}


def why(run: Occurrence, within: list[dict[str, Any]]) -> str:
    """What was found over all, else in its first held slice, else who holds it."""
    holding = [one for one in run.findings if one["do"] == "hold" and one["check"] != "share"]
    return findings_words(holding) or reason(run) or findings_words(within) or run.held_reason
