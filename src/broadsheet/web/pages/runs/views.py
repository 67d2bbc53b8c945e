"""One run: its progress, what it made, stopping it and sending again what failed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor
from broadsheet.delivery.actions.resend import resend as resend_chosen
from broadsheet.delivery.actions.resend import resend_failed
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.delivery.queries import counts as delivery_counts
from broadsheet.delivery.queries import deliveries
from broadsheet.runs import queries
from broadsheet.runs.actions.run_now import stop
from broadsheet.web.access_rules import member
from broadsheet.web.pages.deliveries import ledger
from broadsheet.web.pages.deliveries.presenting import row
from broadsheet.web.paging import sheet

from . import presenting, using
from .happened import happened
from .held import held


@require_safe
@member("delivery.read")
def run(request: HttpRequest, key: UUID) -> HttpResponse:
    """The run's page. One that did not run says why."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.run(actor, key)
    counts = delivery_counts([found.pk]).get(found.pk, {})
    page = sheet(request, ledger.rows(actor, ledger.Filters(run=found.pk)))
    return render(
        request,
        "pages/run.html",
        {
            "section": "deliveries",
            "headline": presenting.title(found),
            "crumbs": [
                {"label": _("Schedules"), "href": reverse("web:schedules")},
                {"label": found.schedule.title, "href": reverse("web:schedule", args=[found.schedule.name])},
            ],
            "facts": presenting.facts(found),
            "acts": presenting.acts(actor, found, counts),
            "run_state": found.state,
            "src": reverse("web:run-progress", args=[found.pk]),
            **presenting.progress(actor, found, now=request.now),  # type: ignore[attr-defined]
            "deliveries": [row(one) for one in page.rows],
            "pager": page.pager,
            "ledger_href": f"{reverse('web:deliveries')}?run={found.pk}",
            "slices": presenting.slices(found),
            "used": using.used(found),
            "happened": happened(actor, found, now=request.now),  # type: ignore[attr-defined]
            "held": held(actor, found, now=request.now),  # type: ignore[attr-defined]
        },
    )


@never_cache
@require_safe
@member("delivery.read")
def progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The part that renews itself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.run(actor, key)
    return render(
        request,
        "partials/run_progress.html",
        presenting.progress(actor, found, now=request.now),  # type: ignore[attr-defined]
    )


@require_POST
@member("schedule.run")
def stop_run(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was not sent yet is skipped."""
    if stop(request.actor, key, now=request.now):  # type: ignore[attr-defined]
        messages.success(request, _("It is being stopped. What was sent stays sent; the rest is skipped."))
    else:
        messages.warning(request, _("It has ended already, so there was nothing to stop."))
    return redirect("web:run", key=key)


@require_POST
@member("delivery.resend")
def resend(request: HttpRequest, key: UUID) -> HttpResponse:
    """All that failed or expired, or with ``?state=`` those of one state; nothing else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    state = request.GET.get("state", "")
    try:
        if state in presenting.AGAIN:
            chosen = deliveries(actor, occurrence=key, state=state).values_list("pk", flat=True)
            number = resend_chosen(actor, set(chosen), now=request.now)  # type: ignore[attr-defined]
        else:
            number = resend_failed(actor, key, now=request.now)  # type: ignore[attr-defined]
    except UnknownDelivery:
        raise
    except DeliveryError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(n)d delivery is on its way again.", "%(n)d deliveries are on their way again.", number)
        messages.success(request, words % {"n": number})
    return redirect("web:run", key=key)
