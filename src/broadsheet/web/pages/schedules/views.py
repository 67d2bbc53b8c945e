"""The list of schedules, one schedule, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.core.recurrence import Firing, RuleError, Spread
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.queries import channels
from broadsheet.delivery.queries import counts as delivery_counts
from broadsheet.runs.actions.preview import PreviewError, preview
from broadsheet.runs.actions.run_test import run_test
from broadsheet.schedules import queries
from broadsheet.schedules.actions import steer
from broadsheet.schedules.actions.take_over import take_over
from broadsheet.schedules.calendars import Shelf, kept
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule
from broadsheet.schedules.firing import firings_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import overrides_from
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download
from broadsheet.web.pages.operations.health import of_schedule
from broadsheet.web.pages.rights.things import access_of
from broadsheet.web.pages.runs.latest import latest_runs

from . import asking, audiences, beginnings, conditioning, firings, months, presenting, reading
from .details.summaries import glance
from .rule.fixes import told
from .rule.settling import today_in


@require_safe
@member("schedule.read")
def listing(request: HttpRequest) -> HttpResponse:
    """All schedules, filtered as one types."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = list(queries.schedules(actor))
    matching = [one for one in found if _matches(one, text)]
    shown = [one for one in matching if not state or (state == "paused") == (one.paused_at is not None)]
    last = {one.schedule_id: one for one in latest_runs(actor)}
    counts = delivery_counts([one.pk for one in last.values()])
    zone = request.organization.zone  # type: ignore[attr-defined]
    rows, shelf = [], reading.shelf(shown)
    for one in shown:
        run = last.get(one.pk)
        rows.append(presenting.row(one, run, counts.get(run.pk, {}) if run else {}, zone=zone, shelf=shelf))
    new = {"label": _("New schedule"), "href": reverse("web:schedule-new"), "main": True}
    acts = [new] if may_somewhere(actor, "schedule.edit") else []
    follow = {"label": _("Follow in your calendar"), "href": reverse("web:settings-feed")}
    return render(
        request,
        "pages/schedules.html",
        {
            "section": "schedules",
            "acts": [*_events(actor), follow, *acts],
            "empty_acts": acts,
            "filters": _filters(matching, text, state),
            "schedules": rows,
            "pager": {"text": _("%(n)d of %(all)d shown.") % {"n": len(rows), "all": len(found)}},
        },
    )


@require_safe
@member("schedule.read")
def schedule(request: HttpRequest, name: str) -> HttpResponse:
    """One schedule: in words, as text, its firings, audience and runs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    found = queries.schedule(actor, name)
    definition = reading.definition(found)
    zone = request.organization.zone  # type: ignore[attr-defined]
    edit = reverse("web:schedule-edit", args=[name]) if queries.may_on(actor, "schedule.edit", found) else ""
    shelf = kept.shelf_of(actor.organization_id, around=now.date())
    known = _channels(actor)
    context: dict[str, Any] = {
        "section": "schedules",
        "headline": found.title,
        "crumbs": [{"label": _("Schedules"), "href": reverse("web:schedules")}],
        "facts": [*presenting.facts(found), *presenting.calendars(definition, shelf)],
        "acts": presenting.acts(actor, found),
        "sentence": presenting.sentence(found, definition, known, zone=zone, edit=edit),
        "glance": glance(definition, known, edit=edit),
        "text": reading.text(found),
        **_firings(request, found, definition, shelf),
        "conditions": conditioning.section(actor, found, definition),
        "starts": beginnings.section(actor, found, definition),
        "audience": audiences.summary(actor, found, definition, now=now),
        "runs": presenting.recent(actor, found),
        "runs_href": f"{reverse('web:deliveries')}?schedule={found.name}",
        "health": of_schedule(actor, found),
        "access": access_of(actor, "schedule", name),
    }
    return render(request, "pages/schedule.html", context)


def _events(actor: Actor) -> list[dict[str, Any]]:
    return [{"label": _("Events"), "href": reverse("web:events")}] if may(actor, "schedule.run") else []


def _channels(actor: Actor) -> dict[str, StoredChannel]:
    return {one.name: one for one in channels(actor)} if may_somewhere(actor, "channel.read") else {}


def _firings(request: HttpRequest, found: Schedule, definition: ScheduleDefinition, shelf: Shelf) -> dict[str, Any]:
    """The coming firings, by months too, and the answer for a day; or why there are none to show."""
    now: datetime = request.now  # type: ignore[attr-defined]
    if not definition.when:
        note = _("%(when)s: no clock says it beforehand.") % {"when": beginnings.started_words(definition)}
        return {"error": {"state": "due", "title": _("It does not go by the clock")}, "wrong": [{"text": note}]}
    try:
        timing = reading.timing(found, zone=request.organization.zone)  # type: ignore[attr-defined]
    except RuleError as error:  # a calendar changed so that the rule does not fit it any more
        return {
            "error": {"state": "failed", "title": _("Its rule cannot be read, so it does not fire")},
            "wrong": [{"text": told(error)}],
        }
    after, asked = _after(request, now), request.GET.get("on", "")
    ahead = list(firings_of(found, timing, after=after, limit=firings.SHOWN))
    return {
        "months": months.months(found, timing, months.calendar_for(definition.when, shelf), now=now),
        "closed_by": presenting.closed_by(definition, shelf),
        **firings.coming(timing, ahead, chosen=overrides_from(found.overrides)),
        "steer": _steer(request, found),
        **_pages_of_firings(found, ahead, after=after, now=now),
        "ask": asked,
        "asked": asking.answer(asked, timing, today=today_in(request.organization.zone, now=now)),  # type: ignore[attr-defined]
        "askable": True,
        "follow": f"{reverse('web:settings-feed')}?schedule={found.name}",
    }


def _steer(request: HttpRequest, found: Schedule) -> str:
    """Where single firings are changed, for who may."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return reverse("web:schedule-choose", args=[found.name]) if queries.may_on(actor, "schedule.edit", found) else ""


