"""What a person changes about themselves."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from broadsheet.access.errors import AccessError
from broadsheet.access.models import User
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.recurrence.zones import zone_names


@transaction.atomic
def change_self(
    actor: Actor, user: User, *, name: str, zone: str, language: str, now: datetime, mail_notices: bool | None = None
) -> None:
    """*user* is the person who acts. *zone* and *language* may be empty: then the organization's hold. *mail_notices*: None leaves it as it is.

    Raises AccessError.
    """
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise AccessError("The name must have 1 to 200 letters.")
    if zone and zone not in zone_names():
        raise AccessError(f"Zone “{zone}” does not exist. Use an IANA name such as America/New_York.")
    if language and language not in dict(settings.LANGUAGES):
        raise AccessError(f"The pages do not speak “{language}”. Choose {', '.join(dict(settings.LANGUAGES))}.")
    before = _said(user)
    user.name, user.zone, user.language = name, zone, language
    user.mail_notices = user.mail_notices if mail_notices is None else mail_notices
    user.save(update_fields=["name", "zone", "language", "mail_notices"])
    record(actor, "person.changed_self", user.email, now=now, before=before, after=_said(user))


def _said(user: User) -> dict[str, object]:
    return {"name": user.name, "zone": user.zone, "language": user.language, "mail_notices": user.mail_notices}
