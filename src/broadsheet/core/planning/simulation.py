"""What would happen: every run of a time to come, the workers there are, and who waits how long.

A discrete-event simulation. Runs come at their firings, a free worker takes the one whose turn it is, as
`core.lifecycle.ageing` orders them, and is busy for as long as the run is expected to take. Nothing is random: expected
times are taken as they are, so that a what-if differs from what is by what was asked alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from broadsheet.core.lifecycle.ageing import AGEING

from .jobs import HEAVY, Work


@dataclass(frozen=True, slots=True)
class Limits:
    """workers: runs that go on at once. heavy: of them heavy ones; None for as many as there are workers. Both at least 1."""

    workers: int = 2
    heavy: int | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """One run: work *key* came at *at*, began at *began* and ended at *ended*, all in seconds since 1970."""

    key: str
    at: float
    began: float
    ended: float

    @property
    def waited(self) -> float:
        return self.began - self.at


def simulate(works: Iterable[Work], limits: Limits) -> list[Ran]:
    """Every run of *works*, in the order in which they began. Of one schedule no more go on than may: the later wait.

    Raises ValueError for no worker.
    """
    if limits.workers < 1 or (limits.heavy is not None and limits.heavy < 1):
        raise ValueError("At least one worker is needed, for heavy runs too.")
    return _Clockwork(works, limits).run()


class _Clockwork:
    """Two queues, light and heavy, each in the order of turns; the runs that go on, by their end; and what
    waits for another run of its schedule."""

    def __init__(self, works: Iterable[Work], limits: Limits) -> None:
        self._works = list(works)
        self._arrivals = sorted((at + one.offset, number) for number, one in enumerate(self._works) for at in one.fires)
        self._workers = limits.workers
        self._heavy_places = limits.heavy if limits.heavy is not None else limits.workers
        self._queues: dict[bool, list[tuple[float, float, int]]] = {True: [], False: []}
        self._going: list[tuple[float, int]] = []
        self._heavy_going = 0
        self._busy: Counter[str] = Counter()
        self._behind: defaultdict[str, deque[tuple[float, int]]] = defaultdict(deque)
        self._ran: list[Ran] = []

    def run(self) -> list[Ran]:
        index, arrivals = 0, self._arrivals
        while index < len(arrivals) or self._going:
            comes = arrivals[index][0] if index < len(arrivals) else float("inf")
            ends = self._going[0][0] if self._going else float("inf")
            now = min(comes, ends)
            while self._going and self._going[0][0] <= now:
                self._end(heappop(self._going)[1])
            while index < len(arrivals) and arrivals[index][0] <= now:
                self._come(*arrivals[index])
                index += 1
            self._begin(now)
        return self._ran

    def _come(self, at: float, number: int) -> None:
        work = self._works[number]
        if self._busy[work.key] >= work.at_once:
            self._behind[work.key].append((at, number))
            return
        self._busy[work.key] += 1
        turn = at + (work.priority - 1) * AGEING.total_seconds()
        heappush(self._queues[work.weight == HEAVY], (turn, at, number))

    def _begin(self, now: float) -> None:
        while len(self._going) < self._workers:
            queue = self._next()
            if queue is None:
                return
            _turn, at, number = heappop(queue)
            work = self._works[number]
            ended = now + max(work.seconds, 0.001)
            self._heavy_going += work.weight == HEAVY
            heappush(self._going, (ended, number))
            self._ran.append(Ran(work.key, at, now, ended))

    def _next(self) -> list[tuple[float, float, int]] | None:
        """The queue whose first has its turn; heavy ones wait while their places are taken."""
        light, heavy = self._queues[False], self._queues[True]
        if not heavy or self._heavy_going >= self._heavy_places:
            return light or None
        return heavy if not light or heavy[0] < light[0] else light

    def _end(self, number: int) -> None:
        work = self._works[number]
        self._heavy_going -= work.weight == HEAVY
        self._busy[work.key] -= 1
        if self._behind[work.key]:
            at, following = self._behind[work.key].popleft()
            self._come(at, following)
