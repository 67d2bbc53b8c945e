"""Runs and deliveries that are held, each with what was found and the acts that decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.runs.held import held_runs
from broadsheet.runs.models import Occurrence
from broadsheet.web import telling
from broadsheet.web.pages.holds.listing import decidable, found_within, why

Shown = dict[str, Any]
MOST = 20


def held(actor: Actor) -> Iterator[Shown]:
    """As `partials/needs.html` takes them. They stay until somebody decides, however long ago they fired."""
    mine = held_runs(actor).annotate(total=Count("deliveries")).order_by("-fire_at", "-created_at")
    found = list(mine.defer("definition")[:MOST])
    if not found:
        return
    decided = decidable(actor, [one.pk for one in found])
    within = found_within(found)
    for run in found:
        yield {
            "state": "held", "title": _title(run), "text": telling.cut(why(run, within.get(run.pk, [])), 220), "at": run.held_at, "by": run.held_at,
            "acts": _acts(run, decides=run.pk in decided),
        }  # fmt: skip


def _title(run: Occurrence) -> str:
    waiting = run.waiting  # type: ignore[attr-defined]
    if run.state != State.HELD or waiting < run.total:  # type: ignore[attr-defined]
        words = ngettext("%(name)s: %(n)d delivery is held", "%(name)s: %(n)d deliveries are held", waiting)
        return words % {"name": run.schedule.title, "n": waiting}
    return _("%(name)s is held") % {"name": run.schedule.title}


def _acts(run: Occurrence, *, decides: bool) -> list[Shown]:
    page = {"label": _("See what was found"), "href": reverse("web:run", args=[run.pk]), "tight": True}
    if not decides:
        return [{**page, "outlined": True}]
    release = reverse("web:run-release", args=[run.pk])
    drop = reverse("web:run-drop", args=[run.pk])
    return [
        {**page, "outlined": True},
        {"label": _("Release"), "action": f"{release}?to=today", "tight": True, "busy": _("Releasing")},
        {"label": _("Drop"), "action": f"{drop}?to=today", "tight": True, "busy": _("Dropping")},
    ]
