"""Feeds for calendar programs, which can send no header: whoever knows a person's secret address reads what that person may
see now, and nothing else. Not part of the API's document, since no program of anybody's making calls it.

The secret is never logged: answers that are no feed are kept out of the framework's log, and `config.masking` hides it in
whatever else may be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.access import tallies
from broadsheet.access.queries import actor_of_feed, language_of
from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.errors import UnknownSchedule
from broadsheet.schedules.models import Schedule

from .authentication import address
from .resources.feeds import ics

WINDOW_SECONDS = 60
WRONG_SECRETS = 20  # in a window, from one address; a secret has 128 random bits, so this is for load's sake
FETCHES = 60  # in a window, of one secret: calendar programs come a few times an hour
NOTHING = "There is no calendar at this address. Make a new address on your account page.\n"

View = Callable[..., HttpResponse]


def secret(view: Callable[..., HttpResponse]) -> View:
    """*view* gets the actor whose secret it is. All that opens nothing looks the same: 404."""

    @wraps(view)
    @require_safe
    def guarded(request: HttpRequest, secret: str, **given: Any) -> HttpResponse:
        now = timezone.now()
        actor = actor_of_feed(secret, now=now)
        if actor is None:  # who guesses is slowed down, and nobody else behind the same address
            return _refused(429 if _over("wrong-feeds", address(request), most=WRONG_SECRETS, now=now) else 404)
        if _over("feed", secret, most=FETCHES, now=now):
            return _refused(429)
        try:
            return _closed(view(request, actor, **given))
        except UnknownSchedule:
            return _refused(404)

    return guarded


@secret
def all_schedules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All that the person may see; ``?mine=true``: those that belong to them."""
    found = queries.schedules(actor)
    if request.GET.get("mine") == "true":
        found = found.filter(owner_id=actor.user_id)
    return _feed(request, actor, found.select_related("organization").order_by("name"), "Broadsheet", "schedules")


@secret
def one_schedule(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    found = queries.schedule(actor, name)
    return _feed(request, actor, [found], found.title or found.name, found.name)


def _feed(request: HttpRequest, actor: Actor, found: Iterable[Schedule], title: str, name: str) -> HttpResponse:
    return ics(request, found, title=title, name=name, language=language_of(actor))


def _refused(status: int) -> HttpResponse:
    text = NOTHING if status == 404 else "Too many requests. Come again in a minute.\n"
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    if status == 429:
        answer["Retry-After"] = str(WINDOW_SECONDS)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would write the whole path
    return _closed(answer)


def _closed(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _over(*what: str, most: int, now: datetime) -> bool:
    return tallies.over(*what, most=most, seconds=WINDOW_SECONDS, now=now)
