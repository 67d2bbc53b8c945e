"""The ledger: each recipient's delivery, its proof, its files, and sending again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from broadsheet.access.queries import address_of
from broadsheet.delivery import queries
from broadsheet.delivery.actions.open_file import open_file
from broadsheet.delivery.actions.open_message import open_message
from broadsheet.delivery.actions.resend import resend
from broadsheet.delivery.models import Delivery
from broadsheet.runs.queries import files
from broadsheet.runs.store import artifact_store
from broadsheet.web.downloads import download
from broadsheet.web.pages.deliveries.serving import serve

from ..authentication import asker
from ..paging import Asked, Order, Page, Paging, instant, integer, page
from ..problems import problem
from ..telling import file_of, told
from .runs import Due

router = Router()


class RecipientShape(Schema):
    """Who it is for: the key of the audience's row, name and address."""

    key: str
    name: str
    address: str


class DeliveryShape(Schema):
    """One recipient on one channel."""

    id: UUID
    run: UUID
    schedule: str
    fire_at: datetime
    recipient: RecipientShape
    channel: str
    formats: list[str]
    state: str = Field(
        description="due, sending, retrying; accepted, failed, unconfirmed (it may have arrived: only a person sends "
        "it again), suppressed, skipped or expired."
    )
    reason: str
    due_at: datetime | None = Field(
        description="When this recipient is to get it: on their own clock, or when their working hours begin. Null: with the run."
    )
    attempts: int
    waits_for: str = Field(description="limit or breaker: its channel lets it wait, which is no try; else empty.")
    fallback_of: UUID | None = Field(description="The delivery that failed and that this one took over from.")
    taken_over_by: UUID | None = Field(
        description="The delivery that reaches the recipient in its stead, since it failed; one may stand for several."
    )
    next_try_at: datetime | None
    settled_at: datetime | None
    proof: str = Field(description="The other side's word.", examples=["250 2.0.0 Ok: queued as 4XyZ"])
    message_id: str = Field(description="The same over all tries.")


class LineShape(Schema):
    """One line of the talk with the other side."""

    at: datetime
    who: str = Field(description="we or they.")
    text: str


class TryShape(Schema):
    """One try."""

    number: int
    started_at: datetime
    ended_at: datetime
    state: str
    proof: str
    transcript: list[LineShape]


class FileShape(Schema):
    """A file that was sent."""

    format: str
    filename: str
    media_type: str
    size: int
    sha256: str
    url: str = Field(description="Where its bytes are.")


class DeliveryWhole(DeliveryShape):
    tries: list[TryShape]
    files: list[FileShape]


class Filters(Schema):
    schedule: str = Field("", max_length=100, description="Of this schedule alone.")
    state: str = Field(
        "", max_length=200, description="In these states alone, with commas between.", examples=["failed,expired"]
    )
    run: UUID | None = Field(None, description="Of this run alone.")
    text: str = Field("", max_length=200, description="Name, key, address or proof holds this.")


class Chosen(Asked):
    ids: list[UUID] = Field(min_length=1, max_length=10_000, description="Deliveries that failed, expired, were skipped or are unconfirmed.")  # fmt: skip


def facts(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.pk,
        "run": one.occurrence_id,
        "schedule": one.occurrence.schedule.name,
        "fire_at": one.occurrence.fire_at,
        "recipient": {"key": one.recipient_key, "name": one.recipient_name, "address": one.address},
        "channel": one.channel.name,
        "formats": one.formats,
        "state": one.state,
        "reason": one.reason,
        "due_at": one.due_at,
        "attempts": one.attempts,
        "waits_for": one.waits_for,
        "fallback_of": one.fallback_of_id,
        "taken_over_by": one.taken_over_by.pk if one.taken_over_by else None,
        "next_try_at": one.next_try_at,
        "settled_at": one.settled_at,
        "proof": one.proof,
        "message_id": one.message_id,
    }


@router.get(
    "/deliveries", **told("listDeliveries", "List deliveries", permission="delivery.read", response=Page[DeliveryShape])
)
def list_deliveries(request: HttpRequest, paging: Query[Paging], filters: Query[Filters]) -> object:
    """The newest firing first, then by recipient."""
    order = (
        Order("occurrence__fire_at", descending=True, read=instant), Order("recipient_name"),
        Order("channel_id", read=integer), Order("pk", read=UUID),
    )  # fmt: skip
    found = queries.deliveries(
        asker(request), schedule=filters.schedule, state=filters.state, occurrence=filters.run, text=filters.text
    )
    return page(found, paging, order=order, shape=facts)


@router.get(
    "/deliveries/{uuid:delivery_id}",
    **told("getDelivery", "Get a delivery", permission="delivery.read", response=DeliveryWhole),
)
def get_delivery(request: HttpRequest, delivery_id: UUID) -> object:
    """One delivery with its tries, line by line, and what was sent."""
    one = queries.delivery(asker(request), delivery_id)
    sent = [
        {
            "format": file.format, "filename": file.filename, "media_type": file.artifact.media_type,
            "size": file.artifact.size, "sha256": file.artifact.sha256,
            "url": f"{request.path.rstrip('/')}/files/{file.format}",
        }
        for file in files(one.slice_id, one.formats)
    ]  # fmt: skip
    return {**facts(one), "tries": list(one.tries.all()), "files": sent}


@router.get(
    "/deliveries/{uuid:delivery_id}/files/{slug:format}",
    **told(
        "getDeliveryFile", "Get a file that was sent", permission="delivery.read data.all", response={200: None},
        responses={**file_of(ranges=True), "416": {"$ref": "#/components/responses/Problem416"}},
    ),
)  # fmt: skip
def get_file(request: HttpRequest, delivery_id: UUID, format: str) -> HttpResponse:
    """The same bytes that the recipient got; `ETag` is their SHA-256, and `Range` gives a piece.

    It opens to the recipient, and to who may edit reports: rights are looked at now, not when it was made.
    """
    actor = asker(request)
    opened = open_file(actor, delivery_id, format, address=address_of(actor), now=timezone.now())
    answer = serve(request, opened, store=artifact_store())
    if answer.status_code == 416:
        return problem(416, f"The file has {opened.size} bytes.", Content_Range=answer["Content-Range"])
    answer["Vary"] = "Authorization, Cookie"
    return answer


@router.get(
    "/deliveries/{uuid:delivery_id}/message",
    **told(
        "getDeliveryMessage", "Get the message that was sent", permission="delivery.read data.all",
        response={200: None}, responses=file_of(),
    ),
)  # fmt: skip
def get_message(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """The whole message byte for byte, as channels that write one (e-mail) handed it over."""
    message = open_message(asker(request), delivery_id, store=artifact_store(), now=timezone.now())
    answer = download(message, filename=f"{delivery_id}.eml", media_type="message/rfc822")
    answer["Vary"] = "Authorization, Cookie"
    return answer


@router.post(
    "/deliveries/resend",
    **told(
        "resendDeliveries",
        "Resend chosen deliveries",
        permission="delivery.resend",
        response=Due,
        conflict=True,
        missing=True,
    ),
)
def resend_chosen(request: HttpRequest, chosen: Chosen) -> object:
    """Exactly these become due again, or none: what was accepted is never sent twice."""
    return {"due": resend(asker(request), chosen.ids, now=timezone.now())}
