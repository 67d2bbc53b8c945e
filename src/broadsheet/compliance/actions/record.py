"""Write an act into the journal, in the transaction of the act itself."""

from __future__ import annotations

from datetime import datetime

from broadsheet.compliance.models import Entry
from broadsheet.core.policy import Actor

LONGEST = 200  # characters of the columns `actor` and `object`


def record(actor: Actor, action: str, subject: str, *, now: datetime, **detail: object) -> None:
    """*action* is a verb of the domain such as ``schedule.paused``; *detail* must fit into JSON and hold no secret.

    A name or subject that is longer than a column is cut: an act is never refused for the sake of its record.
    """
    Entry.objects.create(
        organization_id=actor.organization_id,
        at=now,
        actor=actor.name[:LONGEST],
        user_id=actor.user_id,
        via=actor.via,
        action=action,
        object=subject[:LONGEST],
        address=actor.address[:64],
        detail=detail,
    )
