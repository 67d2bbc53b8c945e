"""Addresses that are not sent to, and lifting those that bounced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.delivery.actions.lift import MOST
from broadsheet.delivery.actions.lift import lift as lift_addresses
from broadsheet.delivery.bouncing import has_bounced
from broadsheet.delivery.models import Suppression
from broadsheet.delivery.suppressions import suppressions

from ..authentication import asker
from ..paging import Asked, Order, Page, Paging, instant, integer, page
from ..telling import told

router = Router()


class SuppressionShape(Schema):
    """An address that is not sent to by mail."""

    address: str = Field(examples=["ada@ada.example"])
    schedule: str | None = Field(description="From which it unsubscribed; null: nothing is sent to it at all.")
    bounced: bool = Field(description="Its mail server says that it does not exist. These can be lifted.")
    reason: str
    since: datetime


class Searching(Paging):
    q: str = Field("", max_length=200, description="Part of an address or reason.")


class Addresses(Asked):
    addresses: list[str] = Field(min_length=1, max_length=MOST, description="Addresses that bounced.")


class Lifted(Schema):
    lifted: int = Field(description="How many are sent to again.")


def facts(one: Suppression) -> dict[str, Any]:
    return {
        "address": one.address, "schedule": one.schedule.name if one.schedule else None,
        "bounced": has_bounced(one.reason), "reason": one.reason, "since": one.at,
    }  # fmt: skip


@router.get(
    "/suppressions",
    **told(
        "listSuppressions", "List addresses not sent to", permission="delivery.read", response=Page[SuppressionShape]
    ),
)
def list_suppressions(request: HttpRequest, asked: Query[Searching]) -> object:
    """Who unsubscribed from a schedule that you read, and what bounced of those that it sends to; the newest first."""
    order = (Order("at", descending=True, read=instant), Order("pk", descending=True, read=integer))
    return page(suppressions(asker(request), text=asked.q.strip()), asked, order=order, shape=facts)


@router.post(
    "/suppressions/lift",
    **told(
        "liftSuppressions", "Lift addresses that bounced", permission="delivery.resend", response=Lifted,
        conflict=True, missing=True,
    ),
)  # fmt: skip
def lift(request: HttpRequest, chosen: Addresses) -> object:
    """From the next run on they are sent to again, all or none. Nothing is sent by this."""
    return {"lifted": lift_addresses(asker(request), chosen.addresses, now=timezone.now())}
