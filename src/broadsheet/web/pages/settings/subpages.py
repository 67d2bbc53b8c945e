"""The parts of the settings that somebody may open, for tabs and rail."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.core.policy import Actor, may


def frame(actor: Actor, current: str) -> dict[str, Any]:
    """What every page of the settings passes: its section, and its neighbours; *current* is the name of its address."""
    parts = (
        ("settings", _("Overview"), ""),
        ("settings-sources", _("Sources"), "source.read"),
        ("settings-channels", _("Channels"), "channel.read"),
        ("settings-calendars", _("Calendars"), "schedule.read"),
        ("settings-brand", _("Brand"), "brand.read"),
        ("settings-people", _("People"), "person.read"),
        ("settings-access", _("Check access"), ""),
        ("settings-tokens", _("Tokens"), "token.edit"),
        ("settings-journal", _("Journal"), "journal.read"),
        ("settings-account", _("Your account"), ""),
    )
    pages = [
        {"label": label, "href": reverse(f"web:{name}"), "current": name == current}
        for name, label, permission in parts
        if not permission or may(actor, permission)
    ]
    return {"section": "settings", "subpages": pages}
