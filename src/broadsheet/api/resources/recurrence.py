"""When a rule fires, before anything is scheduled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.core.recurrence import Firing
from broadsheet.schedules import queries

from ..authentication import asker
from ..paging import Asked, Instant
from ..telling import told

router = Router()


class FiringShape(Schema):
    """One firing, and why then."""

    at: datetime = Field(description="In UTC.")
    local: datetime = Field(description="On the rule's clock, with its offset.")
    reason: str = Field(examples=["Monday"])
    moved_from: datetime | None = Field(
        description="The time that the rule names, where the clock or a calendar moved it."
    )


class Rule(Asked):
    """A rule to try."""

    when: dict[str, Any] = Field(
        description="As `when:` in a schedule's definition.", examples=[{"every": "week", "on": ["mon"], "at": "08:00"}]
    )
    zone: str = Field("", max_length=64, description="IANA zone, where the rule names none; empty: the organization's.")
    from_: Instant | None = Field(None, alias="from", description="Firings after this instant; by default after now.")
    count: int = Field(20, ge=1, le=500)


def firing_facts(one: Firing) -> dict[str, Any]:
    return {"at": one.at, "local": one.local, "reason": one.reason, "moved_from": one.moved_from}


@router.post(
    "/recurrence/preview",
    **told("previewRecurrence", "Try a rule", permission="schedule.read", response=list[FiringShape]),
)
def preview(request: HttpRequest, rule: Rule) -> object:
    """The next firings of a rule, each with its reason. Nothing is kept."""
    after = rule.from_ or timezone.now()
    found = queries.tried(asker(request), rule.when, zone=rule.zone, after=after, limit=rule.count)
    return [firing_facts(one) for one in found]
