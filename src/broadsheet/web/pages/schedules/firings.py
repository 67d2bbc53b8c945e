"""Coming firings as `partials/firings.html` shows them: in the schedule's zone and in the reader's, each with its why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.core.recurrence import Firing, Timing, firings, reason_in
from broadsheet.web import telling

SHOWN = 20
Shown = dict[str, Any]


def coming(timing: Timing, *, after: datetime, skip_at: datetime | None = None, limit: int = SHOWN) -> Shown:
    """The variables of the partial. *skip_at* is a firing that a person chose to leave out."""
    found = list(firings(timing, after=after, limit=limit))
    return {**_frame(timing, found), "firings": [_row(timing, one, skip_at=skip_at) for one in found]}


def compared(draft: Timing, saved: Timing | None, *, after: datetime, limit: int = SHOWN) -> Shown:
    """The firings of *draft*, with what it adds to those of *saved* and what it takes away."""
    found = list(firings(draft, after=after, limit=limit))
    if saved is None:
        return {**_frame(draft, found), "firings": [_row(draft, one) for one in found]}
    until = found[-1].at if found else after + timedelta(days=366)
    before = list(firings(saved, after=after, until=until, limit=limit * 4))
    known, kept = {one.at for one in before}, {one.at for one in found}
    rows = [(one.at, _row(draft, one, change="" if one.at in known else "new")) for one in found]
    rows += [(one.at, _row(saved, one, change="gone")) for one in before if one.at not in kept]
    return {**_frame(draft, found), "firings": [row for _at, row in sorted(rows, key=lambda pair: pair[0])]}


def _frame(timing: Timing, found: list[Firing]) -> Shown:
    at = ", ".join(f"{one:%H:%M}" for one in timing.times)
    return {
        "timed": _own(timing) or len(timing.times) > 1 or any(one.moved_from for one in found),
        "zone": f"{telling.city(timing.zone)}, {at}" if len(timing.times) == 1 else telling.city(timing.zone),
        "yours_zone": "" if _own(timing) else telling.city(timezone.get_current_timezone_name()),
        "note": shift(timing, found),
    }


def _own(timing: Timing) -> bool:
    """Whether the schedule goes by the reader's own clock: then each day says its time, and a second column nothing."""
    return timing.zone == timezone.get_current_timezone_name()


def _row(timing: Timing, firing: Firing, *, skip_at: datetime | None = None, change: str = "") -> Shown:
    usual = len(timing.times) == 1 and firing.moved_from is None and not _own(timing)
    there = telling.day(firing.at, zone=timing.zone)
    why = reason_in(firing, get_language() or "en")
    reason, state = why[:1].upper() + why[1:], ""
    if firing.moved_from is not None:
        state = "moved"
    if skip_at is not None and firing.at == skip_at:
        state, reason = "skipped", _("left out by hand; %(reason)s") % {"reason": why}
    return {
        "there": there if usual else f"{there} {telling.clock(firing.at, zone=timing.zone)}",
        "yours": telling.moment(firing.at),
        "reason": reason,
        "state": state,
        "change": change,
    }


def shift(timing: Timing, found: Iterable[Firing]) -> str:
    """When the distance between the schedule's clock and the reader's changes among *found*, in a sentence."""
    here = timezone.get_current_timezone()
    last: timedelta | None = None
    for firing in found:
        apart = _offset(firing.local) - _offset(firing.at.astimezone(here))
        if last is not None and apart != last:
            return _("Clocks change in between: from %(day)s, %(there)s in %(city)s is %(yours)s on your clock.") % {
                "day": telling.day(firing.at, zone=timing.zone),
                "there": f"{firing.local:%H:%M}",
                "city": telling.city(timing.zone),
                "yours": telling.clock(firing.at),
            }
        last = apart
    return ""


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def months(timing: Timing, *, now: datetime, number: int = 3) -> list[Shown]:
    """This month and those after it on the schedule's calendar, for `components/months.html`."""
    import calendar

    from django.utils.dateformat import format as format_date

    today = telling.local(now, zone=timing.zone).date()
    shown = []
    first = today.replace(day=1)
    for _month in range(number):
        length = calendar.monthrange(first.year, first.month)[1]
        end = first.replace(day=length)
        begin = datetime.combine(first, datetime.min.time(), telling.local(now, zone=timing.zone).tzinfo)
        fired: Collection[int] = {
            one.local.day
            for one in firings(
                timing, after=max(now, begin - timedelta(seconds=1)), until=begin + timedelta(days=length), limit=800
            )
            if one.local.month == first.month
        }
        weeks = [
            [_cell(number_, weekday, first, fired, today) for number_, weekday in week]
            for week in calendar.Calendar().monthdays2calendar(first.year, first.month)
        ]
        names = [format_date(datetime(2024, 1, 1 + index), "D")[:2] for index in range(7)]
        shown.append({"label": format_date(first, "F Y"), "weekdays": names, "weeks": weeks})
        first = end + timedelta(days=1)
    return shown


def _cell(number: int, weekday: int, first: Any, fired: Collection[int], today: Any) -> Shown:
    day = first.replace(day=number) if number else None
    fires = bool(number) and number in fired
    return {
        "number": number or "",
        "off": bool(number) and weekday > 4,
        "fires": fires,
        "today": day == today,
        "say": _("fires") if fires else "",
    }
