"""Several timings as one: their union, their intersection, or one without the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import groupby
from typing import Literal, Union

from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.timing import Firing, Timing

Operation = Literal["union", "all_of", "except"]
OPERATIONS: tuple[Operation, ...] = ("union", "all_of", "except")
CYCLE = timedelta(days=146_097)  # 400 years: dates and weekdays repeat, so what has not met by then is taken never to
Walk = Callable[[Timing, datetime, int], Iterator[Firing]]
Member = Union[Timing, "Timings"]


@dataclass(frozen=True, slots=True)
class Timings:
    """Instants of several timings, each with its own times and zone.

    operation: "union": of any member. "all_of": of every one. "except": of the first, and of no other.
    members: two or more for "all_of" and "except", else one or more.
    """

    operation: Operation
    members: tuple[Member, ...]

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            raise RuleError("", f'"{self.operation}" is not known', f"Write one of: {', '.join(OPERATIONS)}.")
        if len(self.members) < (1 if self.operation == "union" else 2):
            raise RuleError(self.operation, "too few rules stand there", "Write two or more.")

    @property
    def zone(self) -> str:
        """The zone that people are shown: the first member's."""
        return self.members[0].zone

    @property
    def times(self) -> tuple[time, ...]:
        """None that hold for all of them."""
        return ()

    @property
    def starts(self) -> date | None:
        """The first date on which any may fire; None when one of them has no such limit."""
        dates = [member.starts for member in self.members]
        return None if None in dates else min(day for day in dates if day is not None)

    @property
    def until(self) -> date | None:
        """The last date on which any may fire; None when one of them has no such limit."""
        dates = [member.until for member in self.members]
        return None if None in dates else max(day for day in dates if day is not None)

    def firings(self, after: datetime, until: int, walk: Walk) -> Iterator[Firing]:
        """Those after `after`, ascending, up to the second `until`; `walk` gives those of one plain timing."""
        streams = [
            member.firings(after, until, walk) if isinstance(member, Timings) else walk(member, after, until)
            for member in self.members
        ]
        if self.operation == "union":
            return _union(streams)
        return _all_of(streams) if self.operation == "all_of" else _except(streams, after)


def _union(streams: list[Iterator[Firing]]) -> Iterator[Firing]:
    for _, same in groupby(merge(*streams, key=_at), key=_at):
        yield _joined(list(same))


def _all_of(streams: list[Iterator[Firing]]) -> Iterator[Firing]:
    heads = [next(stream, None) for stream in streams]
    met: datetime | None = None
    while all(heads):
        present = [head for head in heads if head is not None]
        latest = max(head.at for head in present)
        met = met or latest
        if latest - met > CYCLE:
            return
        if all(head.at == latest for head in present):
            met = latest
            yield _joined(present)
            heads = [next(stream, None) for stream in streams]
            continue
        for index, head in enumerate(present):
            while head is not None and head.at < latest:
                head = next(streams[index], None)
            heads[index] = head


def _except(streams: list[Iterator[Firing]], after: datetime) -> Iterator[Firing]:
    kept, *others = streams
    out = merge(*others, key=_at)
    head, met = next(out, None), after
    for firing in kept:
        while head is not None and head.at < firing.at:
            head = next(out, None)
        if head is None or head.at != firing.at:
            met = firing.at
            yield firing
        elif firing.at - met > CYCLE:
            return


def _joined(same: list[Firing]) -> Firing:
    reasons = list(dict.fromkeys(firing.reason for firing in same))
    return same[0] if len(reasons) == 1 else replace(same[0], reason=" and ".join(reasons))


def _at(firing: Firing) -> datetime:
    return firing.at
