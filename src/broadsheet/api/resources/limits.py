"""How many runs may go on at once."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.runs.actions.limit import limits_of, save_limits
from broadsheet.runs.limited import uses
from broadsheet.runs.limits_definition import NAME

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..telling import told

router = Router()


class LimitsShape(Schema):
    """Of the organization."""

    runs: int | None = Field(None, description="At once; null: as many as there are workers for.")
    sources: dict[str, int] = Field(
        {}, description="Of runs that ask one source, by its name.", examples=[{"warehouse": 2}]
    )


@router.get(
    "/limits",
    **told("getLimits", "Get the limits of what runs at once", permission="delivery.read", response=LimitsShape),
)
def get_limits(request: HttpRequest) -> object:
    """How many runs may go on at once in the organization. Sources that the asker does not reach are left out, except for who
    sets limits."""
    return limits_of(asker(request))


class UseShape(Schema):
    """How one limit stands."""

    kind: str = Field(description="installation, organization, source or schedule.")
    name: str = Field(
        description="Of the source or schedule; empty for the others, and for sources that the asker does not reach."
    )
    most: int | None = Field(description="Runs at once; null: no limit.")
    used: int | None = Field(
        description="In work right now, of those that the asker may read; null: not theirs to know."
    )
    full: bool = Field(description="With all others’ no place is left.")
    waiting: int = Field(description="Among the first 200 of the queue, those that this limit keeps from beginning.")


@router.get(
    "/limits/use",
    **told("getLimitUse", "See what is used of the limits", permission="delivery.read", response=list[UseShape]),
)
def get_limit_use(request: HttpRequest) -> object:
    """Of the organization, the sources that the asker reaches, and the schedules that are in work or have runs that wait; of the
    whole installation for who steers it, without the number of its runs."""
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "most": one.most,
            "used": one.used,
            "full": one.full,
            "waiting": one.waiting,
        }
        for one in uses(asker(request), now=timezone.now())
    ]


@router.put(
    "/limits", **told("putLimits", "Limit what runs at once", permission="operation.steer source.read", response=Kept)
)
def put_limits(request: HttpRequest, body: Definition) -> object:
    """What goes on already goes on; what is due waits for a place, in its order."""
    effect = save_limits(asker(request), loaded("limits", NAME, body), now=timezone.now())
    return {"kind": "limits", "name": NAME, "effect": effect}
