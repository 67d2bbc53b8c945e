"""Addresses that are not sent to, and lifting those that bounced."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.delivery.actions.lift import lift
from broadsheet.delivery.bouncing import FIX, has_bounced
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import Suppression
from broadsheet.delivery.suppressions import suppressions
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet, words_of


@require_safe
@member("delivery.read")
def suppressed(request: HttpRequest) -> HttpResponse:
    """Who unsubscribed and what bounced, the newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = words_of(request)
    found = sheet(request, suppressions(actor, text=text))
    liftable = _liftable(actor, found.rows)
    context = {
        "section": "deliveries",
        "headline": _("Addresses not sent to"),
        "crumbs": [{"label": _("Deliveries"), "href": reverse("web:deliveries")}],
        "filters": {"action": request.path, "q": text, "placeholder": _("Filter by address or reason")},
        "addresses": [_row(one, liftable) for one in found.rows],
        "lift": reverse("web:deliveries-lift"),
        "pager": found.pager,
    }
    return render(request, "pages/suppressed.html", context)


@require_POST
@member("delivery.resend")
def lift_one(request: HttpRequest) -> HttpResponse:
    """The address that the form names; back to the list."""
    address = request.POST.get("address", "").replace("\0", "")
    try:
        lift(request.actor, [address], now=request.now)  # type: ignore[attr-defined]
    except DeliveryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The next run sends to %(address)s again.") % {"address": address})
    return redirect("web:deliveries-suppressed")


def _liftable(actor: Actor, shown: list[Suppression]) -> set[int]:
    """Which of those shown the actor may lift: no act is offered that would be refused."""
    if not may_somewhere(actor, "delivery.resend"):
        return set()
    bounced = [one.pk for one in shown if has_bounced(one.reason)]
    return set(suppressions(actor, "delivery.resend").filter(pk__in=bounced).values_list("pk", flat=True))


def _row(one: Suppression, liftable: set[int]) -> dict[str, Any]:
    return {
        "address": one.address,
        "state": "failed" if has_bounced(one.reason) else "suppressed",
        "how": _("bounced") if has_bounced(one.reason) else _("unsubscribed"),
        "why": one.reason.removesuffix(f". {FIX}")
        if has_bounced(one.reason)
        else "",  # what to do is what this page does
        "of": one.schedule.title if one.schedule else _("everything"),
        "since": one.at,
        "liftable": one.pk in liftable,
    }
