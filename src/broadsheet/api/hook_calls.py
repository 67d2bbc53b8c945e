"""Signed calls to trigger addresses. Not part of the API's document, since its callers have no token: what they sign with is
the schedule's own secret, by Standard Webhooks (standardwebhooks.com).
"""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from broadsheet.core.signing.webhooks import NotGenuine
from broadsheet.runs.actions.call import call_hook
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.triggers.payloads import MOST_BYTES

from .authentication import address
from .problems import problem

WINDOW_SECONDS = 60
CALLS = 120  # genuine ones in a window, to one address; a schedule that runs more often than that is a mistake
WRONG_CALLS = (
    20  # in a window, from one network; a secret has 256 random bits, so this is for the log's sake and load's
)
HOW = "Sign “id.timestamp.body” with the secret of this address, as Standard Webhooks has it."


@require_POST
def call(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """202 with the run that the call begins; 200 with the one that a call of this id began before, or where the schedule's
    conditions do not hold. 401 for what is unsigned, forged, too old or repeated, or where no such address is."""
    guesses, calls = f"wrong-calls:{address(request)}", f"calls:{hook_id}"
    if _count(guesses, 0) >= WRONG_CALLS:
        return _too_many("Too many calls from this network were not genuine.")
    if len(request.body) > MOST_BYTES:
        return problem(413, "The call’s body is too large.", fix=f"Send at most {MOST_BYTES:,} bytes.")
    if _count(calls, 0) >= CALLS:
        return _too_many("Too many calls came to this address.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        found = call_hook(hook_id, headers, request.body, now=timezone.now())
    except NotGenuine as error:
        _count(guesses, 1)
        return problem(401, str(error), fix=HOW, WWW_Authenticate="Webhook")
    except ScheduleError as error:
        return problem(422, str(error))
    _count(calls, 1)
    run = found.run
    facts = {
        "run": str(run.pk) if run else None,
        "state": run.state if run else None,
        "reason": run.reason if run else found.why,
        "new": found.new,
    }
    return JsonResponse(facts, status=202 if found.new else 200, json_dumps_params={"ensure_ascii": False})


def _too_many(why: str) -> HttpResponse:
    return problem(429, why, fix=f"Wait {WINDOW_SECONDS} s.", Retry_After=str(WINDOW_SECONDS))


def _count(key: str, more: int) -> int:
    """How many there were in this window, with *more* on top."""
    cache.add(key, 0, timeout=WINDOW_SECONDS)
    try:
        return int(cache.incr(key, more))
    except ValueError:  # it ended between the two
        return more
