"""Rehearse a schedule's next firing: its audience, slices, deliveries and the rows of each, with nothing kept or sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.actions.enter import rows
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.make import BATCH
from broadsheet.runs.asking import answers_of, order_of, recipe_of, rows_in
from broadsheet.runs.errors import RunError, TryLater
from broadsheet.runs.laying_out import BODY, Laid, lay_out
from broadsheet.runs.models import Occurrence
from broadsheet.runs.rows import row_of
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.actions.ask_conditions import ConditionsNow, conditions_of
from broadsheet.schedules.audience import Invalid
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.firing import wall_of

NO_ROWS = "There would be no rows for this recipient, and the schedule skips empty reports."


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A row of the ledger as it would be, not kept, and how many rows of data its reader would see."""

    delivery: Delivery
    rows: int

    def facts(self) -> dict[str, Any]:
        row = self.delivery
        return {
            "recipient": {"key": row.recipient_key, "name": row.recipient_name, "address": row.address},
            "channel": row.channel.name, "formats": row.formats, "state": str(row.state), "reason": row.reason,
            "due_at": row.due_at, "rows": self.rows,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DryRun:
    """``fire_at`` is the firing that was rehearsed, ``reason`` why it comes then; the data is that of ``as_of``.
    ``files`` are those that would be made, bodies of mails not counted; ``invalid`` the rows that get nothing."""

    fire_at: datetime
    reason: str
    as_of: datetime
    report_version: int
    slices: int
    files: int
    deliveries: tuple[Rehearsed, ...]
    invalid: tuple[Invalid, ...]
    conditions: ConditionsNow

    def states(self) -> Mapping[str, int]:
        """How many of the deliveries would begin in each state; those that would be sent are “due”."""
        return Counter(str(one.delivery.state) for one in self.deliveries)

    def empty(self) -> int:
        """How many recipients would see no row."""
        return len({one.delivery.recipient_key for one in self.deliveries if not one.rows})

    def facts(self) -> dict[str, Any]:
        """All of it as plain data, for programs."""
        return {
            "fire_at": self.fire_at, "reason": self.reason, "as_of": self.as_of, "report_version": self.report_version,
            "slices": self.slices, "files": self.files, "states": dict(self.states()), "empty": self.empty(),
            "deliveries": [one.facts() for one in self.deliveries],
            "invalid": [asdict(one) for one in self.invalid],
            "conditions": self.conditions.facts() if self.conditions.any else None,
        }  # fmt: skip


def dry_run(actor: Actor, name: str, *, now: datetime) -> DryRun:
    """What the schedule's next firing would do with the data of *now*; one that never fires again is taken to fire now.

    All is done but drawing, keeping and sending: audience and data are asked of their sources. Raises ScheduleError with
    what would make the run fail, UnknownSchedule, Refused.
    """
    schedule = schedules.schedule(actor, name, "schedule.run")
    schedules.require_on(actor, "delivery.read", schedule)
    firing = next(schedules.coming(schedule, after=now, limit=1), None)
    occurrence = row_of(
        schedule, fire_at=firing.at if firing else now, now=now, wall=wall_of(firing) if firing else "",
        reason=firing.reason if firing else "",
    )  # fmt: skip
    try:
        laid = lay_out(occurrence, now=now)
        occurrence.report_version, occurrence.as_of = laid.version, now
        counted = _counted(occurrence, laid, now=now)
    except (RunError, TryLater) as error:
        raise ScheduleError(str(error)) from error
    return DryRun(
        occurrence.fire_at, occurrence.reason, now, laid.version.number, len(laid.slices),
        sum(form != BODY for slice in laid.slices.values() for form in slice.formats),
        tuple(_rehearsed(occurrence, laid, counted, now=now)), laid.audience.invalid,
        conditions_of(
            actor, schedule, schedules.definition_of(schedule), fire_at=now, now=now
        ),
    )  # fmt: skip


def _counted(occurrence: Occurrence, laid: Laid, *, now: datetime) -> dict[str, int]:
    """Rows to see, by slice key."""
    found: dict[str, int] = {}
    recipe, slices = recipe_of(occurrence, now=now), list(laid.slices.values())
    for start in range(0, len(slices), BATCH):
        orders = [order_of(recipe, one) for one in slices[start : start + BATCH]]
        found |= {key: rows_in(answers) for key, answers in answers_of(recipe, orders).items()}
    return found


def _rehearsed(occurrence: Occurrence, laid: Laid, counted: Mapping[str, int], *, now: datetime) -> list[Rehearsed]:
    definition = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    found = []
    for entry, row in zip(laid.entries, rows(occurrence, laid.entries, now=now), strict=True):
        number = counted[entry.slice.key]
        if not number and definition.policies.empty == "skip" and row.state == State.DUE:
            row.state, row.reason = State.SKIPPED, NO_ROWS
        found.append(Rehearsed(row, number))
    return found
