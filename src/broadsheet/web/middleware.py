"""Who asks, on which clock: an `Actor`, the instant and the person's zone on every request.

What the apps refuse becomes the page that says so: a missing right is 403 with the reason; whatever is unknown, or
another organization's, is one and the same 404; an address that only takes forms, opened as a page, is 405 with the
way on. A database that is away is 503. What a signed-in person is shown is kept nowhere, so that Back after signing out
shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation

from broadsheet.access.actions.view_as import eyes, lost
from broadsheet.access.errors import UnknownRole, UnknownThing
from broadsheet.access.models import Organization
from broadsheet.access.queries import actor_of, organization_of
from broadsheet.collaboration.errors import UnknownNotification
from broadsheet.core.policy import Actor, Decision
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.errors import UnknownChannel, UnknownDelivery
from broadsheet.operations.errors import UnknownWindow
from broadsheet.operations.maintenance import announced
from broadsheet.reports.errors import UnknownReport
from broadsheet.runs.errors import UnknownRun
from broadsheet.schedules.errors import UnknownCalendar, UnknownSchedule
from broadsheet.web.callers import circumstances
from broadsheet.web.pages.eyes.looking import KEY
from broadsheet.web.pages.shell.faults import away, not_a_page, not_found, refused

SAFE = {"GET", "HEAD", "OPTIONS"}
ONLY_LOOKING = "You are looking through somebody else's eyes, and nothing can be changed so. Stop first."
PRIVATE = "private, no-store"
DATABASE_AWAY = (OperationalError, InterfaceError)
UNKNOWN = (
    UnknownRole, UnknownThing,
    UnknownCalendar, UnknownChannel, UnknownDelivery, UnknownNotification, UnknownReport, UnknownRun, UnknownSchedule,
    UnknownWindow,
)  # fmt: skip


class ActorMiddleware:
    """Sets ``request.actor`` (None for who has no membership, and sees the sign-in page), ``request.organization``
    and ``request.now`` (aware, frozen for the request), and activates the person's zone and language, else the
    organization's. Who has not signed in gets what their browser asks for, by Django's own middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._answer(request)
        except DATABASE_AWAY as error:  # while asking who it is; what views raise comes to `process_exception`
            return away(request, error)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.now = datetime.now(UTC)  # type: ignore[attr-defined]
        actor = (
            actor_of(request.user, via="page", given=circumstances(request)) if request.user.is_authenticated else None
        )
        if actor is not None and (seen := request.session.get(KEY)):
            actor = _through_others(request, actor, seen)
        request.actor = actor  # type: ignore[attr-defined]
        request.organization = _home(actor, now=request.now) if actor else None  # type: ignore[attr-defined]
        language = _language(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with timezone.override(_zone(request)):
            if actor is not None and actor.looking_as and request.method not in SAFE and not _may_still(request):
                return refused(request, Refused(Decision(False, ONLY_LOOKING)))
            response = self.get_response(request)
            if response.status_code == 405 and not response.content:
                response = not_a_page(request, allow=response["Allow"])
        if request.user.is_authenticated:  # after the view: who just signed in or out counts as what they are now
            response.headers.setdefault("Cache-Control", PRIVATE)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused(request, exception)
        if isinstance(exception, UNKNOWN):
            return not_found(request, exception)
        if isinstance(exception, DATABASE_AWAY):
            return away(request, exception)
        return None


def _home(actor: Actor, *, now: datetime) -> Organization:
    """The actor's organization; its ``standstill`` is the id of the maintenance that pages must tell of, or None."""
    return organization_of(actor, standstill=announced(now=now))


def _through_others(request: HttpRequest, actor: Actor, seen: int) -> Actor:
    """Who is looked at, as long as *actor* may; the person of the request is theirs then."""
    found = eyes(actor, seen, given=circumstances(request))
    if found is None:
        del request.session[KEY]
        lost(actor, seen, now=request.now)  # type: ignore[attr-defined]
        return actor
    request.viewer, request.user = actor, found[1].user  # type: ignore[attr-defined]
    return found[0]


def _may_still(request: HttpRequest) -> bool:
    """Whether the form is one of the two that are taken while looking through others' eyes."""
    return request.path in {reverse("web:look-as-stop"), reverse("web:sign-out")}


def _language(request: HttpRequest) -> str:
    """The language that the pages are kept in nearest to what the person or else the organization chose; or empty."""
    organization = getattr(request, "organization", None)
    wanted = (getattr(request.user, "language", "") or organization.language) if organization else ""
    try:
        return translation.get_supported_language_variant(wanted) if wanted else ""
    except LookupError:
        return ""


def _zone(request: HttpRequest) -> ZoneInfo | None:
    organization = getattr(request, "organization", None)
    name = (getattr(request.user, "zone", "") or organization.zone) if organization else ""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
