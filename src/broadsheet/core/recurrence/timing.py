"""A rule with its times of day and its zone: all that is needed to know when something fires."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from broadsheet.core.recurrence.because import Cause
from broadsheet.core.recurrence.clock import Clock, Listed
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.rule import Instants, Moments, Rule, has_times, is_instants
from broadsheet.core.recurrence.zones import GAPS, OVERLAPS, Gap, Overlap, zone_named


@dataclass(frozen=True, slots=True)
class Timing:
    """When a schedule fires, in full.

    rule: the local dates; or a rule that has its own times of day (`Moments`) or instants (`Instants`).
    times: naive wall-clock times in whole seconds on each of those dates; kept ascending and each once. At least one,
        and none for a rule with its own. Their `fold` is dropped: which pass is meant is what `overlap` says.
    zone: IANA name.
    gap: a time that clocks jump over fires at the "first-valid" instant after it (cron(8)), not at all ("skip"), or as
        much later as the clocks jump ("shift", RFC 5545, section 3.3.5).
    overlap: a time that happens twice fires on its "first" pass (RFC 5545, section 3.3.5), its "second", or on "both".
    starts, until: first and last local date that may fire, both included; None means no limit. They bound the rule's
        dates: a time that a gap moves past midnight still belongs to the date it was meant for.
    personal: each recipient's own clock counts (`recipients`), and `zone` is that of the one for whom is asked.
    """

    rule: Rule | Moments | Instants
    times: tuple[time, ...]
    zone: str
    gap: Gap = "first-valid"
    overlap: Overlap = "first"
    starts: date | None = None
    until: date | None = None
    personal: bool = False
    clock: Clock = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if has_times(self.rule):
            if self.times:
                raise RuleError("at", "the rule has its own times", "Leave one of the two out.")
        elif not self.times:
            raise RuleError("at", "no time of day is given", 'Write at: "08:00".')
        if any(moment.tzinfo is not None for moment in self.times):
            raise RuleError("at", "a time of day carries its own zone", "Write the time alone, and the zone as zone.")
        if any(moment.microsecond for moment in self.times):
            raise RuleError("at", "a time of day is finer than a second", "Write whole seconds.")
        zone_named(self.zone)
        if self.gap not in GAPS:
            raise RuleError("gap", f'"{self.gap}" is not known', 'Write "first-valid", "skip" or "shift".')
        if self.overlap not in OVERLAPS:
            raise RuleError("overlap", f'"{self.overlap}" is not known', 'Write "first", "second" or "both".')
        if self.personal:
            self._check_personal()
        if self.starts and self.until and self.until < self.starts:
            raise RuleError("until", f"{self.until} is before the start, {self.starts}", "Write a later date.")
        object.__setattr__(self, "times", tuple(sorted({moment.replace(fold=0) for moment in self.times})))
        seconds = tuple(moment.hour * 3600 + moment.minute * 60 + moment.second for moment in self.times)
        object.__setattr__(self, "clock", Listed(seconds))

    def _check_personal(self) -> None:
        """Each recipient gets one of each firing: a rule of instants has one moment for all, and no clock may leave a
        firing out or give two."""
        fix = 'Name a zone, such as "Europe/London".'
        if is_instants(self.rule) and not hasattr(self.rule, "operation"):
            raise RuleError("zone", "the rule means one instant for everybody, not a time on each clock", fix)
        if self.gap != "first-valid" or self.overlap == "both":
            message = "on each recipient's own clock every firing comes exactly once, also when clocks change"
            raise RuleError("zone", message, f"Leave gap and overlap out. For a rule of every hour: {fix}")


class Firing(NamedTuple):
    """One moment at which a schedule fires. A tuple, since a walk makes many: it takes half as long as a dataclass.

    at: the instant, aware, UTC.
    local: the same instant, aware, on the wall clock of the timing's zone.
    because: why then; `reasons.reason_in` says it in a language.
    moved_from: the naive wall time that was meant, when a clock change or a calendar moved it; else None.
    """

    at: datetime
    local: datetime
    because: Cause
    moved_from: datetime | None = None

    @property
    def reason(self) -> str:
        """Why then, in short English, e.g. "third business day of the month"; made anew each time."""
        return str(self.because)
