"""What holds a run until a person releases or drops it, and how it is held. Releasing is `actions.release`."""

from __future__ import annotations

from datetime import datetime

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs import claims
from broadsheet.runs.models import Occurrence

KINDS = {
    "hand": "a person holds it",
    "content": "its content looks wrong",
    "quarantine": "it ended the processes that worked on it",
    "restored": "the database was restored from a backup, and it may have run already",
}


def hold(occurrence: Occurrence, kind: str, reason: str, *, now: datetime) -> None:
    """The holder of its lease gives it up; nothing goes on until a person says so. Raises LostLease."""
    claims.write(
        occurrence, state=State.HELD, held_for=kind, held_reason=reason, held_at=now, lease_until=None, owner="",
        wake_at=None,
    )  # fmt: skip
