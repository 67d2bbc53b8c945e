"""Tell the owners of schedules what a calendar did to their coming firings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from broadsheet.access.queries import members_among, owners
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.calendar_moved import (
    KIND,
    LINES,
    SCHEDULES,
    Act,
    CalendarMoved,
    MovedFiring,
    MovedSchedule,
)
from broadsheet.core.policy import Actor
from broadsheet.core.recurrence import Spread, Timing, explain, reason_in
from broadsheet.core.recurrence.explain import changed_days
from broadsheet.schedules.models import Calendar
from broadsheet.schedules.moves import AHEAD, Coming, Found, Shift, day_of, shifts

CAUSES = 2  # days that one line names


def tell_owners(
    actor: Actor,
    calendar: Calendar,
    act: Act,
    before: Mapping[int, Coming],
    after: Mapping[int, Coming],
    *,
    now: datetime,
) -> None:
    """One notification for each person, of all schedules of theirs that *act* moved within 90 days. Those whose owner is
    gone, or may not sign in, are told to the organization's owners. *before* and *after*: of the same schedules."""
    moved = {key: _moved(before[key], one, now=now) for key, one in after.items() if key in before}
    found = {key: one for key, one in moved.items() if one is not None}
    if not found:
        return
    for person, mine in _whose(actor.organization_id, after, found).items():
        told = CalendarMoved(
            calendar.name, calendar.label, act, actor.name, tuple(mine[:SCHEDULES]), max(0, len(mine) - SCHEDULES)
        )  # fmt: skip
        link = f"/settings/calendars/{calendar.name}/"
        notify(actor.organization_id, [person], kind=KIND, data=told.stored(), link=link, now=now)


def _whose(
    organization_id: int, after: Mapping[int, Coming], found: Mapping[int, MovedSchedule]
) -> dict[int, list[MovedSchedule]]:
    """By person, in the order of *found*."""
    named = {key: after[key].schedule.owner_id for key in found}
    there = members_among(organization_id, filter(None, named.values()))
    heads = owners(organization_id) if set(named.values()) - there else set()
    whose: defaultdict[int, list[MovedSchedule]] = defaultdict(list)
    for key, one in found.items():
        owner = named[key]
        for person in {owner} if owner in there and owner is not None else heads:
            whose[person].append(one)
    return dict(whose)


def _moved(before: Coming, after: Coming, *, now: datetime) -> MovedSchedule | None:
    """None where nothing moved that a person is told of."""
    schedule = after.schedule
    zone = (after.timing or before.timing).zone if after.timing or before.timing else "UTC"  # type: ignore[union-attr]
    if after.timing is None:
        broken = before.timing is not None and schedule.paused_at is None
        return MovedSchedule(schedule.name, schedule.title, zone, trouble=after.trouble) if broken else None
    if before.timing is None:
        again = tuple(_firing(Shift(None, one), after.timing) for one in after.firings[:1])
        return MovedSchedule(schedule.name, schedule.title, zone, again, again=True) if again else None
    found = shifts(before, after, until=now + AHEAD)
    if not found:
        return None
    lines = tuple(_firing(one, after.timing, before.timing) for one in found[:LINES])
    return MovedSchedule(schedule.name, schedule.title, zone, lines, max(0, len(found) - LINES))


def _firing(shift: Shift, timing: Timing, before: Timing | None = None) -> MovedFiring:
    languages = [code for code, _name in settings.LANGUAGES]
    if shift.now is not None:
        reasons = {code: _why(shift, timing, before, code) for code in languages}
    else:
        assert shift.was is not None  # one of the two is there
        reasons = {code: explain(timing, on=day_of(shift.was), language=code).reason for code in languages}
    return MovedFiring(_moment(shift.was), _moment(shift.now), reasons)


def _why(shift: Shift, timing: Timing, before: Timing | None, language: str) -> str:
    """Why it is there now; of a rule that counts business days also the days that are closed or open since."""
    assert shift.now is not None  # `_firing` has looked
    reason = reason_in(shift.now, language)
    if shift.was is None or before is None or shift.now.moved_from is not None:
        return reason
    ends = sorted((day_of(shift.was), day_of(shift.now)))
    since = changed_days(before, timing, first=ends[0].replace(day=1), last=ends[1], language=language)
    return "; ".join([reason, *(one.rstrip(".") for one in since[:CAUSES])])


def _moment(firing: Found | None) -> datetime | None:
    """A wall time, naive, where each recipient's own clock counts."""
    if firing is None:
        return None
    return firing.wall if isinstance(firing, Spread) else firing.at
