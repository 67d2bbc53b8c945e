"""Sending again what a person chose, one or many."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from broadsheet.delivery.actions.resend import resend
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.web.access_rules import member

from . import ledger


@require_POST
@member("delivery.resend")
def resend_chosen(request: HttpRequest) -> HttpResponse:
    """Exactly the chosen ones; back to the ledger as it was filtered."""
    filters = ledger.filters_from(request.GET)
    try:
        keys = {UUID(one) for one in request.POST.getlist("delivery")}
    except ValueError:
        keys = set()
    if keys:
        _resend(request, keys)
    else:
        messages.warning(request, _("Nothing was chosen. Tick the deliveries to send again."))
    return HttpResponseRedirect(f"{reverse('web:deliveries')}?{filters.query()}")


@require_POST
@member("delivery.resend")
def resend_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """This one again; back to its page."""
    _resend(request, {key})
    return redirect("web:delivery", key=key)


def _resend(request: HttpRequest, keys: set[UUID]) -> None:
    try:
        number = resend(request.actor, keys, now=request.now)  # type: ignore[attr-defined]
    except UnknownDelivery:
        raise
    except DeliveryError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(n)d delivery is on its way again.", "%(n)d deliveries are on their way again.", number)
        messages.success(request, words % {"n": number})
