"""Plan a run: its audience, slices and deliveries, written together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from broadsheet.delivery.actions.enter import enter
from broadsheet.runs import claims
from broadsheet.runs.actions.redirect import redirect
from broadsheet.runs.laying_out import lay_out
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.schedules.actions.ask_clocks import note_clocks


def plan(occurrence: Occurrence, *, clock: Callable[[], datetime]) -> None:
    """Fix versions and data cut-off, resolve the audience, write slices and deliveries.

    Raises TryLater when the audience's source does not answer, RunError for what a person must mend, LostLease.
    """
    now = clock()
    laid = lay_out(occurrence, now=now)
    invalid = [
        {"row": one.row, "who": one.who, "message": one.message, "fix": one.fix} for one in laid.audience.invalid
    ]
    fixed = {"report_version": laid.version, "as_of": now, "planned_at": now, "tries": 0}
    with transaction.atomic():
        claims.hold(occurrence)  # before anything is written: whoever slept meanwhile finds that out here
        Slice.objects.bulk_create(laid.slices.values())
        written = clock()  # the audience may have taken long, and what ends with an old moment is counted by nobody
        enter(occurrence, laid.entries, now=written)
        redirect(occurrence, now=written)
        claims.write(occurrence, invalid=invalid, error="", **fixed)
    for name, value in fixed.items():
        setattr(occurrence, name, value)
    if occurrence.wall:
        note_clocks(occurrence.schedule, laid.audience, version=occurrence.schedule_version, now=now)
