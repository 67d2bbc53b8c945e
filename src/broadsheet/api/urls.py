"""Addresses under /api: version 1, health for whoever watches the server, and an honest 404 for all else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from .application import api
from .hook_calls import call
from .problems import answer, problem
from .secret_feeds import all_schedules, one_schedule

View = Callable[..., HttpResponseBase]


def answered(view: View) -> View:
    """*view*, whose errors of the framework's own become problem details like all others."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            found = view(request, *args, **kwargs)
        except Exception as error:  # the border: nothing of ours is shown beyond it
            return answer(request, error)
        if found.status_code == 405:
            allowed = found["Allow"]
            return problem(405, f"{request.method} is not a method of this address.", fix=f"Use {allowed}.", Allow=allowed)  # fmt: skip
        found.headers.setdefault("Cache-Control", "private, no-store")
        return found

    inner.csrf_exempt = True  # type: ignore[attr-defined]  # `authentication` checks it, where a session asks
    return inner


def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Every other address below /api."""
    return problem(404, "There is nothing here.", fix="The addresses are listed in /api/v1/openapi.json.")


nothing.csrf_exempt = True  # type: ignore[attr-defined]
patterns, app, namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = answered(pattern.callback)

urlpatterns = [
    path("v1/feeds/<str:secret>.ics", answered(all_schedules), name="secret-feed"),
    path("v1/feeds/<str:secret>/<slug:name>.ics", answered(one_schedule), name="secret-schedule-feed"),
    path("v1/hooks/<uuid:hook_id>", answered(call), name="hook"),
    path("v1/", (patterns, app, namespace)),
    re_path(r"^(?P<rest>[\s\S]*)\Z", nothing),
]
