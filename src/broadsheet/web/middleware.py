"""Who asks: an `Actor` on every request of a signed-in person, or None."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.access.queries import actor_of


class ActorMiddleware:
    """Sets ``request.actor``. A person without a membership has none, and sees the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request.user, via="page") if request.user.is_authenticated else None  # type: ignore[attr-defined]
        return self.get_response(request)
