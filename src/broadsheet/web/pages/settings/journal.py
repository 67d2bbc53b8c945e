"""The journal: who did what, when, by which way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from broadsheet.compliance import audit
from broadsheet.compliance.actions.record import record
from broadsheet.compliance.models import Entry
from broadsheet.compliance.queries import journal as found_entries
from broadsheet.core.document.differences import difference
from broadsheet.core.policy import Actor
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import stream
from broadsheet.web.paging import sheet, words_of

from .subpages import frame

CHANGES = {"changed", "before", "after"}


@require_safe
@member("journal.read")
def journal(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?q=`` looks into people, acts and what they were done to."""
    words = words_of(request)
    found = sheet(request, found_entries(request.actor, text=words), length=50)  # type: ignore[attr-defined]
    context = {
        **frame(request.actor, "settings-journal"),  # type: ignore[attr-defined]
        "headline": _("Journal"),
        "facts": _facts(request.actor),  # type: ignore[attr-defined]
        "acts": [
            {"label": _("Check the chain"), "action": reverse("web:settings-journal-check"), "busy": _("Checking")},
            {"label": _("Export"), "href": reverse("web:settings-journal-export")},
        ],
        "filters": {"action": request.path, "q": words, "placeholder": _("Filter by person, act or thing")},
        "entries": [_row(one) for one in found.rows],
        "pager": found.pager,
    }
    return render(request, "pages/settings_journal.html", context)


@require_POST
@member("journal.read")
def check(request: HttpRequest) -> HttpResponse:
    """Whether every entry is what was written, and none is missing."""
    found = audit.checked(request.actor, now=request.now)  # type: ignore[attr-defined]
    if found.whole:
        said = ngettext("%(n)s entry is as it was written. The last hash is %(head)s.", "All %(n)s entries are as they were written. The last hash is %(head)s.", found.count)  # fmt: skip
        messages.success(request, said % {"n": f"{found.count:,}", "head": found.head})
    else:
        said = _("The journal is not what was written: it holds up to number %(n)s. %(fault)s Keep a copy of the database, and ask who had access to it.")  # fmt: skip
        messages.error(request, said % {"n": f"{found.count:,}", "fault": found.fault})
    return redirect("web:settings-journal")


@require_safe
@member("journal.read")
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole journal as lines of JSON, each with its hash, for “broadsheet audit verify”."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    record(actor, "journal.exported", "journal", now=now)
    return stream(audit.exported(actor, now=now), filename="journal.jsonl", media_type="application/x-ndjson")


def _facts(actor: Actor) -> list[dict[str, Any]]:
    end = audit.end_of(actor)
    if end is None:
        return []
    return [
        {"term": _("Sealed to number"), "value": f"{end.seq:,}"},
        {"term": _("Hash"), "value": end.hash[:16]},
    ]


def _row(entry: Entry) -> dict[str, Any]:
    said = {key: value for key, value in entry.detail.items() if key not in CHANGES and value not in ("", None, [], {})}
    return {
        "at": entry.at, "who": entry.actor, "via": " ".join(filter(None, (entry.via, entry.address))),
        "action": entry.action, "object": entry.object, "difference": _difference(entry.detail),
        "detail": ", ".join(f"{key} {_plain(value)}" for key, value in said.items()),
    }  # fmt: skip


def _difference(detail: dict[str, Any]) -> str:
    """What was before and after: the lines of a definition, or of the values that changed."""
    if isinstance(detail.get("changed"), str):
        return str(detail["changed"])
    if not {"before", "after"} & detail.keys():
        return ""
    return difference(_lines(detail.get("before")), _lines(detail.get("after")))


def _lines(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_plain(one)}" for key, one in value.items())
    return "\n".join(map(str, value)) if isinstance(value, list) else _plain(value or "")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items()) or "–"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
