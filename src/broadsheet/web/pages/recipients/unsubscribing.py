"""Leaving a schedule by the link in its mail, and coming back. The link itself is the right to do so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from broadsheet.delivery.actions.unsubscribe import Subscription, subscribe_again, subscription
from broadsheet.delivery.actions.unsubscribe import unsubscribe as leave
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.web.access_rules import anyone

AGAIN = "again"


@csrf_exempt  # whoever holds the token may do it, from a mail program too (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@anyone
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only shows, since mail scanners open every link; POST does it and answers 200, whoever asks."""
    try:
        found = _done(request, token)
        response = render(request, "pages/unsubscribe.html", _context(found))
    except UnknownDelivery as error:
        response = render(request, "pages/unsubscribe.html", {"invalid": str(error)}, status=404)
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


def _done(request: HttpRequest, token: str) -> Subscription:
    if request.method != "POST":
        return subscription(token)
    act = subscribe_again if request.POST.get("act") == AGAIN else leave
    return act(token, now=timezone.now())


def _context(found: Subscription) -> dict[str, object]:
    return {"subscription": found, "again": AGAIN, "brand": {"name": found.organization}}
