"""Reasons as values: what made something fire, or kept it from firing. Words come when they are asked for.

A walk over firings makes none: a reason costs no more than to remember the rule and the date. `str` gives English; other
languages come with a `Teller` of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from broadsheet.core.recurrence.calendars.said import closure_of
from broadsheet.core.recurrence.phrases import ENGLISH, Teller

Change = Literal["forward", "first", "second"]
Hindered = Literal["not_begun", "over", "closed", "moved", "left_out", "excluded", "exdate", "not_all"]


class ClockChange(NamedTuple):
    """What a change of clocks did to one wall time.

    kind: "forward": it was jumped over, and comes at `time` instead. "first", "second": it comes twice, and this is that
    pass of `time`. time: "03:00".
    """

    kind: Change
    time: str

    def told(self, teller: Teller = ENGLISH) -> str:
        return teller.phrases.changes[self.kind].format(time=self.time)

    def __str__(self) -> str:
        return self.told()


class Because(NamedTuple):
    """One rule's date. rule: it answers `why`. day: the local date. change: what clocks did to the time of day."""

    rule: Any
    day: date
    change: ClockChange | None = None

    def told(self, teller: Teller = ENGLISH) -> str:
        reason = teller.why(self.rule, self.day)
        return f"{reason}{teller.phrases.then}{self.change.told(teller)}" if self.change else reason

    def __str__(self) -> str:
        """`told` in English, without a detour: it is asked for each firing that is written down."""
        reason = str(self.rule.why(self.day))
        return f"{reason}{ENGLISH.phrases.then}{self.change}" if self.change else reason


class Together(NamedTuple):
    """Several causes of one instant, in the order of their rules."""

    causes: tuple["Cause", ...]

    def told(self, teller: Teller = ENGLISH) -> str:
        return both([told(cause, teller) for cause in self.causes], teller)

    def __str__(self) -> str:
        return self.told()


Cause = Because | ClockChange | Together | str


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What kept a rule from a date.

    kind: "not_begun", "over": `to` is its first or last date. "closed": the `calendar` is, on `day`. "moved": for that, to
    `to`. "left_out": for that. "excluded": `rule` takes it out. "exdate": as an EXDATE. "not_all": another rule of an
    intersection has it not.
    """

    kind: Hindered
    day: date
    to: date | None = None
    calendar: Any = None
    rule: Any = None

    def told(self, teller: Teller = ENGLISH) -> str:
        """As it stands behind "it does not fire:"."""
        return teller.phrases.hindrances[self.kind].format(
            date=teller.dated(self.to) if self.to else "",
            to=teller.named(self.to) if self.to else "",
            closure=closure_of(self.calendar, self.day, teller.language) if self.calendar else "",
            reason=teller.why(self.rule, self.day) if self.rule else "",
        )

    def __str__(self) -> str:
        return self.told()


def told(cause: Cause, teller: Teller) -> str:
    """A cause in words; a text is in its words already."""
    return cause if isinstance(cause, str) else cause.told(teller)


def both(reasons: Sequence[str], teller: Teller = ENGLISH) -> str:
    """Reasons that all hold, each once."""
    return teller.phrases.both.join(dict.fromkeys(reasons))
