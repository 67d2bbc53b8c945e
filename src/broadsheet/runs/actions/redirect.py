"""Where the deliveries of a backfill go: to their recipients, to who asked for it, or nowhere."""

from __future__ import annotations

from datetime import datetime

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.run_test import is_personal
from broadsheet.runs.models import Occurrence
from broadsheet.runs.models.backfill import ME, NOBODY

KEPT = "Its files are made and kept, and not sent: so it was asked for."
OTHERS = "It is for who asked alone, and this channel belongs to others."


def redirect(occurrence: Occurrence, *, now: datetime) -> None:
    """For the transaction that plans the run: what is due is skipped, or goes to the asker's address."""
    made = occurrence.backfill
    if made is None:
        return
    due = Delivery.objects.filter(occurrence=occurrence, state=Sent.DUE)
    if made.sending == NOBODY:
        due.update(state=Sent.SKIPPED, reason=KEPT, settled_at=now, next_try_at=None)
    if made.sending == ME:
        channels = {one.channel for one in due.select_related("channel")}
        others = [one.pk for one in channels if not is_personal(one)]
        due.filter(channel_id__in=others).update(state=Sent.SKIPPED, reason=OTHERS, settled_at=now, next_try_at=None)
        due.update(address=made.address)
