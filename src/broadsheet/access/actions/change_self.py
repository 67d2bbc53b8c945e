"""What a person changes about themselves."""

from __future__ import annotations

from django.conf import settings

from broadsheet.access.errors import AccessError
from broadsheet.access.models import User
from broadsheet.core.recurrence.zones import zone_names


def change_self(user: User, *, name: str, zone: str, language: str, mail_notices: bool | None = None) -> None:
    """*zone* and *language* may be empty: then the organization's hold. *mail_notices*: None leaves it as it is.

    Raises AccessError.
    """
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise AccessError("The name must have 1 to 200 letters.")
    if zone and zone not in zone_names():
        raise AccessError(f"Zone “{zone}” does not exist. Use an IANA name such as America/New_York.")
    if language and language not in dict(settings.LANGUAGES):
        raise AccessError(f"The pages do not speak “{language}”. Choose {', '.join(dict(settings.LANGUAGES))}.")
    user.name, user.zone, user.language = name, zone, language
    user.mail_notices = user.mail_notices if mail_notices is None else mail_notices
    user.save(update_fields=["name", "zone", "language", "mail_notices"])
