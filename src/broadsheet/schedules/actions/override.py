"""Choose something for single firings that are to come: leave one out, hold it, move it; and take that back.

Who, when and why stands with the firing's run, and in the journal. What was made of a firing ahead of its time is thrown
away, so that what was chosen for it holds. Holding and moving runs that have fired is `runs.actions.release`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.recurrence import Firing, Spread
from broadsheet.runs.actions.fire import fire_what_is_due
from broadsheet.runs.actions.withdraw import withdraw
from broadsheet.schedules import queries
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.firing import meant_of, next_of, override_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import MOST, Kind, Override, overrides_from

LONGEST = 500  # characters of a reason
JUST = timedelta(microseconds=1)
ACTIONS = {"skip": "schedule.skip_next", "hold": "schedule.firing_held", "move": "schedule.firing_moved"}
UNDONE = {"skip": "schedule.skip_undone", "hold": "schedule.hold_undone", "move": "schedule.move_undone"}


def skip(actor: Actor, name: str, *, now: datetime, at: datetime | None = None, why: str = "") -> Schedule:
    """The firing at *at*, by default the next, is written as skipped when its time comes. Raises NotNow, UnknownSchedule,
    Refused."""
    return _choose(actor, name, "skip", at=at, why=why, now=now)


def hold(actor: Actor, name: str, *, now: datetime, at: datetime | None = None, why: str = "") -> Schedule:
    """The run of the firing at *at*, by default the next, waits for a person when its time comes. Raises as `skip`."""
    return _choose(actor, name, "hold", at=at, why=why, now=now)


def move(
    actor: Actor, name: str, *, to: datetime, now: datetime, at: datetime | None = None, why: str = ""
) -> Schedule:
    """The firing at *at*, by default the next, comes at *to* instead, which its periods then count from. One that was moved
    before is named by either of its times. Raises as `skip`."""
    if to <= now:
        raise NotNow("A firing moves to a time to come. Run the schedule by hand for a time that has passed.")
    return _choose(actor, name, "move", at=at, to=to.astimezone(UTC).replace(microsecond=0), why=why, now=now)


@transaction.atomic
def undo(actor: Actor, name: str, *, now: datetime, at: datetime | None = None) -> Schedule:
    """Take back what was chosen for the firing at *at* (either of its times, where it was moved), by default the first for
    which something was. Raises NotNow where there is nothing to take back, or its time has passed."""
    schedule, kept = _to_steer(actor, name, now=now)
    found = next((one for one in kept if at is None or at in (one.fire_at, one.comes_at)), None)
    if found is None:
        raise NotNow(f"Nothing was chosen for that firing of “{name}”. Look at its coming firings.")
    if found.fire_at <= now:
        raise NotNow("Its own time has passed, so it cannot go back there. Move it again, or leave it out.")
    _write(schedule, (one for one in kept if one is not found), now=now)
    record(actor, UNDONE[found.kind], name, now=now, at=found.fire_at.isoformat())
    return schedule


@transaction.atomic
def _choose(
    actor: Actor, name: str, kind: Kind, *, at: datetime | None, why: str, now: datetime, to: datetime | None = None
) -> Schedule:
    schedule, kept = _to_steer(actor, name, now=now)
    firing = _named(schedule, kept, kind, at, now=now)
    before = override_of(kept, firing)
    if to is not None:
        _check_move(schedule, firing, to)
    said, there = " ".join(why.split())[:LONGEST], to or (before.to if before else None)
    if before is not None:  # one that was moved stays where it was moved to, be it held or left out there
        made = replace(before, kind=kind, at=now, to=there, by=actor.name, why=said)
    else:
        made = Override(kind, firing.at, now, meant_of(firing), there, actor.name, said)
    rest = [one for one in kept if one is not before]
    if len(rest) >= MOST:
        raise NotNow(f"There is something chosen for {MOST} firings of “{name}” already. Change its rule instead.")
    _write(schedule, [*rest, made], now=now)
    moved = {"to": to.isoformat()} if to else {}
    record(actor, ACTIONS[kind], name, now=now, at=made.fire_at.isoformat(), why=said, **moved)
    return schedule


def _to_steer(actor: Actor, name: str, *, now: datetime) -> tuple[Schedule, tuple[Override, ...]]:
    """The schedule, locked, with what is due written and what was made ahead taken back."""
    key = queries.schedule(actor, name, "schedule.edit").pk
    schedule = Schedule.objects.select_for_update().get(pk=key)
    fire_what_is_due(key, now=now)
    schedule.refresh_from_db()
    if withdraw(schedule, now=now):
        _aim(schedule, now=now)
    return schedule, overrides_from(schedule.overrides)


def _named(
    schedule: Schedule, kept: tuple[Override, ...], kind: Kind, at: datetime | None, *, now: datetime
) -> Firing | Spread:
    """The firing to come that is named by *at*: its time, or the one that it had by the rule; None: the next."""
    name = schedule.name
    moved = next((one for one in kept if one.to is not None and one.fire_at == at), None)
    wanted = moved.comes_at if moved else at
    after = now if wanted is None else max(now, wanted - JUST)
    found = next(queries.coming(schedule, after=after, limit=1), None) if schedule.paused_at is None else None
    if found is None:
        raise NotNow(f"“{name}” has no next firing to {kind}. Resume it, or give it a rule that still fires.")
    if wanted is not None and found.at != wanted:
        raise NotNow(f"“{name}” does not fire at {_said(wanted)}. The next after that is at {_said(found.at)}.")
    return found


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _check_move(schedule: Schedule, firing: Firing | Spread, to: datetime) -> None:
    if isinstance(firing, Spread):
        raise NotNow(
            f"“{schedule.name}” fires on each recipient's own clock, and such a firing cannot be moved. Leave it out, and "
            "run the schedule by hand."
        )
    there = next(queries.coming(schedule, after=to - JUST, limit=1), None)
    if (there is not None and there.at == to) or schedule.occurrences.filter(fire_at=to).exists():
        raise NotNow(f"“{schedule.name}” fires at that time already. Choose another, if only a minute later.")


def _write(schedule: Schedule, chosen: Iterable[Override], *, now: datetime) -> None:
    schedule.overrides = [one.stored() for one in sorted(chosen, key=lambda one: one.fire_at)]
    _aim(schedule, now=now)
    schedule.save(update_fields=["overrides", "next_fire_at", "begin_at", "fired_wall"])


def _aim(schedule: Schedule, *, now: datetime) -> None:
    if schedule.paused_at is None:
        schedule.aim(next_of(schedule, queries.timing_of(schedule), after=now))
