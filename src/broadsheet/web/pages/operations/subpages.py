"""The parts of Operations that somebody may open, for tabs and rail."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.core.policy import Actor, may, may_somewhere

WHOLE = ("operations-limits",)  # of the organization, so a right on one thing in it opens nothing


def frame(actor: Actor, current: str) -> dict[str, Any]:
    """What every page of Operations passes: its section, and its neighbours; *current* is the name of its address."""
    pages = [
        {"label": label, "href": reverse(f"web:{address}"), "current": address == current}
        for address, label, permission in _parts()
        if (may if address in WHOLE else may_somewhere)(actor, permission)
    ]
    return {"section": "operations", "subpages": pages}


def _parts() -> tuple[tuple[str, str, str], ...]:
    """The name of an address, its label, and the permission that opens it."""
    return (
        ("operations", _("Queue"), "delivery.read"),
        ("held", _("Held"), "delivery.read"),
        ("load", _("Load"), "schedule.read"),
        ("operations-limits", _("Limits"), "delivery.read"),
        ("operations-health", _("Health"), "delivery.read"),
        ("operations-maintenance", _("Maintenance"), "schedule.read"),
        ("operations-checks", _("Checks"), "operation.steer"),
    )
