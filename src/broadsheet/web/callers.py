"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from broadsheet.core.policy import Circumstances


def circumstances(request: HttpRequest) -> Circumstances:
    """Under which somebody asks, for the conditions of their role."""
    second_factor = bool(request.session.get("second_factor"))
    return Circumstances(request.now, caller(request), second_factor)  # type: ignore[attr-defined]


def caller(request: HttpRequest) -> str:
    """The caller's network address. Behind a proxy it is the last one that the proxy itself wrote: those before it are
    whatever the caller claims."""
    told = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return told.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
