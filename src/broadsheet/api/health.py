"""Whether this process lives, and whether it can serve. Open to all, so they say nothing else."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from .problems import problem


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; whoever watches it restarts it when it does not."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, too; else 503, and the proxy in front sends nobody here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return problem(503, "The database does not answer.", fix="See “broadsheet doctor”.")
    return JsonResponse({"status": "ok"})
