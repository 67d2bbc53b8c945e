"""Several timings as one rule: their union, their intersection, or one without the others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import chain, groupby
from typing import Literal

from broadsheet.core.recurrence.because import Together
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.timing import Firing, Timing

Operation = Literal["union", "all_of", "except"]
OPERATIONS: tuple[Operation, ...] = ("union", "all_of", "except")
CYCLE = timedelta(days=146_097)  # 400 years: dates and weekdays repeat, so what has not met by then is taken never to
Walk = Callable[[Timing, datetime, int], Iterator[Firing]]


@dataclass(frozen=True, slots=True)
class Combined:
    """Instants of several timings, each with its own times, zone and limits; a rule for `Timing` without times.

    operation: "union": of any member. "all_of": of every one. "except": of the first, and of no other.
    members: two or more.
    """

    operation: Operation
    members: tuple[Timing, ...]

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            raise RuleError("", f'"{self.operation}" is not known', f"Write one of: {', '.join(OPERATIONS)}.")
        if len(self.members) < 2:
            raise RuleError(self.operation, "too few rules stand there", "Write two or more.")

    @property
    def is_instants(self) -> bool:
        return True

    def instants_after(self, instant: int, zone: str, /) -> Iterator[int]:
        raise TypeError("a combined rule is walked by the engine, which knows its members' reasons")

    def why(self, day: date, /) -> str:
        return "by one of several rules"

    def firings(self, after: datetime, until: int, walk: Walk) -> Iterator[Firing]:
        """Those after `after`, ascending, up to the second `until`; `walk` gives those of one timing."""
        streams = [walk(member, after, until) for member in self.members]
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
        for index, stream in enumerate(streams):
            heads[index] = next((one for one in chain([present[index]], stream) if one.at >= latest), None)


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
    return same[0] if len(same) == 1 else same[0]._replace(because=Together(tuple(one.because for one in same)))


def _at(firing: Firing) -> datetime:
    return firing.at
