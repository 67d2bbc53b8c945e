"""Notifications as their reader sees them: in the page's language, on the reader's clock."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.collaboration.models import Mailing, Notification
from broadsheet.collaboration.wording import said


def item(one: Notification) -> dict[str, Any]:
    """One of the list; see `pages/notifications.html`."""
    words = said(one, zone=timezone.get_current_timezone_name())
    unread = one.read_at is None
    mark = {"label": _("Mark read"), "action": reverse("web:notification-read", args=[one.pk]), "tight": True}
    return {
        "id": f"n{one.pk}",
        "subject": words.subject,
        "href": one.link,
        "lead": words.lead,
        "parts": words.parts,
        "rest": words.rest,
        "at": one.created_at,
        "unread": unread,
        "mail": _mail(getattr(one, "mailing", None)),
        "acts": [{**mark, "outlined": True}] if unread else [],
    }


def _mail(mailing: Mailing | None) -> dict[str, Any] | None:
    """State, words and proof of its mail; None where none was wanted, or none had to be sent."""
    if mailing is None or mailing.state == "skipped":
        return None
    words = {
        "due": _("goes by mail"),
        "sending": _("goes by mail"),
        "accepted": _("mailed"),
        "failed": _("could not be mailed"),
        "unconfirmed": _("may have been mailed"),
    }
    told = mailing.proof if mailing.state in {"failed", "unconfirmed"} or mailing.tries else ""
    return {"state": mailing.state, "text": words.get(mailing.state, mailing.state), "proof": told}
