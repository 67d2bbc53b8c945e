"""Links that let a recipient leave a schedule: signed, so that none can be made up, and bound to one delivery."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing

SALT = "broadsheet.unsubscribe"


def unsubscribe_url(delivery_id: UUID) -> str:
    """The address for a person's click and a mail program's one-click POST (RFC 8058)."""
    return f"{settings.BASE_URL}/unsubscribe/{signing.dumps(str(delivery_id), salt=SALT)}/"


def delivery_of(token: str) -> UUID | None:
    """The delivery that a link was made for; None for a token that is not ours."""
    try:
        return UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError):
        return None
