"""Recurrence rules as the engine walks them: one RRULE, and a set of them with RDATE and EXDATE."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from heapq import merge
from itertools import groupby
from zoneinfo import ZoneInfo

from broadsheet.core.recurrence.because import Hindrance
from broadsheet.core.recurrence.clock import DAY_SECONDS, AnyClock, Between, Clock, Listed
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.phrases import ENGLISH
from broadsheet.core.recurrence.rrule.parts import Parts
from broadsheet.core.recurrence.rrule.plan import Plan, plan_of
from broadsheet.core.recurrence.rrule.text import parts_to

Stamp = date | datetime
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class RRule:
    """One RRULE with its start.

    parts: the rule. start: DTSTART on the wall clock (naive), or a date; nothing fires before it, and what the parts
        leave open comes from it. The start itself is one of the moments only where the rule says so: RFC 5545 leaves
        a start that does not match undefined. None where the parts need none: then the rule has always gone on.
    zone: IANA name, needed for an UNTIL in UTC.

    With FREQ=DAILY or longer, no BYHOUR, BYMINUTE and BYSECOND, and no time in the start, it is a rule of dates.
    """

    parts: Parts
    start: Stamp | None = None
    zone: str = "UTC"
    _plan: Plan = field(init=False, repr=False, compare=False)
    _first: date = field(init=False, repr=False, compare=False)
    _open: bool = field(init=False, repr=False, compare=False)
    _text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.start is None and self.parts.needs_start:
            raise RuleError("from", self.parts.needs_start, 'Add "from: 2026-01-05", the first date that counts.')
        if isinstance(self.parts.until, datetime) and not self.has_times:
            raise RuleError(
                "rrule.UNTIL",
                "UNTIL has a time of day, but the rule and its start have none (RFC 5545, section 3.3.10)",
                f"Write UNTIL={self.parts.until:%Y%m%d}, the last date.",
            )
        if self.parts.has_times:
            object.__setattr__(self, "start", _moment(self.start))
        object.__setattr__(self, "_plan", plan_of(self.parts, _moment(self.start)))
        object.__setattr__(self, "_first", date.min if self.start is None else _date(self.start))
        object.__setattr__(self, "_open", self.parts.count is None and self.parts.until is None)
        object.__setattr__(self, "_text", f"by the rule {parts_to(self.parts)}")

    @property
    def has_times(self) -> bool:
        return isinstance(self.start, datetime) or self.parts.has_times

    def dates_from(self, start: date, /) -> Iterator[date]:
        return (day for day, _ in self.days_from(start))

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        """The dates on or after `start`, ascending, each with its moments."""
        if self._open and (self.start is None or start > self._first):
            return self._plan.pairs_from(start)
        return self._bounded(start)

    def _bounded(self, start: date) -> Iterator[tuple[date, Clock]]:
        """As `days_from`, between the start and the end."""
        end = self._end()
        if end is None:
            return
        last, last_second = end
        low = 0
        if self.start is not None and start <= self._first:
            start = self._first
            low = _second(self.start) if isinstance(self.start, datetime) else 0
        for day, clock in self._plan.pairs_from(start):
            if day > last:
                return
            if (low and day == start) or (day == last and last_second < DAY_SECONDS - 1):
                clock = Between(clock, low if day == start else 0, last_second if day == last else DAY_SECONDS - 1)
                if next(clock.seconds_from(0), None) is None:
                    continue
            yield day, clock

    def why(self, day: date, /) -> str:
        return self._text

    def why_not(self, day: date, /) -> Hindrance | None:
        """What limit keeps the rule from that date; None when none does."""
        end = self._end()
        if day < self._first:
            return Hindrance("not_begun", day, self._first)
        if end is not None and day > end[0]:
            return Hindrance("over", day, end[0])
        return None

    def _end(self) -> tuple[date, int] | None:
        """The date and second of the last moment that may fire; None when none may."""
        until = self.parts.until
        if self.parts.count is not None:
            return self._plan.last(self.parts.count) or (date.max, DAY_SECONDS)
        if until is None:
            return date.max, DAY_SECONDS
        if not isinstance(until, datetime):
            return until, DAY_SECONDS
        local = wall(until, self.zone)
        return local.date(), _second(local)


@dataclass(frozen=True, slots=True)
class RRuleSet:
    """DTSTART, RRULE, RDATE and EXDATE together (RFC 5545, section 3.8.5).

    start: DTSTART, a naive wall time or a date. zone: IANA name of its TZID.
    rules: any number of RRULEs. also: RDATEs. but: EXDATEs. Both are wall times, or dates: a date in `also` is
        midnight, one in `but` leaves its whole day out. Without rules, DTSTART itself is the first moment.
    """

    start: Stamp
    zone: str
    rules: tuple[Parts, ...] = ()
    also: tuple[Stamp, ...] = ()
    but: tuple[Stamp, ...] = ()
    _members: tuple[RRule, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        dated = not isinstance(self.start, datetime)
        for parts in self.rules:
            if dated and parts.has_times:
                raise RuleError(
                    "rrule.DTSTART",
                    "a start that is a date cannot have hours, minutes or seconds (RFC 5545, section 3.3.10)",
                    "Write DTSTART with a time, such as 20260105T080000.",
                )
        object.__setattr__(self, "also", _sorted(self.also))
        object.__setattr__(self, "but", _sorted(self.but))
        object.__setattr__(self, "_members", tuple(RRule(parts, self.start, self.zone) for parts in self.rules))

    @property
    def has_times(self) -> bool:
        return any(isinstance(stamp, datetime) for stamp in (self.start, *self.also))

    def dates_from(self, start: date, /) -> Iterator[date]:
        return (day for day, _ in self.days_from(start))

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        if len(self._members) == 1 and not self.also and not self.but:
            return self._members[0].days_from(start)
        return self._merged(start)

    def _merged(self, start: date) -> Iterator[tuple[date, Clock]]:
        streams = [member.days_from(start) for member in self._members]
        streams.append(iter(self._written_out(start)))
        out_days = {stamp for stamp in self.but if not isinstance(stamp, datetime)}
        out = [stamp for stamp in self.but if isinstance(stamp, datetime)]
        for day, pairs in groupby(merge(*streams, key=_day), key=_day):
            if day in out_days:
                continue
            but = frozenset(_second(stamp) for stamp in out if stamp.date() == day) if out else frozenset()
            clock = AnyClock(tuple(clock for _, clock in pairs), but)
            if not but or next(clock.seconds_from(0), None) is not None:
                yield day, clock

    def why(self, day: date, /) -> str:
        if self.adds(day):
            return ENGLISH.phrases.added
        if not self.rules:
            return ENGLISH.phrases.start
        if len(self._members) == 1:
            return self._members[0].why(day)
        return f"by the rule {' and '.join(parts_to(parts) for parts in self.rules)}"

    def adds(self, day: date) -> bool:
        """Whether an RDATE is on that date."""
        return any(_date(stamp) == day for stamp in self.also)

    def why_not(self, day: date, /) -> Hindrance | None:
        """Why a date is left out: an EXDATE, or the rules' limits; None when it is none of their dates."""
        if any(_date(stamp) == day for stamp in self.but):
            for member in self._members:
                if next(member.dates_from(day), None) == day:
                    return Hindrance("exdate", day)
        return self._members[0].why_not(day) if self._members else None

    def _written_out(self, start: date) -> list[tuple[date, Clock]]:
        stamps = self.also if self.rules else _sorted((self.start, *self.also))
        found: dict[date, list[int]] = {}
        for stamp in stamps:
            if (day := _date(stamp)) >= start:
                found.setdefault(day, []).append(_second(stamp) if isinstance(stamp, datetime) else 0)
        return [(day, Listed(tuple(sorted(set(seconds))))) for day, seconds in sorted(found.items())]


def wall(stamp: datetime, zone: str) -> datetime:
    """The naive time that clocks in the zone show at an aware time; a naive one is that already."""
    return stamp.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if stamp.tzinfo else stamp


def _moment(stamp: Stamp | None) -> datetime | None:
    return stamp if stamp is None or isinstance(stamp, datetime) else datetime.combine(stamp, MIDNIGHT)


def _date(stamp: Stamp) -> date:
    return stamp.date() if isinstance(stamp, datetime) else stamp


def _second(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _sorted(stamps: tuple[Stamp, ...]) -> tuple[Stamp, ...]:
    return tuple(sorted(set(stamps), key=lambda stamp: (_date(stamp), isinstance(stamp, datetime) and _second(stamp))))


def _day(pair: tuple[date, Clock]) -> date:
    return pair[0]
