"""Kinds of things, roles and conditions in the words of the page's language, and where things have their page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.access import rosters
from broadsheet.access.models import Role
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import granted
from broadsheet.web.pages.settings.permissions import role_words

Choice = tuple[str, str, str]  # value, label, hint


def kind_word(kind: str) -> str:
    """ "report", as a word within a sentence."""
    words = {
        "workspace": _("workspace"), "report": _("report"), "dataset": _("dataset"), "channel": _("channel"),
        "schedule": _("schedule"),
    }  # fmt: skip
    return words[kind]


def page_of(kind: str, name: str) -> str:
    """The address where the thing itself is shown."""
    if kind == "channel":
        return f"{reverse('web:settings-channels')}#{name}"
    names = {
        "report": "report", "schedule": "schedule", "dataset": "settings-dataset", "workspace": "settings-workspace",
    }  # fmt: skip
    return reverse(f"web:{names[kind]}", args=[name])


def role_says(role: Role) -> str:
    """What the role is for, in one line."""
    return role_words(role.name) if role.pk is None else role.description


def role_choices(actor: Actor, *, on_things: bool = False) -> list[Choice]:
    """Roles that somebody can have, the least first and the organization's own at the end; *on_things*: those that say
    anything about a single thing."""
    found = rosters.roles(actor)
    built_in = [one for one in found if one.pk is None][::-1]
    own = [one for one in found if one.pk is not None]
    return [
        (one.name, str(one), role_says(one))
        for one in (*built_in, *own)
        if not on_things or granted(frozenset(one.permissions))
    ]


def condition_words(condition: Mapping[str, Any]) -> str:
    """One condition of a role as a sentence: “report.export: from 10.0.0.0/8, mon-fri 08:00-18:00 (Europe/Berlin)”."""
    parts = []
    if condition.get("networks"):
        parts.append(_("from %(networks)s") % {"networks": ", ".join(condition["networks"])})
    if condition.get("hours"):
        parts.append(f"{condition['hours']} ({condition.get('zone', 'UTC')})")
    if condition.get("second_factor"):
        parts.append(_("with a second factor"))
    if condition.get("own"):
        parts.append(_("for one’s own schedules"))
    about = ", ".join(condition.get("for", ())) or _("all of it")
    return f"{about}: {', '.join(parts)}"


def granted_rows(found: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Roles on single things (kind, name, role) with the words and the page of each."""
    return [
        {"kind": kind_word(kind), "name": name, "role": role, "href": reverse("web:settings-grants", args=[kind, name])}
        for kind, name, role in found
    ]


def listed(names: Collection[str]) -> str:
    """ "Ada, Bo and 3 more", for lists that may be long."""
    shown = list(names)[:5]
    more = len(names) - len(shown)
    said = ", ".join(shown)
    return _("%(names)s and %(n)d more") % {"names": said, "n": more} if more > 0 else said
