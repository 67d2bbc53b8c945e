"""Answers "why on that date?" and "why not?" for one local date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.engine import firings, firings_on
from broadsheet.core.recurrence.naming import WEEKDAYS, long_date
from broadsheet.core.recurrence.rule import dates_of, is_instants, why_not
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.zones import zone_named

SHOWN = 3  # firings of one day that a sentence names; the rest is counted
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a timing does on one local date.

    fires: whether that date gives rise to a firing.
    reason: one English sentence.
    firings: those firings, ascending; a clock change may have moved one to the next date.
    """

    fires: bool
    reason: str
    firings: tuple[Firing, ...] = ()


def explain(timing: Timing, *, on: date) -> Explanation:
    """Why `timing` fires, or does not fire, on the local date `on`."""
    if timing.starts is not None and on < timing.starts:
        return Explanation(False, f"The schedule starts on {long_date(timing.starts)}.")
    if timing.until is not None and on > timing.until:
        return Explanation(False, f"The schedule ended on {long_date(timing.until)}.")
    if is_instants(timing.rule):
        return _of_instants(timing, on)
    following = next(dates_of(timing.rule, on), None)
    if following != on:
        because = why_not(timing.rule, on)
        if because:
            return Explanation(False, f"{_named(on)} does not fire: {because}.")
        return Explanation(False, _not_a_date(on, following, until=timing.until))
    found = tuple(firings_on(timing, on))
    if not found:
        return Explanation(False, "Clocks went forward over that time, and the schedule skips such times.")
    return Explanation(True, _told(found), found)


def _of_instants(timing: Timing, on: date) -> Explanation:
    """For rules without dates of their own: what falls between that midnight and the next."""
    zone = zone_named(timing.zone)
    begin = datetime.combine(on, time(), zone)
    end = datetime.combine(on + timedelta(days=1), time(), zone) if on < date.max else begin
    walk = firings(timing, after=begin - 3 * 3600 * SECOND, until=end + 3 * 3600 * SECOND)
    found = tuple(firing for firing in walk if firing.local.date() == on)
    if found:
        return Explanation(True, _told(found), found)
    rule: Any = timing.rule
    if isinstance(rule, Combined):
        members = [explain(member, on=on) for member in rule.members]
        reasons = " ".join(dict.fromkeys(one.reason for one in members if not one.fires))
        met = {"union": "", "all_of": "No moment is in all of the rules.", "except": "All of its moments are excluded."}
        return Explanation(False, reasons or met[rule.operation])
    because = why_not(rule, on) or "none of the rule's moments falls on it"
    return Explanation(False, f"{_named(on)} does not fire: {because}.")


def _told(found: tuple[Firing, ...]) -> str:
    told = "; ".join(f"{firing.local:%H:%M}, {firing.reason}" for firing in found[:SHOWN])
    return told if len(found) <= SHOWN else f"{told}; and {len(found) - SHOWN} more"


def _named(on: date) -> str:
    return f"{WEEKDAYS[on.weekday()]} {long_date(on)}"


def _not_a_date(on: date, following: date | None, *, until: date | None) -> str:
    named = f"{_named(on)} is not one of the rule's dates"
    if following is None or (until is not None and following > until):
        return f"{named}, and none follows."
    return f"{named}; the next is {_named(following)}."