@require_POST
@member("schedule.edit")
def pause(request: HttpRequest, name: str) -> HttpResponse:
    said = _("Paused. Nothing fires until it is resumed.")
    return _steered(request, name, steer.pause, said, undo="schedule-resume")


@require_POST
@member("schedule.edit")
def resume(request: HttpRequest, name: str) -> HttpResponse:
    return _steered(request, name, steer.resume, _("Resumed."), undo="schedule-pause")


@require_POST
@member("schedule.edit")
def own(request: HttpRequest, name: str) -> HttpResponse:
    """The asker owns it from now on."""
    try:
        take_over(request.actor, name, now=request.now)  # type: ignore[attr-defined]
    except UnknownSchedule:
        raise
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The schedule is yours now."))
    return redirect("web:schedule", name=name)


@require_POST
@member("schedule.edit")
def skip(request: HttpRequest, name: str) -> HttpResponse:
    said = _("The next firing will be left out, and its row in the ledger will say so.")
    return _steered(request, name, steer.skip_next, said, undo="schedule-unskip")


@require_POST
@member("schedule.edit")
def unskip(request: HttpRequest, name: str) -> HttpResponse:
    def undo(actor: Actor, name: str, *, now: datetime) -> Schedule:
        return steer.skip_next(actor, name, now=now, undo=True)

    return _steered(request, name, undo, _("The next firing will run."), undo="schedule-skip")


@require_safe
@member("data.all")
def look(request: HttpRequest, name: str) -> HttpResponse:
    """The report as one recipient would get it now, as a file. Nothing is kept or sent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.schedule(actor, name)
    definition = reading.definition(found)
    form = request.GET.get("form", "pdf")
    try:
        made = preview(
            actor, definition.report, form=form, now=request.now, recipient=request.GET.get("recipient", ""),  # type: ignore[attr-defined]
            given=definition.given, brand=definition.brand,
        )  # fmt: skip
    except PreviewError as error:
        messages.error(request, _("It cannot be shown. %(why)s") % {"why": error})
        return redirect("web:schedule", name=name)
    from broadsheet.reports.ports import FORMATS

    kind = FORMATS.get(form)
    return download(made.files[form], filename=f"{made.filename}.{kind.extension}", media_type=kind.media_type)


@require_POST
@member("data.all")
def as_recipient(request: HttpRequest, name: str) -> HttpResponse:
    """What the chosen recipient gets: as a file to look at, or sent to the asker alone."""
    recipient, form = request.POST.get("recipient", ""), request.POST.get("form", "")
    if form:
        query = urlencode({"recipient": recipient, "form": form})
        return redirect(f"{reverse('web:schedule-look', args=[name])}?{query}")
    try:
        made = run_test(
            request.actor, name, recipient=recipient, address=request.user.email, now=request.now,  # type: ignore[attr-defined,union-attr]
        )  # fmt: skip
    except UnknownSchedule:
        raise
    except ScheduleError as error:
        messages.error(request, str(error))
        return redirect("web:schedule", name=name)
    messages.success(request, _("The test is on its way to %(who)s.") % {"who": request.user.email})  # type: ignore[union-attr]
    return redirect("web:run", key=made.pk)


def _steered(request: HttpRequest, name: str, act: Callable[..., Schedule], said: str, *, undo: str) -> HttpResponse:
    try:
        act(request.actor, name, now=request.now)  # type: ignore[attr-defined]
    except UnknownSchedule:
        raise
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said, extra_tags=f"undo:{reverse(f'web:{undo}', args=[name])}")
    return redirect("web:schedule", name=name)


def _matches(schedule: Schedule, text: str) -> bool:
    definition = reading.definition(schedule)
    names = (one.channel for one in definition.channels)
    whole = " ".join(
        (schedule.title, schedule.name, schedule.report.title, definition.audience.dataset, *names)
    ).lower()
    return all(word in whole for word in text.lower().split())


def _filters(matching: list[Schedule], text: str, state: str) -> dict[str, Any]:
    paused = sum(one.paused_at is not None for one in matching)
    tabs = [
        (_("All"), len(matching), ""),
        (_("Active"), len(matching) - paused, "active"),
        (_("Paused"), paused, "paused"),
    ]
    from urllib.parse import urlencode

    return {
        "action": reverse("web:schedules"),
        "q": text,
        "placeholder": _("Filter by name, report, audience or channel"),
        "tabs": [
            {
                "label": label, "count": number, "current": state == value,
                "href": f"?{urlencode({key: one for key, one in (('q', text), ('state', value)) if one})}",
            }
            for label, number, value in tabs
        ],
        "hidden": [{"name": "state", "value": state}] if state else [],
    }  # fmt: skip


def _after(request: HttpRequest, now: datetime) -> datetime:
    """From where firings are counted: now, or after those that the page before has shown."""
    try:
        asked = datetime.fromtimestamp(int(request.GET.get("after", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return max(now, asked)


def _pages_of_firings(
    found: Schedule, ahead: Sequence[Firing | Spread], *, after: datetime, now: datetime
) -> dict[str, Any]:
    more = f"?after={int(ahead[-1].at.timestamp())}#next-firings" if len(ahead) == firings.SHOWN else ""
    usual = _("The next twenty firings")
    title = usual if after == now else _("Twenty firings after %(day)s") % {"day": telling.day(after)}
    note = _("none while it is paused") if found.paused_at else ""
    return {"more": more, "firings_title": title, "firings_note": note}
