"""Who asks: the holder of a token, or the person of a session, who must show the CSRF token for what changes things."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from broadsheet.access import tallies
from broadsheet.access.queries import actor_of_token
from broadsheet.core.policy import Actor
from broadsheet.web.callers import caller
from broadsheet.web.pages.signing_in.throttle import network

WINDOW_SECONDS = 60
WRONG_TOKENS = (
    20  # in a window, from one address; a token has 256 random bits, so this is for the log's sake and load's
)


class Token(HttpBearer):
    """A token of the form bst_…, in the Authorization header."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        if not request.headers.get("Authorization"):
            return None
        # Whoever sends the header is judged by it alone; a session beside it does not help.
        found = super().__call__(request)
        if found is None:
            raise AuthenticationError
        return found  # type: ignore[no-any-return]

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Raises Throttled when too many wrong ones came from the address."""
        guesses, now = ("wrong-tokens", address(request)), timezone.now()
        if tallies.known(*guesses) >= WRONG_TOKENS:
            raise Throttled(wait=WINDOW_SECONDS)
        actor = actor_of_token(token, now=now, address=caller(request))
        if actor is None and tallies.count(*guesses, seconds=WINDOW_SECONDS, now=now) > WRONG_TOKENS:
            raise Throttled(wait=WINDOW_SECONDS)
        return actor


class Session(APIKeyCookie):
    """The browser's own calls: the cookie of a signed-in person."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor | None = getattr(request, "actor", None)  # `web.middleware` has looked
        if actor is not None and check_csrf(request):
            raise HttpError(403, "The CSRF token is missing or wrong. Load the page again.")
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        raise NotImplementedError  # `__call__` says all


def asker(request: HttpRequest) -> Actor:
    """The actor that authentication found; every operation has one."""
    found = request.auth  # type: ignore[attr-defined]
    assert isinstance(found, Actor)
    return found


def address(request: HttpRequest) -> str:
    """The caller's address, or its network where one caller has many."""
    return network(caller(request))
