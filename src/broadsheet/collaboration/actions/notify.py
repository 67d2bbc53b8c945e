"""Tell people something: on pages, and by mail those who want that. For acts of other apps, in their transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from broadsheet.access.models import User
from broadsheet.access.queries import members_among
from broadsheet.collaboration.models import Mailing, Notification
from broadsheet.delivery.trial import notice_id


def notify(
    organization_id: int, people: Collection[int], *, kind: str, data: Mapping[str, Any], link: str, now: datetime
) -> None:
    """One notification for each of *people* (ids) who is a member now. *kind*: of `wording.KINDS`; *data* fits JSON."""
    there = members_among(organization_id, people)
    made = Notification.objects.bulk_create(
        Notification(
            organization_id=organization_id, person_id=one, kind=kind, data=dict(data), link=link, created_at=now
        )
        for one in sorted(there)
    )  # fmt: skip
    wanted = set(User.objects.filter(pk__in=there, mail_notices=True).values_list("pk", flat=True))
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    Mailing.objects.bulk_create(
        Mailing(notification=one, message_id=notice_id(organization_id, host=host), next_try_at=now)
        for one in made
        if one.person_id in wanted
    )
