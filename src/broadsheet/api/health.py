"""Whether this process lives, and whether it can serve. Open to all, so they tell which part fails and nothing else.

They are answered before anything else is looked at: whoever probes a process names it by its own address, which is no
host of ours, and a database that is away must not keep a process from saying that it lives.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from broadsheet.operations.readiness import READINESS

from .metrics import metrics
from .problems import problem

SAFE = ("GET", "HEAD")


def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; whoever watches it restarts it when it does not."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """All that it needs answers, too; else 503 with the parts that do not, and the proxy in front sends nobody here."""
    wrong = READINESS.wrong()
    if not wrong:
        return JsonResponse({"status": "ok"})
    parts = ", ".join(wrong)
    # What is wrong in detail is for those who may run the checks: it may name folders and hosts.
    return problem(503, f"Not ready: {parts}.", fix="See “broadsheet doctor”.", Retry_After="5")


ADDRESSES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/livez": livez, "/readyz": readyz, "/api/livez": livez, "/api/readyz": readyz, "/metrics": metrics,
}  # fmt: skip


class Probes:
    """The first middleware. Gives the answer itself for the addresses above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = ADDRESSES.get(request.path_info)
        if view is None:
            return self.get_response(request)
        if request.method not in SAFE:
            return problem(405, f"{request.method} is not a method of this address.", fix="Use GET.", Allow="GET")
        answer = view(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer
