"""Maintenance windows: those that go on and that are to come with the firings they delay, a form to plan one, and the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.core.policy import Actor, may
from broadsheet.operations import maintenance as queries
from broadsheet.operations.actions import maintenance as actions
from broadsheet.operations.errors import OperationsError, UnknownWindow
from broadsheet.runs.models import Maintenance
from broadsheet.schedules.queries import schedules
from broadsheet.sources.queries import sources
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.forms import Wrong
from broadsheet.web.pages.settings.presenting import form_notice

from .subpages import frame

Shown = dict[str, Any]
PAST_SHOWN = 20
DELAYED_SHOWN = 12
WHEN = {"placeholder": "2026-11-30 22:00", "autocomplete": "off"}
DRAINS = (0, 5, 15, 60)  # minutes


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.read")
def page(request: HttpRequest) -> HttpResponse:
    """The list; a POST plans one, which needs more."""
    wrong = _planned(request) if request.method == "POST" else None
    if request.method == "POST" and wrong is None:
        return redirect("web:operations-maintenance")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    found = list(queries.windows(actor))
    past = queries.windows(actor, past=True).filter(settled_at__isnull=False)[:PAST_SHOWN]
    steers = bool(may(actor, "operation.steer"))
    context = {
        **frame(actor, "operations-maintenance"),
        "headline": _sentence(found, now=now),
        "windows": [_window(actor, one, steers=steers, now=now) for one in found],
        "past": [_past(one) for one in past],
        "form": _form(request, wrong) if steers else None,
        "result": form_notice(wrong),
    }
    return render(request, "pages/operations_maintenance.html", context, status=422 if wrong else 200)


@require_POST
@member("operation.steer")
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one that goes on, or call off one that is to come."""
    try:
        if actions.end(request.actor, number, now=request.now):  # type: ignore[attr-defined]
            messages.success(request, _("It is over. What waited goes on now."))
        else:
            messages.warning(request, _("It was over already."))
    except UnknownWindow:
        raise
    except OperationsError as error:
        messages.error(request, str(error))
    return redirect("web:operations-maintenance")


def _planned(request: HttpRequest) -> Wrong | None:
    """What is wrong with the form; None where the window is planned."""
    now: datetime = request.now  # type: ignore[attr-defined]
    faults: dict[str, list[str]] = {}
    start = _moment(request, "starts_at", faults) or now
    until = _moment(request, "ends_at", faults)
    drain = request.POST.get("drain", "5")
    if faults:
        return Wrong(faults)
    try:
        actions.plan(
            request.actor, starts_at=start, ends_at=until, reason=request.POST.get("reason", ""),  # type: ignore[attr-defined]
            source=request.POST.get("source", ""), drain=timedelta(minutes=int(drain) if drain.isdecimal() else 5), now=now,
        )  # fmt: skip
    except OperationsError as error:
        return Wrong({}, (str(error),))
    said = _("Maintenance begins now.") if start <= now else _("Maintenance is planned.")
    messages.success(request, f"{said} {_('Owners of schedules that are late by it are told.')}")
    return None


def _moment(request: HttpRequest, name: str, faults: dict[str, list[str]]) -> datetime | None:
    """The reader's wall time as the browser writes it; None where nothing is typed."""
    typed = request.POST.get(name, "").strip()
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        faults[name] = [_("“%(text)s” is no date with a time. Write it as 2026-11-30 22:00.") % {"text": typed}]
        return None
    return found if found.tzinfo else timezone.make_aware(found)


def _sentence(found: list[Maintenance], *, now: datetime) -> str:
    for one in found:
        if one.starts_at <= now:
            if one.over_at is None:
                return _("Maintenance goes on until somebody ends it")
            return _("Maintenance goes on until %(at)s") % {"at": telling.moment(one.over_at)}
    if found:
        return _("Maintenance begins %(at)s") % {"at": telling.moment(found[0].starts_at)}
    return _("No maintenance is planned")


