"""Message-IDs of what is no delivery, tests and notifications: signed, so that the mail catcher knows whose a message is, and
nobody else can claim to be."""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "broadsheet.test-message"
TEST, NOTICE = "test", "notice"


def trial_id(organization_id: int, *, host: str) -> str:
    """A fresh Message-ID for a test of the organization's."""
    return _made(TEST, organization_id, host)


def notice_id(organization_id: int, *, host: str) -> str:
    """A fresh Message-ID for a notification to one of the organization's people."""
    return _made(NOTICE, organization_id, host)


def _made(kind: str, organization_id: int, host: str) -> str:
    key = secrets.token_hex(8)
    return f"{kind}.{organization_id}.{key}.{_signature(organization_id, key)}@{host}"


def organization_of(message_id: str) -> int | None:
    """The organization that a test or notification was sent for; None for any other message."""
    kind, _, rest = message_id.strip("<>").partition("@")[0].partition(".")
    organization, _, rest = rest.partition(".")
    key, _, signature = rest.partition(".")
    if kind not in (TEST, NOTICE) or not (organization.isascii() and organization.isdigit()):
        return None
    return int(organization) if constant_time_compare(signature, _signature(int(organization), key)) else None


def _signature(organization_id: int, key: str) -> str:
    return salted_hmac(SALT, f"{organization_id}.{key}", algorithm="sha256").hexdigest()[:24]
