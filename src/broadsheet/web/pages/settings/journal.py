"""The journal: who did what, when, by which way."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.compliance.models import Entry
from broadsheet.compliance.queries import journal as found_entries
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet, words_of

from .subpages import frame


@require_safe
@member("journal.read")
def journal(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?q=`` looks into people, acts and what they were done to."""
    words = words_of(request)
    found = sheet(request, found_entries(request.actor, text=words), length=50)  # type: ignore[attr-defined]
    context = {
        **frame(request.actor, "settings-journal"),  # type: ignore[attr-defined]
        "headline": _("Journal"),
        "filters": {"action": request.path, "q": words, "placeholder": _("Filter by person, act or thing")},
        "entries": [_row(one) for one in found.rows],
        "pager": found.pager,
    }
    return render(request, "pages/settings_journal.html", context)


def _row(entry: Entry) -> dict[str, Any]:
    detail = ", ".join(f"{key} {_plain(value)}" for key, value in entry.detail.items())
    return {
        "at": entry.at, "who": entry.actor, "via": entry.via, "action": entry.action, "object": entry.object,
        "detail": detail,
    }  # fmt: skip


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
