"""What form and text have in common: saving, saying what moved, and the page's head."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.core.document.loading import Loaded
from broadsheet.core.policy import Actor
from broadsheet.schedules.actions.save_calendar import Saved, save_and_tell
from broadsheet.schedules.models import Calendar, Schedule
from broadsheet.web.pages.settings.subpages import frame

from . import presenting


def kept(request: HttpRequest, loaded: Loaded) -> HttpResponse:
    """Saved, and said which schedules moved. Raises DefinitionError."""
    saved = save_and_tell(request.actor, loaded, now=timezone.now())  # type: ignore[attr-defined]
    said = {
        "added": _("Saved. Rules may name it from now on."),
        "changed": _("Saved as a new version."),
        "same": _("Nothing differs from what it was, so it stays."),
    }[saved.change]
    lines = moves(request, saved)
    if saved.change == "changed" and not lines:
        said = _("Saved as a new version. No next firing moved.")
    (messages.info if saved.change == "same" else messages.success)(request, said)
    for line in lines:
        messages.info(request, line)
    return redirect("web:settings-calendar", name=loaded.name)


def moves(request: HttpRequest, saved: Saved, *, conditional: bool = False) -> list[str]:
    """A line for each schedule that moved; *conditional*: that would move."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    names = [one.schedule for one in saved.moves]
    rows = Schedule.objects.filter(organization_id=actor.organization_id, name__in=names) if names else ()
    return presenting.moved(saved.moves, {one.name: one.title for one in rows}, conditional=conditional)


def overtaken(request: HttpRequest, calendar: Calendar | None) -> dict[str, Any] | None:
    """Said once when somebody saved in the meantime; the form then carries the new version."""
    if calendar is None or request.POST.get("version") == str(calendar.version):
        return None
    title = _("Version %(n)d was saved in the meantime") % {"n": calendar.version}
    text = _("Nothing is saved yet. Look at it in another tab; saving again puts yours in its place.")
    return {"state": "conflict", "title": title, "text": text}


def head(actor: Actor, calendar: Calendar | None, *, as_text: bool = False) -> dict[str, Any]:
    crumbs = [{"label": _("Calendars"), "href": reverse("web:settings-calendars")}]
    if calendar is None:
        headline, cancel, save = _("New calendar"), reverse("web:settings-calendars"), _("Save")
        form, text = reverse("web:settings-calendar-new"), reverse("web:settings-calendar-new-text")
    else:
        cancel = reverse("web:settings-calendar", args=[calendar.name])
        crumbs.append({"label": str(calendar), "href": cancel})
        headline = _("Change %(title)s") % {"title": calendar}
        save = _("Save as version %(n)d") % {"n": calendar.version + 1}
        form = reverse("web:settings-calendar-edit", args=[calendar.name])
        text = reverse("web:settings-calendar-text", args=[calendar.name])
    return {
        **frame(actor, "settings-calendars"),
        "crumbs": crumbs,
        "headline": headline,
        "action": text if as_text else form,
        "other_face": {"label": _("By the form") if as_text else _("As text"), "action": form if as_text else text},
        "cancel": cancel,
        "save_label": save,
        "version": calendar.version if calendar else "",
    }
