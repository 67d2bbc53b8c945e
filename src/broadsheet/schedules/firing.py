"""When a schedule fires: by its rule, on the clocks of those who get it where each one's own counts.

`Schedule.clocks` are the zones, and hours of their own, that its audience had when it was last asked (`actions.ask_clocks`); the
first of them begins a firing for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import cast
from zoneinfo import ZoneInfo

from broadsheet.core.recurrence import Firing, OwnClock, Spread, Timing, firings_over, moment_on
from broadsheet.core.recurrence.because import Cause
from broadsheet.schedules.audience import Audience
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import MovedByHand, Override, carried, overrides_from, still
from broadsheet.schedules.own_times import time_of_day

MEANT = "%Y%m%dT%H%M%S"
APART = timedelta(days=3)  # a wall time and its instant in any zone are less apart


def firings_of(
    schedule: Schedule, timing: Timing, *, after: datetime, until: datetime | None = None, limit: int | None = None
) -> Iterator[Firing | Spread]:
    """The firings after *after*, each in its turn, those that a person moved at their new time; of a personal rule those
    that were not begun on another clock."""
    moves = [one for one in overrides_from(schedule.overrides) if one.to is not None]
    if not moves:
        return by_rule(schedule, timing, after=after, until=until, limit=limit)
    rest = (
        one for one in by_rule(schedule, timing, after=after, until=until) if not any(_is(move, one) for move in moves)
    )
    there = [_moved(one, timing) for one in moves if one.to > after and (until is None or one.to <= until)]  # type: ignore[operator]
    found = merge(rest, sorted(there, key=_instant), key=_instant)
    return found if limit is None else islice(found, limit)


def by_rule(
    schedule: Schedule, timing: Timing, *, after: datetime, until: datetime | None = None, limit: int | None = None
) -> Iterator[Firing | Spread]:
    """The same, whatever a person chose for single ones."""
    past = datetime.fromisoformat(schedule.fired_wall) if schedule.fired_wall else None
    return firings_over(timing, clocks_of(schedule), after=after, until=until, limit=limit, past=past)


def override_of(kept: Iterable[Override], firing: Firing | Spread) -> Override | None:
    """What a person chose for *firing*, be it one of the rule or one that was moved."""
    return next((one for one in kept if _is(one, firing) or one.comes_at == firing.at), None)


def left_out_at(schedule: Schedule) -> datetime | None:
    """The first firing that a person chose to leave out."""
    return next((one.comes_at for one in overrides_from(schedule.overrides) if one.kind == "skip"), None)


def carry_overrides(schedule: Schedule, timing: Timing, *, now: datetime) -> None:
    """Let what persons chose follow their firings, whose instants a calendar or a clock may have moved; those whose firing
    comes no more are over. Not saved."""
    kept = overrides_from(schedule.overrides)
    if not kept:
        return
    last = max(one.fire_at for one in kept) + APART
    found = {meant_of(one): one.at for one in by_rule(schedule, timing, after=now, until=last)}
    follow = [carried(one, found.get(one.meant, one.fire_at)) for one in kept]
    schedule.overrides = still(follow, now=now)


def meant_of(firing: Firing | Spread) -> str:
    """The wall time that the rule means, which stays when a calendar, a person, or a clock more, moves the firing: calendar
    programs then move their event. The second pass of clocks that went back is told apart."""
    if isinstance(firing, Spread):
        return f"{firing.wall:{MEANT}}"
    meant = firing.moved_from or firing.local
    return f"{meant:{MEANT}}" + ("-2" if firing.local.fold and not firing.moved_from else "")


def _is(one: Override, firing: Firing | Spread) -> bool:
    """Whether *firing* is the one of the rule that a person chose something for."""
    return one.meant == meant_of(firing) if one.meant else one.fire_at == firing.at


def _moved(one: Override, timing: Timing) -> Firing:
    at = one.comes_at
    zone = ZoneInfo(getattr(timing, "zone", "UTC"))
    meant = datetime.strptime(one.meant[:15], MEANT) if one.meant else one.fire_at.astimezone(zone).replace(tzinfo=None)
    return Firing(at, at.astimezone(zone), cast(Cause, MovedByHand(one.by)), meant)


def _instant(firing: Firing | Spread) -> datetime:
    return firing.at


def next_of(schedule: Schedule, timing: Timing, *, after: datetime) -> datetime | None:
    """The instant of the first of `firings_of`, or None when it never fires again."""
    return next((one.at for one in firings_of(schedule, timing, after=after, limit=1)), None)


def next_on(schedule: Schedule, timing: Timing, clocks: list[list[str]], *, after: datetime) -> datetime | None:
    """When the next firing begins if its recipients' clocks are *clocks* from now on: the wall time stays, and may have
    come already on one of them."""
    found = next(firings_of(schedule, timing, after=after, limit=1), None)
    if not isinstance(found, Spread) or not clocks:
        return found.at if found else None
    return min(moment_on(timing, found.wall, one).at for one in _clocks(clocks))


def forget_the_future(schedule: Schedule, *, now: datetime) -> None:
    """A wall time that was fired days ahead of now, by a machine whose clock was wrong, must not keep it silent till then."""
    if schedule.fired_wall and datetime.fromisoformat(schedule.fired_wall) > now.replace(tzinfo=None) + APART:
        schedule.fired_wall = ""


def wall_of(firing: Firing | Spread) -> str:
    """The wall time that each recipient's clock shows, naive, in ISO form; empty where one instant is everybody's."""
    return firing.wall.isoformat(timespec="seconds") if isinstance(firing, Spread) else ""


def clocks_of(schedule: Schedule) -> tuple[OwnClock, ...]:
    """As they are kept; () before the audience was ever asked."""
    return _clocks(schedule.clocks)


def _clocks(kept: Iterable[Sequence[str]]) -> tuple[OwnClock, ...]:
    return tuple(OwnClock(zone, time_of_day(at) if at else None) for zone, at in kept)


def clocks_in(audience: Audience) -> list[list[str]]:
    """The clocks of an audience's readers as a schedule keeps them, each once, in order. Of the hours of their own in a zone
    the earliest and the latest are enough: a firing begins and ends with these."""
    hours = {key: f"{times.at:%H:%M}" for key, times in audience.times.items() if times.at}
    zones: dict[str, set[str]] = {}
    for reader in audience.readers:
        zones.setdefault(reader.zone, set()).add(hours.get(reader.key, ""))
    return [[zone, at] for zone, own in sorted(zones.items()) for at in _ends(own)]


def _ends(own: set[str]) -> list[str]:
    """The rule's own hour, where somebody has it, and the first and last of others."""
    named = sorted(own - {""})
    return [*([""] if "" in own else []), *dict.fromkeys([*named[:1], *named[-1:]])]
