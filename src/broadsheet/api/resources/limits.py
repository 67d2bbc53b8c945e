"""How many runs may go on at once."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.runs.actions.limit import limits_of, save_limits
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
    """How many runs may go on at once in the organization."""
    return limits_of(asker(request))


@router.put(
    "/limits", **told("putLimits", "Limit what runs at once", permission="operation.steer source.read", response=Kept)
)
def put_limits(request: HttpRequest, body: Definition) -> object:
    """What goes on already goes on; what is due waits for a place, in its order."""
    effect = save_limits(asker(request), loaded("limits", NAME, body), now=timezone.now())
    return {"kind": "limits", "name": NAME, "effect": effect}
