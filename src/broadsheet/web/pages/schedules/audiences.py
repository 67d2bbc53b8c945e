"""A schedule's audience as it is now: who is ready, which rows cannot be sent to, and how to mend each."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.policy import Actor, Reader, may
from broadsheet.delivery.queries import suppressed
from broadsheet.schedules.audience import Audience
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.needs import needed_by, with_what_it_needs
from broadsheet.schedules.recipients import file_formats, recipients
from broadsheet.sources.errors import SourceError
from broadsheet.web import telling

KEPT_SECONDS = 20  # a page that is loaded again, or a list that is paged, need not ask the source again
SHOWN = 8  # rows to mend; more of them share a fault
Shown = dict[str, Any]


def audience_of(schedule: Schedule, definition: ScheduleDefinition, *, now: Any) -> Audience:
    """Asked of the source, or as it was a moment ago. Raises SourceError."""
    key = f"audience:{schedule.pk}:{schedule.version}"
    found: Audience | None = cache.get(key)
    if found is None:
        found = recipients(schedule.organization_id, definition.audience, as_of=now)
        found = with_what_it_needs(found, needed_by(schedule.organization_id, definition.report))
        cache.set(key, found, KEPT_SECONDS)
    return found


def summary(actor: Actor, schedule: Schedule, definition: ScheduleDefinition, *, now: Any) -> Shown:
    """The variables of `partials/audience.html`, and of the choice of a recipient to look as."""
    try:
        found = audience_of(schedule, definition, now=now)
    except SourceError as error:
        return {"note": _("cannot be read now"), "counts": [], "invalid": [_unread(error)]}
    barred = suppressed(schedule.organization_id, schedule.pk)
    held = [one for one in found.readers if one.address.lower() in barred]
    counts = [
        _count("ok", len(found.readers) - len(held), _("ready")),
        _count("conflict", len(found.invalid), _("to mend")),
        _count("suppressed", len(held), _("suppressed")),
    ]
    return {
        "note": _note(definition, len(found.readers) + len(found.invalid)),
        "counts": counts,
        "summary": _spread(found.readers),
        "invalid": [_invalid(one) for one in found.invalid[:SHOWN]] + [_barred(one, barred) for one in held[:SHOWN]],
        "look": _look(actor, schedule, definition, found.readers),
    }


def _count(state: str, number: int, word: str) -> Shown:
    return {"state": state, "count": number, "label": f"{number:,} {word}"}


def _note(definition: ScheduleDefinition, rows: int) -> str:
    words = ngettext("%(n)s row", "%(n)s rows", rows) % {"n": f"{rows:,}"}
    return f"{definition.audience.dataset}, {words}" if definition.audience.dataset else words


def _spread(readers: tuple[Reader, ...]) -> str:
    zones, languages = {one.zone for one in readers}, {one.language for one in readers}
    return ", ".join(
        (
            ngettext("%(n)d zone", "%(n)d zones", len(zones)) % {"n": len(zones)},
            ngettext("%(n)d language", "%(n)d languages", len(languages)) % {"n": len(languages)},
        )
    )


def _unread(error: SourceError) -> Shown:
    acts = [{"label": _("Look at the sources"), "href": reverse("web:settings-sources"), "outlined": True}]
    return {"state": "failed", "title": _("The audience cannot be read"), "text": str(error), "acts": acts}


def _invalid(one: Any) -> Shown:
    return {
        "state": "conflict",
        "title": one.who or _("A row without a name"),
        "under": _("row %(n)d") % {"n": one.row},
        "text": f"{one.message} {one.fix}",
        "acts": [],
    }


def _barred(reader: Reader, barred: dict[str, str]) -> Shown:
    text = f"{reader.address}: {barred[reader.address.lower()]}."
    return {"state": "suppressed", "title": reader.name, "under": "", "text": text, "acts": []}


def _look(actor: Actor, schedule: Schedule, definition: ScheduleDefinition, readers: tuple[Reader, ...]) -> Shown:
    """The choice of a recipient to see the report as, for who may; formats are those that anybody gets."""
    if not readers or not may(actor, "data.all"):
        return {}
    wanted = {name for one in readers for name in one.formats}
    wanted |= {name for one in definition.channels if one.formats != "recipient" for name in one.formats}
    return {
        "action": reverse("web:schedule-as-recipient", args=[schedule.name]),
        "test": bool(may(actor, "schedule.run")),
        "field": {
            "name": "recipient",
            "label": _("As this recipient gets it"),
            "kind": "select",
            "choices": [(one.key, f"{one.name}, {telling.city(one.zone)}") for one in readers],
        },
        "formats": [name for name in file_formats() if name in wanted],
    }
