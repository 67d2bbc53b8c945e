"""Sets of dates: the union, the intersection and the difference of rules.

The first member may have its own times of day, which its dates then keep; in a union all of them may, or none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from itertools import groupby
from typing import Any

from broadsheet.core.recurrence.because import Hindrance, both
from broadsheet.core.recurrence.clock import AnyClock, Clock
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.rule import AnyRule, dates_of, has_times, is_instants, origin_of, why_not
from broadsheet.core.recurrence.wallclock import BEGIN
from broadsheet.core.recurrence.written import Dates
from broadsheet.core.recurrence.zones import zone_named

CYCLE = timedelta(days=146_097)  # 400 years: dates and weekdays repeat


@dataclass(frozen=True, slots=True)
class Union:
    """Dates of at least one member."""

    members: tuple[AnyRule, ...]

    def __post_init__(self) -> None:
        if len(self.members) < 2:
            raise RuleError("union", "too few rules stand there", "Write two or more.")
        if any(map(is_instants, self.members)) or len({has_times(member) for member in self.members}) > 1:
            raise RuleError(
                "union",
                "rules with and without times of their own stand together",
                'Write a list of whole rules, each with its "at".',
            )

    @property
    def has_times(self) -> bool:
        return has_times(self.members[0])

    def dates_from(self, start: date, /) -> Iterator[date]:
        for day, _ in groupby(merge(*(dates_of(member, start) for member in self.members))):
            yield day

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        members: Any = self.members
        for day, same in groupby(merge(*(member.days_from(start) for member in members), key=_day), key=_day):
            yield day, AnyClock(tuple(clock for _, clock in same))

    def why(self, day: date, /) -> str:
        return both([member.why(day) for member in self.members_on(day)])

    def members_on(self, day: date) -> list[AnyRule]:
        """Those that have that date."""
        return [member for member in self.members if next(dates_of(member, day), None) == day]

    def origin(self, day: date, /) -> date:
        """The date that came to that day, itself unless every member moved it."""
        found = [origin_of(member, day) for member in self.members_on(day)]
        return day if not found or day in found else found[0]

    def why_not(self, day: date, /) -> Hindrance | None:
        return next(filter(None, (why_not(member, day) for member in self.members)), None)


class _Limited:
    """What `Intersection` and `Difference` share: the first member's dates, of which the others decide which are kept."""

    __slots__ = ()
    members: tuple[AnyRule, ...]

    def _check(self, name: str) -> None:
        if len(self.members) < 2:
            raise RuleError(name, "too few rules stand there", "Write two or more.")
        if any(map(has_times, self.members[1:])):
            raise RuleError(
                name,
                "only the first rule may have times of its own here",
                'Give every rule its "at", or only the first.',
            )

    @property
    def has_times(self) -> bool:
        return has_times(self.members[0]) and not self.is_instants

    @property
    def is_instants(self) -> bool:
        return is_instants(self.members[0])

    def _kept(self, found: Iterator[Any], start: date) -> Iterator[Any]:
        """Dates, or pairs of a date and its times, that stay."""
        streams = [dates_of(member, start) for member in self.members[1:]]
        heads = [next(stream, None) for stream in streams]
        heard = start
        for one in found:
            day = one if isinstance(one, date) else one[0]
            for index, head in enumerate(heads):
                if head is not None and head < day and (day - head).days > 40:
                    streams[index] = dates_of(self.members[index + 1], day)  # quicker than walking there
                    head = next(streams[index], None)
                while head is not None and head < day:
                    head = next(streams[index], None)
                heads[index] = head
            if self._stays([head == day for head in heads]):
                heard = day
                yield one
            elif day - heard > CYCLE or self._over(heads):
                return

    def dates_from(self, start: date, /) -> Iterator[date]:
        yield from self._kept(dates_of(self.members[0], start), start)

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        first: Any = self.members[0]
        yield from self._kept(first.days_from(start), start)

    def instants_after(self, instant: int, zone: str, /) -> Iterator[int]:
        first: Any = self.members[0]
        info = zone_named(zone)
        known: dict[date, bool] = {}
        begin = (BEGIN + timedelta(0, instant)).astimezone(info).date()
        for found in first.instants_after(instant, zone):
            day = (BEGIN + timedelta(0, found)).astimezone(info).date()
            if day not in known:
                known = {day: self._stays([next(dates_of(member, day), None) == day for member in self.members[1:]])}
            if known[day]:
                begin = day
                yield found
            elif day - begin > CYCLE:
                return

    def why(self, day: date, /) -> str:
        return self.members[0].why(day)

    def origin(self, day: date, /) -> date:
        """As `Union.origin`, of the first member."""
        return origin_of(self.members[0], day)

    def _stays(self, on: list[bool]) -> bool:
        raise NotImplementedError

    def _over(self, heads: list[date | None]) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Intersection(_Limited):
    """Dates of every member."""

    members: tuple[AnyRule, ...]

    def __post_init__(self) -> None:
        self._check("all_of")

    def why(self, day: date, /) -> str:
        return both([member.why(day) for member in self.members])

    def why_not(self, day: date, /) -> Hindrance | None:
        if next(dates_of(self.members[0], day), None) != day:
            return why_not(self.members[0], day)
        return Hindrance("not_all", day)

    def _stays(self, on: list[bool]) -> bool:
        return all(on)

    def _over(self, heads: list[date | None]) -> bool:
        return None in heads


@dataclass(frozen=True, slots=True)
class Difference(_Limited):
    """Dates of the first member, and of no other. Dates written out are kept as one list, before the other members."""

    members: tuple[AnyRule, ...]

    def __post_init__(self) -> None:
        self._check("except")
        first, *others = self.members
        days = [day for other in others if isinstance(other, Dates) for day in other.days]
        rules = [other for other in others if not isinstance(other, Dates)]
        object.__setattr__(self, "members", (first, *([Dates(tuple(days))] if days else []), *rules))

    def why_not(self, day: date, /) -> Hindrance | None:
        for member in self.members[1:]:
            if next(dates_of(member, day), None) == day:
                return Hindrance("excluded", day, rule=member)
        return why_not(self.members[0], day)

    def _stays(self, on: list[bool]) -> bool:
        return not any(on)


def _day(pair: tuple[date, Clock]) -> date:
    return pair[0]
