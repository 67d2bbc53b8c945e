"""Backfill of a schedule: first what it would do for a range, which is asked by GET; then it is started, and can be stopped."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.queries import address_of
from broadsheet.core.policy import Actor, may
from broadsheet.runs.actions.backfill import BackfillPlan, Past, backfill, plan_backfill, start_backfill, stop_backfill
from broadsheet.runs.models.backfill import ME, NOBODY, RECIPIENTS
from broadsheet.schedules import queries
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member
from broadsheet.web.templatetags.states import state_of

Shown = dict[str, Any]
USUAL_DAYS = 7
AT_ONCE = ("1", "2", "4")


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.run")
def page(request: HttpRequest, name: str) -> HttpResponse:
    """What it would do with the given range, and the form that starts exactly that."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    schedule = queries.schedule(actor, name, "schedule.run")
    given = request.POST if request.method == "POST" else request.GET
    try:
        asked = _asked(given, now=now)
        if request.method == "POST":
            return _start(request, schedule, given, asked, now=now)
        found = plan_backfill(actor, name, **asked, now=now) if "first" in given else None
        wrong = ""
    except UnknownSchedule:
        raise
    except ScheduleError as error:
        found, wrong = None, str(error)
    return render(request, "pages/schedule_backfill.html", _shown(actor, schedule, given, found, wrong, now=now))


@require_POST
@member("schedule.run")
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is left of it is stopped."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    name = backfill(actor, key).schedule.name
    number = stop_backfill(actor, key, now=request.now)  # type: ignore[attr-defined]
    words = ngettext("%(n)d run of the backfill is stopped.", "%(n)d runs of the backfill are stopped.", number)
    messages.success(request, words % {"n": number})
    return redirect("web:schedule", name=name)


def _start(
    request: HttpRequest, schedule: Schedule, given: QueryDict, asked: dict[str, Any], *, now: datetime
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    made = start_backfill(
        actor, schedule.name, **asked, address=address_of(actor) if asked["sending"] == ME else "",
        at_once=int(given.get("at_once", "1")) if given.get("at_once", "1") in AT_ONCE else 1,
        why=given.get("why", ""), now=now,
    )  # fmt: skip
    number = made.occurrences.count()
    words = ngettext("%(n)d run is asked for.", "%(n)d runs are asked for, one after the other.", number)
    stopping = reverse("web:backfill-stop", args=[made.pk])
    messages.success(request, words % {"n": number}, extra_tags=f"undo:{stopping}")
    return redirect("web:schedule", name=schedule.name)


def _asked(given: QueryDict, *, now: datetime) -> dict[str, Any]:
    """Whole days on the reader's clock. Raises ScheduleError."""
    today = timezone.localtime(now).date()
    first = _day(given.get("first", ""), today - timedelta(days=USUAL_DAYS))
    last = _day(given.get("last", ""), today)
    sending = given.get("sending", RECIPIENTS)
    if sending not in (RECIPIENTS, ME, NOBODY):
        sending = NOBODY  # who asks for something unknown sends nothing
    ends = timezone.make_aware(datetime.combine(last, time())) + timedelta(days=1) - timedelta(microseconds=1)
    return {
        "first": timezone.make_aware(datetime.combine(first, time())), "last": min(ends, now), "sending": sending,
        "again": given.get("again") == "on",
    }  # fmt: skip


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ScheduleError(_("“%(text)s” is no day. Write it as 2026-11-30.") % {"text": text[:40]}) from error


def _shown(
    actor: Actor, schedule: Schedule, given: QueryDict, found: BackfillPlan | None, wrong: str, *, now: datetime
) -> Shown:
    """The variables of `pages/schedule_backfill.html`."""
    here = reverse("web:schedule", args=[schedule.name])
    return {
        "section": "schedules",
        "crumbs": [
            {"label": _("Schedules"), "href": reverse("web:schedules")},
            {"label": schedule.title, "href": here},
        ],
        "headline": _("Backfill of %(title)s") % {"title": schedule.title},
        "fields": _fields(actor, given, now=now),
        "wrong": wrong,
        "firings": [_row(one) for one in found.firings] if found else [],
        "asked": found is not None,
        "lead": _lead(found, actor, given) if found else "",
        "start": _start_fields() if found and found.chosen else [],
        "label": _start_label(found, given) if found and found.chosen else "",
        "kept": [(key, given[key]) for key in ("first", "last", "sending", "again") if given.get(key)],
    }


def _fields(actor: Actor, given: QueryDict, *, now: datetime) -> list[Shown]:
    today = timezone.localtime(now).date()
    whom = [(RECIPIENTS, _("its recipients")), (NOBODY, _("nobody: make and keep the files"))]
    if may(actor, "data.all"):
        whom.insert(1, (ME, _("me alone: all of it to my address")))
    return [
        {"name": "first", "label": _("From"), "kind": "date", "value": given.get("first") or str(today - timedelta(days=USUAL_DAYS))},
        {"name": "last", "label": _("To, that day included"), "kind": "date", "value": given.get("last") or str(today)},
        {"name": "sending", "label": _("It goes to"), "kind": "select", "choices": whom, "value": given.get("sending", RECIPIENTS)},
        {"name": "again", "label": _("Also run what ran already"), "kind": "checkbox", "value": given.get("again") == "on"},
    ]  # fmt: skip


def _start_fields() -> list[Shown]:
    choices = [(one, one) for one in AT_ONCE]
    return [
        {"name": "at_once", "label": _("Runs at a time"), "kind": "select", "choices": choices, "value": "1"},
        {"name": "why", "label": _("Why"), "hint": _("Goes into the journal with your name.")},
    ]


def _row(one: Past) -> Shown:
    return {
        "at": one.at,
        "reason": one.reason,
        "state": one.was,
        "word": str(state_of(one.was).word) if one.was else _("no run"),
        "runs": one.runs,
    }


def _lead(found: BackfillPlan, actor: Actor, given: QueryDict) -> str:
    runs = len(found.chosen)
    if not runs:
        return _("Nothing of that time is left to run. Widen the range, or run again what ran already.")
    first = ngettext("%(n)s firing would run", "%(n)s firings would run", runs) % {"n": f"{runs:,}"}
    whom = ngettext(
        "for %(n)s recipient, as the audience is now", "for %(n)s recipients, as the audience is now", found.recipients
    ) % {"n": f"{found.recipients:,}"}
    sent = ngettext("%(n)s delivery would be sent", "%(n)s deliveries would be sent", found.total)
    told = _("%(runs)s %(whom)s: %(sent)s.") % {"runs": first, "whom": whom, "sent": sent % {"n": f"{found.total:,}"}}
    if given.get("sending") != ME:
        return told
    return " ".join((told, _("All go to %(address)s, and to nobody else.") % {"address": address_of(actor)}))


def _start_label(found: BackfillPlan, given: QueryDict) -> str:
    if given.get("sending") == NOBODY:
        runs = len(found.chosen)
        return ngettext("Make the files of %(n)s run", "Make the files of %(n)s runs", runs) % {"n": f"{runs:,}"}
    words = ngettext("Start: send %(n)s delivery", "Start: send %(n)s deliveries", found.total)
    return words % {"n": f"{found.total:,}"}
