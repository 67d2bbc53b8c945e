"""Keep what the built-in mail catcher took, each message once for each recipient."""

from __future__ import annotations

from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import default
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, close_old_connections, transaction

from broadsheet.access.models import Organization
from broadsheet.delivery.models import CaughtMail, Delivery
from broadsheet.delivery.ports import printable
from broadsheet.delivery.trial import organization_of


class Caught(Protocol):
    """A message as a mail server takes it; ``message_id`` without its brackets."""

    @property
    def mail_from(self) -> str: ...
    @property
    def rcpt_tos(self) -> tuple[str, ...]: ...
    @property
    def data(self) -> bytes: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def message_id(self) -> str: ...


def keep(caught: Caught) -> bool:
    """Whether anything of it was new. Whose it is tells its Message-ID: that of a delivery, a test or a notification."""
    try:
        organization_id = _organization(caught.message_id)
        new = [_keep_one(caught, recipient, organization_id=organization_id) for recipient in caught.rcpt_tos]
        return any(new)  # of a whole list: each recipient's copy is kept, whichever was new
    finally:
        close_old_connections()


def _keep_one(caught: Caught, recipient: str, *, organization_id: int | None) -> bool:
    headers = BytesHeaderParser(policy=default).parsebytes(caught.data)
    try:
        with transaction.atomic():
            CaughtMail.objects.create(
                organization_id=organization_id,
                message_id=caught.message_id[:255],
                sender=printable(caught.mail_from)[:320],
                recipient=printable(recipient)[:320],
                subject=printable(str(headers.get("Subject", "")))[:500],
                content=caught.data,
                received_at=caught.received_at,
            )
    except IntegrityError:
        return False  # it is here already: a repeated try of the same message
    return True


def _organization(message_id: str) -> int | None:
    tested = organization_of(message_id)
    if tested is not None:
        return Organization.objects.filter(pk=tested).values_list("pk", flat=True).first()
    try:
        key = UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None
    return Delivery.objects.filter(pk=key).values_list("organization_id", flat=True).first()
