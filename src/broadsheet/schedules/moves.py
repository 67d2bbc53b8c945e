"""What another calendar does to the firings that were to come: which moved, which are gone, which are new."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from broadsheet.core.recurrence import Firing, RuleError, Spread, Timing
from broadsheet.core.recurrence.rule import why_not
from broadsheet.schedules import queries
from broadsheet.schedules.calendars import CalendarError, Shelf, kept
from broadsheet.schedules.firing import firings_of
from broadsheet.schedules.models import Schedule

AHEAD = timedelta(days=90)  # what people are told of
BEYOND = timedelta(days=14)  # a firing that moves past the end has moved, and is not gone
MOST = 2_000  # firings of one schedule; what comes after them is not compared

Found = Firing | Spread


@dataclass(frozen=True, slots=True)
class Coming:
    """The firings of a schedule as its calendars had them at one moment. ``timing`` is None, and ``trouble`` says why,
    where its rule cannot be read over them. A paused schedule has no firings."""

    schedule: Schedule
    timing: Timing | None
    firings: tuple[Found, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """One firing that was at ``was`` and is at ``now``; None: it was not there, or is there no more."""

    was: Found | None
    now: Found | None

    @property
    def first(self) -> datetime:
        return min(one.at for one in (self.was, self.now) if one is not None)


def coming(organization_id: int, name: str, *, now: datetime) -> dict[int, Coming]:
    """The firings after *now* of all schedules that depend on the calendar *name*, by the schedule's key."""
    shelf = kept.shelf_of(organization_id, around=now.date())
    return {one.pk: coming_of(one, shelf, now=now) for one in kept.dependents(organization_id, name, shelf)}


def coming_of(schedule: Schedule, shelf: Shelf, *, now: datetime) -> Coming:
    """The firings after *now* of one schedule over the calendars of *shelf*."""
    try:
        timing = queries.timing_of(schedule, shelf=shelf)
        if schedule.paused_at is not None:
            return Coming(schedule, timing)
        found = firings_of(schedule, timing, after=now, until=now + AHEAD + BEYOND, limit=MOST)
        return Coming(schedule, timing, tuple(found))
    except (RuleError, CalendarError) as error:
        return Coming(schedule, None, trouble=str(error))


def shifts(before: Coming, after: Coming, *, until: datetime) -> list[Shift]:
    """What became of the firings of *before*, in order of time; those that begin and end after *until* are left out.

    A firing is known again by the wall time that its rule means, whatever it was moved to. One of a rule that counts (the
    third business day) means another day then: it is the one that takes the place of the other between two that stayed.
    But a date that the rule means, and its calendar keeps it from, is left out and has not moved.
    """
    until = min([until, *(one.firings[-1].at for one in (before, after) if len(one.firings) >= MOST)])
    stayed = {one.at for one in before.firings} & {one.at for one in after.firings}
    gone = [one for one in before.firings if one.at not in stayed]
    new = [one for one in after.firings if one.at not in stayed]
    pairs = [*_by_meaning(gone, new)]
    gone, new = _without(gone, pairs, "was"), _without(new, pairs, "now")
    pairs += [Shift(one, None) for one in gone if _kept_from(after.timing, one)]
    pairs += [Shift(None, one) for one in new if _kept_from(before.timing, one)]
    pairs += _by_place(_without(gone, pairs, "was"), _without(new, pairs, "now"), sorted(stayed))
    return sorted((one for one in pairs if one.first <= until), key=lambda one: one.first)


def day_of(firing: Found) -> date:
    """The local date of a firing, on the clock that its rule means."""
    return (firing.wall if isinstance(firing, Spread) else firing.local).date()


def _kept_from(timing: Timing | None, firing: Found) -> bool:
    return timing is not None and why_not(timing.rule, day_of(firing)) is not None


def _by_meaning(gone: Sequence[Found], new: Sequence[Found]) -> Iterable[Shift]:
    meant = {_meant(one): one for one in reversed(new)}
    for one in gone:
        found = meant.pop(_meant(one), None)
        if found is not None:
            yield Shift(one, found)


def _meant(firing: Found) -> datetime:
    wall = firing.wall if isinstance(firing, Spread) else firing.local.replace(tzinfo=None)
    return firing.moved_from or wall


def _without(found: Sequence[Found], pairs: Sequence[Shift], side: str) -> list[Found]:
    taken = {one.at for pair in pairs if (one := getattr(pair, side)) is not None}
    return [one for one in found if one.at not in taken]


def _by_place(gone: Sequence[Found], new: Sequence[Found], stayed: Sequence[datetime]) -> Iterable[Shift]:
    places: defaultdict[int, tuple[list[Found], list[Found]]] = defaultdict(lambda: ([], []))
    for side, some in enumerate((gone, new)):
        for one in some:
            places[bisect(stayed, one.at)][side].append(one)
    for was, now in places.values():
        both = min(len(was), len(now))
        yield from map(Shift, was[:both], now[:both])
        yield from (Shift(one, None) for one in was[both:])
        yield from (Shift(None, one) for one in now[both:])
