"""Errors as problem details (RFC 9457): what happened, to what, and how to mend it; never anything of our insides."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from ninja.errors import HttpError, Throttled, ValidationError

from broadsheet.access.errors import (
    AccessError,
    Conflict,
    OwnersOnly,
    UnknownPerson,
    UnknownRole,
    UnknownThing,
    UnknownToken,
)
from broadsheet.collaboration.errors import UnknownNotification
from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.policy.roles import Refused
from broadsheet.core.recurrence import RuleError
from broadsheet.delivery.errors import DeliveryError, UnknownChannel, UnknownDelivery
from broadsheet.operations.errors import OperationsError, UnknownWindow
from broadsheet.plugins import UnknownPart
from broadsheet.reports.errors import ReportError, UnknownReport
from broadsheet.runs.actions.preview import PreviewError
from broadsheet.runs.errors import NotHeld, NotWaiting, RunError, UnknownRun
from broadsheet.runs.ports import NotStored
from broadsheet.schedules.errors import NotNow, ScheduleError, UnknownCalendar, UnknownEvent, UnknownSchedule
from broadsheet.sources.errors import SourceError, UnknownSource, Unreachable

from .mismatches import mismatch

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

# The first class that an error is of decides: what is special stands above what it is a kind of.
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (Refused, 403), (OwnersOnly, 403),
    (Http404, 404), (UnknownPerson, 404), (UnknownToken, 404), (UnknownRole, 404), (UnknownThing, 404), (UnknownReport, 404), (UnknownSchedule, 404),
    (UnknownRun, 404), (UnknownDelivery, 404), (UnknownChannel, 404), (UnknownSource, 404), (UnknownCalendar, 404), (UnknownEvent, 404),
    (NotStored, 404), (UnknownNotification, 404), (UnknownWindow, 404),
    (Conflict, 409), (NotNow, 409), (DeliveryError, 409), (NotWaiting, 409), (NotHeld, 409),
    (AccessError, 422), (OperationsError, 422), (ReportError, 422), (ScheduleError, 422), (PreviewError, 422), (RunError, 422),
    (UnknownPart, 422), (Unreachable, 422), (SourceError, 422),
)  # fmt: skip
TITLES = {
    400: "The request cannot be read", 401: "Who asks is not known", 403: "Not allowed", 404: "Not here",
    405: "Not a method of this address", 409: "Not in this state", 413: "Too large", 416: "No such range",
    422: "Cannot be taken as it is", 429: "Too many tries", 500: "Something of ours failed", 503: "Not ready",
}  # fmt: skip


def problem(
    status: int, detail: str, *, fix: str = "", problems: Iterable[Mapping[str, object]] = (), **headers: str
) -> HttpResponse:
    """One answer of ``application/problem+json``. ``problems`` are single faults with path, message and fix."""
    body: dict[str, object] = {
        "type": f"urn:broadsheet:problem:{status}",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
    }
    if fix:
        body["fix"] = fix
    found = list(problems)
    if found:
        body["problems"] = found
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False}, content_type=MEDIA_TYPE)
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to whatever an operation raised; what is not foreseen is logged under a reference."""
    for kind, status in STATUSES:
        if isinstance(error, kind):
            return problem(status, "There is nothing here." if isinstance(error, Http404) else str(error))
    if isinstance(error, DefinitionError):
        return _definition(error)
    if isinstance(error, RuleError):
        at = {"path": error.path, "message": error.message, "fix": error.fix}
        return problem(422, str(error), problems=[at])
    if isinstance(error, ValidationError):
        return problem(422, "The request does not fit.", problems=list(map(mismatch, error.errors)))
    if isinstance(error, HttpError):
        return _http(error)
    if isinstance(error, RequestDataTooBig):
        return problem(413, "The request's body is too large.", fix="Send at most 2 MB; send fewer files at once.")
    if isinstance(error, DataError | UnicodeEncodeError):
        log.info("the database refused a value action=api path=%s", request.path)
        return problem(422, "A value is too long, too large or holds characters that cannot be kept.")
    if isinstance(error, IntegrityError):  # two who made the same at one moment; what is foreseen was refused before
        log.warning("the database refused a change action=api path=%s", request.path, exc_info=error)
        return problem(409, "Somebody else changed the same at this moment.", fix="Look at it, then send it again.")
    if isinstance(error, UnreadablePostError):
        return problem(400, "The request's body ended too early.")
    return failure(request, error)


def failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: the asker gets a reference number, the log everything. A database that is away is told as such,
    so that machines come again."""
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database is away action=api path=%s", request.path, exc_info=error)
        return problem(503, "The database does not answer.", fix="Try again in a few seconds.", Retry_After="5")
    reference = uuid4().hex[:8]
    log.error("an operation failed action=api path=%s reference=%s", request.path, reference, exc_info=error)
    return problem(500, f"The log has it under {reference}.", fix="Tell your administrator this number.")


def _definition(error: DefinitionError) -> HttpResponse:
    found = [
        {"file": one.file, "line": one.line, "path": one.path, "message": one.message, "fix": one.fix}
        for one in error.problems
    ]
    return problem(422, f"{len(found)} to mend; nothing was changed.", problems=found)


def _http(error: HttpError) -> HttpResponse:
    if isinstance(error, Throttled):
        wait = str(error.wait or 60)
        return problem(429, "Too many tokens from this address were wrong.", fix=f"Wait {wait} s.", Retry_After=wait)
    if error.status_code == 401:
        fix = "Send “Authorization: Bearer bst_…” with a token that has not ended, or sign in."
        return problem(401, "No token or session that is valid came with the request.", fix=fix, WWW_Authenticate="Bearer")  # fmt: skip
    if error.status_code == 400:
        return problem(400, "The body is not JSON that can be read.", fix="Send one JSON object in UTF-8.")
    return problem(error.status_code, error.message)
