"""What the form and the text have in common: saving, what is said when somebody else was first, and the page's head."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.core.document.loading import Loaded
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.models import Schedule


def kept(request: HttpRequest, loaded: Loaded) -> HttpResponse:
    effect = save_schedule(request.actor, loaded, now=request.now)  # type: ignore[attr-defined]
    said = {
        "added": _("Saved. It fires by its rule from now on."),
        "changed": _("Saved as a new version. The next firing goes by it."),
        "same": _("Nothing differs from what it was, so it stays."),
    }
    (messages.info if effect == "same" else messages.success)(request, said[effect])
    return redirect("web:schedule", name=loaded.name)


def overtaken(post: QueryDict, saved: Schedule | None) -> dict[str, Any] | None:
    """Somebody saved in the meantime: said once; the form then carries the new version and may be saved over it."""
    if saved is None or post.get("version") == str(saved.version):
        return None
    post["version"] = str(saved.version)
    title = _("Version %(n)d was saved in the meantime") % {"n": saved.version}
    text = _("Nothing is saved yet. Look at it in another tab; saving again puts yours in its place.")
    return {"state": "conflict", "title": title, "text": text}


def head(saved: Schedule | None, *, as_text: bool = False) -> dict[str, Any]:
    crumbs = [{"label": _("Schedules"), "href": reverse("web:schedules")}]
    if saved is None:
        faces = reverse("web:schedule-new"), reverse("web:schedule-new-text")
        preview = reverse("web:schedule-preview")
        headline, cancel = _("New schedule"), reverse("web:schedules")
        save_label, leave_label = _("Save"), _("Leave without saving")
    else:
        page = reverse("web:schedule", args=[saved.name])
        crumbs.append({"label": saved.title, "href": page})
        faces = reverse("web:schedule-edit", args=[saved.name]), reverse("web:schedule-text", args=[saved.name])
        preview = f"{reverse('web:schedule-preview')}?of={saved.name}"
        headline, cancel = _("Change %(title)s") % {"title": saved.title}, page
        leave_label = _("Leave it as it was")
        save_label = _("Save as version %(n)d") % {"n": saved.version + 1}
    return {
        "section": "schedules",
        "crumbs": crumbs,
        "headline": headline,
        # a button of the form: what was typed goes along
        "acts": [
            {
                "label": _("By the form") if as_text else _("As text"),
                "form": "schedule",
                "name": "turn",
                "value": "1",
                "action": faces[not as_text],
            }
        ],
        "action": faces[as_text],
        "preview": preview,
        "cancel": cancel,
        "leave_label": leave_label,
        "save_label": save_label,
        "saved": _("Runs that have begun go on as they were."),
    }
