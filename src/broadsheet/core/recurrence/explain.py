"""Answers "why on that date?" and "why not?" for one local date."""

from dataclasses import dataclass
from datetime import date

from broadsheet.core.recurrence.engine import firings_on
from broadsheet.core.recurrence.naming import WEEKDAYS, long_date
from broadsheet.core.recurrence.timing import Firing, Timing


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
    following = next(timing.rule.dates_from(on), None)
    if following != on:
        return Explanation(False, _not_a_date(on, following, until=timing.until))
    found = tuple(firings_on(timing, on))
    if not found:
        return Explanation(False, "Clocks went forward over that time, and the schedule skips such times.")
    return Explanation(True, "; ".join(f"{firing.local:%H:%M}, {firing.reason}" for firing in found), found)


def _not_a_date(on: date, following: date | None, *, until: date | None) -> str:
    named = f"{WEEKDAYS[on.weekday()]} {long_date(on)} is not one of the rule's dates"
    if following is None or (until is not None and following > until):
        return f"{named}, and none follows."
    return f"{named}; the next is {WEEKDAYS[following.weekday()]} {long_date(following)}."