def _window(actor: Actor, one: Maintenance, *, steers: bool, now: datetime) -> Shown:
    """A window with the firings that it delays, of the schedules that the actor may read."""
    open_ = one.starts_at <= now
    mine = schedules(actor).filter(pk__in=[each.pk for each in queries.may_be_delayed(actor.organization_id, one)])
    delayed = queries.delayed(mine, one)
    number = sum(len(each.firings) for each in delayed)
    label = _("End it now") if open_ else _("Call it off")
    own = steers and one.organization_id is not None
    return {
        "title": _span(one),
        "reason": one.reason,
        "concerns": _concerns(one),
        "state": "held" if open_ else "due",
        "word": _("goes on") if open_ else _("planned"),
        "delays": ngettext("%(n)d firing is late by it", "%(n)d firings are late by it", number) % {"n": number}
        if number
        else _("no firing is late by it"),
        "drain": _("what runs then has to end within: %(span)s") % {"span": _minutes(one.drain_seconds // 60)},
        "delayed": [_delayed(each) for each in delayed[:DELAYED_SHOWN]],
        "rest": max(len(delayed) - DELAYED_SHOWN, 0),
        "acts": [{"label": label, "action": reverse("web:operations-maintenance-end", args=[one.pk]), "outlined": True}]
        if own
        else [],
    }


def _delayed(one: queries.Delayed) -> Shown:
    return {
        "href": reverse("web:schedule", args=[one.schedule.name]),
        "title": one.schedule.title,
        "first": one.firings[0],
        "more": len(one.firings) - 1,
        "dropped": one.dropped,
    }


def _span(one: Maintenance) -> str:
    start = telling.moment(one.starts_at)
    if one.over_at is None:
        return _("From %(start)s until somebody ends it") % {"start": start}
    return _("From %(start)s to %(end)s") % {"start": start, "end": telling.moment(one.over_at)}


def _concerns(one: Maintenance) -> str:
    if one.organization_id is None:
        return _("the whole installation")
    return _("what asks the source “%(source)s”") % {"source": one.source} if one.source else _("all runs")


def _past(one: Maintenance) -> Shown:
    by = one.created_by if one.organization_id else _("whoever runs the server")
    return {"title": _span(one), "reason": one.reason, "concerns": _concerns(one), "by": by}


def _minutes(number: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number} if number else _("at once")


def _form(request: HttpRequest, wrong: Wrong | None) -> Shown:
    """See `partials/settings_form.html`."""
    return {
        "action": request.path, "fields": _fields(request, wrong), "save_label": _("Plan it and tell those concerned"),
        "busy": _("Planning"),
    }  # fmt: skip


def _fields(request: HttpRequest, wrong: Wrong | None) -> list[Shown]:
    typed, faults = request.POST, (wrong or Wrong()).fields
    zone = timezone.get_current_timezone_name()
    clock = _("On your clock, %(zone)s.") % {"zone": telling.city(zone)}
    names = list(sources(request.actor).values_list("name", "label")) if may(request.actor, "source.read") else []  # type: ignore[attr-defined]
    return [
        {
            "name": "reason", "id": "id-reason", "kind": "text", "label": _("Why"), "value": typed.get("reason", ""),
            "hint": _("Those whose reports come late are told it."), "required": True, "attrs": {"maxlength": "300"},
            "errors": faults.get("reason", []),
        },
        {
            "name": "starts_at", "id": "id-starts-at", "kind": "text", "label": _("From"), "attrs": WHEN,
            "value": typed.get("starts_at", ""), "hint": f"{_('At once where it is left empty.')} {clock}",
            "errors": faults.get("starts_at", []),
        },
        {
            "name": "ends_at", "id": "id-ends-at", "kind": "text", "label": _("To"), "attrs": WHEN,
            "value": typed.get("ends_at", ""), "hint": _("Until somebody ends it where it is left empty."),
            "errors": faults.get("ends_at", []),
        },
        {
            "name": "source", "id": "id-source", "kind": "select", "label": _("What stands still"), "errors": [],
            "value": typed.get("source", ""),
            "choices": [
                ("", _("everything")),
                *((name, _("what asks the source “%(source)s”") % {"source": label or name}) for name, label in names),
            ],
        },
        {
            "name": "drain", "id": "id-drain", "kind": "select", "label": _("What runs then ends within"), "errors": [],
            "value": typed.get("drain", "5"), "choices": [(str(one), _minutes(one)) for one in DRAINS],
        },
    ]  # fmt: skip
