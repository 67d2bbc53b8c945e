"""Conditions on pages: what a schedule waits for and depends on, where that stands, and what they say now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.core.charts import sparkline
from broadsheet.core.policy import Actor
from broadsheet.reports.queries import theme_of
from broadsheet.schedules import queries
from broadsheet.schedules.actions.ask_conditions import ConditionsNow, Figured, conditions_now
from broadsheet.schedules.conditions.queries import Evaluated, Standing, standing
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Schedule
from broadsheet.web import telling
from broadsheet.web.access_rules import member

from . import reading
from .condition_words import GLYPHS, STATUS, figure_words, probe_words, ready_words, rest_words

Shown = dict[str, Any]
RECENT = 5  # evaluations on the schedule's own page
WIDTH, HEIGHT = 640, 96  # px


def section(actor: Actor, schedule: Schedule, definition: ScheduleDefinition) -> Shown | None:
    """The variables of `partials/conditions.html`; None for a schedule without conditions."""
    if definition.ready is None and definition.only_if is None:
        return None
    state = standing(actor, schedule, definition)
    page = reverse("web:schedule-conditions", args=[schedule.name])
    return {
        "rules": list(_rules(definition)),
        "state": _state(state, definition) if state else None,
        "rows": [_row(one) for one in state.evaluations[:RECENT]] if state else [],
        "href": page if queries.may_on(actor, "schedule.run", schedule) else "",
    }


@require_safe
@member("schedule.run")
def conditions(request: HttpRequest, name: str) -> HttpResponse:
    """What they say now, with the last values of the figure; nothing is kept or sent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.schedule(actor, name)
    definition = reading.definition(found)
    now = conditions_now(actor, name, now=request.now)  # type: ignore[attr-defined]
    state = standing(actor, found, definition)
    page = reverse("web:schedule", args=[name])
    return render(
        request,
        "pages/schedule_conditions.html",
        {
            "section": "schedules",
            "crumbs": [
                {"label": _("Schedules"), "href": reverse("web:schedules")},
                {"label": found.title, "href": page},
            ],
            "headline": _("Conditions of %(title)s") % {"title": found.title},
            "facts": _facts(now, state),
            "acts": _acts(actor, found, page),
            "any": now.any,
            "lead": _lead(now),
            "probes": [{"state": "ok" if one.holds else "due", "text": one.text} for one in now.probes],
            "broken": now.broken,
            "figure": _figure(now.figure, actor.organization_id) if now.figure else None,
            "rows": [_row(one) for one in state.evaluations] if state else [],
        },
    )


def _acts(actor: Actor, schedule: Schedule, page: str) -> list[Shown]:
    found = []
    if queries.may_on(actor, "schedule.edit", schedule):
        href = f"{reverse('web:schedule-edit', args=[schedule.name])}#conditions"
        found.append({"label": _("Change"), "href": href, "outlined": True})
    return [*found, {"label": _("Back to the schedule"), "href": page}]


def _rules(definition: ScheduleDefinition) -> Iterator[Shown]:
    if definition.ready is not None:
        points = [f"{capfirst(probe_words(one))}." for one in definition.ready.probes]
        yield {"lead": _("A run waits until:"), "points": points, "then": ready_words(definition.ready)}
    if definition.only_if is not None:
        points = [f"{capfirst(figure_words(definition.only_if))}."]
        yield {"lead": _("It goes on only if:"), "points": points, "then": " ".join(rest_words(definition.only_if))}


def _state(state: Standing, definition: ScheduleDefinition) -> Shown:
    word = capfirst(str(STATUS[state.status]))
    if state.since is None:
        return {"glyph": "due", "text": _("It was not evaluated yet.")}
    text = _("%(word)s since the firing of %(at)s.") % {"word": word, "at": telling.moment(state.since)}
    needed = definition.only_if.in_a_row if definition.only_if else 1
    if needed > 1:
        text += " " + _("%(n)d of %(all)d in a row.") % {"n": min(state.in_a_row, needed), "all": needed}
    return {"glyph": GLYPHS[state.status], "text": text}


def _row(one: Evaluated) -> Shown:
    fired = one.verdict == "fire"
    return {
        "at": one.fire_at,
        "href": reverse("web:run", args=[one.run]),
        "state": "ok" if fired else "failed" if one.status == "error" else "skipped",
        "word": _("went on") if fired else _("skipped"),
        "reason": one.reason,
    }


def _facts(now: ConditionsNow, state: Standing | None) -> list[Shown]:
    found = [{"term": _("Asked"), "value": telling.moment(now.asked_at)}]
    if state is not None and state.since is not None:
        found.append({"term": _("State"), "value": str(STATUS[state.status])})
        found.append({"term": _("Since the firing of"), "value": telling.moment(state.since)})
    if state is not None and state.fired_at is not None:
        found.append({"term": _("Went on last"), "value": telling.moment(state.fired_at)})
    return found


def _lead(now: ConditionsNow) -> str:
    if not now.any:
        return _("This schedule has no conditions: every firing goes on.")
    if now.would_fire:
        return _("A firing would go on now.")
    if now.broken or not all(one.holds for one in now.probes):
        return _("A firing would not go on now: it would wait for its data.")
    return _("A firing would not go on now: it would be skipped.")


def _figure(found: Figured, organization_id: int) -> Shown:
    """What is said of it, and its last values drawn and told."""
    shown: Shown = {"state": "ok" if found.verdict == "fire" else "skipped", "text": found.reason, "value": found.text}
    known = [(day, value) for day, value in found.series if value is not None]
    if len(known) < 2:
        return shown
    drawn = sparkline(
        [value for _day, value in found.series], width=WIDTH, height=HEIGHT, tokens=theme_of(organization_id).light,
        css=True,
    )  # fmt: skip
    number = len(found.series)
    return {
        **shown,
        "drawn": mark_safe(drawn),  # our own SVG of numbers alone
        "span": ngettext("The last %(n)d value", "The last %(n)d values", number) % {"n": number},
        "ends": _ends(found.series[0][0], found.series[-1][0]),
        "values": [{"day": telling.day(day), "value": f"{value:,.6g}"} for day, value in reversed(known)],
    }


def _ends(first: date | datetime, last: date | datetime) -> str:
    return _("%(first)s to %(last)s, the last one in colour") % {"first": telling.day(first), "last": telling.day(last)}
