"""Coming firings as `partials/firings.html` shows them: on the schedule's clock and on the reader's, each with its why.

A rule on each recipient's own clock has a stretch of the reader's time for each firing: from the first clock to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from broadsheet.core.recurrence import Firing, OwnClock, Spread, Timing, firings_over, reason_in
from broadsheet.schedules.firing import override_of
from broadsheet.schedules.models.override import Override
from broadsheet.web import telling

SHOWN = 20
GONE = 5  # firings of what is saved that a draft takes away and that are shown; the rest is counted
Shown = dict[str, Any]
Clocks = Sequence[OwnClock]


def coming(
    timing: Timing, found: Sequence[Firing | Spread], *, chosen: Sequence[Override] = (), clocks: Clocks = ()
) -> Shown:
    """The variables of the partial for the firings *found*; *chosen* is what persons chose for single ones."""
    rows = [_row(timing, one, override=override_of(chosen, one)) for one in found]
    return {**_frame(timing, found, clocks), "firings": rows}


def compared(draft: Timing, saved: Timing | None, *, after: datetime, clocks: Clocks = (), limit: int = SHOWN) -> Shown:
    """The firings of *draft*, with what it adds to those of *saved* and what it takes away."""
    found = list(firings_over(draft, clocks, after=after, limit=limit))
    if saved is None:
        return coming(draft, found, clocks=clocks)
    until = found[-1].at if found else after + timedelta(days=366)
    before = list(firings_over(saved, clocks, after=after, until=until, limit=limit * 10))
    known, kept = {one.at for one in before}, {one.at for one in found}
    gone = [one for one in before if one.at not in kept]
    rows = [(one.at, _row(draft, one, change="" if one.at in known else "new")) for one in found]
    rows += [(one.at, _row(saved, one, change="gone")) for one in gone[:GONE]]
    frame = _frame(draft, found, clocks)
    frame["timed"] = frame["timed"] or (bool(gone) and bool(_frame(saved, gone[:GONE], clocks)["timed"]))
    frame["note"] = " ".join(filter(None, [_more_gone(len(gone) - GONE), frame["note"]]))
    return {**frame, "firings": [row for _at, row in sorted(rows, key=lambda pair: pair[0])]}


def _more_gone(number: int) -> str:
    if number <= 0:
        return ""
    text = ngettext(
        "%(n)d more firing of what is saved falls away in that time.",
        "%(n)d more firings of what is saved fall away in that time.",
        number,
    )
    return text % {"n": number}


def _frame(timing: Timing, found: Sequence[Firing | Spread], clocks: Clocks) -> Shown:
    at = ", ".join(f"{one:%H:%M}" for one in timing.times)
    whose = _("Recipient") if timing.personal else telling.city(timing.zone)
    return {
        "timed": _own(timing) or len(timing.times) != 1 or any(one.moved_from for one in found),
        "zone": f"{whose}, {at}" if len(timing.times) == 1 else whose,
        "yours_zone": "" if _own(timing) else telling.city(timezone.get_current_timezone_name()),
        "spread": timing.personal,
        "note": _spread_note(found) if timing.personal else shift(timing, found),
    }


def _own(timing: Timing) -> bool:
    """Whether the schedule goes by the reader's own clock: then each day says its time, and a second column nothing."""
    return not timing.personal and timing.zone == timezone.get_current_timezone_name()


def _row(timing: Timing, firing: Firing | Spread, *, override: Override | None = None, change: str = "") -> Shown:
    why = reason_in(firing, get_language() or "en")
    reason, state = f"{why[:1].upper()}{why[1:]}", ""
    if firing.moved_from is not None:
        state = "moved"
    if override is not None:
        state, reason = {"skip": "skipped", "hold": "held"}.get(override.kind, state), _by_hand(override, why)
    return {
        "at": firing.at.isoformat(),
        "chosen": override is not None,
        "movable": not isinstance(firing, Spread),
        "there": _there(timing, firing),
        "yours": _stretch(firing) if isinstance(firing, Spread) else telling.moment(firing.at),
        "reason": reason,
        "state": state,
        "change": change,
    }


def _by_hand(override: Override, why: str) -> str:
    """What a person chose, who and why, and the reason that the firing has by its rule."""
    words = {
        "skip": _("left out by hand; %(reason)s"),
        "hold": _("held by hand; %(reason)s"),
        "move": "%(reason)s",
    }[override.kind] % {"reason": why}
    by = override.by if override.kind != "move" else ""  # whose act it is stands in a move's reason
    said = ": ".join(filter(None, (by, override.why)))
    return f"{words} ({said})" if said else words


def _there(timing: Timing, firing: Firing | Spread) -> str:
    usual = len(timing.times) == 1 and firing.moved_from is None and not _own(timing)
    if isinstance(firing, Spread):
        return telling.day(firing.wall.date()) if usual else telling.wall(firing.wall)
    there = telling.day(firing.at, zone=timing.zone)
    return there if usual else f"{there} {telling.clock(firing.at, zone=timing.zone)}"


def _stretch(firing: Spread) -> str:
    """ "Thu 26 Nov 16:00 to Fri 09:00"."""
    first, last = telling.moment(firing.at), telling.moment(firing.last)
    if firing.at == firing.last:
        return first
    there, here = telling.local(firing.last), telling.local(firing.at)
    if there.date() == here.date():
        last = telling.clock(firing.last)
    elif there.date() - here.date() < timedelta(days=7):
        last = format_date(there, "D H:i")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _spread_note(found: Iterable[Firing | Spread]) -> str:
    """Whose clock comes first and whose last."""
    spread = next((one for one in found if isinstance(one, Spread)), None)
    if spread is None or spread.at == spread.last:
        return _("All see one data cut-off, taken when the first of them is due.")
    first, last = (telling.city(str(one.tzinfo)) for one in (spread.local, spread.last_local))
    text = _(
        "On your clock %(first)s is first and %(last)s last. All see one data cut-off, taken when %(first)s is due."
    )
    return text % {"first": first, "last": last}


def shift(timing: Timing, found: Iterable[Firing | Spread]) -> str:
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
