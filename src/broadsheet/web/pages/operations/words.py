"""Priorities and reasons to wait, in the words of the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from broadsheet.runs.queue import Queued
from broadsheet.web import telling


def priority_words(name: str) -> str:
    """Of `schedules.definition.PRIORITIES`."""
    words = {
        "highest": pgettext("priority", "highest"), "high": pgettext("priority", "high"),
        "normal": pgettext("priority", "normal"), "low": pgettext("priority", "low"),
        "lowest": pgettext("priority", "lowest"),
    }  # fmt: skip
    return words.get(name, name)


def why_words(one: Queued) -> str:
    """Why a run is where it is in the queue."""
    at = telling.moment(one.at) if one.at else ""
    values = {"at": at, "text": one.text, "place": one.place}
    words = {
        "works": _("in work"),
        "place": _("number %(place)d; waits for a free worker"),
        "overlap": _("waits for the run of the same schedule before it"),
        "limit": _("waits: %(text)s runs at once is your organization’s limit"),
        "installation": _("waits: as many runs go on as this installation may do at once"),
        "source": _("waits: as many as may ask the source “%(text)s”")
        if one.text
        else _("waits: as many as may ask another source"),
        "maintenance": _("waits until %(at)s: maintenance (%(text)s)") if at else _("waits: maintenance (%(text)s)"),
        "wake": _("waits until %(at)s"),
        "retry": _("tried again at %(at)s: %(text)s"),
        "condition": _("looks again at %(at)s: %(text)s"),
        "held": "%(text)s",
        "stop": _("is being stopped"),
    }
    return words[one.why] % values
