"""The settings at a glance: what is set up, and what is not in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.access.queries import contacts, organization_of, people
from broadsheet.access.rosters import workspaces
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.delivery.queries import channels
from broadsheet.reports.queries import brands
from broadsheet.schedules.calendars import kept
from broadsheet.sources.queries import sources
from broadsheet.web.access_rules import member

from .subpages import frame


@require_safe
@member()
def settings(request: HttpRequest) -> HttpResponse:
    """One line for each part that the reader may open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organization = organization_of(actor)
    context = {
        **frame(actor, "settings"),
        "headline": _("Settings of %(name)s") % {"name": organization.name},
        "things": [
            *_sources(actor),
            *_channels(actor),
            *_calendars(actor),
            *_brand(actor),
            *_people(actor),
            *_contacts(actor),
            *_workspaces(actor),
            *_own(request),
        ],
    }
    return render(request, "pages/settings_overview.html", context)


def _sources(actor: Actor) -> Iterable[dict[str, Any]]:
    if may(actor, "source.read"):
        found = list(sources(actor))
        datasets = sum(len(one.datasets.all()) for one in found)
        counted = ngettext("%(n)d source", "%(n)d sources", len(found)) % {"n": len(found)}
        about = ngettext("%(n)d dataset over it", "%(n)d datasets over them", datasets) % {"n": datasets}
        yield _thing("settings-sources", _("Sources"), f"{counted}, {about}", [one.ok for one in found])


def _channels(actor: Actor) -> Iterable[dict[str, Any]]:
    if may_somewhere(actor, "channel.read"):
        found = list(channels(actor))
        about = ", ".join(one.label or one.name for one in found) or _("none yet")
        yield _thing("settings-channels", _("Channels"), about, [one.ok for one in found])


def _calendars(actor: Actor) -> Iterable[dict[str, Any]]:
    if may_somewhere(actor, "schedule.read"):
        own = list(kept.calendars(actor))
        about = ", ".join(map(str, own)) or _("no calendar of your own; countries and markets are ready-made")
        verdicts: list[bool | None] = [not one.trouble for one in own if one.fetched_at or one.trouble]
        yield _thing("settings-calendars", _("Calendars"), about, verdicts)


def _brand(actor: Actor) -> Iterable[dict[str, Any]]:
    if may(actor, "brand.read"):
        own = next((one for one in brands(actor) if one.default), None)
        about = f"{own.label}, {own.accent}" if own else _("Broadsheet’s own look")
        yield _thing("settings-brand", _("Brand"), about, [])


def _people(actor: Actor) -> Iterable[dict[str, Any]]:
    if may(actor, "person.read"):
        roles: dict[str, int] = {}
        for one in people(actor):
            roles[one.role] = roles.get(one.role, 0) + 1
        about = ", ".join(f"{number} {role}" for role, number in roles.items())
        yield _thing("settings-people", _("People"), about, [])


def _contacts(actor: Actor) -> Iterable[dict[str, Any]]:
    if may(actor, "contact.read"):
        number = contacts(actor).count()
        about = ngettext("%(n)s contact", "%(n)s contacts", number) % {"n": f"{number:,}"}
        yield _thing("settings-contacts", _("Contacts"), about, [])


def _workspaces(actor: Actor) -> Iterable[dict[str, Any]]:
    if may(actor, "report.read"):
        rooms = list(workspaces(actor))
        about = ", ".join(f"{one} ({_('open') if one.open else _('closed')})" for one in rooms)
        yield _thing(
            "settings-workspaces", _("Workspaces"), about or _("none: everybody’s role counts for everything"), []
        )


def _own(request: HttpRequest) -> Iterable[dict[str, Any]]:
    yield _thing("settings-account", _("Your account"), str(request.user.email), [])  # type: ignore[union-attr]


def _thing(name: str, label: str, about: str, verdicts: list[bool | None]) -> dict[str, Any]:
    broken, untried = verdicts.count(False), verdicts.count(None)
    state, words = ("ok", _("in order")) if verdicts else ("", "")
    if broken:
        state, words = "failed", _("%(n)d not in order") % {"n": broken}
    elif untried:
        state, words = "due", _("%(n)d not tried yet") % {"n": untried}
    return {"href": reverse(f"web:{name}"), "name": label, "about": about, "state": state, "state_text": words}
