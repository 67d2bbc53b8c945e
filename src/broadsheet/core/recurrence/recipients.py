"""One timing on many clocks: `zone: recipient`, "08:00 local" for each of those who get it.

A firing of such a timing is one wall time, which comes at another instant in each zone. It begins with the first of
them: what is made then is made for all, and each gets it when their own clock shows the time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice

from broadsheet.core.recurrence.because import Cause
from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.engine import EARLIEST, firings
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.zones import land, zone_named

APART = timedelta(days=3)  # more than a wall time and its instant in any zone, hour of one's own included, are apart


@dataclass(frozen=True, slots=True)
class OwnClock:
    """The clock of a recipient, or of all who share it.

    zone: IANA name.
    at: naive time of day that they prefer to the rule's; None for the rule's own. It counts where the rule has one
        time of day: of several it would be unclear which it stands for.
    """

    zone: str
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """One firing on many clocks, like a `Firing`.

    at: the instant of the first clock, aware, UTC: the run begins then. local: the same on that clock.
    last: the instant of the last clock, aware, UTC, and last_local the same on that one.
    wall: the naive wall time that the rule means: each clock shows it, but those with an hour of their own.
    because, reason, moved_from: as of a `Firing`; what a clock change does to single recipients is not in them.
    """

    at: datetime
    local: datetime
    last: datetime
    last_local: datetime
    wall: datetime
    because: Cause
    moved_from: datetime | None = None

    @property
    def reason(self) -> str:
        return str(self.because)


def firings_over(
    timing: Timing,
    clocks: Sequence[OwnClock],
    *,
    after: datetime,
    until: datetime | None = None,
    limit: int | None = None,
    past: datetime | None = None,
) -> Iterator[Firing | Spread]:
    """The firings strictly after `after`, ascending: as `engine.firings` has them, or for a personal timing a `Spread`
    over `clocks` each, in the order of their first instants. Without any clock it is the timing's own zone that counts.

    after, until: aware; `until` is included. limit: at most so many. past: the naive wall time of the firing that was
    last; only later ones count, so that a clock more or less never brings one back. Raises ValueError for naive datetimes.
    """
    if not timing.personal:
        return firings(timing, after=after, limit=limit, until=until)
    if after.tzinfo is None or (until is not None and until.tzinfo is None):
        raise ValueError("firings_over needs datetimes with a zone, e.g. datetime.now(UTC)")
    found = _spreads(timing, clocks or (OwnClock(timing.zone),), after=after, until=until, past=past)
    return found if limit is None else islice(found, limit)


def next_over(
    timing: Timing, clocks: Sequence[OwnClock], *, after: datetime, past: datetime | None = None
) -> Firing | Spread | None:
    """The first of `firings_over`, or None when there is none."""
    return next(firings_over(timing, clocks, after=after, limit=1, past=past), None)


def moment_on(timing: Timing, wall: datetime, clock: OwnClock) -> Firing:
    """When the naive `wall` time of a personal timing comes on that clock; `reason` says what a clock change did."""
    own = clock.at is not None and len(timing.times) == 1
    meant = datetime.combine(wall.date(), clock.at) if own and clock.at else wall
    [landing] = land(meant, zone_named(clock.zone), gap="first-valid", overlap=timing.overlap)
    return Firing(landing.local.astimezone(EARLIEST.tzinfo), landing.local, landing.change or "", landing.moved_from)


def on_clock(timing: Timing, zone: str) -> Timing:
    """A personal timing as it is for somebody in `zone`; any other as it is."""
    if not timing.personal:
        return timing
    rule = timing.rule
    if isinstance(rule, Combined):
        rule = replace(rule, members=tuple(on_clock(member, zone) for member in rule.members))
    return replace(timing, rule=rule, zone=zone)


def _spreads(
    timing: Timing, clocks: Sequence[OwnClock], *, after: datetime, until: datetime | None, past: datetime | None
) -> Iterator[Spread]:
    """Wall times are walked in UTC, where every one exists once; instants come later as walls do, on every clock."""
    last = after
    for firing in firings(on_clock(timing, "UTC"), after=max(after, EARLIEST + APART) - APART):
        wall = firing.local.replace(tzinfo=None)
        if past is not None and wall <= past:
            continue
        landed = sorted((moment_on(timing, wall, clock) for clock in clocks), key=lambda one: one.at)
        first, end = landed[0], landed[-1]
        if until is not None and first.at > until:
            return
        if first.at > last:
            last = first.at
            yield Spread(first.at, first.local, end.at, end.local, wall, firing.because, firing.moved_from)
