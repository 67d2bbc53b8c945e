"""Rules that are lists: dates or moments written out."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from broadsheet.core.recurrence.clock import Clock, Listed
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.phrases import ENGLISH


@dataclass(frozen=True, slots=True)
class Dates:
    """Local dates, at least one; kept ascending and each once."""

    days: tuple[date, ...]

    def __post_init__(self) -> None:
        if not self.days:
            raise RuleError("dates", "no date is given", "Write dates: [2026-01-05].")
        object.__setattr__(self, "days", tuple(sorted(set(self.days))))

    def dates_from(self, start: date, /) -> Iterator[date]:
        return iter(self.days[bisect_left(self.days, start) :])

    def why(self, day: date, /) -> str:
        return ENGLISH.phrases.listed


@dataclass(frozen=True, slots=True)
class WrittenMoments:
    """Wall times (naive, whole seconds), at least one; kept ascending and each once."""

    moments: tuple[datetime, ...]

    def __post_init__(self) -> None:
        if not self.moments:
            raise RuleError("dates", "no date is given", 'Write dates: ["2026-01-05 08:00"].')
        object.__setattr__(self, "moments", tuple(sorted({moment.replace(fold=0) for moment in self.moments})))

    @property
    def has_times(self) -> bool:
        return True

    def days_from(self, start: date, /) -> Iterator[tuple[date, Clock]]:
        first = bisect_left(self.moments, datetime.combine(start, datetime.min.time()))
        for day, same in groupby(self.moments[first:], key=datetime.date):
            yield day, Listed(tuple(one.hour * 3600 + one.minute * 60 + one.second for one in same))

    def why(self, day: date, /) -> str:
        return ENGLISH.phrases.listed
