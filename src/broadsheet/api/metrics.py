"""`/metrics` for Prometheus: there only where a token or addresses are set, and only for who has the one or is the other."""

from __future__ import annotations

import hmac
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST

from broadsheet.operations.metrics import exposition

from .problems import problem


def metrics(request: HttpRequest) -> HttpResponse:
    """404 while it is switched off: nobody need know that it could be on."""
    if not (settings.METRICS_TOKEN or settings.METRICS_ADDRESSES):
        return problem(404, "There is nothing here.")
    if not (_has_token(request) or _from_there(request)):
        return problem(401, "The figures need their token.", WWW_Authenticate="Bearer")
    try:
        return HttpResponse(exposition(now=timezone.now()), content_type=CONTENT_TYPE_LATEST)
    except (OperationalError, InterfaceError):
        return problem(503, "The database does not answer.", fix="Try again in a few seconds.", Retry_After="5")


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), wanted.encode())


def _from_there(request: HttpRequest) -> bool:
    """The other end of the connection itself: what a header says of others proves nothing here."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
        return any(address in ip_network(one, strict=False) for one in settings.METRICS_ADDRESSES)
    except ValueError:
        return False
