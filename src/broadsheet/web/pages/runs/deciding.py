"""Holding a run by hand, and deciding on what is held: release or drop, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.runs.actions.release import drop, drop_deliveries, hold_run, release, release_deliveries
from broadsheet.runs.errors import NotHeld
from broadsheet.web.access_rules import member


@require_POST
@member("schedule.run")
def hold(request: HttpRequest, key: UUID) -> HttpResponse:
    """A run that has not begun waits."""
    return _decide(request, key, hold_run, _("It is held. Nothing of it is made or sent until somebody releases it."))


@require_POST
@member("schedule.run")
def release_run(request: HttpRequest, key: UUID) -> HttpResponse:
    """All of the run that is held goes on."""
    return _decide(request, key, release, _("It is released and goes on."))


@require_POST
@member("schedule.run")
def drop_run(request: HttpRequest, key: UUID) -> HttpResponse:
    """The run ends; what was sent stays sent."""
    return _decide(request, key, drop, _("It is dropped. What was not sent is skipped."))


@require_POST
@member("schedule.run")
def release_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One delivery goes; its likes stay held."""
    words = ngettext("%(n)d delivery is released and goes on.", "%(n)d deliveries are released and go on.", 1)
    return _one(request, key, release_deliveries, words % {"n": 1})


@require_POST
@member("schedule.run")
def drop_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One delivery is skipped."""
    words = ngettext("%(n)d delivery is dropped.", "%(n)d deliveries are dropped.", 1)
    return _one(request, key, drop_deliveries, words % {"n": 1})


def _decide(request: HttpRequest, key: UUID, act: Callable[..., object], said: str) -> HttpResponse:
    try:
        act(request.actor, key, now=request.now, why=request.POST.get("why", ""))  # type: ignore[attr-defined]
    except NotHeld as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return redirect("web:today") if request.GET.get("to") == "today" else redirect("web:run", key=key)


def _one(request: HttpRequest, key: UUID, act: Callable[..., object], said: str) -> HttpResponse:
    try:
        act(request.actor, [key], now=request.now, why=request.POST.get("why", ""))  # type: ignore[attr-defined]
    except UnknownDelivery:
        raise
    except DeliveryError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return redirect("web:delivery", key=key)
