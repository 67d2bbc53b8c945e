"""The load to come, of the schedules that somebody may see: simulated as things are, and as they would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from broadsheet.core.planning import Cell, Limits, Ran, Spread, Work, heat, moved, simulate, spread
from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.errors import ScheduleError, UnknownSchedule
from broadsheet.schedules.planning.history import usual_seconds
from broadsheet.schedules.planning.places import places
from broadsheet.schedules.planning.works import Works

MOST_DAYS = 92
MOST_RUNS = 2_000_000  # of one simulation: ten seconds of work
MOST_MOVED = 7 * 24 * 60  # minutes
MOST_ADDED = 20_000


class TooMuch(ScheduleError):
    """More than one simulation reckons."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is asked to be otherwise. add: schedules, each so often again, by name. workers, heavy: runs at once, and heavy
    ones among them; None for as it is. move: schedules, each begun so many minutes later. closed: days on which every
    calendar is closed besides. spread: floating runs begin where the planner would put them."""

    add: tuple[tuple[str, int], ...] = ()
    workers: int | None = None
    heavy: int | None = None
    move: tuple[tuple[str, int], ...] = ()
    closed: tuple[date, ...] = ()
    spread: bool = False

    def __bool__(self) -> bool:
        return self != WhatIf()


@dataclass(frozen=True, slots=True)
class Seen:
    """One simulation. cells: see `core.planning.heat`. waits: the runs that waited, longest first."""

    works: Sequence[Work] = field(repr=False)
    limits: Limits
    ran: Sequence[Ran] = field(repr=False)
    cells: dict[tuple[date, int], Cell] = field(repr=False)

    @property
    def waits(self) -> list[Ran]:
        found = [one for one in self.ran if one.waited > 0]
        return sorted(found, key=lambda one: (-one.waited, one.at, one.key))

    def facts(self) -> dict[str, Any]:
        """runs; busy_seconds; most_at_once; waited: runs that waited; longest_wait_seconds; busiest: its instant, day, hour."""
        waited = [one.waited for one in self.ran if one.waited > 0]
        busiest = max(self.cells, key=lambda key: (self.cells[key].busy, -key[0].toordinal(), -key[1]), default=None)
        return {
            "runs": len(self.ran),
            "busy_seconds": round(sum(one.ended - one.began for one in self.ran)),
            "most_at_once": max((one.most for one in self.cells.values()), default=0),
            "workers": self.limits.workers,
            "waited": len(waited),
            "longest_wait_seconds": round(max(waited, default=0)),
            "busiest": {"day": busiest[0], "hour": busiest[1]} if busiest else None,
        }


@dataclass(frozen=True, slots=True)
class Foresight:
    """now: as things are. then: as they would be; None where nothing was asked to be otherwise. titles: by name. unread: schedules whose rule cannot be read."""

    since: datetime
    until: datetime
    zone: str
    now: Seen
    then: Seen | None
    titles: dict[str, str]
    unread: tuple[str, ...] = ()


def foresee(actor: Actor, *, since: date, days: int, what_if: WhatIf = WhatIf(), now: datetime) -> Foresight:
    """*days* days from *since* on the organization's clock. Raises Refused, UnknownSchedule, TooMuch, ValueError for limits
    that are none."""
    if not 1 <= days <= MOST_DAYS:
        raise TooMuch(f"A simulation covers 1 to {MOST_DAYS} days, not {days}. Ask for fewer.")
    zone = queries.zone_of(actor.organization_id)
    first = datetime.combine(since, time(), ZoneInfo(zone))
    until = datetime.combine(since + timedelta(days=days), time(), ZoneInfo(zone))
    schedules = list(queries.schedules(actor))
    seconds = usual_seconds(actor.organization_id, now=now)
    found = _works(actor, first, until).of(schedules, seconds)
    limits = places(actor.organization_id)
    then = None
    if what_if:
        again = _works(actor, first, until, closed=what_if.closed).of(schedules, seconds) if what_if.closed else found
        then = _seen(_otherwise(again.works, what_if), _limits(limits, what_if), zone)
    titles = {one.name: one.title for one in schedules}
    return Foresight(first, until, zone, _seen(found.works, limits, zone), then, titles, tuple(found.unread))


def planned(actor: Actor, *, now: datetime, days: int = 31, permission: str = "schedule.read") -> Spread:
    """What the planner proposes for the coming *days*: floating schedules on which the actor holds *permission* move, around
    all that the actor may see. Raises Refused."""
    until = now + timedelta(days=days)
    schedules = list(queries.schedules(actor))
    may = set(queries.schedules(actor, permission).values_list("name", flat=True))
    found = _works(actor, now, until).of(schedules, usual_seconds(actor.organization_id, now=now))
    return spread([one if one.key in may else replace(one, window=0) for one in found.works])


def _works(actor: Actor, since: datetime, until: datetime, closed: Sequence[date] = ()) -> Works:
    return Works(
        actor.organization_id, since=since - timedelta(seconds=1), until=until - timedelta(seconds=1), closed=closed
    )


def _seen(works: Sequence[Work], limits: Limits, zone: str) -> Seen:
    runs = sum(len(one.fires) for one in works)
    if runs > MOST_RUNS:
        raise TooMuch(
            f"That is {runs:,} runs, and a simulation reckons {MOST_RUNS:,}. Ask for fewer days or schedules."
        )
    ran = simulate(works, limits)
    return Seen(works, limits, ran, heat(ran, zone=zone))


def _limits(limits: Limits, what_if: WhatIf) -> Limits:
    workers = what_if.workers or limits.workers
    heavy = what_if.heavy if what_if.heavy is not None else limits.heavy
    return Limits(workers, None if heavy is None else min(heavy, workers))


def _otherwise(works: Sequence[Work], what_if: WhatIf) -> list[Work]:
    by_name = {one.key: one for one in works}
    for name, minutes in what_if.move:
        one = _named(by_name, name)
        if abs(minutes) > MOST_MOVED:
            raise TooMuch(f"A schedule is moved by at most {MOST_MOVED:,} minutes, a week. Move it by less.")
        by_name[name] = replace(one, fires=tuple(at + minutes * 60 for at in one.fires))
    found = list(by_name.values())
    if any(number < 0 for _, number in what_if.add):
        raise TooMuch("A number of schedules to add is below zero. Add none, or more.")
    if sum(number for _, number in what_if.add) > MOST_ADDED:
        raise TooMuch(f"More than {MOST_ADDED:,} schedules are too many to add. Add fewer.")
    for name, number in what_if.add:
        one = _named(by_name, name)
        found += [replace(one, key=f"{name} +{index}") for index in range(1, number + 1)]
    return moved(found, spread(found).moves) if what_if.spread else found


def _named(works: dict[str, Work], name: str) -> Work:
    if name not in works:
        raise UnknownSchedule(
            f"There is no schedule “{name}” that fires in that time. Take one from the list of schedules."
        )
    return works[name]
