"""What the asker was told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.collaboration import queries
from broadsheet.collaboration.actions.mark_read import mark_all_read, mark_read
from broadsheet.collaboration.models import Mailing, Notification
from broadsheet.collaboration.wording import in_language_of, reader_zone, said

from ..authentication import asker
from ..paging import Order, Page, Paging, instant, integer, page
from ..telling import told
from .people import bounded

router = Router()


class MailingShape(Schema):
    """How it went by mail."""

    state: str = Field(description="due, sending; accepted, failed, unconfirmed (it may have arrived) or skipped.")
    settled_at: datetime | None
    proof: str = Field(description="The other side's word, or why not.")


class NotificationShape(Schema):
    """Something that the person should know, in their language."""

    id: int
    kind: str = Field(examples=["calendar.moved"])
    person: str = Field(description="Address of whom it is for.")
    subject: str = Field(examples=["Calendar “Our days” moved 3 coming firings"])
    text: str = Field(description="All of it, in plain text.")
    link: str = Field(description="Path of the page that it is about.", examples=["/settings/calendars/our-days/"])
    data: dict[str, Any] = Field(description="The same for machines, as the kind has it; instants are UTC.")
    created_at: datetime
    read_at: datetime | None = Field(description="Null: not read yet.")
    mail: MailingShape | None = Field(description="Null: the person wanted no mail then.")


class Which(Schema):
    unread: bool = Field(False, description="Only those that are not read yet.")


class Read(Schema):
    read: int = Field(description="How many that were not read are so now.")


def facts(one: Notification) -> dict[str, Any]:
    with in_language_of(one.person, one.organization):
        words = said(one, zone=reader_zone(one.person, one.organization))
    mailing: Mailing | None = getattr(one, "mailing", None)
    mail = {"state": mailing.state, "settled_at": mailing.settled_at, "proof": mailing.proof} if mailing else None
    return {
        "id": one.pk, "kind": one.kind, "person": one.person.email, "subject": words.subject, "text": words.text(),
        "link": one.link, "data": one.data, "created_at": one.created_at, "read_at": one.read_at, "mail": mail,
    }  # fmt: skip


@router.get(
    "/notifications",
    **told("listNotifications", "List notifications", permission="schedule.read", response=Page[NotificationShape]),
)
def list_notifications(request: HttpRequest, paging: Query[Paging], which: Query[Which]) -> object:
    """The asker's own, the newest first."""
    order = (Order("created_at", descending=True, read=instant), Order("pk", descending=True, read=integer))
    return page(queries.notifications(asker(request), unread=which.unread), paging, order=order, shape=facts)


@router.post(
    "/notifications/{int:notification_id}/read",
    **told("readNotification", "Mark a notification read", permission="schedule.read", response={204: None}),
)
def read_one(request: HttpRequest, notification_id: int) -> Status[None]:
    """Doing it twice is as once."""
    mark_read(asker(request), bounded(notification_id), now=timezone.now())
    return Status(204, None)


@router.post(
    "/notifications/read",
    **told("readNotifications", "Mark all notifications read", permission="schedule.read", response=Read),
)
def read_all(request: HttpRequest) -> object:
    """The asker's own, as far as they have come by now."""
    return {"read": mark_all_read(asker(request), now=timezone.now())}
