"""Deliveries as a reader sees them: a report, its period, its files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import SliceFile


def item_row(item: Delivery) -> dict[str, Any]:
    """One line of the inbox."""
    made = made_from(item)
    schedule = item.occurrence.schedule
    return {
        "href": reverse("web:inbox-item", args=[item.pk]),
        "name": name_of(item),
        "about": made.get("period") or schedule.title,
        "at": item.settled_at,
        "unread": item.read_at is None,
        "files": [
            {"label": file.format.upper(), "href": reverse("web:inbox-file", args=[item.pk, file.format])}
            for file in files_of(item)
        ],
    }


def files_of(item: Delivery) -> list[SliceFile]:
    """The files that this person got, in their order."""
    found = {file.format: file for file in item.slice.files.all()} if item.slice else {}
    return [found[form] for form in item.formats if form in found]


def name_of(item: Delivery) -> str:
    """The report's title as it was then."""
    return str(made_from(item).get("title") or item.occurrence.schedule.title)


def made_from(item: Delivery) -> dict[str, Any]:
    """What any of its files says of its making."""
    files = list(item.slice.files.all()) if item.slice else []
    return files[0].made_from if files else {}


def file_rows(item: Delivery) -> list[dict[str, Any]]:
    """See `components/files.html`."""
    return [
        {
            "name": file.filename,
            "href": reverse("web:inbox-file", args=[item.pk, file.format]),
            "bytes": file.artifact.size,
            "digest": file.artifact.sha256,
        }
        for file in files_of(item)
    ]


def sender_of(item: Delivery) -> str:
    """The schedule that it came by."""
    return _("sent by %(schedule)s") % {"schedule": item.occurrence.schedule.title}
