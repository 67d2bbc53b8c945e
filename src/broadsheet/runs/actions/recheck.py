"""Look again, before deliveries that waited leave, whether their recipients are still to get them.

A run on each recipient's own clock, held for working hours or until a person lets it go, sends hours or days after its slices were made. Who left
the audience meanwhile, or may see something else by now, gets nothing; a new address is taken.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.delivery import claims as sending
from broadsheet.delivery.models import Delivery
from broadsheet.reports import queries as reports
from broadsheet.runs.models import Occurrence
from broadsheet.runs.slicing import reader_from
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.needs import needed, with_what_it_needs
from broadsheet.schedules.recipients import recipients
from broadsheet.sources.errors import SourceError

log = logging.getLogger(__name__)
FRESH = timedelta(minutes=5)  # an audience that was asked so lately need not be asked again
LEFT = "They left the audience after this was made, and before it was to leave."
CHANGED = "What they may see has changed since this was made. Run the schedule again for them."


def recheck(occurrence: Occurrence, *, now: datetime) -> None:
    """Settle those that must not leave any more. A source that does not answer now keeps nobody from what was made for
    them."""
    if occurrence.planned_at is None or now - occurrence.planned_at < FRESH:
        return
    waited = _ready(occurrence, now=now)
    if not waited.exists():
        return
    definition = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    try:
        found = recipients(occurrence.organization_id, definition.audience, as_of=now)
    except SourceError as error:
        log.warning("audience not asked again action=recheck run=%s error=%s", occurrence.pk, error)
        return
    version = occurrence.report_version
    if version is not None:
        found = with_what_it_needs(found, needed(occurrence.organization_id, reports.definition_of(version)))
    readers = {reader.key: reader for reader in found.readers}
    for delivery in waited.select_related("slice"):
        mine = Delivery.objects.filter(pk=delivery.pk, state__in=sending.OPEN)
        reader, slice = readers.get(delivery.recipient_key), delivery.slice
        if reader is None or (slice and reader_from(slice.reader).fingerprint() != reader.fingerprint()):
            reason = LEFT if reader is None else CHANGED
            mine.update(state=Sent.SKIPPED, reason=reason, settled_at=now, next_try_at=None)
        elif occurrence.goes_to_asker or delivery.fallback_of_id is not None:
            continue  # its address is not the reader's own
        elif reader.address != delivery.address:
            mine.update(address=reader.address)


def _ready(occurrence: Occurrence, *, now: datetime) -> QuerySet[Delivery]:
    """Those that are to leave now, and were not to leave with the run, or were held."""
    mine = Delivery.objects.filter(occurrence=occurrence, state__in=sending.OPEN)
    if occurrence.held_at is None:
        mine = mine.filter(due_at__isnull=False)
    return mine.exclude(next_try_at__gt=now)
