"""Starting schedules for other systems, and the trigger address of a schedule; who calls that is `hook_calls`' business."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Header, Router, Schema, Status

from broadsheet.runs.actions.call import call_schedule
from broadsheet.schedules import queries
from broadsheet.schedules.actions.hooks import end_hook, make_hook, open_hook
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.hook_urls import hook_url
from broadsheet.schedules.models import Hook

from ..authentication import asker
from ..paging import Asked
from ..problems import problem
from ..telling import told
from .runs import RunShape, run_facts

router = Router()
Given = dict[str, str | bool | int | float]


class CallRequest(Asked):
    """What a run for another system is to be."""

    given: Given = Field({}, alias="with", description="Parameters for this run alone, in their own types: numbers without quotes.", examples=[{"period": "last week", "least": 5}])  # fmt: skip


class HookShape(Schema):
    """The address under which another system starts the schedule."""

    url: str = Field(examples=["https://reports.example/api/v1/hooks/0b9c2f0e-6f0d-4f4e-8d0e-2f7d1c1f5c3a"])
    made_at: datetime
    made_by: str
    renewed_at: datetime | None
    before_until: datetime | None = Field(description="Until then calls may be signed with the secret before, too.")
    used_at: datetime | None = Field(description="When a call last came that was genuine.")


class HookMade(HookShape):
    secret: str = Field(description="To sign calls with. It is shown this once.", examples=["whsec_…"])


class HookRequest(Asked):
    at_once: bool = Field(False, description="The secret before ends now, and not only after a day.")


@router.post(
    "/schedules/{slug:name}/runs",
    **told("startRun", "Start a run", permission="schedule.run schedule.read", response={202: RunShape}),
)
def start_run(
    request: HttpRequest,
    response: HttpResponse,
    name: str,
    body: CallRequest,
    key: str = Header("", alias="Idempotency-Key", max_length=200, description="Asking again with the same key gives the same run."),  # type: ignore[type-arg]  # it is a function, too
) -> Status[dict[str, Any]]:  # fmt: skip
    """Begins a run for another system, one for each `Idempotency-Key`: `Idempotency-Replayed: true` says that it was begun before.
    Wait for its end with `GET /runs/{run}?wait=30`. A schedule that is paused answers with a run that is skipped."""
    made, new = call_schedule(asker(request), name, key=key, given=body.given, now=timezone.now())
    response["Location"] = f"/api/v1/runs/{made.pk}"
    if not new:
        response["Idempotency-Replayed"] = "true"
    return Status(202, run_facts([made])[0])


@router.get(
    "/schedules/{slug:name}/hook",
    **told("getTriggerAddress", "Get the trigger address", permission="schedule.edit schedule.read", response=HookShape, missing=True),
)  # fmt: skip
def get_hook(request: HttpRequest, name: str) -> object:
    """Without its secret. 404 where the schedule has none."""
    hook = open_hook(queries.schedule(asker(request), name, "schedule.edit"))
    if hook is None:
        return problem(404, f"“{name}” has no trigger address.", fix="Make one with POST.")
    return _facts(hook)


@router.post(
    "/schedules/{slug:name}/hook",
    **told("makeTriggerAddress", "Make or renew the trigger address", permission="schedule.edit schedule.run token.edit schedule.read", response=HookMade),
)  # fmt: skip
def post_hook(request: HttpRequest, name: str, body: HookRequest) -> object:
    """A fresh secret. The address stays the same where there is one, and the secret before holds for another day."""
    hook, secret = make_hook(asker(request), name, now=timezone.now(), at_once=body.at_once)
    return {**_facts(hook), "secret": secret}


@router.delete(
    "/schedules/{slug:name}/hook",
    **told("endTriggerAddress", "End the trigger address", permission="schedule.edit schedule.run token.edit schedule.read", response={204: None}),
)  # fmt: skip
def delete_hook(request: HttpRequest, name: str) -> object:
    """Nothing opens it any more. 404 where there is none."""
    try:
        end_hook(asker(request), name, now=timezone.now())
    except NotNow as error:
        return problem(404, str(error))
    return Status(204, None)


def _facts(hook: Hook) -> dict[str, Any]:
    return {
        "url": hook_url(hook.pk), "made_at": hook.made_at, "made_by": hook.made_by, "renewed_at": hook.renewed_at,
        "before_until": hook.before_until, "used_at": hook.used_at,
    }  # fmt: skip
