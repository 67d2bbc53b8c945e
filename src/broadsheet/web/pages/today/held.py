"""Runs and deliveries that are held, each with what was found and the acts that decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.collaboration.findings import findings_words
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import reached_by, runs
from broadsheet.web import telling
from broadsheet.web.pages.runs.held import reason

Shown = dict[str, Any]
MOST = 20


def held(actor: Actor) -> Iterator[Shown]:
    """As `partials/needs.html` takes them. They stay until somebody decides, however long ago they fired."""
    waits = Q(state=State.HELD) | Q(finished_at__isnull=True, held_at__isnull=False, deliveries__state=Sent.HELD)
    number = Count("deliveries", filter=Q(deliveries__state=Sent.HELD))
    found = list(runs(actor).filter(waits).annotate(waiting=number).defer("definition")[:MOST])
    if not found:
        return
    may_decide = may_somewhere(actor, "schedule.run")
    reached = Occurrence.objects.filter(pk__in=[one.pk for one in found])
    mine = set(reached.filter(reached_by(actor, "schedule.run")).values_list("pk", flat=True)) if may_decide else set()
    for run in found:
        yield {
            "state": "held", "title": _title(run), "text": telling.cut(_text(run), 220), "at": run.held_at, "by": run.held_at,
            "acts": _acts(run, decides=run.pk in mine),
        }  # fmt: skip


def _title(run: Occurrence) -> str:
    waiting = run.waiting  # type: ignore[attr-defined]
    if run.state != State.HELD or waiting < run.deliveries.count():
        words = ngettext("%(name)s: %(n)d delivery is held", "%(name)s: %(n)d deliveries are held", waiting)
        return words % {"name": run.schedule.title, "n": waiting}
    return _("%(name)s is held") % {"name": run.schedule.title}


def _text(run: Occurrence) -> str:
    """What was found over all, else in the first slice that is held."""
    holding = [one for one in run.findings if one["do"] == "hold" and one["check"] != "share"]
    if not holding and not reason(run):
        within = run.slices.filter(verdict="held").order_by("pk").values_list("findings", flat=True).first() or []
        holding = [one for one in within if one["do"] == "hold"]
    return findings_words(holding) or reason(run) or run.held_reason


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
