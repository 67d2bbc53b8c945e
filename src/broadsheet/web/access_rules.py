"""Who may open a page: a decorator that every view carries, so that a page without one cannot be reached by accident."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from broadsheet.core.policy import may_somewhere

View = Callable[..., HttpResponseBase]


def member(*permissions: str) -> Callable[[View], View]:
    """Only for signed-in members who hold all *permissions*, on something at least: what the view then shows or changes
    asks for the thing itself. Others are led to sign in, or refused with the reason."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = getattr(request, "actor", None)
            if actor is None:
                return redirect_to_login(_way_back(request))
            for permission in permissions:
                decision = may_somewhere(actor, permission)
                if not decision:
                    raise PermissionDenied(decision.reason)
            return view(request, *args, **kwargs)

        guarded.audience = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in: the page asked for, or the one whose form was sent too late, on this server."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referrer = urlsplit(request.META.get("HTTP_REFERER", ""))
    if referrer.netloc != request.get_host():
        return "/"
    return f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path or "/"


def anyone(view: View) -> View:
    """For people without an account: sign-in, and links in mails that are their own right."""
    view.audience = None  # type: ignore[attr-defined]
    return view
