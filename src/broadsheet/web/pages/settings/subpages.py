"""The parts of the settings that somebody may open, in groups, for tabs and rail."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from broadsheet.core.policy import Actor, may


def frame(actor: Actor, current: str) -> dict[str, Any]:
    """What every page of the settings passes: its section, and its neighbours; *current* is the name of its address.

    ``subgroups`` are groups of pages: ``label``, ``href`` (its first page), ``current``, ``pages``; each page is a mapping of
    ``label``, ``href`` and ``current``."""
    found = []
    for label, parts in _parts():
        pages = [
            {"label": name, "href": reverse(f"web:{address}"), "current": address == current}
            for address, name, permission in parts
            if not permission or may(actor, permission)
        ]
        if pages:
            here = any(page["current"] for page in pages)
            found.append({"label": label, "href": pages[0]["href"], "current": here, "pages": pages})
    return {"section": "settings", "subgroups": found}


def _parts() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Groups, each with the name of an address, its label, and the permission that opens it."""
    return (
        (_("Overview"), (("settings", _("Overview"), ""),)),
        (
            _("Data"),
            (
                ("settings-sources", _("Sources"), "source.read"),
                ("settings-calendars", _("Calendars"), "schedule.read"),
            ),
        ),
        (
            pgettext("part of the settings", "Sending"),
            (("settings-channels", _("Channels"), "channel.read"), ("settings-brand", _("Brand"), "brand.read")),
        ),
        (
            _("People"),
            (
                ("settings-people", _("People"), "person.read"),
                ("settings-teams", _("Teams"), "person.read"),
                ("settings-contacts", _("Contacts"), "contact.read"),
                ("settings-roles", _("Roles"), "person.read"),
                ("settings-workspaces", _("Workspaces"), "report.read"),
                ("settings-access", _("Check access"), ""),
                ("settings-journal", _("Journal"), "journal.read"),
            ),
        ),
        (_("You"), (("settings-account", _("Your account"), ""), ("settings-tokens", _("Tokens"), "token.edit"))),
    )
