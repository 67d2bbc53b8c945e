"""Rules whose dates give way to a calendar, or are counted on from in days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from broadsheet.core.recurrence.because import Hindrance
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY, Calendar, add_business_days, rolled
from broadsheet.core.recurrence.calendars.rolls import CONVENTIONS, FARTHEST, Convention
from broadsheet.core.recurrence.clock import AnyClock, Clock
from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.phrases import ENGLISH
from broadsheet.core.recurrence.rule import AnyRule, dates_of, has_times, is_instants, origin_of, why_not
from broadsheet.core.recurrence.wallclock import BEGIN
from broadsheet.core.recurrence.zones import zone_named

ONE_DAY = timedelta(days=1)
KEPT = 512  # answers about single dates that a rule remembers
CYCLE = timedelta(days=146_097)  # 400 years without a business day among the dates: there will be none


@dataclass(frozen=True, slots=True)
class Rolled:
    """A rule whose dates are moved to business days, or left out ("skip"); times of day stay.

    Two dates that come to one day are one. Instants (`Every`) can only be left out.
    """

    rule: AnyRule
    calendar: Calendar = MONDAY_TO_FRIDAY
    convention: Convention = "following"
    _kept: dict[date, date | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.convention not in CONVENTIONS:
            otherwise = f"Write one of: {', '.join(CONVENTIONS)}."
            fix = did_you_mean(self.convention, {one: one for one in CONVENTIONS}, otherwise=otherwise)
            raise RuleError("roll", f'"{self.convention}" is not known', fix)
        if is_instants(self.rule) and self.convention != "skip":
            raise RuleError("roll", "firings at a fixed distance cannot be moved to another day", 'Write "roll: skip".')
        object.__setattr__(self, "_kept", {})

    @property
    def has_times(self) -> bool:
        return has_times(self.rule) and not self.is_instants

    @property
    def is_instants(self) -> bool:
        return is_instants(self.rule)

    def dates_from(self, start: date, /) -> Iterator[date]:
        done = date.min
        for day, _ in self._moves(start, dates_of(self.rule, self._first(start))):
            if day > done:
                done = day
                yield day

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        rule: Any = self.rule
        for day, same in groupby(self._moves(start, rule.days_from(self._first(start))), key=lambda move: move[0]):
            clocks = [clock for _, (_, clock) in same]
            yield day, clocks[0] if len(clocks) == 1 else AnyClock(tuple(clocks))

    def instants_after(self, instant: int, zone: str, /) -> Iterator[int]:
        rule: Any = self.rule
        info, heard = zone_named(zone), instant
        is_business_day = self.calendar.is_business_day
        for found in rule.instants_after(instant, zone):
            if is_business_day((BEGIN + timedelta(0, found)).astimezone(info).date()):
                heard = found
                yield found
            elif found - heard > CYCLE.total_seconds():
                return

    def why(self, day: date, /) -> str:
        came = self.came_from(day)
        if came is None:
            return self.rule.why(day)
        closure = self.calendar.closure(came)
        return ENGLISH.phrases.moved.format(reason=self.rule.why(came), day=ENGLISH.named(came), closure=closure)

    def origin(self, day: date, /) -> date:
        """The date of the rule that came to that day, itself where it is one."""
        return self.came_from(day) or origin_of(self.rule, day)

    def came_from(self, day: date) -> date | None:
        """The closed date whose firing comes to that day; None where the rule has the day itself."""
        if self.is_instants:
            return None
        if day not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            origins = self.origins(day)
            self._kept[day] = None if not origins or day in origins else origins[0]
        return self._kept[day]

    def origins(self, day: date) -> list[date]:
        """The rule's own dates that come to that day, ascending."""
        found = []
        after = add_business_days(day, 1, self.calendar) or day + timedelta(days=FARTHEST)
        for origin in dates_of(self.rule, self._first(day)):
            if origin >= after:
                break
            if rolled(origin, self.calendar, self.convention) == day:
                found.append(origin)
        return found

    def why_not(self, day: date, /) -> Hindrance | None:
        """Why one of the rule's own dates does not fire on itself; None when it is none of them."""
        if self.is_instants:
            closed = not self.calendar.is_business_day(day)
            return Hindrance("closed", day, calendar=self.calendar) if closed else None
        if next(dates_of(self.rule, day), None) != day or self.calendar.is_business_day(day):
            return why_not(self.rule, day)
        to = rolled(day, self.calendar, self.convention)
        return Hindrance("moved" if to else "left_out", day, to, self.calendar)

    def _first(self, start: date) -> date:
        """The first date whose move can end on or after `start`."""
        if self.convention in ("skip", "preceding"):
            return start
        before = add_business_days(start, -1, self.calendar) if start > date.min else None
        return before + ONE_DAY if before else start

    def _moves(self, start: date, found: Iterator[Any]) -> Iterator[tuple[date, Any]]:
        """(day, what was moved there), days ascending; dates or pairs go in."""
        calendar, convention, heard = self.calendar, self.convention, start
        is_business_day = calendar.is_business_day
        for one in found:
            origin = one if isinstance(one, date) else one[0]
            day = origin if is_business_day(origin) else rolled(origin, calendar, convention)
            if day is None:
                ended = convention != "skip" and add_business_days(origin, 0, calendar) is None
                if ended or origin - heard > CYCLE:
                    return
            elif day >= start:
                heard = day
                yield day, one


@dataclass(frozen=True, slots=True)
class Shifted:
    """A rule of dates, each counted on by a number of days.

    days: forward, or back where negative; not 0. calendar: counts its business days only; None counts every day.
    """

    rule: AnyRule
    days: int
    calendar: Calendar | None = None
    _kept: dict[date, date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kept", {})
        if not self.days:
            raise RuleError("offset", "an offset of 0 changes nothing", "Leave it out, or write 1 or -1.")
        if has_times(self.rule):
            raise RuleError("offset", "a rule with its own times cannot be offset", "Write its dates otherwise.")

    def dates_from(self, start: date, /) -> Iterator[date]:
        done = date.min
        for origin in dates_of(self.rule, self._first(start)):
            day = self._shift(origin)
            if day is None:
                return
            if day >= start and day > done:
                done = day
                yield day

    def why(self, day: date, /) -> str:
        unit = "day" if self.calendar is None else "business day"
        number = abs(self.days)
        side = "after" if self.days > 0 else "before"
        return f"{number} {unit}{'s' if number > 1 else ''} {side} the {self.rule.why(self.counted_from(day))}"

    def counted_from(self, day: date) -> date:
        """The date of the rule that one of these is counted from."""
        if day not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            origins = (one for one in dates_of(self.rule, self._first(day)) if self._shift(one) == day)
            self._kept[day] = next(origins, day)
        return self._kept[day]

    def _shift(self, day: date) -> date | None:
        if self.calendar is not None:
            return add_business_days(day, self.days, self.calendar)
        ordinal = day.toordinal() + self.days
        return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None

    def _first(self, start: date) -> date:
        if self.calendar is not None:
            back = add_business_days(start, -self.days - 1, self.calendar) if self.days > 0 else None
            return back or start
        return date.fromordinal(max(start.toordinal() - self.days, 1))
