"""Signed calls to trigger addresses. Not part of the API's document, since its callers have no token: what they sign with is
the schedule's own secret, by Standard Webhooks (standardwebhooks.com).
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from broadsheet.access import tallies
from broadsheet.core.signing.webhooks import NotGenuine
from broadsheet.runs.actions.call import CALLS_SECONDS, call_hook
from broadsheet.schedules.errors import ScheduleError, TooManyCalls
from broadsheet.schedules.triggers.payloads import MOST_BYTES

from .authentication import address
from .problems import problem

WINDOW_SECONDS = CALLS_SECONDS
WRONG_CALLS = (
    20  # in a window, from one network; a secret has 256 random bits, so this is for the log's sake and load's
)
GUESSED = "Too many calls from this network were not genuine."
HOW = "Sign “id.timestamp.body” with the secret of this address, as Standard Webhooks has it."


@require_POST
def call(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """202 with the run that the call begins; 200 with the one that a call of this id began before, or where the schedule's
    conditions do not hold. 401 for what is unsigned, forged, too old or repeated, or where no such address is."""
    guesses = ("wrong-calls", address(request))
    if tallies.known(*guesses) >= WRONG_CALLS:
        return _too_many(GUESSED)
    if len(request.body) > MOST_BYTES:
        return problem(413, "The call’s body is too large.", fix=f"Send at most {MOST_BYTES:,} bytes.")
    headers, now = {name.lower(): value for name, value in request.headers.items()}, timezone.now()
    try:
        found = call_hook(hook_id, headers, request.body, now=now)
    except NotGenuine as error:
        if tallies.count(*guesses, seconds=WINDOW_SECONDS, now=now) > WRONG_CALLS:
            return _too_many(GUESSED)
        return problem(401, str(error), fix=HOW, WWW_Authenticate="Webhook")
    except TooManyCalls as error:
        return _too_many(str(error))
    except ScheduleError as error:
        return problem(422, str(error))
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
